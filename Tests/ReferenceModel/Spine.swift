/// One row asked about.
struct SpineRow {
  var t: Int64
  /// Keys, as_of, keep and inputs, in the order in which they come out.
  var cells: [Value]
  /// Every spine column by name, typed.
  var all: [String: Value]
  var labels: [LabelCell]

  func key(_ columns: [String]) -> [Value] { columns.map { all[$0]! } }
}

struct LabelCell {
  var value: Value
  /// Declared known time with its delay; nil where none is declared or it is null.
  var known: Int64?
  var isMature: Bool
  /// What comes out.
  var shown: Value
}

extension Model {
  /// R1: all rows asked about, duplicates too, in the order in which they come out.
  func spine() throws -> [SpineRow] {
    let module = world.module(world.set.module)
    let asked = module.rows.filter(isAsked)
    let horizons = world.set.labels.map { horizon($0, asked, module) }
    let rows = asked.map { row in
      spineRow(row, module, labels: zip(world.set.labels, horizons).map { label($0, row, module, horizon: $1) })
    }
    let sorted = rows.enumerated().sorted { a, b in
      let order = compareSpine(a.element, b.element)
      return order == .equal ? a.offset < b.offset : order == .below
    }.map(\.element)
    return mutation == .spineDeduplicated ? deduplicated(sorted) : sorted
  }

  private func isAsked(_ row: [Value]) -> Bool {
    let module = world.module(world.set.module)
    let condition = world.set.where
    guard condition == nil || condition!.truth(in: { row[module.place($0)] }) == true else { return false }
    let t = decisionTime(row, module)
    let from = world.set.from.map { clock.eventTime(.text(Text($0)), TimeColumn(""))! } ?? .min
    let until = world.set.until.map { clock.eventTime(.text(Text($0)), TimeColumn(""))! } ?? .max
    return from <= t && t < until
  }

  private func decisionTime(_ row: [Value], _ module: Module) -> Int64 {
    clock.eventTime(row[module.place(world.set.asOf.column)], world.set.asOf)!
  }

  private func spineRow(_ row: [Value], _ module: Module, labels: [LabelCell]) -> SpineRow {
    let t = decisionTime(row, module)
    var all = Dictionary(uniqueKeysWithValues: zip(module.columns, row).map { ($0.name, typed($1, $0)) })
    all[world.set.asOf.column] = .time(t)
    var shown = labels
    for place in shown.indices where mutation == .labelCutAtDecision && (shown[place].known ?? .min) > t {
      shown[place].shown = .null
    }
    return SpineRow(t: t, cells: spineHeader.map { all[$0]! }, all: all, labels: shown)
  }

  /// Keys, then as_of, where not listed in keep or inputs; keep; inputs.
  var spineHeader: [String] {
    let listed = world.set.keep + world.set.inputs
    return (spineKeys + [world.set.asOf.column]).filter { !listed.contains($0) } + listed
  }

  /// The key columns of all roles, as they are first used.
  private var spineKeys: [String] {
    var keys: [String] = []
    for use in world.set.uses {
      for column in world.view(use.view).entity.map({ spineKey($0, use) }) ?? [] where !keys.contains(column) {
        keys.append(column)
      }
    }
    return keys
  }

  func spineKey(_ entity: String, _ use: Use) -> [String] {
    use.entities[entity] ?? world.set.entities[entity] ?? world.entity(entity).key
  }

  /// `order_by`, then all other spine columns as they come out, nulls first, text by bytes.
  private func compareSpine(_ a: SpineRow, _ b: SpineRow) -> Order {
    let byDefault = [world.set.asOf.column] + spineKeys + world.set.keep + world.set.inputs
    let columns = (world.set.orderBy ?? byDefault) + spineHeader
    let labels = { (row: SpineRow) in
      row.labels.map { self.reading == .spineOrderSeesImmatureLabels ? $0.value : $0.shown }
    }
    let x = columns.map { a.all[$0]! } + labels(a)
    let y = columns.map { b.all[$0]! } + labels(b)
    for (p, q) in zip(x, y) {
      if mutation == .spineNullsLast, p.isNull != q.isNull { return p.isNull ? .above : .below }
      if mutation == .spineTextByLetters, case (.text(let s), .text(let u)) = (p, q), s != u {
        let order = order(s.string.lowercased(), u.string.lowercased())
        if order != .equal { return order }
      }
      let order = compare(p, q)
      if order != .equal { return order }
    }
    return .equal
  }

  private func deduplicated(_ rows: [SpineRow]) -> [SpineRow] {
    rows.indices.filter { place in !rows[..<place].contains { $0.cells == rows[place].cells } }.map { rows[$0] }
  }
}
