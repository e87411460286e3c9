import Foundation
import Synchronization

/// Ctrl-C while a command can still leave everything as it was: the first one asks it to, the second one ends it on the spot.
enum Interruption {
  private static let asked = Atomic<Bool>(false)

  static var isAsked: Bool { asked.load(ordering: .relaxed) }

  /// From here on the first interrupt, or request to terminate, is an answer to ``isAsked`` only.
  static func watch() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { caught in
        Interruption.asked.store(true, ordering: .relaxed)
        signal(caught, SIG_DFL)
      }
    }
  }
}
