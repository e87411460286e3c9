import Yams

/// The keys that were renamed to get past Yams, by place, with their true names.
struct RenamedKeys {
  fileprivate var names: [[Int]: String] = [:]

  subscript(mark: Mark?) -> String? { mark.flatMap { names[[$0.line, $0.column]] } }
}

/// Composes a document although keys in it are said twice.
///
/// Yams gives up the whole file over one duplicate and says neither where the second is. So the one that it names gets another first
/// letter, which leaves every place as it was, and the file is read again.
func compose(_ text: String) throws -> (root: Node?, renamed: RenamedKeys) {
  var text = text
  var renamed = RenamedKeys()
  while true {
    do {
      return (try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot(), renamed)
    } catch let error as YamlError {
      guard case .duplicatedKeysInMapping(let names, let context) = error, let name = names.first, renamed.names.count < 100,
        let edited = replaceFirstLetter(of: name, at: context.mark, in: text, number: renamed.names.count)
      else { throw error }
      renamed.names[[context.mark.line, context.mark.column]] = name
      text = edited
    }
  }
}

/// - Returns: nil if the key does not stand there letter by letter (escapes, anchors, tags).
private func replaceFirstLetter(of name: String, at mark: Mark, in text: String, number: Int) -> String? {
  var scalars = Array(text.unicodeScalars)
  var index = 0
  for _ in 1..<max(mark.line, 1) {
    guard let lineBreak = scalars[index...].firstIndex(of: "\n") else { return nil }
    index = lineBreak + 1
  }
  index += mark.column - 1
  if index < scalars.count, scalars[index] == "\"" || scalars[index] == "'" { index += 1 }
  guard !name.isEmpty, scalars[min(index, scalars.count)...].starts(with: name.unicodeScalars),
    let replacement = Unicode.Scalar(UInt32(0xE000 + number))
  else { return nil }
  scalars[index] = replacement
  var edited = String.UnicodeScalarView()
  edited.append(contentsOf: scalars)
  return String(edited)
}
