package import Columns
import Crypto
import Digests
import Files

/// Writes one Arrow IPC file, a record batch a table.
///
/// Equal fields, metadata and tables give equal bytes: what a null's slot holds and unused bits are written as zeros.
/// Nothing is at `path` before ``finish()``; a writer that is dropped before leaves nothing behind.
package final class ArrowFileWriter {
  private let file: AsideFile
  private let fields: [Field]
  private let isLasting: Bool
  private let metadata: [(key: String, value: String)]
  private var blocks: [[Int64]] = []
  private var failure: FileError?
  private var hash = SHA256()
  private var isSchemaWritten = false
  /// What stands before each batch's values.
  private var headers: [ContiguousArray<UInt8>] = []

  /// - Parameters:
  ///   - metadata: the schema's, in this order.
  ///   - isLasting: false: it need not survive a crash, and is neither synced nor hashed.
  ///   - path: its folder must exist; a file that is there is replaced.
  package init(
    fields: [Field], metadata: [(String, String)] = [], path: String, isLasting: Bool = true
  ) throws(ArrowFileError) {
    self.fields = fields
    self.isLasting = isLasting
    self.metadata = metadata.map { (key: $0.0, value: $0.1) }
    do throws(FileError) { file = try AsideFile(path) } catch { throw .file(error) }
    try onceOnly { () throws(FileError) in
      try write(fileMagic + [0, 0])
      var builder = FlatBufferBuilder()
      let schema = builder.schema(fields, metadata: self.metadata)
      _ = try writeMessage(builder.message(.schema, schema, bodyLength: 0))
    }
  }

  /// - Precondition: `table` has the writer's fields.
  ///
  /// - Returns: a checksum a column, as ``ArrowBatches`` compares them.
  @discardableResult
  package func append(_ table: Table) throws(ArrowFileError) -> [UInt64] {
    precondition(table.fields == fields, "a batch has other fields than its file")
    let columns = table.columns.map { $0.canonical }
    var layout = BatchLayout()
    for column in columns { layout.add(column) }
    try append(rowCount: table.rowCount, layout) { () throws(FileError) in
      for column in columns {
        try column.forEachBuffer { (bytes: RawSpan) throws(FileError) in
          try write(bytes)
          try pad(bytes.byteCount)
        }
      }
    }
    return columns.map(\.checksum)
  }

  /// Appends tables that follow each other as one record batch, with the bytes that it would have as one table.
  ///
  /// - Parameter read: called whenever a piece of a column was looked at: it is not needed in memory any more.
  /// - Precondition: the tables have the writer's fields.
  ///
  /// - Returns: a checksum a column, as ``ArrowBatches`` compares them.
  @discardableResult
  package func append(_ tables: [Table], read: () -> Void) throws(ArrowFileError) -> [UInt64] {
    precondition(tables.allSatisfy { $0.fields == fields }, "a batch has other fields than its file")
    let columns = fields.indices.map { i in PiecedColumn(tables.map { $0.columns[i] }, type: fields[i].type) }
    var layout = BatchLayout()
    for column in columns {
      layout.add(count: column.count, nullCount: column.nullCount, column.bufferLengths)
      read()
    }
    var checksums: [UInt64] = []
    try append(rowCount: tables.reduce(0) { $0 + $1.rowCount }, layout) { () throws(FileError) in
      for column in columns {
        var (sum, length) = (Checksum(), 0)
        try column.forEachBuffer { (bytes: RawSpan) throws(FileError) in
          try write(bytes)
          sum.feed(bytes)
          length += bytes.byteCount
        } end: { () throws(FileError) in
          sum.end(length)
          try pad(length)
          length = 0
        } read: {
          read()
        }
        checksums.append(sum.value)
      }
    }
    return checksums
  }

  private func append(
    rowCount: Int, _ layout: BatchLayout, _ writeBody: () throws(FileError) -> Void
  ) throws(ArrowFileError) {
    try onceOnly { () throws(FileError) in
      var builder = FlatBufferBuilder()
      let batch = builder.recordBatch(rowCount: rowCount, layout)
      let start = file.position
      let metadataLength = try writeMessage(builder.message(.recordBatch, batch, bodyLength: layout.bodyLength))
      try writeBody()
      blocks.append([Int64(start), Int64(metadataLength), Int64(layout.bodyLength)])
    }
  }

  private func pad(_ byteCount: Int) throws(FileError) {
    unsafe try write(Self.zeros.span.bytes.extracting(first: padding(byteCount)))
  }

  private static let zeros = ContiguousArray<UInt8>(repeating: 0, count: 64)

  private func write(_ bytes: ContiguousArray<UInt8>) throws(FileError) { unsafe try write(bytes.span.bytes) }

  private func write(_ bytes: RawSpan) throws(FileError) {
    // Safe because: the pointer does not leave the closure.
    if isLasting { unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) } }
    try file.write(bytes)
  }

  /// Completes the file, syncs it and puts it at its path.
  ///
  /// - Returns: the SHA-256 of its bytes in hexadecimal digits, and the checksum of its frame, as ``ArrowBatches`` compares it.
  @discardableResult
  package func finish() throws(ArrowFileError) -> (sha256: String, frame: UInt64, byteCount: Int) {
    var sum = Checksum()
    try onceOnly { () throws(FileError) in
      try write([0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0])
      var builder = FlatBufferBuilder()
      let schema = builder.schema(fields, metadata: metadata)
      let footer = builder.footer(schema: schema, blocks: blocks)
      let bytes = builder.finish(footer)
      try write(bytes)
      try write(ContiguousArray(littleEndian: UInt32(bytes.count)) + fileMagic)
      sum.add(bytes)
      for header in headers { sum.add(header) }
      try file.commit(isLasting: isLasting)
    }
    return (hexadecimalText(hash.finalize()), sum.value, file.position)
  }

  /// Once something failed, the file has a hole: everything after says so too.
  private func onceOnly(_ body: () throws(FileError) -> Void) throws(ArrowFileError) {
    if let failure { throw .file(failure) }
    do throws(FileError) {
      try body()
    } catch {
      failure = error
      throw .file(error)
    }
  }

  /// Metadata is padded so that the body begins at a multiple of 64 in the file.
  ///
  /// - Returns: bytes written.
  private func writeMessage(_ message: ContiguousArray<UInt8>) throws(FileError) -> Int {
    let start = file.position
    let pad = padding(start + 8 + message.count)
    let header: ContiguousArray<UInt8> =
      [0xFF, 0xFF, 0xFF, 0xFF] + ContiguousArray(littleEndian: UInt32(message.count + pad)) + message
      + ContiguousArray(repeating: 0, count: pad)
    try write(header)
    if isSchemaWritten { headers.append(header) }
    isSchemaWritten = true
    return file.position - start
  }
}

/// Writes tables of the same fields as one Arrow IPC file, a record batch a table.
///
/// - Parameter fields: of the tables; needed where there may be none.
package func writeArrowFile(
  _ batches: [Table], fields: [Field]? = nil, metadata: [(String, String)] = [], to path: String
) throws(ArrowFileError) {
  let writer = try ArrowFileWriter(fields: fields ?? batches.first?.fields ?? [], metadata: metadata, path: path)
  for batch in batches { try writer.append(batch) }
  try writer.finish()
}

let fileMagic: ContiguousArray<UInt8> = [0x41, 0x52, 0x52, 0x4F, 0x57, 0x31]  // ARROW1

/// How many bytes are missing to a multiple of 64.
func padding(_ count: Int) -> Int { (64 - count % 64) % 64 }

extension ContiguousArray<UInt8> {
  init(littleEndian value: UInt32) {
    self = [
      UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8),
      UInt8(truncatingIfNeeded: value >> 16), UInt8(truncatingIfNeeded: value >> 24),
    ]
  }
}
