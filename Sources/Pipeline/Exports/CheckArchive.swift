package import Archives
import Crypto
import Files
import Foundation

/// What a look over an archive found.
package struct ArchiveCheck: Sendable {
  package var members = 0
  package var bytes = 0
  package var damages: [String] = []
}

/// Compares every member of an archive with its manifest, and the archive's bytes with the description beside it, where there is one.
///
/// - Throws: what cannot be read as an archive at all.
package func checkArchive(_ path: String) throws(ArchiveError) -> ArchiveCheck {
  var check = ArchiveCheck()
  let members: [ReadMember]
  do throws(ArchiveError) {
    members = try readArchive(path) { $0 == "manifest.json" || $0 == "SHA256SUMS" }
  } catch {
    guard case .library(_, let message) = error else { throw error }
    check.damages.append("it cannot be read to its end: \(message)")
    return check
  }
  check.members = members.count
  check.bytes = members.reduce(0) { $0 + $1.byteCount }
  guard let manifest = members.first(where: { $0.name == "manifest.json" })?.bytes,
    let listed = try? JSONDecoder().decode(ListedMembers.self, from: Data(manifest)).members
  else {
    check.damages.append("manifest.json: it is missing or cannot be read")
    return check
  }
  for expected in listed {
    guard let found = members.first(where: { $0.name == expected.name }) else {
      check.damages.append("\(expected.name): it is missing")
      continue
    }
    if found.sha256 != expected.sha256 { check.damages.append("\(expected.name): its bytes are not those of its digest") }
  }
  if let sums = members.first(where: { $0.name == "SHA256SUMS" })?.bytes {
    check.compare(members, withSums: sums)
  } else {
    check.damages.append("SHA256SUMS: it is missing")
  }
  try check.compareWhole(path)
  return check
}

extension ArchiveCheck {
  /// Lines of `<digest>  <name>`, as `sha256sum` writes them.
  fileprivate mutating func compare(_ members: [ReadMember], withSums sums: ContiguousArray<UInt8>) {
    var unlisted = Set(members.map(\.name)).subtracting(["SHA256SUMS"])
    for line in String(decoding: sums, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
      let name = parts.count == 2 ? String(parts[1].drop { $0 == " " }) : ""
      unlisted.remove(name)
      let damage = "\(name): its bytes are not those of SHA256SUMS"
      if members.first(where: { $0.name == name })?.sha256 != parts.first.map(String.init),
        !damages.contains(where: { $0.hasPrefix("\(name):") })
      {
        damages.append(damage)
      }
    }
    damages += unlisted.sorted().map { "\($0): SHA256SUMS does not list it" }
  }

  /// Bits that belong to no member are in the archive's own digest, which stands beside it.
  fileprivate mutating func compareWhole(_ path: String) throws(ArchiveError) {
    guard let data = FileManager.default.contents(atPath: path + ".croissant.json") else { return }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard let files = try? JSONDecoder().decode(Croissant.self, from: data).distribution,
      let expected = files.first(where: { $0.contentUrl == name || $0.name == name })?.sha256 ?? files.first?.sha256
    else {
      damages.append("\(name).croissant.json: it cannot be read")
      return
    }
    do throws(FileError) {
      if try sha256(ofFile: path) != expected { damages.append("\(name): its bytes are not those that \(name).croissant.json tells") }
    } catch {
      throw .file(error)
    }
  }
}

private struct ListedMembers: Decodable {
  struct Member: Decodable {
    let name: String
    let sha256: String
  }

  let members: [Member]
}

private struct Croissant: Decodable {
  struct File: Decodable {
    let name: String?
    let contentUrl: String?
    let sha256: String?
  }

  let distribution: [File]
}
