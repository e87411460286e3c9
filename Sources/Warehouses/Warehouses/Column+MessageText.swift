package import Columns
internal import Times

extension Column {
  /// A value as text, for messages.
  package func messageText(at row: Int) -> String {
    if isNull(row) { return "null" }
    switch values {
    case .int64(let buffer): return String(buffer.span[row])
    case .float64(let buffer): return String(buffer.span[row])
    case .boolean(let bits): return String(bits[row])
    case .date(let buffer): return dateText(buffer.span[row])
    case .timestamp(let buffer): return timestampText(buffer.span[row])
    case .string(let offsets, let bytes):
      let range = Int(offsets.span[row])..<Int(offsets.span[row + 1])
      var text: [UInt8] = []
      for i in range { text.append(bytes.span[i]) }
      return String(decoding: text, as: UTF8.self)
    }
  }
}
