import Columns

// The tables of Schema.fbs, Message.fbs and File.fbs that we write. Numbers are slots, union tags and enum values of those files.

enum MessageHeader: UInt8 {
  case schema = 1
  case recordBatch = 3
}

let metadataVersion5: Int16 = 4

enum TypeTag {
  static let int: UInt8 = 2
  static let floatingPoint: UInt8 = 3
  static let utf8: UInt8 = 5
  static let bool: UInt8 = 6
  static let date: UInt8 = 8
  static let timestamp: UInt8 = 10

  /// What other writers may use, for messages.
  static let names = [
    "none", "null", "int", "floating point", "binary", "utf8", "bool", "decimal", "date", "time", "timestamp", "interval",
    "list", "struct", "union", "fixed-size binary", "fixed-size list", "map", "duration", "large binary", "large utf8",
    "large list", "run-end encoded", "binary view", "utf8 view", "list view", "large list view",
  ]
}

/// A record batch's field nodes and buffers, as numbers.
struct BatchLayout {
  /// (value count, null count) per column.
  private(set) var nodes: [[Int64]] = []
  /// (offset in the body, length) per buffer.
  private(set) var buffers: [[Int64]] = []
  private(set) var bodyLength = 0

  mutating func add(_ column: Column) {
    var lengths: [Int] = []
    column.forEachBuffer { lengths.append($0.byteCount) }
    add(count: column.count, nullCount: column.nullCount, lengths)
  }

  /// - Parameter lengths: of its buffers, in bytes.
  mutating func add(count: Int, nullCount: Int, _ lengths: [Int]) {
    nodes.append([Int64(count), Int64(nullCount)])
    for length in lengths {
      buffers.append([Int64(bodyLength), Int64(length)])
      bodyLength += length + padding(length)
    }
  }
}

extension FlatBufferBuilder {
  mutating func schema(_ fields: [Field], metadata: [(key: String, value: String)]) -> Offset {
    var fieldOffsets: [Offset] = []
    for field in fields { fieldOffsets.append(self.field(field)) }
    var pairs: [Offset] = []
    for pair in metadata {
      let key = string(pair.key)
      let value = string(pair.value)
      pairs.append(table([.offset(key), .offset(value)]))
    }
    let fieldVector = vector(fieldOffsets)
    let pairVector = vector(pairs)
    return table([.short(0), .offset(fieldVector), .offset(pairVector)])
  }

  private mutating func field(_ field: Field) -> Offset {
    let name = string(field.name)
    let (tag, type) = self.type(field.type)
    let children = vector([])
    return table([.offset(name), .byte(1), .byte(tag), .offset(type), nil, .offset(children)])
  }

  private mutating func type(_ type: DataType) -> (tag: UInt8, Offset) {
    switch type {
    case .int64: return (TypeTag.int, table([.int(64), .byte(1)]))
    case .float64: return (TypeTag.floatingPoint, table([.short(2)]))
    case .boolean: return (TypeTag.bool, table([]))
    case .string: return (TypeTag.utf8, table([]))
    case .date: return (TypeTag.date, table([.short(0)]))
    case .timestamp:
      let zone = string("UTC")
      return (TypeTag.timestamp, table([.short(2), .offset(zone)]))
    }
  }

  mutating func recordBatch(rowCount: Int, _ layout: BatchLayout) -> Offset {
    let nodes = vector(structs: layout.nodes)
    let buffers = vector(structs: layout.buffers)
    return table([.long(Int64(rowCount)), .offset(nodes), .offset(buffers)])
  }

  consuming func message(_ kind: MessageHeader, _ header: Offset, bodyLength: Int) -> ContiguousArray<UInt8> {
    let root = table([.short(metadataVersion5), .byte(kind.rawValue), .offset(header), .long(Int64(bodyLength))])
    return finish(root)
  }

  /// - Parameter blocks: (offset, metadata length, body length) per record batch. The length is an int32 and four bytes of
  ///   padding in the file, which is a 64-bit word of the same value.
  mutating func footer(schema: Offset, blocks: [[Int64]]) -> Offset {
    let dictionaries = vector(structs: [])
    let batches = vector(structs: blocks)
    return table([.short(metadataVersion5), .offset(schema), .offset(dictionaries), .offset(batches)])
  }
}
