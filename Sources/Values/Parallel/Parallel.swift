// Parallel: work on every core.
//
// In:  how many workers, what one does.
// Out: nothing before all have ended. Blocking work is welcome: these are threads, not the cooperative pool's.
// Knows nothing of what is done.

import Dispatch
import Synchronization

/// Runs `body` once per worker, with its number from 0, at the same time, and returns when all have ended.
///
/// The calling thread is one of them. On a busy machine a worker may begin only after another has ended: share out work by counting, and
/// wait only for what a running worker holds.
package func inParallel(_ workers: Int, _ body: @Sendable (Int) -> Void) {
  precondition(workers >= 1)
  if workers == 1 { return body(0) }
  DispatchQueue.concurrentPerform(iterations: workers, execute: body)
}

/// Hands out the numbers below `count` to workers, each once, in order, to whoever asks next; the first error stops the handing out.
///
/// - Throws: the error of the lowest number that failed among those that ran.
package func forEachInParallel<Failure: Error>(
  _ count: Int, workers: Int, _ body: @Sendable (_ worker: Int, _ number: Int) throws(Failure) -> Void
) throws(Failure) {
  let next = Atomic<Int>(0)
  let failed = Mutex<(number: Int, error: Failure)?>(nil)
  inParallel(max(1, min(workers, count))) { worker in
    while true {
      let number = next.add(1, ordering: .relaxed).oldValue
      if number >= count { return }
      do throws(Failure) {
        try body(worker, number)
      } catch {
        failed.withLock { first in if number < first?.number ?? .max { first = (number, error) } }
        next.store(count, ordering: .relaxed)
        return
      }
    }
  }
  if let failure = failed.withLock({ $0 }) { throw failure.error }
}

/// Results of numbered pieces of work, which come in any order.
package final class Gathered<Result: Sendable>: Sendable {
  private let results: Mutex<[Result?]>

  package init(count: Int) { results = Mutex(Array(repeating: nil, count: count)) }

  package func set(_ number: Int, _ result: Result) { results.withLock { $0[number] = result } }

  /// - Precondition: all have come.
  package var all: [Result] { results.withLock { $0.map { $0! } } }
}
