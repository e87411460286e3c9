import Diagnostics
import Foundation

/// Whether `text` may be a name of ours: `[a-z][a-z0-9_]*` without `__`, which parts a view's name from its feature's.
func isName(_ text: String) -> Bool {
  guard let first = text.utf8.first, isSmallLetter(first) else { return false }
  return text.utf8.allSatisfy { isSmallLetter($0) || (48...57).contains($0) || $0 == 95 } && !text.contains("__")
}

private func isSmallLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte) }

/// The nearest name that would be allowed: `Late Minutes` → `late_minutes`.
func suggestedName(for text: String) -> String? {
  let words = text.lowercased().utf8.split { !isSmallLetter($0) && !(48...57).contains($0) }
  let name = words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "_")
  return isName(name) && name != text ? name : nil
}

/// The IANA zone that a misspelt name most likely meant.
func nearestZone(to text: String) -> String? {
  let known = TimeZone.knownTimeZoneIdentifiers
  return known.first { $0.lowercased() == text.lowercased() } ?? nearestName(to: text, among: known)
}
