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

/// Compares every member of an archive, or of a folder that holds the same, with its manifest, and an archive's bytes with the description
/// beside it, where there is one. What else a folder holds is its reader's.
///
/// - Throws: what cannot be read as an archive at all.
package func checkArchive(_ path: String) throws(ArchiveError) -> ArchiveCheck {
  var check = ArchiveCheck()
  let isFolder = isFolder(path)
  let members: [ReadMember]
  do throws(ArchiveError) {
    members = isFolder ? try readFolder(path) : try readArchive(path) { $0 == "manifest.json" || $0 == "SHA256SUMS" }
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
  if !isFolder { try check.compareWhole(path) }
  return check
}

/// What the manifest and the checksums of a folder name, as far as it is there.
private func readFolder(_ path: String) throws(ArchiveError) -> [ReadMember] {
  var members: [ReadMember] = []
  var names: [String] = []
  if let manifest = try readMember("manifest.json", ofFolder: path, keeping: true) {
    members.append(manifest)
    names += (try? JSONDecoder().decode(ListedMembers.self, from: Data(manifest.bytes ?? [])).members.map(\.name)) ?? []
  }
  if let sums = try readMember("SHA256SUMS", ofFolder: path, keeping: true) {
    members.append(sums)
    names += checksums(sums.bytes ?? []).map(\.name)
  }
  for name in names where !members.contains(where: { $0.name == name }) {
    guard members.count < ArchiveLimits().members else { throw .unsafe(path: path, what: "more members than are allowed") }
    if let member = try readMember(name, ofFolder: path, keeping: false) { members.append(member) }
  }
  return members
}

/// Lines of `<digest>  <name>`, as `sha256sum` writes them.
private func checksums(_ text: ContiguousArray<UInt8>) -> [(name: String, sha256: String)] {
  String(decoding: text, as: UTF8.self).split(separator: "\n").map { line in
    let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    return (parts.count == 2 ? String(parts[1].drop { $0 == " " }) : "", parts.first.map(String.init) ?? "")
  }
}

extension ArchiveCheck {
  fileprivate mutating func compare(_ members: [ReadMember], withSums sums: ContiguousArray<UInt8>) {
    var unlisted = Set(members.map(\.name)).subtracting(["SHA256SUMS"])
    for (name, sha256) in checksums(sums) {
      unlisted.remove(name)
      if members.first(where: { $0.name == name })?.sha256 != sha256, !damages.contains(where: { $0.hasPrefix("\(name):") }) {
        damages.append("\(name): its bytes are not those of SHA256SUMS")
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

private struct Croissant: Decodable {
  struct File: Decodable {
    let name: String?
    let contentUrl: String?
    let sha256: String?
  }

  let distribution: [File]
}
