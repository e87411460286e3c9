import Parallel
import Synchronization
import Testing

@Suite struct `Workers in parallel` {
  @Test(arguments: [0, 1, 2, 5, 40])
  func `are called once each, and all are done at the end`(workers: Int) {
    let called = Mutex<[Int]>([])
    inParallel(workers) { worker in called.withLock { $0.append(worker) } }
    #expect(called.withLock { $0.sorted() } == Array(0..<workers))
  }

  /// None could go on if fewer threads than workers took turns.
  @Test func `run all at once, however few the cores are`() {
    let waiting = Atomic(0)
    inParallel(16) { _ in
      waiting.add(1, ordering: .relaxed)
      while waiting.load(ordering: .relaxed) < 16 {}
    }
    #expect(waiting.load(ordering: .relaxed) == 16)
  }
}
