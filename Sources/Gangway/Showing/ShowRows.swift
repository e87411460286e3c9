import Definitions
import Diagnostics
import Planning
import Snapshots
import Warehouses

/// Some rows of a module or of a view's newest snapshot.
public struct RowSample: Sendable {
  public let kind: Kind
  public let name: String
  /// What they are rows of, in words.
  public let origin: String
  public let columns: [String]
  public let rows: [[Cell]]
  /// How many there are in all, if that is known.
  public let total: Int?
}

extension Workspace {
  /// The first rows of a source or module as the warehouse stores them, or of a view's newest snapshot. Writes nothing.
  ///
  /// - Parameters:
  ///   - kind: singular or plural; nil: the only thing of that name that has rows.
  ///   - limit: so many at most.
  public func showRows(_ name: String, kind: String? = nil, limit: Int) throws(GangwayError) -> RowSample {
    try GangwayError.catching {
      let found = try things(named: name, ofKind: kind)
      // Most often a view and its entity, or its module, share a name: what has rows is meant.
      let withRows = found.filter(\.hasRows)
      guard let thing = withRows.first, withRows.count == 1 else { throw refusal(found, withRows, name) }
      switch thing {
      case .source(let source): return try rows(of: thing, relation: source.name.value, at: source.name.location, limit)
      case .module(let module), .mart(_, let module):
        var planner = self.planner
        return try rows(of: thing, relation: try planner.relation(of: module).name, at: module.name.location, limit)
      case .output(let output):
        var planner = self.planner
        guard let module = project.module(output.name.value) else { preconditionFailure("an output is a module") }
        return try rows(of: thing, relation: try planner.relation(of: module).name, at: output.name.location, limit)
      default: return try snapshotRows(of: thing, limit)
      }
    }
  }

  private func refusal(_ found: [Thing], _ withRows: [Thing], _ name: String) -> Diagnostics {
    if let first = withRows.first {
      return Diagnostics([
        Diagnostic(
          at: nil, "\"\(name)\" is the name of several things that have rows", rule: "ambiguous-name",
          hint: "say which with `--kind \(first.kind.rawValue)`")
      ])
    }
    return Diagnostics([
      Diagnostic(
        at: found[0].name.location, "\(found[0].subject) has no rows to show", rule: "no-rows",
        hint: "show the rows of a source, a module or a feature view; `gangway export` writes those of a training set")
    ])
  }

  private func rows(of thing: Thing, relation: String, at location: SourceLocation, _ limit: Int) throws(Diagnostics) -> RowSample {
    do throws(WarehouseError) {
      let head = try warehouse.head(of: relation, limit: limit)
      return RowSample(
        kind: thing.kind, name: thing.name.value, origin: "relation \"\(relation)\" of \(relative(warehousePath))", columns: head.columns,
        rows: head.rows.map { $0.map(Cell.init) }, total: nil)
    } catch {
      throw Diagnostics(error, at: location, of: thing.subject)
    }
  }

  private func snapshotRows(of thing: Thing, _ limit: Int) throws -> RowSample {
    let name = thing.name.value
    guard let store = try existingStore(), let snapshot = try store.snapshots().first(where: { $0.view == name }) else {
      throw Diagnostics([
        Diagnostic(
          at: thing.name.location, "\(thing.subject) has no snapshot yet", rule: "no-snapshot",
          hint: "run `gangway materialize \(name)`")
      ])
    }
    let lock = try store.lock(.reader, for: "show \(name)")
    defer { withExtendedLifetime(lock) {} }
    let columns = try store.readableColumns(of: snapshot, limit: limit)
    let rows = (0..<min(limit, snapshot.rowCount)).map { row in columns.map { Cell($0.column, at: row) } }
    return RowSample(
      kind: thing.kind, name: name, origin: "snapshot \(snapshot.digest.prefix(8))", columns: columns.map(\.name), rows: rows,
      total: snapshot.rowCount)
  }
}

extension Thing {
  fileprivate var hasRows: Bool {
    switch self {
    case .source, .module, .mart, .featureView, .output: true
    case .entity, .trainingSet: false
    }
  }
}
