package import Columns
package import Definitions
import Diagnostics

/// Rows of an observed module as one look logged them: the columns as they were called and stored then, whether a row was gone.
///
/// Names say their part (`column.tier`), so a column of the warehouse can be called anything. A row that is gone has its grain only.
struct ObservedTable: Sendable {
  static let observedAt = "observed_at"
  static let deleted = "deleted"

  let table: Table

  init(_ table: Table) { self.table = table }

  var rowCount: Int { table.rowCount }

  var names: [String] { table.fields.map(\.name).filter { $0.hasPrefix("column.") }.map { String($0.dropFirst(7)) } }

  func column(_ name: String) -> Column? { table["column.\(name)"] }

  static func field(_ name: String, _ type: DataType) -> Field { Field("column.\(name)", type) }

  func isDeleted(_ row: Int) -> Bool {
    if case .boolean(let flags)? = table[Self.deleted]?.values { flags[row] } else { false }
  }
}

/// All that was logged of one module, the oldest look first, under the names that its columns have today.
package struct ObservationLog: Sendable {
  /// What one look logged.
  package struct Part: Sendable {
    package let look: Look
    package let rowCount: Int
    /// Whether each row was found gone.
    package let deleted: Column?
    /// By today's name; a column that was not there then is not there.
    package let columns: [String: Column]
  }

  package let parts: [Part]

  /// - Parameters:
  ///   - tables: one a look.
  ///   - names: of the relation's columns today.
  init(_ looks: [Look], _ tables: [ObservedTable?], names: [String], _ observation: Observation) {
    parts = zip(looks, tables).map { look, table in
      guard let table else { return Part(look: look, rowCount: 0, deleted: nil, columns: [:]) }
      let then = namesThen(of: names, among: table.names, observation)
      let columns = then.compactMap { today, then in table.column(then).map { (today, $0) } }
      return Part(
        look: look, rowCount: table.rowCount, deleted: table.table[ObservedTable.deleted],
        columns: Dictionary(columns) { first, _ in first })
    }
  }
}

/// What columns of today were called: as they are, else by the newest earlier name that was there. What has become another column is not
/// the past of a newer one of its name.
func namesThen(of names: [String], among old: [String], _ observation: Observation) -> [String: String] {
  let old = Set(old)
  var then: [String: String] = [:]
  for name in names where old.contains(name) { then[name] = name }
  var inherited = Set<String>()
  for name in names where then[name] == nil {
    guard let earlier = observation.earlierNames[name]?.first(where: old.contains) else { continue }
    then[name] = earlier
    inherited.insert(earlier)
  }
  for name in inherited where then[name] == name { then[name] = nil }
  return then
}

extension SnapshotStore {
  /// - Parameter names: of the relation's columns today.
  /// - Precondition: the caller holds the writer or the reader lock as long as the log is in use.
  package func log(of module: Module, names: [String]) throws(StoreError) -> ObservationLog {
    guard let observation = module.observation else { preconditionFailure("module \(module.name.value) is observed") }
    let looks = try looks(at: module.name.value)
    var tables: [ObservedTable?] = []
    for look in looks { tables.append(try table(of: look)) }
    return ObservationLog(looks, tables, names: names, observation)
  }
}
