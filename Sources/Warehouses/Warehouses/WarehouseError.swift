/// What can go wrong between us and a warehouse: facts only; the words are where definitions can be pointed at.
package enum WarehouseError: Error, Sendable {
  /// No file, or no access to it.
  case unavailable(warehouse: String, reason: String)
  /// A file that is no database, or a damaged one.
  case corrupt(warehouse: String, reason: String)
  /// Somebody else holds a lock: the same command may succeed later.
  case busy(warehouse: String)
  case missingRelation(String, warehouse: String)
  case missingColumn(String, relation: String)
  /// An expression that cannot be used, with the warehouse's words or ours.
  case expression(text: String, relation: String, reason: String)
  /// A SELECT that failed while a relation was being built.
  case sql(relation: String, reason: String)
  /// A relation in the place of one to be built, which nobody here has built: it is not dropped.
  case foreignRelation(String, kind: String)
  /// Values that do not fit, one entry per output that has any.
  case data([DataProblem])
  case duplicateGrain(DuplicateGrain)
  /// A joined relation would multiply rows: keys that it has more than once, or at the same time. `join` counts from 0.
  case duplicateJoinKey(DuplicateGrain, join: Int, atOneTime: Bool)
  /// Joins changed the number of rows, although each joined key is there once: values that are equal only once they are converted.
  case rowCountChanged(relation: String, base: Int, found: Int)
  case missingBuiltColumn(String, relation: String, has: [String])
  /// Reading or writing failed: a full disk, a vanished file system.
  case io(warehouse: String, reason: String)
}

/// Keys that a relation's declared grain has more than once.
package struct DuplicateGrain: Sendable, Hashable {
  package let relation: String
  package let grain: [String]
  /// How many keys are there more than once.
  package let keyCount: Int
  /// The first few, as text part by part (`null` for null), with their numbers of rows, most rows first.
  package let examples: [Example]

  package struct Example: Sendable, Hashable {
    package let key: [String]
    package let rows: Int

    package init(key: [String], rows: Int) {
      self.key = key
      self.rows = rows
    }
  }

  package init(relation: String, grain: [String], keyCount: Int, examples: [Example]) {
    self.relation = relation
    self.grain = grain
    self.keyCount = keyCount
    self.examples = examples
  }
}
