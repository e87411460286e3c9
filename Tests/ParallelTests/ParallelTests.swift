import Foundation
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

  @Test(arguments: [1, 2, 5], [1, 3])
  func `have their pieces handled one after the other, in order`(workers: Int, limit: Int) {
    let handled = Mutex<[Int]>([])
    let isHandling = Mutex(false)
    let pieces = InOrder<Int>(limit: limit)
    forEachInParallel(300, workers: workers) { (worker, number) throws(Never) in
      // Some take long, so that later ones come first.
      if number % 7 == worker { usleep(300) }
      pieces.bring(number, number * 2) { number, piece in
        #expect(piece == number * 2)
        #expect(
          isHandling.withLock { wasHandling in
            defer { wasHandling = true }
            return !wasHandling
          })
        handled.withLock { $0.append(number) }
        isHandling.withLock { $0 = false }
      }
    }
    #expect(handled.withLock { $0 } == Array(0..<300))
  }

  @Test(arguments: [1, 2, 5])
  func `stop all when one piece fails`(workers: Int) {
    struct Refusal: Error {}
    let handled = Mutex(0)
    let pieces = InOrder<Int>(limit: 1)
    #expect(throws: Refusal.self) {
      try forEachInParallel(300, workers: workers) { (_, number) throws(Refusal) in
        try pieces.bring(number, number) { number, _ throws(Refusal) in
          if number == 20 { throw Refusal() }
          handled.withLock { $0 += 1 }
        }
      }
    }
    #expect(handled.withLock { $0 } == 20)
  }
}
