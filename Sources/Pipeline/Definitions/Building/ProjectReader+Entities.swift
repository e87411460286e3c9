import Columns
import Diagnostics

extension ProjectReader {
  func source(_ fields: Fields) -> Source? { fields.name.map { Source(name: $0, about: fields.about) } }

  func entity(_ fields: Fields) -> Entity? {
    let module = fields.text("module")
    if let module { reportUnknownModule(module, for: fields.subject) }
    let key = fields.list("key").compactMap { column in
      column.name.map {
        KeyColumn(name: $0, type: column.choice("type")?.value, description: column.text("description")?.value)
      }
    }
    reportRepeats(key.map(\.name), in: "\"key\" of \(fields.subject)")
    guard let name = fields.name else { return nil }
    return Entity(name: name, key: key, module: module, about: fields.about)
  }

  /// Reports the columns of a list that stand in it twice.
  /// - Parameter ignoringCase: of columns that a warehouse is to have, which does not tell `Note` from `note`.
  func reportRepeats(_ columns: [Located<String>], in subject: String, ignoringCase: Bool = false) {
    var first: [String: SourceLocation] = [:]
    for column in columns {
      let name = ignoringCase ? column.value.lowercased() : column.value
      if let place = first[name] {
        report(.repeatedColumn(column, in: subject, first: place))
      } else {
        first[name] = column.location
      }
    }
  }
}

extension Diagnostic {
  fileprivate static func repeatedColumn(_ column: Located<String>, in subject: String, first: SourceLocation) -> Diagnostic {
    Diagnostic(
      at: column.location, "\(subject) lists \"\(column.value)\" twice, first at \(first)", rule: "duplicate-column",
      hint: "keep one of them")
  }
}
