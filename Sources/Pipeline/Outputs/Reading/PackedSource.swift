internal import Archives
internal import CSVReading
internal import Files

/// A file's bytes, or those of a member of an archive, for the CSV reader.
final class PackedSource: CSVSource {
  private let file: PackedFile
  private var isFirst = true

  init(_ file: PackedFile) { self.file = file }

  func read(into bytes: inout ContiguousArray<UInt8>, at place: Int) throws(UnreadableSource) -> Int {
    let count: Int
    do throws(ArchiveError) { count = try file.read(into: &bytes, at: place) } catch { throw UnreadableSource(error.reason) }
    if isFirst, count >= 4, let form = foreignForm(bytes.span.extracting(place..<place + 4)) {
      throw UnreadableSource("it is \(form), and no text")
    }
    isFirst = false
    return count
  }
}

/// What is often given for a table of text and is none.
private func foreignForm(_ start: Span<UInt8>) -> String? {
  let word = UInt32(start[0]) << 24 | UInt32(start[1]) << 16 | UInt32(start[2]) << 8 | UInt32(start[3])
  return switch word {
  case 0x5041_5231: "a Parquet file"
  case 0x4152_524F: "an Arrow file"
  case 0x504B_0304: "a zip archive"
  case 0xFD37_7A58: "packed by xz"
  case let word where word >> 8 == 0x425A68: "packed by bzip2"
  default: nil
  }
}

extension ArchiveError {
  /// Without the file's name, which is said elsewhere.
  var reason: String {
    switch self {
    case .file(.system(_, _, let code)): systemMessage(code)
    case .file(.busy): "it is being written"
    case .unsafe(_, let what): "it has \(what)"
    case .library(_, let message): message
    case .changedMember(let name, _, _, _): "member \"\(name)\" changed"
    case .cancelled: "cancelled"
    }
  }
}
