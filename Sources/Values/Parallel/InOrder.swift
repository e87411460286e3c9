import Foundation
import Synchronization

/// Numbered pieces that come out of order from several workers, handled one after the other in their order.
///
/// Who brings a piece whose turn has not come leaves it to whoever handles those before, and goes on with other work. Only when that many
/// pieces lie there already does it wait, so that they do not fill the memory.
///
/// - Precondition: numbers are handed out in order, from 0, so that the lowest is always being worked on.
package final class InOrder<Piece: Sendable>: Sendable {
  private struct State {
    var next = 0
    var waiting: [Int: Piece] = [:]
    var isHandling = false
    var isStopped = false
  }

  private let state = Mutex(State())
  private let limit: Int
  private let changed = NSCondition()

  /// - Parameter limit: pieces that may lie and wait, at least one.
  package init(limit: Int) {
    precondition(limit >= 1)
    self.limit = limit
  }

  /// Leaves a piece and handles all whose turn it is, unless another worker is at it; does nothing once it was stopped.
  ///
  /// - Throws: what `handle` throws, of any worker's piece; then it is stopped.
  package func bring<Failure: Error>(_ number: Int, _ piece: Piece, _ handle: (Int, Piece) throws(Failure) -> Void) throws(Failure) {
    state.withLock { $0.waiting[number] = piece }
    while let (number, piece) = take() {
      do throws(Failure) { try handle(number, piece) } catch {
        stop()
        throw error
      }
      change { state in
        state.next = number + 1
        state.isHandling = false
      }
    }
    changed.lock()
    // Somebody is handling as long as this many wait: whoever brings the next piece handles it.
    while state.withLock({ $0.waiting.count > limit && !$0.isStopped }) { changed.wait() }
    changed.unlock()
  }

  /// Nothing more is handled, nobody waits any more.
  package func stop() {
    change { state in
      state.isStopped = true
      state.waiting = [:]
    }
  }

  private func take() -> (Int, Piece)? {
    state.withLock { state in
      guard !state.isHandling, !state.isStopped, let piece = state.waiting.removeValue(forKey: state.next) else { return nil }
      state.isHandling = true
      return (state.next, piece)
    }
  }

  private func change(_ body: (inout sending State) -> Void) {
    changed.lock()
    state.withLock { body(&$0) }
    changed.broadcast()
    changed.unlock()
  }
}
