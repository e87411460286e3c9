import Parallel
import Synchronization
import Testing

@Suite struct `Workers in parallel` {
  @Test(arguments: [1, 2, 5, 40])
  func `are called once each, and all are done at the end`(workers: Int) {
    let called = Mutex<[Int]>([])
    inParallel(workers) { worker in called.withLock { $0.append(worker) } }
    #expect(called.withLock { $0.sorted() } == Array(0..<workers))
  }
}
