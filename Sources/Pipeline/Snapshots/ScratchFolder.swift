import Foundation

/// A folder for files on their way, in the store, so that they are on a disk of the project's choosing.
///
/// It is locked as long as its owner lives; one that a killed command left behind is removed by the next.
package final class ScratchFolder: Sendable {
  package let path: String
  private let descriptor: Int32

  /// - Parameter store: the store's folder, which exists.
  package init(in store: String) throws(StoreError) {
    Self.removeAbandoned(in: store)
    path = "\(store)/scratch-\(UUID().uuidString)"
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    } catch {
      throw .unavailable(path: store, reason: error.localizedDescription)
    }
    descriptor = unsafe open("\(path)/\(Self.lockName)", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    if descriptor < 0 || flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let reason = unsafe String(cString: strerror(errno))
      try? FileManager.default.removeItem(atPath: path)
      throw .unavailable(path: store, reason: reason)
    }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
    close(descriptor)
  }

  private static let lockName = "owner.lock"

  /// Whether nobody holds its lock. One that is just being made has none yet and is left alone for a minute.
  static func isAbandoned(_ path: String) -> Bool {
    let descriptor = unsafe open("\(path)/\(lockName)", O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else {
      let made = (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
      return made.map { $0.timeIntervalSinceNow < -60 } ?? false
    }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_EX | LOCK_NB) == 0
  }

  static func removeAbandoned(in store: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: store)) ?? []
    for name in names where name.hasPrefix("scratch-") && isAbandoned("\(store)/\(name)") {
      try? FileManager.default.removeItem(atPath: "\(store)/\(name)")
    }
  }
}
