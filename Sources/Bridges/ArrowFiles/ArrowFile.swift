package import Columns

/// An Arrow IPC file, memory-mapped: its tables' buffers lie in the file, nothing is copied.
///
/// Opening checks everything that a reader of the tables relies on: offsets, lengths and counts against the file's length, and that
/// text offsets never fall. Whether text is UTF-8 is ``checkText()``'s business. The file must not be changed or cut
/// while any of its tables is alive; replacing it by renaming is fine.
package struct ArrowFile: Sendable {
  package let path: String
  package let fields: [Field]
  /// The schema's; of equal keys the last counts.
  package let metadata: [String: String]
  /// One table a record batch.
  package let batches: [Table]
  private let mapping: MappedFile

  package init(mapping path: String) throws(ArrowFileError) {
    let mapping = try MappedFile(path: path)
    var reader = ArrowFileReader(mapping)
    batches = try ArrowFileError.catching(path) {
      try reader.readFooter()
      return try reader.tables()
    }
    self.path = path
    self.mapping = mapping
    fields = reader.fields
    metadata = reader.metadata
  }

  package var rowCount: Int { batches.reduce(0) { $0 + $1.rowCount } }

  package var byteCount: Int { mapping.byteCount }

  /// Takes the file's pages out of the process's resident set, where they count; tables stay valid and read them again.
  package func releasePages() { mapping.releasePages() }

  /// Checks that every value of every string column is UTF-8. Reads all text.
  package func checkText() throws(ArrowFileError) {
    for (batch, table) in batches.enumerated() {
      for (field, column) in zip(table.fields, table.columns) {
        guard case .string(let offsets, let bytes) = column.values else { continue }
        if let row = firstBadText(offsets.span, bytes.span) {
          throw .damaged(path: path, what: "column \"\(field.name)\" of batch \(batch) has no UTF-8 in row \(row)")
        }
      }
    }
  }
}

private func firstBadText(_ offsets: Span<Int32>, _ bytes: Span<UInt8>) -> Int? {
  for row in 0..<offsets.count - 1 {
    let value = bytes.extracting(Int(offsets[row])..<Int(offsets[row + 1]))
    var bits: UInt8 = 0
    for i in value.indices { bits |= value[i] }
    if bits < 0x80 { continue }
    // Safe because: the pointer does not leave the closure.
    let isValid = unsafe value.withUnsafeBufferPointer { unsafe String(validating: $0, as: UTF8.self) != nil }
    if !isValid { return row }
  }
  return nil
}
