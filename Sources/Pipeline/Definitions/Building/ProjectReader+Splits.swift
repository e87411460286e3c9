import Diagnostics
import Times

extension ProjectReader {
  func split(_ fields: Fields, _ spineKeys: [String: [Located<String>]]) -> Split? {
    guard let by = fields.text("by") else { return nil }
    let kind = by.value == "time" ? splitByTime(fields) : splitByEntity(fields, by, spineKeys)
    return kind.map { Split(location: fields.location, kind: $0, embargo: fields.span("embargo")?.value) }
  }

  private func splitByTime(_ fields: Fields) -> Split.Kind? {
    reportForeign(["train", "seed"], in: fields, "splits by time", hint: "remove it, or split by an entity")
    let parts = ["validation", "test"].compactMap { key in fields.text(key).map { (key: key, text: $0) } }
    guard !parts.isEmpty else {
      if !fields.says("validation"), !fields.says("test") { report(.splitWithoutParts(fields)) }
      return nil
    }
    let spans = parts.filter { TimeSpan($0.text.value) != nil }
    if spans.isEmpty { return splitByDate(fields) }
    guard spans.count == parts.count else {
      report(.mixedSplit(parts[1].text, fields.subject))
      return nil
    }
    for part in spans where TimeSpan(part.text.value)?.microseconds == 0 { report(.emptyPart(part.text, part.key, fields.subject)) }
    return .bySpan(validation: fields.span("validation")?.value, test: fields.span("test")?.value)
  }

  private func splitByDate(_ fields: Fields) -> Split.Kind? {
    func date(_ key: String) -> SplitDate? {
      fields.text(key).flatMap { text in
        moment(text, of: "\"\(key)\" of \(fields.subject)").map { SplitDate(text: text.value, microseconds: $0) }
      }
    }
    let (validation, test) = (date("validation"), date("test"))
    if let validation, let test, let text = fields.text("test"), validation.microseconds >= test.microseconds {
      report(.splitOrder(text, fields.subject))
    }
    return .byDate(validation: validation, test: test)
  }

  private func splitByEntity(_ fields: Fields, _ by: Located<String>, _ spineKeys: [String: [Located<String>]]) -> Split.Kind? {
    reportForeign(["embargo"], in: fields, "splits by an entity", hint: "remove it, or split by time")
    let entity = entities.find(by, for: fields.subject, findings)
    let shares = ["train", "validation", "test"].map { key in fields.text(key).map { share($0, key, fields) } ?? 0 }
    let isWhole = shares.allSatisfy { !$0.isNaN } && !["train", "validation", "test"].contains(where: fields.isBroken)
    if isWhole, abs(shares.reduce(0, +) - 1) > 1e-9 { report(.sharesDoNotSum(shares.reduce(0, +), fields)) }
    guard let entity else { return nil }
    return .byEntity(
      by, keyColumns: spineKeys[entity.name.value] ?? ownNames(of: entity.name.value, at: by.location), train: shares[0],
      validation: shares[1], test: shares[2], seed: fields.text("seed").flatMap { Int64($0.value) } ?? 0)
  }

  /// - Returns: not a number for a text that is no share.
  private func share(_ text: Located<String>, _ key: String, _ fields: Fields) -> Double {
    if let share = Double(text.value), share > 0, share < 1 || key == "train" && share == 1 { return share }
    report(.badShare(text, key, fields.subject))
    return .nan
  }

  private func reportForeign(_ keys: [String], in fields: Fields, _ what: String, hint: String) {
    for key in keys {
      if let place = fields.place(of: key) { report(.foreignToSplit(key, fields.subject, what, at: place, hint: hint)) }
    }
  }
}

// Words for splits.
extension Diagnostic {
  fileprivate static func splitWithoutParts(_ fields: Fields) -> Diagnostic {
    Diagnostic(
      at: fields.location, "\(fields.subject) lacks \"validation\" or \"test\"", rule: "missing-key",
      hint: "say where they begin, as in `validation: 2013-10-01`, or how long they are, as in `test: 28d`")
  }

  fileprivate static func mixedSplit(_ part: Located<String>, _ subject: String) -> Diagnostic {
    Diagnostic(
      at: part.location, "\(subject) mixes dates and durations", rule: "mixed-split",
      hint: "write both as dates, or both as durations back from the newest decision time")
  }

  fileprivate static func emptyPart(_ part: Located<String>, _ key: String, _ subject: String) -> Diagnostic {
    Diagnostic(
      at: part.location, "\"\(key)\" of \(subject) is zero long", rule: "bad-duration",
      hint: "remove it, or say how long it is, as in `28d`")
  }

  fileprivate static func splitOrder(_ test: Located<String>, _ subject: String) -> Diagnostic {
    Diagnostic(
      at: test.location, "\"test\" of \(subject) begins at \"\(test.value)\", which is not after \"validation\"", rule: "split-order",
      hint: "let test begin later than validation")
  }

  fileprivate static func badShare(_ text: Located<String>, _ key: String, _ subject: String) -> Diagnostic {
    Diagnostic(
      at: text.location, "\"\(key)\" of \(subject) is \"\(text.value)\", but must be a fraction above 0 and below 1",
      rule: "bad-fraction", hint: "write it as in `{by: carrier, train: 0.8, validation: 0.1, test: 0.1}`; leave out a part that is empty")
  }

  fileprivate static func sharesDoNotSum(_ sum: Double, _ fields: Fields) -> Diagnostic {
    let rounded = (sum * 1e6).rounded() / 1e6
    return Diagnostic(
      at: fields.place(of: "train") ?? fields.location, "the fractions of \(fields.subject) sum to \(rounded), not to 1",
      rule: "bad-fraction", hint: "let train, validation and test sum to 1")
  }

  fileprivate static func foreignToSplit(
    _ key: String, _ subject: String, _ what: String, at location: SourceLocation, hint: String
  ) -> Diagnostic {
    Diagnostic(at: location, "\(subject) \(what), but has \"\(key)\"", rule: "conflicting-keys", hint: hint)
  }
}
