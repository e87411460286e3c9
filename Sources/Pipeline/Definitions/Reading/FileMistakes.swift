import Diagnostics
import Yams

// Words for mistakes in files as such: bytes and YAML.

extension Diagnostics {
  static func notUTF8(_ bytes: [UInt8], path: String) -> Diagnostics {
    let valid = String(decoding: bytes, as: UTF8.self).prefix { $0 != "\u{FFFD}" }
    let place = TextPlaces(text: String(valid), path: path).location(offset: valid.count)
    return Diagnostics([
      Diagnostic(at: place, "the file is not UTF-8 text", rule: "not-utf8", hint: "save it with the encoding UTF-8")
    ])
  }
}

extension Diagnostic {
  static func syntax(_ error: YamlError, _ places: TextPlaces) -> Diagnostic {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      return syntax([problem, context?.text].compactMap(\.self).joined(separator: " "), at: places.location(mark))
    case .reader(let problem, let offset, _, _):
      return syntax(problem, at: offset.map(places.location(offset:)) ?? places.start)
    case .duplicatedKeysInMapping(let names, let context):
      return duplicateKey(names.first ?? "", at: places.location(context.mark), first: nil)
    default:
      return syntax("\(error)", at: places.start)
    }
  }

  static func syntax(_ problem: String, at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "the YAML cannot be read: \(problem)", rule: "yaml-syntax",
      hint: "look here and just before: indent with spaces, close every bracket and quote, quote texts that hold \": \" or \"#\"")
  }

  static func duplicateKey(_ name: String, at location: SourceLocation, first: SourceLocation?) -> Diagnostic {
    Diagnostic(
      at: location, "the key \"\(name)\" is said twice\(first.map { ", first at \($0)" } ?? "")", rule: "duplicate-key",
      hint: "keep one of them")
  }

  static func keyIsNoText(at location: SourceLocation) -> Diagnostic {
    Diagnostic(at: location, "a key must be a text", rule: "wrong-type", hint: "write `key: value`")
  }

  static func tooLarge(at location: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: location, "the YAML is too large or nested too deeply", rule: "yaml-syntax",
      hint: "use fewer aliases of aliases, or several files")
  }
}
