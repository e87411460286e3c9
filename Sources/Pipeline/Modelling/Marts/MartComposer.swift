package import Columns
import Definitions
package import Diagnostics
import Times
package import Warehouses

/// A column of a mart and where it comes from.
package struct MartColumn: Sendable {
  package let name: String
  /// The base's or joined relation's name for it.
  package let source: String
  /// The module, output or view that it is of.
  package let reference: String
  package let type: DataType?
  /// As the mart's own definition says it.
  package let description: String?
  let location: SourceLocation
  /// In which of base (nil) and joins it is.
  let join: Int?
}

/// A mart with all its columns.
package struct ComposedMart: Sendable {
  package let columns: [MartColumn]
  package let composition: RelationComposition
}

/// Puts a mart together from the relations that are there, collecting what is wrong.
struct MartComposer {
  private let recipe: MartRecipe
  private let base: Relation
  private var columns: [MartColumn] = []
  private var joins: [RelationComposition.Join] = []
  private(set) var mistakes: [Diagnostic] = []

  /// - Parameter joined: one per join.
  init(_ recipe: MartRecipe, base: Relation, joined: [Relation]) {
    self.recipe = recipe
    self.base = base
    for part in recipe.key { require(Located(part, at: recipe.base.reference.location), in: base, recipe.base) }
    take(from: base, recipe.base, join: nil)
    for (number, (join, relation)) in zip(recipe.joins, joined).enumerated() {
      checkKey(join, relation)
      take(from: relation, join.part, join: number)
      joins.append(
        RelationComposition.Join(
          relation: relation.name, key: join.key.map { .init(there: $0.there.value, here: $0.here.value) }, columns: taken(number),
          moment: join.moment.map { .init(column: $0.column.value, reader: $0.reader) }))
      if let moment = join.moment { check(moment, of: join, relation) }
    }
    reportClashes()
  }

  func finish() throws(Diagnostics) -> ComposedMart {
    guard mistakes.isEmpty else { throw Diagnostics(mistakes) }
    return ComposedMart(
      columns: columns, composition: RelationComposition(base: base.name, columns: taken(nil), joins: joins))
  }

  private func taken(_ join: Int?) -> [RelationComposition.Column] {
    columns.filter { $0.join == join }.map { .init($0.source, as: $0.name) }
  }

  @discardableResult
  private mutating func require(_ column: Located<String>, in relation: Relation, _ part: MartRecipe.Part) -> RelationColumn? {
    if let found = relation.column(column.value) { return found }
    mistakes += diagnostics(
      for: .missingColumn(column.value, relation: relation.name), at: column.location,
      of: part.subject + (part.subject.contains("\"\(relation.name)\"") ? "" : " (relation \"\(relation.name)\")"),
      candidates: relation.columns.map(\.name))
    return nil
  }

  private mutating func take(from relation: Relation, _ part: MartRecipe.Part, join: Int?) {
    guard let listed = part.columns else {
      let unlisted = Set(part.unlisted)
      for column in relation.columns where !unlisted.contains(column.name) {
        add(column, as: column.name, part, nil, at: part.reference.location, join)
      }
      return
    }
    for column in listed {
      guard let found = require(column.name, in: relation, part) else { continue }
      add(found, as: column.name.value, part, column.description, at: column.name.location, join)
      for earlier in column.earlierNames { add(found, as: earlier.value, part, column.description, at: earlier.location, join) }
    }
  }

  private mutating func add(
    _ column: RelationColumn, as name: String, _ part: MartRecipe.Part, _ description: String?, at location: SourceLocation, _ join: Int?
  ) {
    columns.append(
      MartColumn(
        name: part.prefix + name, source: column.name, reference: part.reference.value, type: column.declaredType, description: description,
        location: location, join: join))
  }

  private mutating func checkKey(_ join: MartRecipe.Join, _ relation: Relation) {
    for pair in join.key {
      // A key that the base lacks is said once.
      let here = recipe.key.contains(pair.here.value) ? base.column(pair.here.value) : require(pair.here, in: base, recipe.base)
      let there = require(pair.there, in: relation, join.part)
      guard let here = here?.declaredType, let there = there?.declaredType, here != there else { continue }
      mistakes.append(
        Diagnostic(
          at: pair.there.location,
          "\(recipe.subject) joins \(join.part.subject) on \"\(pair.there.value)\", which is \(there.rawValue), and \(here.rawValue) in "
            + "\(recipe.base.subject)" + (pair.here.value == pair.there.value ? "" : " (\"\(pair.here.value)\")"),
          rule: "key-type", hint: "cast one of the two in its module's SQL: values of different types are never equal"))
    }
  }
}

extension MartComposer {
  private mutating func check(_ moment: MartRecipe.Moment, of join: MartRecipe.Join, _ relation: Relation) {
    for bound in [RelationComposition.validFrom, RelationComposition.validTo] where relation.column(bound) == nil {
      mistakes.append(
        Diagnostic(
          at: join.part.reference.location, "relation \"\(relation.name)\" of \(join.part.subject) has no column \"\(bound)\"",
          rule: "missing-column", hint: "run `gangway publish \(join.part.publishing ?? relation.name)`, which makes it anew"))
    }
    guard let column = require(moment.column, in: base, recipe.base) else { return }
    if let problem = moment.reader.problem(withType: column.declaredType) {
      mistakes.append(timeTypeMistake(problem, column: moment.column, of: recipe.base.subject))
    } else if recipe.materialized == .view, column.declaredType != .int64 {
      mistakes.append(
        Diagnostic(
          at: moment.column.location,
          "\(recipe.subject) is a view, and plain SQL cannot read the times of column \"\(column.name)\" exactly", rule: "inexact-view",
          hint: "say `materialized: table`, or use a column of whole numbers with a `unit`"))
    }
  }

  private func subject(of column: MartColumn) -> String { (column.join.map { recipe.joins[$0].part } ?? recipe.base).subject }

  /// Two columns of one name, as warehouses compare names: ASCII letters without case.
  private mutating func reportClashes() {
    var first: [[UInt8]: MartColumn] = [:]
    for column in columns {
      guard let other = first[column.name.foldedName] else {
        first[column.name.foldedName] = column
        continue
      }
      let part = column.join.map { recipe.joins[$0].part }
      let prefix = "\((part ?? recipe.base).reference.value)_"
      mistakes.append(
        Diagnostic(
          at: column.location,
          "\(recipe.subject) would have two columns \"\(column.name)\": of \(subject(of: other)) and of \(subject(of: column))",
          rule: "duplicate-column",
          hint: part == nil
            ? "list the columns of the base that are wanted: `columns: […]`"
            : "add `prefix: \(prefix)` to the join, or list the columns that are wanted: `columns: […]`"))
    }
  }
}

extension String {
  fileprivate var foldedName: [UInt8] { utf8.map { (65...90).contains($0) ? $0 | 0x20 : $0 } }
}

extension MartRecipe {
  var parts: [Part] { [base] + joins.map(\.part) }

  /// - Parameter relation: finds a relation by its name.
  /// - Returns: the mart, or what is wrong with it; nil: a relation that it reads is not there.
  package func compose<Failure: Error>(
    _ relation: (String) throws(Failure) -> Relation?
  ) throws(Failure) -> Result<ComposedMart, Diagnostics>? {
    guard let foundBase = try relation(base.relation) else { return nil }
    var joined: [Relation] = []
    for join in joins {
      guard let found = try relation(join.part.relation) else { return nil }
      joined.append(found)
    }
    let composer = MartComposer(self, base: foundBase, joined: joined)
    do throws(Diagnostics) { return .success(try composer.finish()) } catch { return .failure(error) }
  }
}
