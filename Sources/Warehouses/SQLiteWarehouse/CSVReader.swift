internal import Glibc
internal import Warehouses

/// Reads a CSV file (RFC 4180) row by row, strictly, in bounded memory.
///
/// UTF-8 with or without a byte order mark; lines end with `\n` or `\r\n`, the last may have no end.
struct CSVReader {
  /// One row, cell after cell without quotes.
  struct Row {
    fileprivate(set) var bytes: ContiguousArray<UInt8> = []
    fileprivate(set) var cells: ContiguousArray<Cell> = []

    struct Cell {
      let range: Range<Int>
      let isQuoted: Bool
      let line: Int
      let character: Int
    }

    /// Whether a cell is null: empty, and without quotes.
    func isNull(_ cell: Int) -> Bool { cells[cell].range.isEmpty && !cells[cell].isQuoted }
  }

  private static let cellLimit = 64 << 20

  private(set) var row = Row()
  let file: String
  private let source: FileSource
  private var chunk = ContiguousArray<UInt8>(repeating: 0, count: 1 << 18)
  private var next = 0
  private var end = 0
  private var line = 1
  /// Characters of the line so far.
  private var character = 0

  init(path: String, file: String) throws(CSVError) {
    self.file = file
    // Not blocking: a pipe without a writer would be waited for.
    let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw CSVError(.unreadable(unsafe String(cString: strerror(errno))), file: file) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else {
      close(descriptor)
      throw CSVError(.unreadable("It is no regular file"), file: file)
    }
    source = FileSource(descriptor)
    try refill()
    if end >= 3, chunk[0] == 0xEF, chunk[1] == 0xBB, chunk[2] == 0xBF { next = 3 }
  }

  /// Reads the next row into ``row``.
  ///
  /// - Returns: false at the end of the file.
  mutating func advance() throws(CSVError) -> Bool {
    row.bytes.removeAll(keepingCapacity: true)
    row.cells.removeAll(keepingCapacity: true)
    guard try peek() != nil else { return false }
    while true {
      let start = row.bytes.count
      let place = (line: line, character: character + 1)
      let isQuoted = try peek() == UInt8(ascii: "\"")
      if isQuoted { try readQuoted(from: place) } else { try readPlain() }
      row.cells.append(.init(range: start..<row.bytes.count, isQuoted: isQuoted, line: place.line, character: place.character))
      try checkText(start)
      if try readCellEnd() { return true }
    }
  }

  /// Up to a comma or a line's end, which stay.
  private mutating func readPlain() throws(CSVError) {
    let start = row.bytes.count
    while let byte = try peek() {
      switch byte {
      case UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"): return
      case UInt8(ascii: "\""): throw error(.quoteInsideCell)
      default:
        row.bytes.append(byte)
        skip(byte)
        if row.bytes.count - start > Self.cellLimit { throw error(.cellTooLong(limit: Self.cellLimit)) }
      }
    }
  }

  private mutating func readQuoted(from place: (line: Int, character: Int)) throws(CSVError) {
    let start = row.bytes.count
    skip(UInt8(ascii: "\""))
    while let byte = try peek() {
      skip(byte)
      if byte == UInt8(ascii: "\"") {
        guard try peek() == UInt8(ascii: "\"") else { return }
        skip(byte)
      }
      row.bytes.append(byte)
      if row.bytes.count - start > Self.cellLimit {
        throw error(.cellTooLong(limit: Self.cellLimit), at: place)
      }
    }
    throw error(.unclosedQuote, at: place)
  }

  /// - Returns: whether the row ends with this cell.
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
      let place = (line: line, character: character + 1)
      skip(byte)
      guard try peek() == UInt8(ascii: "\n") else { throw error(.loneCarriageReturn, at: place, cell: row.cells.count) }
      skip(UInt8(ascii: "\n"))
      return true
    default: throw error(.textAfterQuote, cell: row.cells.count)
    }
  }

  private func checkText(_ start: Int) throws(CSVError) {
    guard isUTF8(row.bytes.span.extracting(start..<row.bytes.count)) else {
      let cell = row.cells[row.cells.count - 1]
      throw error(.notUTF8, at: (cell.line, cell.character), cell: row.cells.count)
    }
  }

  /// An error here, in the cell that is being read, unless it says otherwise.
  private func error(_ problem: CSVError.Problem, at place: (line: Int, character: Int)? = nil, cell: Int? = nil) -> CSVError {
    CSVError(
      problem, file: file, line: place?.line ?? line, character: place?.character ?? character + 1,
      column: cell ?? row.cells.count + 1)
  }

  // MARK: Bytes

  /// The next byte; nil at the end of the file.
  @inline(__always)
  private mutating func peek() throws(CSVError) -> UInt8? {
    if next == end { try refill() }
    return next < end ? chunk[next] : nil
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

  private mutating func refill() throws(CSVError) {
    next = 0
    end = source.read(into: &chunk)
    guard end >= 0 else {
      end = 0
      throw CSVError(.unreadable(unsafe String(cString: strerror(errno))), file: file)
    }
  }
}

/// An open file, closed with its last reference.
private final class FileSource {
  private let descriptor: Int32

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// - Returns: how many bytes; 0 at the end; negative, with `errno`, if reading fails.
  func read(into chunk: inout ContiguousArray<UInt8>) -> Int {
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 || errno != EINTR { return count }
    }
  }
}
