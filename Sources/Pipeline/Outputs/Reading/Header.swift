internal import Columns
internal import Diagnostics

/// Which column of a file or table is which of an output, and what is wrong with that.
struct Header: Sendable {
  struct Mistake: Sendable {
    let column: String
    let rule: String
    let message: String
    let hint: String
    /// Of the file's columns.
    var place: Int?
  }

  /// Per target of the contract; nil where there is none.
  private(set) var places: [Int?]
  private(set) var mistakes: [Mistake] = []

  /// - Parameters:
  ///   - names: as the file has them.
  ///   - allowsOthers: whether there may be columns that the output does not have: a table is not made for it alone.
  ///   - renamed: what the source calls a target otherwise, by the target's name.
  init(_ names: [String], _ contract: Contract, allowsOthers: Bool = false, renamed: [String: String] = [:]) {
    places = []
    if names.count == 1, let name = names.first, let separator = ([";", "\t", "|"] as [Character]).first(where: { name.contains($0) }) {
      places = contract.targets.map { _ in nil }
      mistakes = [.otherSeparator(name, separator)]
      return
    }
    var used: Set<Int> = []
    for (i, target) in contract.targets.enumerated() {
      let own = i == contract.predictedAt ? contract.fields[i].name : target.name
      let wanted = renamed[own].map { [$0] } ?? (i == contract.predictedAt && !contract.namesPredictedAt ? [] : target.names)
      let found = names.indices.filter { name in wanted.contains { sameBytes($0, names[name]) } }
      used.formUnion(found)
      places.append(found.first)
      if found.count > 1 { mistakes.append(.twice(target.name, found.map { names[$0] }, at: found[1])) }
      if found.isEmpty && (!target.isOptional || renamed[own] != nil) { mistakes.append(.missing(wanted, target, names)) }
    }
    if allowsOthers { return }
    let expected = contract.targets.enumerated().filter { places[$0.offset] == nil }.map(\.element.name)
    for (i, name) in names.enumerated() where !used.contains(i) {
      mistakes.append(.unknown(name, at: i, expected, contract))
    }
  }

  /// A column that is missing and must not be.
  func isMissing(_ target: Int, _ contract: Contract) -> Bool { places[target] == nil && !contract.targets[target].isOptional }
}

private func sameBytes(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }

extension Header.Mistake {
  fileprivate static func twice(_ target: String, _ names: [String], at place: Int) -> Self {
    let what = Set(names).count == 1 ? "is there twice" : "is there as \(names.map { "\"\($0)\"" }.joined(separator: " and as "))"
    return Self(
      column: target, rule: "duplicate-column", message: "column \"\(target)\" \(what)", hint: "remove all but one", place: place)
  }

  fileprivate static func missing(_ wanted: [String], _ target: Contract.Target, _ names: [String]) -> Self {
    let kind = if case .key = target.role { "key column" } else { "column" }
    let earlier = wanted.count > 1 ? " (earlier \(wanted.dropFirst().map { "\"\($0)\"" }.joined(separator: ", ")))" : ""
    let near = nearName(to: wanted.first ?? target.name, among: names).map { "\"\($0)\" may be meant: rename it" }
    return Self(
      column: target.name, rule: "missing-column", message: "\(kind) \"\(wanted.first ?? target.name)\"\(earlier) is missing",
      hint: near ?? "it has: \(names.prefix(20).joined(separator: ", "))\(names.count > 20 ? ", …" : "")")
  }

  fileprivate static func otherSeparator(_ name: String, _ separator: Character) -> Self {
    let shown = separator == "\t" ? "a tab" : "\"\(separator)\""
    return Self(
      column: name, rule: "separator", message: "the header is one column, with \(shown) in it", hint: "write commas between the cells",
      place: 0)
  }

  fileprivate static func unknown(_ name: String, at place: Int, _ expected: [String], _ contract: Contract) -> Self {
    let all = contract.targets.map(\.name)
    let near = nearName(to: name, among: expected) ?? nearName(to: name, among: all)
    let declare = name == contract.fields[contract.predictedAt].name ? "`predicted_at: \(name)`" : "it"
    if name.isEmpty || name == "Unnamed: 0" {
      return Self(
        column: name, rule: "unknown-column", message: "column \"\(name)\" is none of output \"\(contract.output)\"",
        hint: "leave it out: pandas writes its index so, unless asked with `to_csv(…, index=False)`", place: place)
    }
    return Self(
      column: name, rule: "unknown-column", message: "column \"\(name)\" is none of output \"\(contract.output)\"",
      hint: (near.map { "did you mean \"\($0)\"? Else remove" } ?? "remove") + " it, or declare \(declare)", place: place)
  }
}

/// Case is what is wrong most often.
private func nearName(to name: String, among names: [String]) -> String? {
  names.first { $0.lowercased() == name.lowercased() && !sameBytes($0, name) } ?? nearestName(to: name, among: names)
}
