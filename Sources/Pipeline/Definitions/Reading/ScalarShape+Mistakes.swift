import Diagnostics
import Times

/// What is wrong with a text where it stands; the words come from the shape.
struct ScalarMistake {
  let message: String
  let rule: String
  var hint: String?
}

extension ScalarShape {
  /// - Parameter subject: whose value it is, as messages call it.
  func mistake(in text: String, of subject: String) -> ScalarMistake? {
    switch self {
    case .text, .column, .sql, .path, .moment, .splitPart: emptyMistake(in: text, of: subject)
    case .name: isName(text) ? nil : .badName(text, subject)
    case .value: nil
    case .rowLimit: RowLimit(text) == nil ? wrongType(text, subject) : nil
    case .flag: ["true", "false"].contains(text) ? nil : wrongType(text, subject)
    case .integer: Int64(text) == nil ? wrongType(text, subject) : nil
    case .number: Double(text).map(\.isFinite) == true ? nil : wrongType(text, subject)
    case .duration: TimeSpan(text) == nil ? badDuration(text, subject) : nil
    case .ttl: ttlMistake(in: text, of: subject)
    case .window: windowMistake(in: text, of: subject)
    case .timezone: Zone(text) == nil ? .unknownTimezone(text, subject) : nil
    case .clock: clockMicroseconds(text) == nil ? wrongType(text, subject) : nil
    case .choice(let names): choiceMistake(in: text, of: subject, names)
    }
  }

  private func emptyMistake(in text: String, of subject: String) -> ScalarMistake? {
    text.isEmpty ? ScalarMistake(message: "\(subject) is an empty text, but must be \(wanted)", rule: "wrong-type") : nil
  }

  private func wrongType(_ text: String, _ subject: String) -> ScalarMistake {
    ScalarMistake(message: "\(subject) is \"\(text)\", but must be \(wanted)", rule: "wrong-type")
  }

  private func badDuration(_ text: String, _ subject: String) -> ScalarMistake {
    ScalarMistake(message: "\(subject) is \"\(text)\", but must be \(wanted)", rule: "bad-duration")
  }

  private func ttlMistake(in text: String, of subject: String) -> ScalarMistake? {
    let span = text == "0" ? TimeSpan("0s") : TimeSpan(text)
    guard let span else { return badDuration(text, subject) }
    guard span.microseconds == 0 else { return nil }
    return ScalarMistake(
      message: "\(subject) is zero, under which no row would ever serve", rule: "ttl-zero",
      hint: "leave ttl out if rows never expire, else say how long they serve, as in `ttl: 90d`")
  }

  private func windowMistake(in text: String, of subject: String) -> ScalarMistake? {
    Window(text) == nil ? badDuration(text, subject) : nil
  }

  private func choiceMistake(in text: String, of subject: String, _ names: [String]) -> ScalarMistake? {
    if names.contains(text) { return nil }
    var mistake = wrongType(text, subject)
    mistake.hint = nearestName(to: text, among: names).map { "did you mean \"\($0)\"?" }
    return mistake
  }
}

extension ScalarMistake {
  fileprivate static func badName(_ text: String, _ subject: String) -> ScalarMistake {
    ScalarMistake(
      message: "\(subject) is \"\(text)\", but names are small letters, digits and single underscores, a letter first",
      rule: "bad-name", hint: suggestedName(for: text).map { "write \"\($0)\"" } ?? "choose a name like \"carrier_service\"")
  }

  fileprivate static func unknownTimezone(_ text: String, _ subject: String) -> ScalarMistake {
    ScalarMistake(
      message: "\(subject) is \"\(text)\", which the IANA database lacks", rule: "unknown-timezone",
      hint: nearestZone(to: text).map { "did you mean \"\($0)\"?" } ?? "write UTC, or a name like America/New_York")
  }
}

extension Window {
  /// - Returns: nil unless `text` is `lifetime` or a duration above zero.
  init?(_ text: String) {
    if text == "lifetime" {
      self = .lifetime
    } else if let span = TimeSpan(text), span.microseconds > 0 {
      self = .span(span)
    } else {
      return nil
    }
  }
}

/// `06:00` or `06:00:30` as microseconds since midnight.
func clockMicroseconds(_ text: String) -> Int64? {
  let parts = text.split(separator: ":", omittingEmptySubsequences: false)
  guard (2...3).contains(parts.count), parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (48...57).contains($0) } })
  else { return nil }
  let numbers = parts.compactMap { Int64($0) } + [0]
  guard numbers[0] < 24, numbers[1] < 60, numbers[2] < 60 else { return nil }
  return (numbers[0] * 3_600 + numbers[1] * 60 + numbers[2]) * 1_000_000
}
