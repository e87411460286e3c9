/// A tar archive of one's own making, which may claim anything.
///
/// - Parameter members: names, claimed sizes (nil: the true one) and texts.
func tar(_ members: [(name: String, claimed: Int?, text: String)]) -> [UInt8] {
  var archive: [UInt8] = []
  for member in members {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at place: Int) { header.replaceSubrange(place..<place + text.utf8.count, with: text.utf8) }
    func octal(_ number: Int, _ digits: Int) -> String {
      let text = String(number, radix: 8)
      return String(repeating: "0", count: digits - text.count) + text
    }
    put(member.name, at: 0)
    put(octal(0o644, 7), at: 100)
    put(octal(0, 7), at: 108)
    put(octal(0, 7), at: 116)
    put(octal(member.claimed ?? member.text.utf8.count, 11), at: 124)
    put(octal(0, 11), at: 136)
    put("        0", at: 148)
    put("ustar\u{0}00", at: 257)
    put(octal(header.reduce(0) { $0 + Int($1) }, 6) + "\u{0}", at: 148)
    archive += header
    archive += Array(member.text.utf8)
    archive += [UInt8](repeating: 0, count: (512 - archive.count % 512) % 512)
  }
  return archive + [UInt8](repeating: 0, count: 1024)
}
