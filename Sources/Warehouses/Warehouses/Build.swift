package import Columns
package import Times

/// A relation to build: `CREATE TABLE … AS` or `CREATE VIEW … AS` a SELECT.
package struct RelationBuild: Sendable {
  package let name: String
  package let kind: Relation.Kind
  /// One SELECT in the warehouse's dialect, nothing left to render.
  package let select: String
  /// Columns that must be unique together; empty: not declared.
  package let grain: [String]
  /// Columns that must be there.
  package let requiredColumns: [String]
  /// Columns whose values must all fit a type.
  package let typedColumns: [Field]
  /// The zone of naive times among typed columns.
  package let zone: Zone

  package init(
    name: String, kind: Relation.Kind, select: String, grain: [String], requiredColumns: [String], typedColumns: [Field],
    zone: Zone
  ) {
    self.name = name
    self.kind = kind
    self.select = select
    self.grain = grain
    self.requiredColumns = requiredColumns
    self.typedColumns = typedColumns
    self.zone = zone
  }
}

package struct BuiltRelation: Sendable {
  package let relation: Relation
  package let rowCount: Int

  package init(relation: Relation, rowCount: Int) {
    self.relation = relation
    self.rowCount = rowCount
  }
}
