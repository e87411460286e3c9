package import Columns

/// Tables that the store fills: they are there to be read, and can be made again at any time.
package struct Publication: Sendable {
  package struct Table: Sendable {
    package let entry: CatalogEntry
    /// The columns of which an index is wanted.
    package let index: [String]

    package var name: String { entry.relation }

    package init(entry: CatalogEntry, index: [String]) {
      self.entry = entry
      self.index = index
    }
  }

  /// What is published: an output or a view.
  package let name: String
  /// Names what it was made of: who knows it knows whether it is to be made again.
  package let state: String
  package let tables: [Table]
  /// Microseconds since the Unix epoch.
  package let refreshedAt: Int64

  package init(name: String, state: String, tables: [Table], refreshedAt: Int64) {
    self.name = name
    self.state = state
    self.tables = tables
    self.refreshedAt = refreshedAt
  }
}

/// What `gangway__catalog` tells a reader of the warehouse about a relation.
package struct CatalogEntry: Sendable, Hashable {
  package struct Column: Sendable, Hashable {
    package let name: String
    /// nil: whatever it holds.
    package let type: DataType?
    package let description: String?

    package init(_ name: String, _ type: DataType?, _ description: String? = nil) {
      self.name = name
      self.type = type
      self.description = description
    }
  }

  package let relation: String
  package let description: String?
  package let owner: String?
  package let grain: [String]
  package let columns: [Column]
  /// Whose predictions are in it.
  package let modelVersions: [String]

  package init(
    relation: String, description: String?, owner: String?, grain: [String], columns: [Column], modelVersions: [String] = []
  ) {
    self.relation = relation
    self.description = description
    self.owner = owner
    self.grain = grain
    self.columns = columns
    self.modelVersions = modelVersions
  }
}

/// Rows to fill a table with: a column each, nil where all are null.
package struct TableRows: Sendable {
  package let columns: [Column?]
  package let rowCount: Int

  /// - Precondition: columns of `rowCount` values.
  package init(columns: [Column?], rowCount: Int) {
    precondition(columns.allSatisfy { $0 == nil || $0?.count == rowCount })
    self.columns = columns
    self.rowCount = rowCount
  }
}

extension DataType {
  /// As a table declares it, so that readers of the warehouse know it again.
  package var publishedName: String {
    switch self {
    case .int64: "INTEGER"
    case .float64: "REAL"
    case .string: "TEXT"
    case .boolean: "BOOLEAN"
    case .date: "DATE"
    case .timestamp: "TIMESTAMP"
    }
  }
}
