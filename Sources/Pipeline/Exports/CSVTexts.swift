import Columns

/// A comma, a quote, CR or LF.
@inline(__always)
func needsQuotes(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
}

/// Text as a cell: quoted if it must be.
///
/// - Parameters:
///   - range: where in `bytes` it stands.
///   - isPlain: it is known to hold nothing that needs quotes.
@inline(__always)
func writeText(_ bytes: Span<UInt8>, _ range: Range<Int>, isPlain: Bool, to cell: inout CSVCell) {
  if isPlain || !bytes.extracting(range).hasSpecial, !range.isEmpty {
    cell.write(bytes, range)
  } else {
    writeQuoted(bytes.extracting(range), to: &cell)
  }
}

extension Span<UInt8> {
  /// Whether any byte needs quotes.
  var hasSpecial: Bool {
    // Without a way out of the middle, so that many bytes are looked at at once.
    var found = false
    for i in indices { found = needsQuotes(self[i]) || found }
    return found
  }
}

@inline(never)
private func writeQuoted(_ text: Span<UInt8>, to cell: inout CSVCell) {
  let quote = UInt8(ascii: "\"")
  cell.write(quote)
  for i in text.indices {
    cell.write(quote, if: text[i] == quote)
    cell.write(text[i])
  }
  cell.write(quote)
}
