package import Columns
package import Diagnostics

/// What an ML pipeline produces of an entity: predictions, scores, segments. It becomes a module of the same name.
package struct ModelOutput: Sendable {
  package let name: Located<String>
  package let entity: Located<String>
  /// The entity's key columns, which are the output's too.
  package let key: [KeyColumn]
  /// What the model is called. A training set of that name is what it is trained on.
  package let model: Located<String>?
  /// Where a file of predictions says when each was made; nil: all of a batch were made at one moment.
  package let predictedAt: TimeColumn?
  /// Each prediction was known when it was made, not only when its batch was registered.
  package let isKnownWhenPredicted: Bool
  /// Names differ from each other, from the key's, and from those of ``reservedColumns``.
  package let columns: [ModelOutputColumn]
  package let unknownEntities: UnknownEntities
  /// The fewest rows that a batch may have; one, if nothing is said.
  package let leastRows: Int
  package let graduation: Graduation?
  package let about: About

  /// What each relation of an output has beside key and columns.
  package static let reservedColumns = [
    predictedAtColumn, "model_version", "batch", "valid_from", "valid_to", "valid_from_us", "valid_to_us", "known_at", "withdrawn_at",
    withdrawnColumn,
  ]

  /// The model version that stands for the production table of an output that has graduated.
  package static let production = "production"

  /// What the relations call the time of a prediction, whatever a file calls it.
  package static let predictedAtColumn = "predicted_at"

  /// In the log that feature views read: whether nothing is shown of the entity from then on.
  package static let withdrawnColumn = "is_withdrawn"

  /// What is shown now, one row an entity.
  package var shownRelation: String { name.value }
  /// What was shown when.
  package var historyRelation: String { "\(name.value)__history" }
  /// Every row that was registered.
  package var allRelation: String { "\(name.value)__all" }

  /// All three, of an output of that name.
  static func relations(of name: String) -> [String] { [name, "\(name)__history", "\(name)__all"] }
}

/// A column of a model's output, and what a value must be to be taken.
package struct ModelOutputColumn: Sendable {
  package let name: Located<String>
  package let type: DataType
  package let description: String?
  package let isRequired: Bool
  package let least: Located<Limit>?
  package let greatest: Located<Limit>?
  /// As texts of the column's type; empty: any.
  package let acceptedValues: [Located<String>]
  /// In characters.
  package let maxLength: Int?
  /// What it was called before, the newest first; batches of then keep their values.
  package let earlierNames: [Located<String>]
}

/// The least or greatest value of a column, in the column's type.
package enum Limit: Sendable, Hashable {
  case int64(Int64)
  case float64(Double)
  /// Days since 1970.
  case date(Int32)
  /// Microseconds since 1970, UTC.
  case timestamp(Int64)
}

/// How many rows of a batch may be about entities that the entity's own module does not list.
package struct UnknownEntities: Sendable, Hashable {
  /// More than this many are told.
  package let warn: RowLimit
  /// More than this many are refused.
  package let error: RowLimit
}

/// A number of rows, or a part of all.
package enum RowLimit: Sendable, Hashable {
  case rows(Int)
  /// In 0…1.
  case share(Double)

  /// Reads `20` or `1%`.
  package init?(_ text: String) {
    if text.hasSuffix("%"), let percent = Double(text.dropLast()), (0...100).contains(percent) {
      self = .share(percent / 100)
    } else if let rows = Int(text), rows >= 0 {
      self = .rows(rows)
    } else {
      return nil
    }
  }

  package func isExceeded(by count: Int, of all: Int) -> Bool {
    switch self {
    case .rows(let rows): count > rows
    // Few percentages are binary fractions: 29% of 100 is a little less than 29.
    case .share(let share): Double(count) - share * Double(all) > 1e-6
    }
  }
}

/// The model has become a feature of the product: another system writes what it produces.
package struct Graduation: Sendable {
  /// The production table.
  package let relation: Located<String>
  /// From when on it is what is shown, microseconds since the epoch, UTC.
  package let since: Int64
  /// The production table's name of a column of ours, key columns and `predicted_at` too, where it differs.
  package let columns: [String: Located<String>]
  package let location: SourceLocation
}
