/// Appends `2013-01-01T05:00:00Z`, with six digits of fraction only where there is one.
///
/// - Parameters:
///   - microseconds: since the Unix epoch, within the years 1 to 9999.
///   - isUniform: six digits of fraction in any case, so that texts have the order of their times.
package func formatTimestamp(_ microseconds: Int64, into bytes: inout ContiguousArray<UInt8>, isUniform: Bool = false) {
  let days = floorDivide(microseconds, Microseconds.day)
  let (seconds, fraction) = Int(microseconds - days * Microseconds.day).quotientAndRemainder(dividingBy: 1_000_000)
  let start = bytes.count
  // One append, then digits in place: appending byte by byte costs five times as much.
  let hasFraction = isUniform || fraction != 0
  bytes.append(contentsOf: hasFraction ? fractionTemplate : wholeTemplate)
  var text = bytes.mutableSpan
  writeDate(Int32(truncatingIfNeeded: days), to: &text, at: start)
  writeTwoDigits(seconds / 3_600, to: &text, at: start + 11)
  writeTwoDigits(seconds / 60 % 60, to: &text, at: start + 14)
  writeTwoDigits(seconds % 60, to: &text, at: start + 17)
  if hasFraction {
    writeTwoDigits(fraction / 10_000, to: &text, at: start + 20)
    writeTwoDigits(fraction / 100 % 100, to: &text, at: start + 22)
    writeTwoDigits(fraction % 100, to: &text, at: start + 24)
  }
}

/// Appends `2013-01-01`.
///
/// - Parameter days: since 1970-01-01, within the years 1 to 9999.
package func formatDate(_ days: Int32, into bytes: inout ContiguousArray<UInt8>) {
  let start = bytes.count
  bytes.append(contentsOf: dateTemplate)
  var text = bytes.mutableSpan
  writeDate(days, to: &text, at: start)
}

private let dateTemplate = ContiguousArray("0000-00-00".utf8)
private let wholeTemplate = ContiguousArray("0000-00-00T00:00:00Z".utf8)
private let fractionTemplate = ContiguousArray("0000-00-00T00:00:00.000000Z".utf8)

package func timestampText(_ microseconds: Int64) -> String {
  var bytes: ContiguousArray<UInt8> = []
  formatTimestamp(microseconds, into: &bytes)
  return String(decoding: bytes, as: UTF8.self)
}

/// `2013-01-01T05:00:00.000000Z`: for columns of a table, whose readers guess one format from the first of them, and compare them as texts.
package func uniformTimestampText(_ microseconds: Int64) -> String {
  var bytes: ContiguousArray<UInt8> = []
  formatTimestamp(microseconds, into: &bytes, isUniform: true)
  return String(decoding: bytes, as: UTF8.self)
}

package func dateText(_ days: Int32) -> String {
  var bytes: ContiguousArray<UInt8> = []
  formatDate(days, into: &bytes)
  return String(decoding: bytes, as: UTF8.self)
}

@inline(__always)
private func writeDate(_ days: Int32, to text: inout MutableSpan<UInt8>, at start: Int) {
  let date = CivilDate(days: days)
  writeTwoDigits(date.year / 100, to: &text, at: start)
  writeTwoDigits(date.year % 100, to: &text, at: start + 2)
  writeTwoDigits(date.month, to: &text, at: start + 5)
  writeTwoDigits(date.day, to: &text, at: start + 8)
}

@inline(__always)
private func writeTwoDigits(_ value: Int, to text: inout MutableSpan<UInt8>, at start: Int) {
  text[start] = UInt8(truncatingIfNeeded: 48 + value / 10)
  text[start + 1] = UInt8(truncatingIfNeeded: 48 + value % 10)
}
