package import Columns

/// An Arrow IPC file of which single columns of single record batches are read, when they are asked for.
///
/// Opening reads the footer only; every offset is checked against the file's length when its column is read.
package struct ArrowBatches: Sendable {
  package let path: String
  package let fields: [Field]
  package let metadata: [String: String]
  private let file: MappedFile
  private let reader: ArrowFileReader

  package init(mapping path: String) throws(ArrowFileError) {
    self.path = path
    let file = try MappedFile(path: path)
    var reader = ArrowFileReader(file)
    try ArrowFileError.catching(path) { try reader.readFooter() }
    self.file = file
    self.reader = reader
    fields = reader.fields
    metadata = reader.metadata
  }

  /// In bytes.
  private static let largeBatch: Int64 = 32 << 20

  package var count: Int { reader.blocks.count }

  package var byteCount: Int { file.byteCount }

  /// - Parameters:
  ///   - wanted: which columns, by index; others are nil.
  ///   - checksums: one a column, as the writer gave them; nil: not compared.
  /// - Throws: `.damaged`, also where a checksum differs.
  package func columns(
    of number: Int, wanted: Set<Int>, checksums: Span<UInt64>?
  ) throws(ArrowFileError) -> (columns: [Column?], rowCount: Int) {
    let reader = reader
    // Of a large batch no more is in memory than is looked at.
    let read = reader.blocks[number][2] >= Self.largeBatch ? { release(number) } : {}
    let (columns, rowCount, _) = try ArrowFileError.catching(path) {
      try reader.batch(number, after: 0, read: read) { wanted.contains($0) }
    }
    if let checksums {
      for (i, column) in columns.enumerated() {
        if let column, column.checksum(read: read) != checksums[i] {
          throw .damaged(path: path, what: "column \"\(fields[i].name)\" of record batch \(number) is not what was written")
        }
      }
    }
    return (columns, rowCount)
  }

  /// Compares the file's frame, all but the values, with what the writer gave.
  package func checkFrame(_ checksum: UInt64) throws(ArrowFileError) {
    let reader = reader
    let found = try ArrowFileError.catching(path) { try reader.checksumOfFrame() }
    if found != checksum { throw .damaged(path: path, what: "its description is not what was written") }
  }

  /// Takes a batch's pages out of the process's resident set; columns that are still alive read them again.
  package func release(_ number: Int) {
    let block = reader.blocks[number]
    guard block[0] >= 0, block[2] >= 0, block[0] < Int64(file.byteCount) else { return }
    let start = Int(block[0])
    file.releasePages(
      start..<min(file.byteCount, start + Int(Int32(truncatingIfNeeded: block[1])) + Int(min(block[2], Int64(file.byteCount)))))
  }
}

extension ArrowFileError {
  /// What a reader throws, with the file's path.
  static func catching<Result>(_ path: String, _ body: () throws -> Result) throws(ArrowFileError) -> Result {
    do {
      return try body()
    } catch let damage as FlatBuffer.Damage {
      throw .damaged(path: path, what: damage.what)
    } catch let unsupported as Unsupported {
      throw .unsupported(path: path, what: unsupported.what)
    } catch {
      throw .damaged(path: path, what: "\(error)")
    }
  }
}
