internal import Files

/// All violations of a batch as a CSV file, written aside: nobody sees it before it is whole.
///
/// Values are as they came, whatever a spreadsheet may take them for.
struct ErrorFile {
  private let file: AsideFile
  private var line: ContiguousArray<UInt8> = []

  init(_ path: String) throws(FileError) {
    file = try AsideFile(path)
    for (i, name) in ["file", "line", "row", "column", "rule", "value", "message"].enumerated() { append(name, isFirst: i == 0) }
    try endLine()
  }

  mutating func write(_ violation: Violation) throws(FileError) {
    append(violation.file, isFirst: true)
    append(violation.line.map(String.init))
    append(violation.row.map(String.init))
    append(violation.column)
    append(violation.rule)
    append(violation.value)
    append(violation.message)
    try endLine()
  }

  func commit() throws(FileError) { try file.commit() }

  /// - Parameter text: nil: there is none, which is not the same as an empty one.
  private mutating func append(_ text: String?, isFirst: Bool = false) {
    if !isFirst { line.append(UInt8(ascii: ",")) }
    guard let text else { return }
    let quote = UInt8(ascii: "\"")
    let needsQuotes = text.isEmpty || text.utf8.contains { $0 == quote || $0 == UInt8(ascii: ",") || $0 == 0x0A || $0 == 0x0D }
    if !needsQuotes { return line.append(contentsOf: text.utf8) }
    line.append(quote)
    for byte in text.utf8 {
      if byte == quote { line.append(quote) }
      line.append(byte)
    }
    line.append(quote)
  }

  private mutating func endLine() throws(FileError) {
    line.append(UInt8(ascii: "\n"))
    try file.write(line)
    line.removeAll(keepingCapacity: true)
  }
}
