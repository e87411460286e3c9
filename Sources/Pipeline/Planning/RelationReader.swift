import Columns
import Definitions
import Diagnostics
import Times
import Warehouses

/// Collects what is read of one relation: each column or expression once, checked against the warehouse as it comes.
struct RelationReader {
  let warehouse: any Warehouse
  let relation: Relation
  /// What people call it: `module "x"`, or a spine file.
  let subject: String
  let module: Module?
  let zone: Zone
  private(set) var outputs: [ScanOutput] = []
  private(set) var locations: [SourceLocation] = []
  private(set) var mistakes: [Diagnostic] = []
  private var indices: [String: Int] = [:]

  init(warehouse: any Warehouse, relation: Relation, subject: String, module: Module?, zone: Zone) {
    self.warehouse = warehouse
    self.relation = relation
    self.subject = subject
    self.module = module
    self.zone = zone
  }

  mutating func report(_ mistake: Diagnostic) { mistakes.append(mistake) }

  /// The type that a column is known to have before it is read: as defined, else as the warehouse declares it.
  func knownType(of column: String) -> DataType? {
    module?.column(column)?.type ?? relation.column(column)?.declaredType
  }

  /// - Returns: whether the relation has the column; if not, the mistake is noted.
  @discardableResult
  mutating func require(_ column: Located<String>) -> Bool {
    if relation.column(column.value) != nil { return true }
    mistakes += diagnostics(
      for: .missingColumn(column.value, relation: relation.name), at: column.location,
      of: "\(subject) (relation \"\(relation.name)\")", candidates: relation.columns.map(\.name))
    return false
  }

  /// Reads a column as values of a type; nil: the type it is known to have.
  mutating func value(_ column: Located<String>, type: DataType? = nil) -> Int? {
    guard require(column) else { return nil }
    return add(.column(column.value), as: .value(type ?? module?.column(column.value)?.type), at: column.location)
  }

  mutating func time(_ column: TimeColumn, role: TimeRole, period: Period? = nil) -> Int? {
    guard require(column.column) else { return nil }
    let reader = TimeReader(
      role: role, unit: column.unit, zone: column.timezone.flatMap(Zone.init) ?? zone, ambiguous: column.ambiguous,
      period: period, atMicroseconds: column.atMicroseconds)
    if let problem = reader.problem(withType: relation.column(column.column.value)?.declaredType) {
      mistakes.append(timeTypeMistake(problem, column: column.column, of: subject))
      return nil
    }
    return add(.column(column.column.value), as: .time(reader), at: column.column.location)
  }

  mutating func flag(column: Located<String>) -> Int? {
    guard require(column) else { return nil }
    return add(.column(column.value), as: .flag, at: column.location)
  }

  /// Reads a column that is known to be there: the relation's as a look at it logs it, or one that the log has beside them.
  mutating func logged(_ column: Located<String>, as reading: ScanOutput.Reading) -> Int {
    add(.column(column.value), as: reading, at: column.location)
  }

  /// Prepares an expression; what it names tells when it is known.
  mutating func facts(of expression: Located<String>) -> ExpressionFacts? {
    do {
      return try warehouse.examine(expression: expression.value, over: relation.name)
    } catch {
      mistakes += diagnostics(
        for: error, at: expression.location, of: "\(subject) (relation \"\(relation.name)\")",
        candidates: relation.columns.map(\.name))
      return nil
    }
  }

  mutating func expression(_ text: Located<String>, as reading: ScanOutput.Reading) -> Int {
    add(.expression(text.value), as: reading, at: text.location)
  }

  private mutating func add(_ source: ScanOutput.Source, as reading: ScanOutput.Reading, at location: SourceLocation) -> Int {
    let key = "\(source) \(reading)"
    if let index = indices[key] { return index }
    outputs.append(ScanOutput(source, as: reading))
    locations.append(location)
    indices[key] = outputs.count - 1
    return outputs.count - 1
  }
}
