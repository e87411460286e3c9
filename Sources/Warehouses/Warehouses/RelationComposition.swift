package import Times

/// A relation put together from others: the rows of a base, and columns of what is joined to them, never more or fewer rows.
///
/// All columns are known to be there, and no two of the result have one name.
package struct RelationComposition: Sendable, Hashable {
  package struct Column: Sendable, Hashable {
    /// What the base or the joined relation calls it.
    package let source: String
    package let name: String

    package init(_ source: String, as name: String) {
      self.source = source
      self.name = name
    }
  }

  package struct KeyPair: Sendable, Hashable {
    /// Of the joined relation.
    package let there: String
    /// Of the base.
    package let here: String

    package init(there: String, here: String) {
      self.there = there
      self.here = here
    }
  }

  package struct Join: Sendable, Hashable {
    package let relation: String
    /// Empty: the relation has one row, or one at a time.
    package let key: [KeyPair]
    package let columns: [Column]
    /// Nil: the rows as they are.
    package let moment: Moment?

    package init(relation: String, key: [KeyPair], columns: [Column], moment: Moment?) {
      self.relation = relation
      self.key = key
      self.columns = columns
      self.moment = moment
    }
  }

  /// The base's column with a time, and how it is read: the joined row is wanted that was valid then.
  package struct Moment: Sendable, Hashable {
    package let column: String
    package let reader: TimeReader

    package init(column: String, reader: TimeReader) {
      self.column = column
      self.reader = reader
    }
  }

  /// What a relation of histories calls the time from which on a row is valid, inclusive, microseconds since the epoch.
  package static let validFrom = "valid_from_us"
  /// Until then, exclusive; null: it is valid still.
  package static let validTo = "valid_to_us"

  package let base: String
  package let columns: [Column]
  package let joins: [Join]

  package init(base: String, columns: [Column], joins: [Join]) {
    self.base = base
    self.columns = columns
    self.joins = joins
  }
}
