import Columns

/// Well-formed, and not for us.
struct Unsupported: Error { let what: String }

/// Reads footer and record batches of a mapped file whose every number may be wrong.
struct ArrowFileReader {
  private let file: MappedFile
  private(set) var fields: [Field] = []
  private(set) var metadata: [String: String] = [:]
  /// Of each record batch: offset, metadata length (the lower half of the word), body length.
  private(set) var blocks: [[Int64]] = []

  init(_ file: MappedFile) { self.file = file }

  /// Reads what the footer says.
  mutating func readFooter() throws {
    let buffer = FlatBuffer(try footer())
    let footer = try buffer.root("the footer")
    try requireVersion5(buffer, footer)
    try readSchema(buffer, buffer.table(footer, 1, "the schema"))
    guard try buffer.vector(footer, 2, elementSize: 24, "the list of dictionaries").count == 0 else {
      throw Unsupported(what: "dictionaries")
    }
    blocks = try buffer.structs(footer, 3, words: 3, "the list of record batches")
  }

  /// All record batches, which follow each other.
  func tables() throws -> [Table] {
    var end = 8
    return try blocks.indices.map { number in
      let (columns, rowCount, body) = try batch(number, after: end) { _ in true }
      end = body.upperBound
      return Table(fields: fields, columns: columns.compactMap(\.self), rowCount: rowCount)
    }
  }

  private func footer() throws -> ContiguousArray<UInt8> {
    let magic = fileMagic.count
    // Magic and padding, the end of the stream, the footer's length, magic.
    guard file.byteCount >= 8 + 4 + magic else { throw damage("it is only \(file.byteCount) bytes long") }
    guard file.copy(0..<magic) == fileMagic else { throw damage("it does not begin with ARROW1") }
    let end = file.byteCount - magic
    guard file.copy(end..<file.byteCount) == fileMagic else { throw damage("it does not end with ARROW1: it may be cut") }
    let length = Int(littleEndian32(at: end - 4))
    guard length > 0, length <= end - 4 - 8 else { throw damage("the footer's length is \(length)") }
    return file.copy(end - 4 - length..<end - 4)
  }

  private func requireVersion5(_ buffer: FlatBuffer, _ table: FlatBuffer.Table) throws {
    let version = try buffer.short(table, 0, default: 0)
    guard version == metadataVersion5 else { throw Unsupported(what: "metadata version V\(Int(version) + 1)") }
  }

  // MARK: Schema

  private mutating func readSchema(_ buffer: FlatBuffer, _ schema: FlatBuffer.Table) throws {
    guard try buffer.short(schema, 0, default: 0) == 0 else { throw Unsupported(what: "big-endian data") }
    for field in try buffer.tables(schema, 1, "the list of fields") {
      let name = try buffer.string(field, 0, "a field's name")
      fields.append(Field(name, try type(of: field, name, buffer)))
    }
    for pair in try buffer.tables(schema, 2, "the metadata") {
      let key = try buffer.string(pair, 0, "a metadata key")
      metadata[key] = try buffer.string(pair, 1, "the metadata \"\(key)\"")
    }
  }

  private func type(of field: FlatBuffer.Table, _ name: String, _ buffer: FlatBuffer) throws -> DataType {
    func refused(_ what: String) -> Unsupported { Unsupported(what: "a column \"\(name)\" of \(what)") }
    if buffer.has(field, 4) { throw refused("dictionary codes") }
    guard try buffer.vector(field, 5, elementSize: 4, "the children of \"\(name)\"").count == 0 else {
      throw refused("a nested type")
    }
    let tag = try buffer.byte(field, 2, default: 0)
    guard Int(tag) < TypeTag.names.count else { throw damage("column \"\(name)\" has an unknown type, \(tag)") }
    let type = try buffer.table(field, 3, "the type of \"\(name)\"")
    switch tag {
    case TypeTag.int:
      let width = try buffer.int(type, 0, default: 0)
      guard width == 64, try buffer.byte(type, 1, default: 0) != 0 else { throw refused("integers other than int64") }
      return .int64
    case TypeTag.floatingPoint:
      guard try buffer.short(type, 0, default: 0) == 2 else { throw refused("floating point other than float64") }
      return .float64
    case TypeTag.bool: return .boolean
    case TypeTag.utf8: return .string
    case TypeTag.date:
      guard try buffer.short(type, 0, default: 1) == 0 else { throw refused("dates in milliseconds") }
      return .date
    case TypeTag.timestamp:
      let zone = try buffer.string(type, 1, "the time zone of \"\(name)\"")
      guard try buffer.short(type, 0, default: 0) == 2, zone == "UTC" else {
        throw refused("timestamps other than microseconds in UTC")
      }
      return .timestamp
    default: throw refused("type \(TypeTag.names[Int(tag)])")
    }
  }

  // MARK: Record batches

  /// - Parameters:
  ///   - end: where the batch before ended.
  ///   - read: called when a column was looked at.
  ///   - isWanted: which columns are read.
  /// - Returns: those columns, nil for others, and where in the file they are.
  func batch(
    _ number: Int, after end: Int, read: () -> Void = {}, _ isWanted: (Int) -> Bool
  ) throws -> (columns: [Column?], rowCount: Int, body: Range<Int>) {
    let what = "record batch \(number)"
    let block = blocks[number]
    let start = block[0]
    let metadataLength = Int64(Int32(truncatingIfNeeded: block[1]))
    let bodyLength = block[2]
    let limit = Int64(file.byteCount)
    guard start >= Int64(end), metadataLength >= 8, bodyLength >= 0, start <= limit,
      metadataLength <= limit - start, bodyLength <= limit - start - metadataLength
    else { throw damage("\(what) lies outside of the file or over another one") }
    let bodyStart = Int(start + metadataLength)
    guard littleEndian32(at: Int(start)) == 0xFFFF_FFFF, Int64(littleEndian32(at: Int(start) + 4)) <= metadataLength - 8 else {
      throw damage("\(what) does not begin like a message")
    }
    let buffer = FlatBuffer(file.copy(Int(start) + 8..<bodyStart))
    let message = try buffer.root(what)
    try requireVersion5(buffer, message)
    guard try buffer.byte(message, 1, default: 0) == MessageHeader.recordBatch.rawValue else {
      throw damage("\(what) is another kind of message")
    }
    let batch = try buffer.table(message, 2, what)
    if buffer.has(batch, 3) { throw Unsupported(what: "compressed buffers") }
    let body = bodyStart..<bodyStart + Int(bodyLength)
    let (columns, rowCount) = try columns(what, buffer, batch, body, isWanted, read)
    return (columns, rowCount, body)
  }

  private func columns(
    _ what: String, _ buffer: FlatBuffer, _ batch: FlatBuffer.Table, _ body: Range<Int>, _ isWanted: (Int) -> Bool,
    _ read: () -> Void
  ) throws -> (columns: [Column?], rowCount: Int) {
    let rowCount = try buffer.long(batch, 0, default: 0)
    // More than that no disk holds; below it no product of ours overflows.
    guard rowCount >= 0, rowCount < 1 << 48 else { throw damage("\(what) has \(rowCount) rows") }
    let nodes = try buffer.structs(batch, 1, words: 2, what)
    guard nodes.count == fields.count else { throw damage("\(what) has \(nodes.count) columns, not \(fields.count)") }
    var buffers = BodyBuffers(file: file, body: body, places: try buffer.structs(batch, 2, words: 2, what)[...])
    var columns: [Column?] = []
    for (index, (field, node)) in zip(fields, nodes).enumerated() {
      let place = "column \"\(field.name)\" of \(what)"
      guard node[0] == rowCount else { throw damage("\(place) has \(node[0]) values, not \(rowCount)") }
      guard isWanted(index) else {
        try buffers.skip(field.type, place)
        columns.append(nil)
        continue
      }
      let column = try buffers.column(field.type, count: Int(rowCount), nullCount: node[1], place)
      guard Int64(column.nullCount) == node[1] else {
        throw damage("\(place) has \(column.nullCount) nulls, not \(node[1])")
      }
      columns.append(column)
      read()
    }
    guard buffers.places.isEmpty else { throw damage("\(what) has buffers that belong to no column") }
    return (columns, Int(rowCount))
  }

  /// The footer and what stands before each batch's values: all that tells what the values mean.
  func checksumOfFrame() throws -> UInt64 {
    var sum = Checksum()
    sum.add(try footer())
    for block in blocks {
      let (start, length) = (Int(block[0]), Int(Int32(truncatingIfNeeded: block[1])))
      guard start >= 0, length >= 0, start <= file.byteCount - length else { throw damage("a record batch lies outside of the file") }
      sum.add(file.copy(start..<start + length))
    }
    return sum.value
  }

  private func littleEndian32(at place: Int) -> UInt32 {
    file.copy(place..<place + 4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}

private func damage(_ what: String) -> FlatBuffer.Damage { FlatBuffer.Damage(what: what) }

/// A record batch's buffers, taken one after the other.
private struct BodyBuffers {
  let file: MappedFile
  let body: Range<Int>
  /// (offset in the body, length) of those not taken yet.
  var places: ArraySlice<[Int64]>

  mutating func column(_ type: DataType, count: Int, nullCount: Int64, _ what: String) throws -> Column {
    let validity = try nextValidity(count: count, nullCount: nullCount, what)
    switch type {
    case .int64: return Column(.int64(try next(count, what)), validity: validity)
    case .float64: return Column(.float64(try next(count, what)), validity: validity)
    case .date: return Column(.date(try next(count, what)), validity: validity)
    case .timestamp: return Column(.timestamp(try next(count, what)), validity: validity)
    case .boolean: return Column(.boolean(Bitmap(bytes: try next((count + 7) / 8, what), count: count)), validity: validity)
    case .string: return Column(try nextText(count: count, what), validity: validity)
    }
  }

  mutating func skip(_ type: DataType, _ what: String) throws {
    for _ in 0..<(type == .string ? 3 : 2) { _ = try nextRange(what) }
  }

  private mutating func nextRange(_ what: String) throws -> Range<Int> {
    guard let place = places.popFirst() else { throw damage("\(what) lacks a buffer") }
    let (offset, length) = (place[0], place[1])
    guard offset >= 0, length >= 0, offset <= Int64(body.count), length <= Int64(body.count) - offset else {
      throw damage("a buffer of \(what) lies outside of the batch")
    }
    let start = body.lowerBound + Int(offset)
    return start..<start + Int(length)
  }

  private mutating func next<Element: BitwiseCopyable & Sendable>(_ count: Int, _ what: String) throws -> Buffer<Element> {
    let range = try nextRange(what)
    guard range.count >= count * MemoryLayout<Element>.stride else {
      throw damage("a buffer of \(what) has \(range.count) bytes, too few for \(count) values")
    }
    // Nothing is there to be aligned.
    if count == 0 { return Buffer([]) }
    guard range.lowerBound % MemoryLayout<Element>.alignment == 0 else { throw damage("a buffer of \(what) is not aligned") }
    return file.buffer(range, count: count)
  }

  /// An empty buffer stands for "no nulls".
  private mutating func nextValidity(count: Int, nullCount: Int64, _ what: String) throws -> Bitmap? {
    if nullCount == 0 {
      _ = try nextRange(what)
      return nil
    }
    return Bitmap(bytes: try next((count + 7) / 8, what), count: count)
  }

  private mutating func nextText(count: Int, _ what: String) throws -> Column.Values {
    // Of no values there may be no offset either.
    if count == 0 {
      _ = try nextRange(what)
      _ = try nextRange(what)
      return .string(offsets: Buffer([0]), bytes: Buffer([]))
    }
    let offsets: Buffer<Int32> = try next(count + 1, what)
    let range = try nextRange(what)
    let span = offsets.span
    guard span[0] >= 0, isNeverFalling(span), Int(span[count]) <= range.count else {
      throw damage("text offsets of \(what) fall or reach beyond its \(range.count) bytes")
    }
    return .string(offsets: offsets, bytes: file.buffer(range, count: range.count))
  }
}

private func isNeverFalling(_ values: Span<Int32>) -> Bool {
  var falls = false
  // Safe because: both indices are below the count. Unchecked, without a branch, the loop is vectorized.
  for i in 1..<max(values.count, 1) { unsafe falls = falls || values[unchecked: i] < values[unchecked: i - 1] }
  return !falls
}
