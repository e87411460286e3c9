// Parallel: one piece of work on several threads.
//
// In:  how many workers, and what each does.
// Out: nothing, once all are done.
// Knows nothing of the work.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Calls `body` once for each of so many workers, all at the same time, and returns when the last is done.
///
/// Each but the first has a thread of its own, so workers may wait for one another however few the cores are. Where the system refuses a
/// thread, its worker runs on the caller's when the first is done.
///
/// - Parameter body: takes a worker's number, from 0.
package func inParallel(_ workers: Int, _ body: @Sendable (Int) -> Void) {
  guard workers > 1 else { return (0..<workers).forEach(body) }
  withoutActuallyEscaping(body) { body in
    var started: [StartedWorker] = []
    var refused: [Int] = []
    for worker in 1..<workers {
      if let thread = StartedWorker({ body(worker) }) { started.append(thread) } else { refused.append(worker) }
    }
    body(0)
    refused.forEach(body)
    for thread in started { thread.join() }
  }
}

/// A thread on its way.
@safe
private struct StartedWorker {
  // Safe because: the thread reads the work until it ends, and `join` waits for that before it gives the memory back.
  private let work: UnsafeMutablePointer<@Sendable () -> Void>
  private let thread: pthread_t

  init?(_ body: @escaping @Sendable () -> Void) {
    unsafe work = .allocate(capacity: 1)
    unsafe work.initialize(to: body)
    #if canImport(Glibc)
      var thread = pthread_t()
      let result = unsafe pthread_create(&thread, nil, { unsafe run($0) }, work)
    #else
      var thread: pthread_t?
      let result = unsafe pthread_create(&thread, nil, { unsafe run($0) }, work)
    #endif
    if result != 0 {
      unsafe Self.free(work)
      return nil
    }
    #if canImport(Glibc)
      self.thread = thread
    #else
      guard let thread = unsafe thread else { return nil }
      unsafe self.thread = unsafe thread
    #endif
  }

  func join() {
    pthread_join(thread, nil)
    unsafe Self.free(work)
  }

  private static func free(_ work: UnsafeMutablePointer<@Sendable () -> Void>) {
    unsafe work.deinitialize(count: 1)
    unsafe work.deallocate()
  }
}

/// What a thread does: the work at its argument.
@unsafe
private func run(_ work: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  unsafe work?.assumingMemoryBound(to: (@Sendable () -> Void).self).pointee()
  return nil
}
