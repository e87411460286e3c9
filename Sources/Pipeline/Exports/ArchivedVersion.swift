package import Archives
import Foundation

/// Which version of a training set an archive holds, as its manifest tells.
package struct ArchivedVersion: Decodable, Sendable {
  package let trainingSet: String
  /// Of the version's content.
  package let digest: String

  private enum CodingKeys: String, CodingKey {
    case trainingSet = "training_set"
    case digest
  }
}

/// - Throws: for a file that is no archive of a training set.
package func archivedVersion(_ path: String) throws(ArchiveError) -> ArchivedVersion {
  let manifest = try readArchive(path) { $0 == "manifest.json" }.first { $0.name == "manifest.json" }?.bytes
  guard let version = manifest.flatMap({ try? JSONDecoder().decode(ArchivedVersion.self, from: Data($0)) }) else {
    throw .unsafe(path: path, what: "no manifest of a training set")
  }
  return version
}
