import Foundation
import Synchronization

/// Makes values on a thread of its own while the calling thread takes them, in order; neither gets far ahead of the other.
///
/// - Parameters:
///   - ahead: how many values may wait to be taken, at least one.
///   - produce: hands each value to `emit`, which says whether any more are wanted.
///   - consume: if it throws, no more are wanted.
/// - Throws: what `consume` threw, once `produce` has ended too.
package func produce<Value: Sendable, Failure: Error>(
  ahead: Int = 2, _ produce: @escaping @Sendable (_ emit: @escaping @Sendable (Value) -> Bool) -> Void,
  consume: (Value) throws(Failure) -> Void
) throws(Failure) {
  let line = WaitingLine<Value>(limit: ahead)
  let thread = Thread {
    produce { line.append($0) }
    line.end()
  }
  thread.stackSize = 8 << 20
  thread.start()
  do throws(Failure) {
    while let value = line.next() { try consume(value) }
  } catch {
    line.close()
    throw error
  }
}

/// Values between the thread that makes them and the one that takes them.
private final class WaitingLine<Value: Sendable>: Sendable {
  private struct State {
    var values: [Value] = []
    var hasEnded = false
    var isClosed = false
  }

  private let state = Mutex(State())
  private let changed = NSCondition()
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// Waits for room.
  ///
  /// - Returns: whether more are wanted.
  func append(_ value: Value) -> Bool {
    changed.lock()
    defer { changed.unlock() }
    while state.withLock({ $0.values.count >= limit && !$0.isClosed }) { changed.wait() }
    changed.broadcast()
    return state.withLock { state in
      if !state.isClosed { state.values.append(value) }
      return !state.isClosed
    }
  }

  /// Waits for a value.
  ///
  /// - Returns: nil when all were taken.
  func next() -> Value? {
    changed.lock()
    defer { changed.unlock() }
    while state.withLock({ $0.values.isEmpty && !$0.hasEnded }) { changed.wait() }
    changed.broadcast()
    return state.withLock { $0.values.isEmpty ? nil : $0.values.removeFirst() }
  }

  /// No value comes any more.
  func end() {
    changed.lock()
    state.withLock { $0.hasEnded = true }
    changed.broadcast()
    changed.unlock()
  }

  /// No value is wanted any more; waits until none comes.
  func close() {
    changed.lock()
    defer { changed.unlock() }
    state.withLock { state in
      state.isClosed = true
      state.values = []
    }
    changed.broadcast()
    while state.withLock({ !$0.hasEnded }) { changed.wait() }
  }
}
