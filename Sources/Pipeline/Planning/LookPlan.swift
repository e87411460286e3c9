package import Definitions
package import Diagnostics
package import Times
package import Warehouses

/// What a look at an observed module reads: every column as it is stored. What the module declares of them is read too and thrown away,
/// since nobody could mend in the log what does not fit.
package struct LookPlan: Sendable {
  package let module: Module
  package let relation: Relation
  package let zone: Zone
  package let outputs: [ScanOutput]
  package let outputLocations: [SourceLocation]
  /// Into ``outputs``.
  package let grain: [Int]

  /// The relation's columns, which are the first outputs.
  package var names: [String] { relation.columns.map(\.name) }
}

extension Planner {
  /// - Throws: columns of the grain, times and types that the relation does not have.
  /// - Precondition: the module is observed.
  package mutating func planLook(at module: Module) throws(Diagnostics) -> LookPlan {
    guard let observation = module.observation else { preconditionFailure("module \(module.name.value) is observed") }
    let relation = try relation(of: module)
    var reader = RelationReader(
      warehouse: warehouse, relation: relation, subject: "module \"\(module.name.value)\"", module: module, zone: zone)
    let stored = relation.columns.map { reader.logged(Located($0.name, at: observation.location), as: .stored) }
    let grain = module.grain.compactMap { column in
      reader.require(column) ? relation.columns.firstIndex { $0.name == column.value }.map { stored[$0] } : nil
    }
    if let eventTime = module.time.eventTime { _ = reader.time(eventTime, role: .event, period: module.time.period?.value) }
    for column in module.columns {
      if column.type != nil { _ = reader.value(column.name) }
      if let knownTime = column.knownTime { _ = reader.time(knownTime, role: .known) }
    }
    if !reader.mistakes.isEmpty { throw Diagnostics(reader.mistakes) }
    return LookPlan(
      module: module, relation: relation, zone: zone, outputs: reader.outputs, outputLocations: reader.locations, grain: grain)
  }
}
