package import Columns

/// Some consecutive rows of a scan.
package struct ScanBatch: Sendable {
  /// Grows along the relation's own order: batches sorted by it are the whole scan, whoever read them. Numbers have gaps, and depend on
  /// the number of threads.
  package let number: Int
  /// Which thread reads it, from 0: no two batches of one reader are handed over at the same time.
  package let reader: Int
  /// One per output. Where the type follows from the values, it is that of the values so far: an int64 column here may be a float64 one
  /// in another batch, and one of nulls a string column; ``Columns/Column/converted(to:)`` brings them together when the scan is over.
  package let columns: [Column]
  package let rowCount: Int
  package let rowNumbers: RowNumbers

  package init(number: Int, reader: Int, columns: [Column], rowCount: Int, rowNumbers: RowNumbers) {
    self.number = number
    self.reader = reader
    self.columns = columns
    self.rowCount = rowCount
    self.rowNumbers = rowNumbers
  }
}

/// How to name each row to people: its rowid, else its place in the order read, from 1.
package enum RowNumbers: Sendable {
  /// One after the other: nothing needs to be kept.
  case from(Int64)
  case listed(Buffer<Int64>)

  package subscript(_ row: Int) -> Int64 {
    switch self {
    case .from(let first): first + Int64(row)
    case .listed(let numbers): numbers.span[row]
    }
  }

  /// The first so many.
  func append(count: Int, to list: inout ContiguousArray<Int64>) {
    switch self {
    case .from(let first): list.append(contentsOf: first..<first + Int64(count))
    case .listed(let numbers):
      let span = numbers.span
      for row in 0..<count { list.append(span[row]) }
    }
  }
}

/// What is known of a scan when all has been read.
package struct ScanOutcome: Sendable {
  package struct Output: Sendable, Hashable {
    package let type: DataType
    /// Nothing told the type, because no value was there: `type` is string, and all is null.
    package let isUntyped: Bool
    /// Values that were NaN or infinite and became null (rule R14).
    package let nonFinite: Int

    package init(type: DataType, isUntyped: Bool, nonFinite: Int) {
      self.type = type
      self.isUntyped = isUntyped
      self.nonFinite = nonFinite
    }
  }

  /// One per output of the request.
  package let outputs: [Output]
  package let rowCount: Int
  package let rowNumbersAreRowIDs: Bool

  package init(outputs: [Output], rowCount: Int, rowNumbersAreRowIDs: Bool) {
    self.outputs = outputs
    self.rowCount = rowCount
    self.rowNumbersAreRowIDs = rowNumbersAreRowIDs
  }
}

/// Why a scan did not come to its end.
package enum ScanError<Stop: Error>: Error {
  case warehouse(WarehouseError)
  /// Who takes the batches wanted no more: the first error thrown by them.
  case stopped(Stop)
}
