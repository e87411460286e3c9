import Columns
import Diagnostics
import Synchronization
import Times
import Warehouses

@testable import Definitions

/// A project of SQL modules, put together without files: module `x` stands in features/x.sql, and its definition, at line
/// 10, 20, … of features/p.yml, is spread so that each part has a line of its own.
struct ProjectSketch {
  var sources: [String] = []
  var modules: [ModuleSketch] = []
  var marts: [MartSketch] = []
  /// Outputs about shipments.
  var outputs: [String] = []
  /// Feature views of carriers that are published.
  var views: [String] = []

  var project: Project {
    Project(
      settings: ProjectSettings(
        root: "/projects/p", name: place("p", 1), warehouse: Located(.sqlite(path: "/projects/p/w.sqlite"), at: place("", 2).location),
        timezone: place("UTC", 3), featuresFolder: "/projects/p/features", storeFolder: "/projects/p/.gangway",
        exportsFolder: "/projects/p/exports"),
      sources: sources.enumerated().map { Source(name: place($1, 4 + $0), about: nothing) },
      entities: [entity("shipment", key: "id"), entity("carrier", key: "scac")],
      modules: modules.enumerated().map { $1.module(line: 10 * ($0 + 1)) } + outputs.map(outputModule) + marts.map(\.module),
      featureViews: views.map(view), trainingSets: [], outputs: outputs.map(output), marts: marts.map(\.mart),
      published: views.map { place($0, 7) })
  }

  private func entity(_ name: String, key: String) -> Entity {
    Entity(name: place(name, 8), key: [KeyColumn(name: place(key, 8), type: .int64, description: nil)], module: nil, about: nothing)
  }

  private func view(_ name: String) -> FeatureView {
    FeatureView(
      name: place(name, 7), entity: place("carrier", 7), keyColumns: [place("scac", 7)], module: place("readings", 7), predicate: nil,
      time: TimeSettings(eventTime: nil, knownTime: nil, delay: nil, period: nil), ttl: nil, timeless: false, features: [], about: nothing)
  }

  private func output(_ name: String) -> ModelOutput {
    ModelOutput(
      name: place(name, 6), entity: place("shipment", 6), key: [KeyColumn(name: place("id", 8), type: .int64, description: nil)],
      model: nil,
      predictedAt: nil, isKnownWhenPredicted: false, columns: [], unknownEntities: UnknownEntities(warn: .rows(0), error: .rows(0)),
      leastRows: 0, graduation: nil, about: nothing)
  }

  private func outputModule(_ name: String) -> Module { martModule(name, .output, place(name, 6), materialized: nil) }
}

struct ModuleSketch {
  let name: String
  var sql: String?
  var relation: String?
  var materialized: Module.Materialization?
  /// Defined one line below the name.
  var grain: [String] = []
  /// Two lines below the name.
  var eventTime: String?
  /// Three lines below the name, and on.
  var columns: [(name: String, type: DataType?)] = []

  init(
    _ name: String, _ sql: String? = nil, relation: String? = nil, materialized: Module.Materialization? = nil, grain: [String] = [],
    eventTime: String? = nil, columns: [(name: String, type: DataType?)] = []
  ) {
    self.name = name
    self.sql = sql
    self.relation = relation
    self.materialized = materialized
    self.grain = grain
    self.eventTime = eventTime
    self.columns = columns
  }

  fileprivate func module(line: Int) -> Module {
    Module(
      name: place(name, line),
      origin: sql.map { .sql(file: place("/projects/p/features/\(name).sql", line), text: $0) } ?? .relation(place(relation ?? name, line)),
      materialized: materialized.map { Located($0, at: SourceLocation(path: "features/p.yml", line: line, column: 40)) }, layer: nil,
      grain: grain.map { place($0, line + 1) },
      time: TimeSettings(eventTime: eventTime.map { timeColumn($0, line + 2) }, knownTime: nil, delay: nil, period: nil), recordID: [],
      deleted: nil, onNullTime: .error, lookback: nil, observation: nil,
      columns: columns.enumerated().map { index, column in
        ModuleColumn(name: place(column.name, line + 3 + index), type: column.type, description: nil, knownTime: nil)
      }, about: nothing)
  }
}

/// A mart of shipments. Everything it says stands in line 90 of features/p.yml, each join in one line further down.
struct MartSketch {
  let name: String
  let base: String
  var columns: [String]?
  var joins: [MartJoin] = []
  var materialized = Module.Materialization.table

  fileprivate var composition: Composition {
    Composition(
      base: place(base, 90), columns: columns?.map { .init(name: place($0, 91), description: nil, earlierNames: []) }, joins: joins)
  }

  fileprivate var mart: Mart { Mart(name: place(name, 90), entity: place("shipment", 90), composition: composition) }

  fileprivate var module: Module {
    martModule(name, .composition(composition), place("id", 90), materialized: materialized)
  }

  /// - Parameter columns: with their earlier names after `=`.
  static func join(
    _ source: (Located<String>) -> MartJoin.Source, _ name: String, line: Int, key: [String: String] = [:], columns: [String]? = nil,
    prefix: String = "", asOf: String? = nil
  ) -> MartJoin {
    let listed = columns?.map { column in
      let names = column.split(separator: "=").map { place(String($0), line) }
      return ComposedColumn(name: names[0], description: nil, earlierNames: Array(names.dropFirst()))
    }
    return MartJoin(
      location: place(name, line).location, source: source(place(name, line)),
      key: key.sorted { $0.key < $1.key }.map { MartJoin.KeyPair(there: place($0.key, line), here: place($0.value, line)) },
      columns: listed,
      prefix: prefix, asOf: asOf.map { timeColumn($0, line) })
  }
}

private func martModule(
  _ name: String, _ origin: Module.Origin, _ grain: Located<String>, materialized: Module.Materialization?
) -> Module {
  Module(
    name: place(name, 90), origin: origin, materialized: materialized.map { Located($0, at: place("", 90).location) }, layer: nil,
    grain: [grain], time: TimeSettings(eventTime: nil, knownTime: nil, delay: nil, period: nil), recordID: [], deleted: nil,
    onNullTime: .error, lookback: nil, observation: nil, columns: [], about: nothing)
}

private let nothing = About(description: nil, owner: nil, tags: [], meta: [:])

private func place(_ text: String, _ line: Int) -> Located<String> {
  Located(text, at: SourceLocation(path: "features/p.yml", line: line, column: 5))
}

private func timeColumn(_ name: String, _ line: Int) -> TimeColumn {
  TimeColumn(column: place(name, line), unit: nil, timezone: nil, ambiguous: nil, delay: nil, atMicroseconds: nil)
}

func utc() throws -> Zone {
  struct NoUTC: Error {}
  guard let zone = Zone("UTC") else { throw NoUTC() }
  return zone
}

/// SQL with a keycap digit at each place where something is wrong.
struct Marked {
  let text: String
  /// Line and column of each marker, in the text without them.
  let places: [Place]

  struct Place: Hashable {
    let line: Int
    let column: Int
  }

  init(_ marked: String) {
    var text = ""
    var places: [Place] = []
    var (line, column) = (1, 1)
    for character in marked {
      if "1️⃣2️⃣3️⃣4️⃣".contains(character) {
        places.append(Place(line: line, column: column))
        continue
      }
      text.append(character)
      (line, column) = character.isNewline ? (line + 1, 1) : (line, column + 1)
    }
    self.text = text
    self.places = places
  }
}

extension Diagnostic {
  var place: Marked.Place? { location.map { Marked.Place(line: $0.line, column: $0.column) } }
}

/// A warehouse that builds nothing, writes down what it was asked for, and fails where it is told to.
final class FakeWarehouse: Warehouse {
  let displayName = "w.sqlite"
  private let relations: Set<String>
  /// Of relations that are there too; `name` or `name type`.
  private let columns: [String: [String]]
  private let failures: [String: WarehouseError]
  private let requests = Mutex<[RelationBuild]>([])

  init(relations: Set<String> = [], columns: [String: [String]] = [:], failures: [String: WarehouseError] = [:]) {
    self.relations = relations
    self.columns = columns
    self.failures = failures
  }

  var builds: [RelationBuild] { requests.withLock { $0 } }

  func relation(_ name: String) throws(WarehouseError) -> Relation? {
    if let failure = failures[name] { throw failure }
    if let columns = columns[name] { return Relation(name: name, kind: .table, columns: columns.map(relationColumn)) }
    return relations.contains(name) ? Relation(name: name, kind: .table, columns: []) : nil
  }

  private func relationColumn(_ text: String) -> RelationColumn {
    let words = text.split(separator: " ").map(String.init)
    return RelationColumn(
      name: words[0], declaredText: words.last ?? "", declaredType: words.count > 1 ? DataType(rawValue: words[1]) : nil)
  }

  func relationNames() throws(WarehouseError) -> [String] { relations.sorted() }

  func examine(expression: String, over relation: String) throws(WarehouseError) -> ExpressionFacts { ExpressionFacts(columns: []) }

  func scan<Stop: Error>(
    _ request: ScanRequest, threads: Int, batchRows: Int, take: @Sendable (ScanBatch) throws(Stop) -> Void
  ) throws(ScanError<Stop>) -> ScanOutcome {
    throw .warehouse(.missingRelation(request.relation, warehouse: displayName))
  }

  func rowLimit(of relation: String) throws(WarehouseError) -> Int? { nil }

  func head(of relation: String, limit: Int) throws(WarehouseError) -> HeadRows { HeadRows(columns: [], rows: []) }

  func publish<Stop: Error>(_ publication: Publication, rows: (Int) throws(Stop) -> TableRows?) throws(ScanError<Stop>) {}

  func builtSQL() throws(WarehouseError) -> [String: String] { [:] }

  func publishedStates() throws(WarehouseError) -> [String: String] { [:] }

  func build(_ build: RelationBuild) throws(WarehouseError) -> BuiltRelation {
    requests.withLock { $0.append(build) }
    if let failure = failures[build.name] { throw failure }
    return BuiltRelation(relation: Relation(name: build.name, kind: build.kind, columns: []), rowCount: 7)
  }
}
