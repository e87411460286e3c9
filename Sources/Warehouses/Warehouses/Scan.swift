package import Columns
package import Times

/// What to read of a relation.
package struct ScanRequest: Sendable {
  package let relation: String
  package let outputs: [ScanOutput]
  /// SQL over the relation's columns; only rows for which it is true are read.
  package let predicate: String?
  /// Only rows that may have become known then or later are read, and those that do not say when; a few too many do no harm.
  package let since: KnownSince?
  /// Which outputs name a row to people, by index: its key.
  package let keyOutputs: [Int]
  /// The zone of naive times among timestamp values; outputs read as times have their own.
  package let zone: Zone

  package init(
    relation: String, outputs: [ScanOutput], predicate: String? = nil, since: KnownSince? = nil, keyOutputs: [Int] = [], zone: Zone
  ) {
    self.relation = relation
    self.outputs = outputs
    self.predicate = predicate
    self.since = since
    self.keyOutputs = keyOutputs
    self.zone = zone
  }
}

/// A moment, by the column that says when a row became known.
package struct KnownSince: Sendable {
  package let column: String
  /// Of times kept as numbers.
  package let unit: TimeUnit?
  /// Since the epoch.
  package let microseconds: Int64

  package init(column: String, unit: TimeUnit?, microseconds: Int64) {
    self.column = column
    self.unit = unit
    self.microseconds = microseconds
  }
}

package struct ScanOutput: Sendable, Codable {
  package enum Source: Sendable, Hashable, Codable {
    case column(String)
    /// SQL in the warehouse's dialect, examined before.
    case expression(String)
  }

  package enum Reading: Sendable, Codable {
    /// A value of this type; nil: the type that the column declares, else the one that fits all values.
    case value(DataType?)
    /// A value as it is stored: of the type that fits all values, whatever the column declares.
    case stored
    /// Microseconds since the Unix epoch, as a timestamp column; null stays null (rule R3).
    case time(TimeReader)
    /// Whether the value is true: a boolean column without nulls, null being false. Numbers are true unless 0; text must say
    /// `true`, `false`, `1` or `0`, since SQL would silently take `'true'` for false.
    case flag
  }

  package let source: Source
  package let reading: Reading

  package init(_ source: Source, as reading: Reading) {
    self.source = source
    self.reading = reading
  }

  /// For messages.
  package var text: String {
    switch source {
    case .column(let name): name
    case .expression(let text): text
    }
  }
}

package struct ScanResult: Sendable {
  /// One per output.
  package let columns: [ScannedColumn]
  package let rowCount: Int
  /// How to name each row to people: its rowid, else its place in the order read, from 1.
  package let rowNumbers: Buffer<Int64>
  package let rowNumbersAreRowIDs: Bool

  package init(columns: [ScannedColumn], rowCount: Int, rowNumbers: Buffer<Int64>, rowNumbersAreRowIDs: Bool) {
    self.columns = columns
    self.rowCount = rowCount
    self.rowNumbers = rowNumbers
    self.rowNumbersAreRowIDs = rowNumbersAreRowIDs
  }
}

package struct ScannedColumn: Sendable {
  package let column: Column
  /// Nothing told the type, because no value was there: `column` is a string column of nulls.
  package let isUntyped: Bool
  /// Values that were NaN or infinite and became null (rule R14).
  package let nonFinite: Int

  package init(column: Column, isUntyped: Bool, nonFinite: Int) {
    self.column = column
    self.isUntyped = isUntyped
    self.nonFinite = nonFinite
  }
}

/// The first value of a scan that does not fit, and how many more there are.
package struct DataProblem: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    /// Has the kind `found` (`text`, `real`, `blob`, …), is not a `wanted`.
    case misfit(found: String, wanted: DataType)
    case notUTF8
    case blob
    /// Whole numbers and fractions mixed, and a whole number that a float64 cannot hold exactly.
    case inexactInteger
    case time(TimeProblem)
    /// More text in one column than 2 GiB.
    case tooMuchText
  }

  package let kind: Kind
  package let relation: String
  /// The column or expression.
  package let column: String
  /// Index into the request's outputs.
  package let output: Int
  package let row: Int64
  package let rowIsRowID: Bool
  /// The row's key as text, part by part; empty if the request names none.
  package let key: [String]
  /// The value as text, shortened.
  package let value: String
  /// Further values of this output that do not fit.
  package let more: Int

  package init(
    kind: Kind, relation: String, column: String, output: Int, row: Int64, rowIsRowID: Bool, key: [String], value: String,
    more: Int
  ) {
    self.kind = kind
    self.relation = relation
    self.column = column
    self.output = output
    self.row = row
    self.rowIsRowID = rowIsRowID
    self.key = key
    self.value = value
    self.more = more
  }
}
