package import Definitions
package import Diagnostics
package import Times
package import Warehouses

/// Plans against one warehouse, asking it about each relation once and collecting every mistake.
package struct Planner {
  package let project: Project
  package let warehouse: any Warehouse
  package let zone: Zone
  private var relations: [String: Relation?] = [:]
  private var names: [String]?

  package init(project: Project, warehouse: any Warehouse) {
    self.project = project
    self.warehouse = warehouse
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
      preconditionFailure("an output is read from its log")
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
