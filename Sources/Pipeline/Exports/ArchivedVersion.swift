package import Archives
import Files
import Foundation

/// Which version of a training set an archive or a folder holds, as its manifest tells.
package struct ArchivedVersion: Decodable, Sendable {
  package let trainingSet: String
  /// Of the version's content.
  package let digest: String
  /// Up to when a model that is trained on it knows the world, as UTC text.
  package let vintage: String?
  private let purpose: String?

  /// Whether its rows have no label: then it is no version.
  package var isForScoring: Bool { purpose == ExportPurpose.scoring.rawValue }

  private enum CodingKeys: String, CodingKey {
    case trainingSet = "training_set"
    case digest, vintage, purpose
  }
}

/// - Throws: for what holds no training set.
package func archivedVersion(_ path: String) throws(ArchiveError) -> ArchivedVersion {
  guard let version = try manifest(of: path).flatMap({ try? JSONDecoder().decode(ArchivedVersion.self, from: Data($0)) }) else {
    throw .unsafe(path: path, what: "no manifest of a training set")
  }
  return version
}

private func manifest(of path: String) throws(ArchiveError) -> ContiguousArray<UInt8>? {
  if isFolder(path) { return try readMember("manifest.json", ofFolder: path, keeping: true)?.bytes }
  return try readArchive(path) { $0 == "manifest.json" }.first { $0.name == "manifest.json" }?.bytes
}

/// Whether there is a folder that an export has left.
package func isExportedFolder(_ path: String) -> Bool { filesOfExport(path) != nil }

/// The files that an exported folder should have, last its manifest; nil if it is none.
func filesOfExport(_ folder: String) -> [String]? {
  guard isFolder(folder), let manifest = try? readMember("manifest.json", ofFolder: folder, keeping: true)?.bytes,
    (try? JSONDecoder().decode(ArchivedVersion.self, from: Data(manifest))) != nil,
    let listed = try? JSONDecoder().decode(ListedMembers.self, from: Data(manifest)).members
  else { return nil }
  return listed.map(\.name) + ["SHA256SUMS", "manifest.json"]
}

/// What a manifest says of the other members.
struct ListedMembers: Decodable {
  struct Member: Decodable {
    let name: String
    let sha256: String
  }

  let members: [Member]
}

/// Links are followed, as every other program would.
func isFolder(_ path: String) -> Bool { fileKind(path) == .folder || fileKind(path + "/.") == .folder }
