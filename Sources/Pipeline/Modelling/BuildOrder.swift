import Diagnostics

/// In which order modules can be built, found one module at a time: the first in definition order whose upstream is there.
struct BuildOrder {
  /// Indices into the modules.
  private(set) var order: [Int] = []
  private var isPlaced: [Bool]
  /// Indices of what each module reads, as far as it is among the modules.
  private let upstream: [[Int]]

  init(_ modules: [RenderedModule]) {
    let index = Dictionary(uniqueKeysWithValues: modules.enumerated().map { ($1.name, $0) })
    upstream = modules.map { $0.needs.compactMap { index[$0.value] } }
    isPlaced = Array(repeating: false, count: modules.count)
    placeAllReady()
  }

  /// One cycle after the other, each begun at its first module in definition order, until everything could be placed.
  mutating func takeCycles() -> [[Int]] {
    var cycles: [[Int]] = []
    while let cycle = findCycle() {
      cycles.append(cycle)
      // As if they were built: what only waits for them is no mistake of its own.
      for index in cycle { isPlaced[index] = true }
      placeAllReady()
    }
    return cycles
  }

  private mutating func placeAllReady() {
    while let next = upstream.indices.first(where: isReady) {
      isPlaced[next] = true
      order.append(next)
    }
  }

  private func isReady(_ index: Int) -> Bool { !isPlaced[index] && upstream[index].allSatisfy { isPlaced[$0] } }

  /// A module that cannot be placed waits for another such module: following them must come around.
  private func findCycle() -> [Int]? {
    guard var current = isPlaced.firstIndex(of: false) else { return nil }
    var path: [Int] = []
    while true {
      if let start = path.firstIndex(of: current) { return rotated(path[start...]) }
      path.append(current)
      guard let next = upstream[current].first(where: { !isPlaced[$0] }) else { return nil }
      current = next
    }
  }

  /// The same circle, begun at its first module in definition order.
  private func rotated(_ cycle: ArraySlice<Int>) -> [Int] {
    let start = cycle.indices.min { cycle[$0] < cycle[$1] } ?? cycle.startIndex
    return Array(cycle[start...] + cycle[..<start])
  }
}

extension [RenderedModule] {
  /// Modules that need each other, one mistake a circle, at the place where its first module names the next.
  var cycleMistakes: [Diagnostic] {
    var order = BuildOrder(self)
    return order.takeCycles().map { cycleMistake($0.map { self[$0] }) }
  }

  private func cycleMistake(_ cycle: [RenderedModule]) -> Diagnostic {
    let steps = cycle.indices.map { step in
      let next = cycle[(step + 1) % cycle.count].name
      return (next: next, place: cycle[step].needs.first { $0.value == next }?.location)
    }
    let names = [cycle[0].name] + steps.map(\.next)
    let places = zip(names, steps).map { name, step in
      "\(name) reads \(step.next)" + (step.place.map { " at \($0)" } ?? "")
    }
    return Diagnostic(
      at: steps[0].place, "module \"\(names[0])\" needs itself: \(names.joined(separator: " → "))", rule: "module-cycle",
      hint: "break the circle in one of these places: \(places.joined(separator: "; "))")
  }
}
