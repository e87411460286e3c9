package import Columns
package import Planning

/// What an archive's documents tell of it: texts and numbers, no rows, no clock, no host. Equal facts give equal documents.
package struct ArchiveFacts: Sendable {
  package struct Part: Sendable {
    package let name: String
    package let rows: Int
    package let member: MemberFacts

    package init(name: String, rows: Int, member: MemberFacts) {
      self.name = name
      self.rows = rows
      self.member = member
    }
  }

  package struct Column: Sendable {
    package let name: String
    package let type: DataType
    package let role: ColumnRole
    package let description: String?
    /// Of the rows of all parts.
    package let nulls: Int

    package init(name: String, type: DataType, role: ColumnRole, description: String?, nulls: Int) {
      self.name = name
      self.type = type
      self.role = role
      self.description = description
      self.nulls = nulls
    }
  }

  /// One view in one role.
  package struct View: Sendable {
    package let name: String
    package let alias: String
    package let description: String?
    package let entity: String?
    package let module: String
    package let rows: Int

    package init(name: String, alias: String, description: String?, entity: String?, module: String, rows: Int) {
      self.name = name
      self.alias = alias
      self.description = description
      self.entity = entity
      self.module = module
      self.rows = rows
    }
  }

  /// The training set's.
  package let name: String
  package let description: String?
  package let owner: String?
  package let parts: [Part]
  package let columns: [Column]
  package let views: [View]
  /// In words, how spine and features came together: spine, split, knowledge.
  package let making: [String]
  /// The lines that say what the training set rests on.
  package let foundations: [String]
  /// The rows have no label: a model is to score them.
  package let isForScoring: Bool

  package init(
    name: String, description: String?, owner: String?, parts: [Part], columns: [Column], views: [View], making: [String],
    foundations: [String], isForScoring: Bool = false
  ) {
    self.name = name
    self.description = description
    self.owner = owner
    self.parts = parts
    self.columns = columns
    self.views = views
    self.making = making
    self.foundations = foundations
    self.isForScoring = isForScoring
  }

  package var rowCount: Int { parts.reduce(0) { $0 + $1.rows } }
}

/// A member as other documents name it.
package struct MemberFacts: Sendable, Hashable {
  package let name: String
  package let bytes: Int
  /// In lower-case hexadecimal digits.
  package let sha256: String

  package init(name: String, bytes: Int, sha256: String) {
    self.name = name
    self.bytes = bytes
    self.sha256 = sha256
  }
}
