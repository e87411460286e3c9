package import Foundation
internal import GRDB

/// Makes a SQLite file from statements.
package func makeWarehouse(_ sql: String, at url: URL) throws {
  let queue = try DatabaseQueue(path: url.path)
  try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
  try queue.close()
}

/// The CSV members of an archive as text, by name.
package func csvMembers(ofArchive path: String) throws -> [String: String] {
  let members = try readArchive(path).filter { $0.name.hasSuffix(".csv") }
  return Dictionary(uniqueKeysWithValues: members.map { ($0.name, String(decoding: $0.bytes, as: UTF8.self)) })
}
