// CSVReading: rows of a CSV file, as RFC 4180 wants them, from any stream of bytes.
//
// In:  bytes, once and in order.
// Out: a row at a time, its cells without quotes, each with its place; what cells mean as values; or a `CSVError` with file and line.
// Knows nothing of warehouses, archives, or of what the columns are for.

internal import Columns

/// Reads a CSV file (RFC 4180) row by row, strictly, in bounded memory.
///
/// UTF-8 with or without a byte order mark; lines end with `\n` or `\r\n`, the last may have no end.
package struct CSVReader {
  package struct Cell: Sendable {
    /// Where its text stands, counted from the row's beginning.
    fileprivate let range: Range<Int>
    package let isQuoted: Bool
    package let line: Int
    package let character: Int

    /// Empty, and without quotes.
    package var isNull: Bool { range.isEmpty && !isQuoted }
  }

  package struct Limits: Sendable {
    package var cellBytes = 64 << 20
    package var rowBytes = Int.max
    package var cells = Int.max
    /// Whether a text may hold NULs.
    package var allowsNUL = true

    package init() {}
  }

  private struct Place {
    let line: Int
    let character: Int
  }

  /// For messages.
  package let file: String
  /// Of the row read last.
  package private(set) var cells: ContiguousArray<Cell> = []
  private let source: any CSVSource
  private let limits: Limits
  /// The row that is being read, and what comes behind it.
  private var bytes = ContiguousArray<UInt8>(repeating: 0, count: 1 << 18)
  private var rowStart = 0
  private var next = 0
  private var end = 0
  private var line = 1
  /// Characters of the line so far.
  private var character = 0

  package init(_ source: some CSVSource, file: String, limits: Limits = Limits()) throws(CSVError) {
    self.file = file
    self.source = source
    self.limits = limits
    while end < 3, try refill() {}
    if end >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { next = 3 }
  }

  /// Reads the next row into ``cells``.
  ///
  /// - Returns: false at the end of the file.
  package mutating func advance() throws(CSVError) -> Bool {
    cells.removeAll(keepingCapacity: true)
    rowStart = next
    guard try peek() != nil else { return false }
    while true {
      let place = Place(line: line, character: character + 1)
      let isQuoted = try peek() == UInt8(ascii: "\"")
      let range = isQuoted ? try readQuoted(from: place) : try readPlain()
      cells.append(Cell(range: range, isQuoted: isQuoted, line: place.line, character: place.character))
      guard isUTF8(bytes.span.extracting(rowStart + range.lowerBound..<rowStart + range.upperBound)) else {
        throw error(.notUTF8, at: place, cell: cells.count)
      }
      if try readCellEnd() { return true }
      if cells.count >= limits.cells { throw error(.tooManyCells(limit: limits.cells)) }
    }
  }

  /// The bytes of a cell of the row, well-formed UTF-8.
  @_lifetime(borrow self)
  package func text(_ cell: Int) -> Span<UInt8> {
    let range = cells[cell].range
    return bytes.span.extracting(rowStart + range.lowerBound..<rowStart + range.upperBound)
  }

  package func string(_ cell: Int) -> String { String(copying: text(cell)) }

  /// The row's mistake of having another number of cells, if it has.
  package func raggedness(columns: Int) -> CSVError? {
    if cells.count == columns { return nil }
    let last = cells[min(cells.count, columns) - 1]
    return CSVError(.ragged(cells: cells.count, columns: columns), file: file, line: cells[0].line, character: last.character)
  }

  /// Up to a comma or a line's end, which stay.
  private mutating func readPlain() throws(CSVError) -> Range<Int> {
    let start = next - rowStart
    repeat {
      var i = next
      var characters = 0
      scan: while i < end {
        let byte = bytes[i]
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\""), 0: break scan
        default: characters += byte & 0xC0 != 0x80 ? 1 : 0
        }
        i += 1
      }
      next = i
      character += characters
      if next - rowStart - start > limits.cellBytes { throw error(.cellTooLong(limit: limits.cellBytes)) }
      guard let byte = try peek() else { break }
      switch byte {
      case UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"): return start..<next - rowStart
      case UInt8(ascii: "\""): throw error(.quoteInsideCell)
      case 0: try skipNUL()
      default: break
      }
    } while true
    return start..<next - rowStart
  }

  /// Up to behind the closing quote. What two quotes stood for moves together with the text before it.
  private mutating func readQuoted(from place: Place) throws(CSVError) -> Range<Int> {
    skip(UInt8(ascii: "\""))
    let start = next - rowStart
    var written = start
    while let byte = try peek() {
      switch byte {
      case 0: try skipNUL()
      case UInt8(ascii: "\""):
        skip(byte)
        guard try peek() == UInt8(ascii: "\"") else { return start..<written }
        skip(byte)
      default: skip(byte)
      }
      bytes[rowStart + written] = byte
      written += 1
      if written - start > limits.cellBytes { throw error(.cellTooLong(limit: limits.cellBytes), at: place) }
    }
    throw error(.unclosedQuote, at: place)
  }

  /// - Returns: whether the row ends with the cell before.
  private mutating func readCellEnd() throws(CSVError) -> Bool {
    guard let byte = try peek() else { return true }
    switch byte {
    case UInt8(ascii: ","):
      skip(byte)
      return false
    case UInt8(ascii: "\n"):
      skip(byte)
      return true
    case UInt8(ascii: "\r"):
      let place = Place(line: line, character: character + 1)
      skip(byte)
      guard try peek() == UInt8(ascii: "\n") else { throw error(.loneCarriageReturn, at: place, cell: cells.count) }
      skip(UInt8(ascii: "\n"))
      return true
    default: throw error(.textAfterQuote, cell: cells.count)
    }
  }

  private mutating func skipNUL() throws(CSVError) {
    if !limits.allowsNUL { throw error(.nul) }
    skip(0)
  }

  /// An error here, in the cell that is being read, unless it says otherwise.
  private func error(_ problem: CSVError.Problem, at place: Place? = nil, cell: Int? = nil) -> CSVError {
    CSVError(
      problem, file: file, line: place?.line ?? line, character: place?.character ?? character + 1, column: cell ?? cells.count + 1)
  }

  // MARK: Bytes

  /// The next byte; nil at the end of the file.
  @inline(__always)
  private mutating func peek() throws(CSVError) -> UInt8? {
    if next == end, try !refill() { return nil }
    return bytes[next]
  }

  @inline(__always)
  private mutating func skip(_ byte: UInt8) {
    next += 1
    if byte == UInt8(ascii: "\n") {
      line += 1
      character = 0
    } else if byte & 0xC0 != 0x80 {
      character += 1
    }
  }

  /// Brings further bytes behind those of the row that is being read.
  ///
  /// - Returns: whether there are any.
  private mutating func refill() throws(CSVError) -> Bool {
    if rowStart > 0 {
      for i in rowStart..<end { bytes[i - rowStart] = bytes[i] }
      next -= rowStart
      end -= rowStart
      rowStart = 0
    }
    if end > limits.rowBytes { throw CSVError(.rowTooLong(limit: limits.rowBytes), file: file, line: cells.first?.line ?? line) }
    if end == bytes.count { bytes.append(contentsOf: repeatElement(0, count: bytes.count)) }
    do throws(UnreadableSource) {
      let count = try source.read(into: &bytes, at: end)
      end += count
      return count > 0
    } catch {
      throw CSVError(.unreadable(error.reason), file: file)
    }
  }
}

extension String {
  /// Bytes of a text; those that are no UTF-8 are replaced.
  package init(copying text: Span<UInt8>) {
    // Safe because: the copy is made before the span goes out of scope.
    self = unsafe text.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }
}
