package import Columns
package import Times

/// A relation to build: `CREATE TABLE … AS` or `CREATE VIEW … AS` its content.
package struct RelationBuild: Sendable {
  package enum Content: Sendable, Hashable {
    /// One SELECT in the warehouse's dialect, nothing left to render.
    case select(String)
    case composition(RelationComposition)
  }

  package let name: String
  package let kind: Relation.Kind
  package let content: Content
  /// Columns that must be unique together; empty: not declared.
  package let grain: [String]
  /// Columns that must be there.
  package let requiredColumns: [String]
  /// Columns whose values must all fit a type.
  package let typedColumns: [Field]
  /// The zone of naive times among typed columns.
  package let zone: Zone
  /// Whether rows of a table are to be found fast by their grain.
  package let indexesGrain: Bool
  /// What is told of it to readers of the warehouse.
  package let about: RelationAbout

  package init(
    name: String, kind: Relation.Kind, content: Content, grain: [String], requiredColumns: [String], typedColumns: [Field],
    zone: Zone, indexesGrain: Bool = false, about: RelationAbout = RelationAbout()
  ) {
    self.name = name
    self.kind = kind
    self.content = content
    self.grain = grain
    self.requiredColumns = requiredColumns
    self.typedColumns = typedColumns
    self.zone = zone
    self.indexesGrain = indexesGrain
    self.about = about
  }
}

/// What is known of a relation beyond its rows.
package struct RelationAbout: Sendable {
  package var description: String?
  package var owner: String?
  /// By column.
  package var descriptions: [String: String] = [:]
  /// Of columns whose type the built relation does not tell.
  package var types: [String: DataType] = [:]
  /// Microseconds since the Unix epoch.
  package var builtAt: Int64 = 0

  package init() {}
}

package struct BuiltRelation: Sendable {
  package let relation: Relation
  package let rowCount: Int
  /// Of a composition: the joins, by their places, that found no partner for any row, though there are rows on both sides.
  package let idleJoins: [Int]

  package init(relation: Relation, rowCount: Int, idleJoins: [Int] = []) {
    self.relation = relation
    self.rowCount = rowCount
    self.idleJoins = idleJoins
  }
}
