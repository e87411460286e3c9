package import Definitions
package import Diagnostics
package import Times
package import Warehouses

/// Plans against one warehouse, asking it about each relation once and collecting every mistake.
package struct Planner {
  package let project: Project
  package let warehouse: any Warehouse
  package let zone: Zone
  /// An empty log of an output: what can be known of it without reading what was shown.
  private let log: @Sendable (ModelOutput) throws -> any Warehouse
  private var logs: [String: any Warehouse] = [:]
  private var relations: [String: Relation?] = [:]
  private var names: [String]?

  package init(
    project: Project, warehouse: any Warehouse, log: @escaping @Sendable (ModelOutput) throws -> any Warehouse
  ) {
    self.project = project
    self.warehouse = warehouse
    self.log = log
    // Reading the definitions has refused unknown zones.
    zone = Zone(project.settings.timezone.value) ?? .utc
  }

  /// - Returns: nil if the warehouse has no such relation.
  package mutating func relation(_ name: String) throws(Diagnostics) -> Relation? {
    if let known = relations[name] { return known }
    do {
      let relation = try warehouse.relation(name)
      relations[name] = .some(relation)
      return relation
    } catch {
      throw Diagnostics(error, at: project.settings.warehouse.location)
    }
  }

  /// The relation that a module stands for, or a diagnostic that says why there is none.
  package mutating func relation(of module: Module) throws(Diagnostics) -> Relation {
    if let found = try relation(module.relation) { return found }
    switch module.origin {
    case .output:
      throw Diagnostics([
        Diagnostic(
          at: module.name.location, "output \"\(module.name.value)\" is not in the warehouse \(warehouse.displayName)", rule: "not-built",
          hint: "run `gangway publish \(module.name.value)`")
      ])
    case .sql, .composition:
      throw Diagnostics([
        Diagnostic(
          at: module.name.location,
          "module \"\(module.name.value)\" is not in the warehouse \(warehouse.displayName): it has not been built",
          rule: "not-built", hint: "run `gangway build \(module.name.value)`")
      ])
    case .relation(let name):
      let error = WarehouseError.missingRelation(name.value, warehouse: warehouse.displayName)
      throw Diagnostics(
        Warehouses.diagnostics(
          for: error, at: name.location, of: "module \"\(module.name.value)\"", candidates: try relationNames()))
    }
  }

  /// Where feature views over a module are read: in the warehouse, or, of an output, in the log of what was shown.
  package mutating func source(of module: Module) throws(Diagnostics) -> (warehouse: any Warehouse, relation: Relation) {
    guard case .output = module.origin, let output = project.output(module.name.value) else {
      return (warehouse, try relation(of: module))
    }
    let found: (any Warehouse)?
    do { found = try logs[output.name.value] ?? log(output) } catch {
      throw Diagnostics([
        Diagnostic(at: nil, "the log of an output cannot be laid out: \(error)", rule: "warehouse-io", hint: "see that the disk has room")
      ])
    }
    guard let found else { preconditionFailure("every output has a log") }
    logs[output.name.value] = found
    do throws(WarehouseError) {
      if let relation = try found.relation(module.relation) { return (found, relation) }
    } catch { throw Diagnostics(error, at: module.name.location) }
    preconditionFailure("a log has the name of its output")
  }

  package mutating func relationNames() throws(Diagnostics) -> [String] {
    if let names { return names }
    do {
      let found = try warehouse.relationNames()
      names = found
      return found
    } catch {
      throw Diagnostics(error, at: project.settings.warehouse.location)
    }
  }
}

extension Diagnostics {
  /// A warehouse's error, busy ones staying busy.
  package init(_ error: WarehouseError, at location: SourceLocation?, of subject: String? = nil) {
    self.init(Warehouses.diagnostics(for: error, at: location, of: subject), isBusy: error.isBusy)
  }
}
