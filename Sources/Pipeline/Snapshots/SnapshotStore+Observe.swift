import Columns
package import Definitions
package import Diagnostics
import Engine
import Times

/// What a look at an observed module found.
package struct Observed: Sendable {
  package let newRows: Int
  package let changedRows: Int
  package let goneRows: Int
  package let unchangedRows: Int
  package let isFirst: Bool

  /// Whether anything was logged.
  package var isLogged: Bool { isFirst || newRows + changedRows + goneRows > 0 }
}

extension SnapshotStore {
  /// Compares a module with what it held at the last look, and logs what is new, changed and gone. Nothing of it: nothing is written.
  ///
  /// - Parameters:
  ///   - rows: as the module has them.
  ///   - time: since when what is found counts as known, microseconds since the epoch.
  /// - Throws: a time before the last look; rows that the grain does not tell apart.
  /// - Precondition: the caller holds the writer lock; `rows` has the module's grain.
  package func observe(_ module: Module, _ rows: ObservedRows, at time: Int64, now: Int64) throws(Diagnostics) -> Observed {
    let log = try Diagnostics.of { () throws(StoreError) -> ObservationLog in try self.log(of: module, names: rows.names) }
    let grain = module.grain.map(\.value)
    let last = log.parts.last?.look
    if let last, time < last.observedAt { throw Diagnostics([.lookBack(module, to: time, last: last)]) }
    for part in log.parts { try checkGrain(of: module, as: part.look) }
    let changes: ObservedChanges
    do throws(ObservedChanges.Refusal) { changes = try ObservedChanges(from: log, to: rows, grain: grain) } catch {
      throw Diagnostics([.refused(error, rows, of: module)])
    }
    let observed = Observed(
      newRows: changes.newRows, changedRows: changes.changedRows, goneRows: changes.goneRows, unchangedRows: changes.unchangedRows,
      isFirst: last == nil)
    if !observed.isLogged { return observed }
    if let last, time == last.observedAt { throw Diagnostics([.lookAgain(module, at: time)]) }
    let table = try ObservedTable(changes, rows, log, of: module, at: time)
    try Diagnostics.of { () throws(StoreError) in
      let segment = table.rowCount == 0 ? nil : try write(table.table, metadata: [("gangway.module", module.name.value)])
      try record(
        Look(
          module: module.name.value, observedAt: time, recordedAt: now, grain: grain, newRows: changes.newRows,
          changedRows: changes.changedRows, goneRows: changes.goneRows, rowCount: rows.rowCount, segment: segment))
    }
    return observed
  }

  /// With another grain the rows of the log would be rows of something else.
  private func checkGrain(of module: Module, as look: Look) throws(Diagnostics) {
    guard let observation = module.observation else { return }
    let then = namesThen(of: module.grain.map(\.value), among: look.grain, observation)
    if then.count == module.grain.count, Set(then.values) == Set(look.grain) { return }
    throw Diagnostics([.otherGrain(module, than: look.grain)])
  }
}

extension ObservedTable {
  /// The rows that a look logs.
  fileprivate init(
    _ changes: ObservedChanges, _ rows: ObservedRows, _ log: ObservationLog, of module: Module, at time: Int64
  ) throws(Diagnostics) {
    var places = ContiguousArray<Int32>()
    var (times, flags) = (ColumnBuilder(.timestamp), ColumnBuilder(.boolean))
    for change in changes.all {
      switch change {
      case .new(let row), .changed(let row): places.append(Int32(row))
      case .gone: places.append(-1)
      }
      times.append(time)
      flags.append(places.last == -1)
    }
    var fields = [Field(Self.observedAt, .timestamp), Field(Self.deleted, .boolean)]
    var columns = [times.finish(), flags.finish()]
    for (name, column) in zip(rows.names, rows.columns) {
      let isGrain = module.grain.contains { $0.value == name }
      let logged =
        isGrain && changes.goneRows > 0 ? try grainColumn(name, column, changes, log, of: module) : column.gathered(places.span)
      fields.append(Self.field(name, logged.type))
      columns.append(logged)
    }
    self.init(Table(fields: fields, columns: columns, rowCount: places.count))
  }
}

/// A column of the grain, with the values of the rows that are gone.
private func grainColumn(
  _ name: String, _ column: Column, _ changes: ObservedChanges, _ log: ObservationLog, of module: Module
) throws(Diagnostics) -> Column {
  let values = changes.all.map { change -> (column: Column?, row: Int) in
    switch change {
    case .new(let row), .changed(let row): (column, row)
    case .gone(let place): (log.parts[place.part].columns[name], place.row)
    }
  }
  let types = Set(values.compactMap { $0.column?.type })
  let type: DataType
  switch types {
  case [.int64, .float64]: type = .float64
  case _ where types.count <= 1: type = types.first ?? column.type
  default: throw Diagnostics([.otherGrainType(name, types, of: module)])
  }
  var builder = ColumnBuilder(type, capacity: values.count)
  for (column, row) in values {
    guard let column, !column.isNull(row) else {
      builder.appendNull()
      continue
    }
    guard case .int64(let buffer) = column.values, type == .float64 else {
      column.append(row, to: &builder)
      continue
    }
    let whole = buffer.span[row]
    guard Int64(exactly: Double(whole)) == whole else { throw Diagnostics([.otherGrainType(name, types, of: module)]) }
    builder.append(Double(whole))
  }
  return builder.finish()
}

// Words for looks.
extension Diagnostic {
  fileprivate static func lookBack(_ module: Module, to time: Int64, last: Look) -> Diagnostic {
    Diagnostic(
      at: module.name.location,
      "module \"\(module.name.value)\" was observed at \(timestampText(last.observedAt)), and cannot be observed at "
        + "\(timestampText(time)), before that",
      rule: "look-back", hint: "look at it as of a later time: what was known when is not rewritten")
  }

  fileprivate static func lookAgain(_ module: Module, at time: Int64) -> Diagnostic {
    Diagnostic(
      at: module.name.location,
      "module \"\(module.name.value)\" was observed at \(timestampText(time)) already, and holds other rows now", rule: "look-back",
      hint: "look at it as of a later time: at one moment it held one state")
  }

  fileprivate static func otherGrain(_ module: Module, than grain: [String]) -> Diagnostic {
    let names = grain.map { "\"\($0)\"" }.joined(separator: ", ")
    return Diagnostic(
      at: module.grain.first?.location ?? module.name.location,
      "module \"\(module.name.value)\" was observed by another grain, \(names), so its log is of other rows", rule: "grain-changed",
      hint: "say `was: \(grain.first ?? "old_name")` where a column was renamed, else give the module another name and a log of its own")
  }

  fileprivate static func otherGrainType(_ name: String, _ types: Set<DataType>, of module: Module) -> Diagnostic {
    let words = types.map(\.rawValue).sorted().joined(separator: " and ")
    return Diagnostic(
      at: module.grain.first { $0.value == name }?.location ?? module.name.location,
      "grain column \"\(name)\" of module \"\(module.name.value)\" is of another type than at earlier looks (\(words)), so no row is the "
        + "same row",
      rule: "grain-changed", hint: "cast it back in the module's SQL, else give the module another name and a log of its own")
  }

  fileprivate static func refused(_ refusal: ObservedChanges.Refusal, _ rows: ObservedRows, of module: Module) -> Diagnostic {
    func row(_ index: Int) -> String { "\(rows.rowNumbersAreRowIDs ? "rowid" : "row") \(rows.rowNumbers.span[index])" }
    let place = module.grain.first?.location ?? module.name.location
    switch refusal {
    case .nullGrain(let index, let column):
      return Diagnostic(
        at: place, "module \"\(module.name.value)\", \(row(index)), column \"\(column)\": the grain is null", rule: "null-record-id",
        hint: "fill it in or leave such rows out in the module's SQL: it tells which row is which at the next look")
    case .doubled(let first, let second):
      let key = KeyColumns(module.grain.compactMap { name in rows.names.firstIndex(of: name.value).map { rows.columns[$0] } })
      return Diagnostic(
        at: place,
        "module \"\(module.name.value)\" has two rows of the grain (\(key.text(first))), \(row(first)) and \(row(second))",
        rule: "duplicate-grain", hint: "make its rows unique by its grain in the module's SQL, or correct `grain:`")
    }
  }
}
