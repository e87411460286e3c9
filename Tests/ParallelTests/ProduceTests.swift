import Parallel
import Synchronization
import Testing

private struct Enough: Error {}

@Suite struct `Values made on a thread of their own` {
  @Test(arguments: [1, 2, 100])
  func `are taken in order`(ahead: Int) {
    var taken: [Int] = []
    produce(ahead: ahead) { emit in
      for i in 0..<1_000 { #expect(emit(i)) }
    } consume: {
      taken.append($0)
    }
    #expect(taken == Array(0..<1_000))
  }

  @Test func `are made no further ahead than is said`() {
    let made = Mutex(0)
    var taken = 0
    produce(ahead: 3) { emit in
      for i in 0..<200 {
        made.withLock { $0 = i }
        _ = emit(i)
      }
    } consume: { _ in
      taken += 1
      #expect(made.withLock { $0 } <= taken + 3)
    }
    #expect(taken == 200)
  }

  @Test func `are made no more when one is refused`() {
    let made = Mutex(0)
    #expect(throws: Enough.self) {
      try produce(ahead: 1) { emit in
        while emit(1) { made.withLock { $0 += 1 } }
      } consume: { _ throws(Enough) in
        throw Enough()
      }
    }
    #expect(made.withLock { $0 } <= 3)
  }
}
