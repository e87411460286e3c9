package import Columns

// Columns to CSV: UTF-8, `\n`, RFC 4180 quoting.
//
// In:  columns, each perhaps read through row numbers (a gather).
// Out: bytes, appended to the caller's buffer.
// Knows nothing of files, splits or training sets. The form of every value is fixed by DESIGN 7: archives are compared by bytes.

/// One column of the output.
package struct CSVColumn: Sendable {
  package let column: Column
  /// Which row of `column` each output row shows; -1 shows a null. Absent: output row `i` shows row `i`.
  package let rows: Buffer<Int32>?

  package init(_ column: Column, rows: Buffer<Int32>? = nil) {
    precondition(column.count <= Int32.max)
    self.column = column
    self.rows = rows
  }

  /// How many output rows it can fill.
  package var count: Int { rows?.count ?? column.count }
}

/// Formats rows of columns as CSV lines. It keeps its working memory, so use one for many calls; one a task.
///
/// Null is an empty cell, the empty string is `""`. A cell is quoted only if it holds a comma, a quote, CR or LF. Doubles as Python's
/// `repr` writes them, `true`/`false`, dates and times as ISO 8601; NaN and infinities, which sources cannot hold (rule R14), as null.
package struct CSVFormatter: Sendable {
  private var block = CSVBlock()
  private var dates = DateTexts()
  /// Per column: what fitted the last double.
  private var decimals: ContiguousArray<Decimals> = []

  package init() {}

  /// Appends the header line.
  package static func appendHeader(_ names: some Sequence<String>, to bytes: inout ContiguousArray<UInt8>) {
    var isFirst = true
    for name in names {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      appendCell(name, to: &bytes)
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Appends one line per row of `range`.
  ///
  /// Columns are formatted one after the other, a block of rows at a time: the loops are homogeneous and a block stays in the cache.
  /// Works on one core; give ranges to threads.
  ///
  /// - Precondition: every column has the rows in `range`, and its row numbers are rows of it, or negative.
  package mutating func appendRows(_ range: Range<Int>, of columns: [CSVColumn], to bytes: inout ContiguousArray<UInt8>) {
    precondition(range.lowerBound >= 0 && columns.allSatisfy { range.upperBound <= $0.count })
    while decimals.count < columns.count { decimals.append(Decimals.all[0]) }
    var left = range
    while !left.isEmpty {
      let rows = block.begin(left, of: columns)
      for (number, column) in columns.enumerated() {
        let separator = number == columns.count - 1 ? UInt8(ascii: "\n") : UInt8(ascii: ",")
        block.append(column, rows: rows, separator: separator, decimals: &decimals[number], dates: &dates)
      }
      block.finish(to: &bytes)
      left = rows.upperBound..<left.upperBound
    }
  }

  private static func appendCell(_ text: String, to bytes: inout ContiguousArray<UInt8>) {
    let quote = UInt8(ascii: "\"")
    guard text.isEmpty || text.utf8.contains(where: needsQuotes) else { return bytes.append(contentsOf: text.utf8) }
    bytes.append(quote)
    for byte in text.utf8 {
      if byte == quote { bytes.append(quote) }
      bytes.append(byte)
    }
    bytes.append(quote)
  }
}
