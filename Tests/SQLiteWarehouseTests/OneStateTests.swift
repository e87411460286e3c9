import Columns
import Foundation
import SQLiteWarehouse
import Synchronization
import Testing
import Times
import Warehouses

/// A table of 2,000 accounts with 100 each, and somebody who moves amounts between them almost without a pause.
@Suite(.serialized) struct `Reading while somebody writes` {
  let scratch = Scratch()

  @Test(arguments: ["wal", "delete"])
  func `sees one state with all threads`(journal: String) throws {
    let warehouse = scratch.warehouse(
      """
      pragma journal_mode = \(journal); create table t (account integer primary key, amount integer);
      with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000) insert into t select i, 100 from n;
      """, timeout: 10_000)
    let request = ScanRequest(relation: "t", outputs: [ScanOutput(.column("amount"), as: .value(nil))], zone: .utc)
    let writer = Writer(scratch.path("w.sqlite"))
    defer { writer.stop() }
    var sums: Set<Int64> = []
    var (scans, withMany) = (0, 0)
    let end = ContinuousClock.now + .milliseconds(600)
    while ContinuousClock.now < end || withMany == 0 && scans < 500 {
      let sum = Mutex((total: Int64(0), rows: 0, readers: Set<Int>()))
      do throws(ScanError<Never>) {
        _ = try warehouse.scan(request, threads: 3, batchRows: 50) { batch in
          guard case .int64(let amounts) = batch.columns[0].values else { return }
          sum.withLock {
            for i in amounts.span.indices { $0.total += amounts.span[i] }
            $0.rows += batch.rowCount
            $0.readers.insert(batch.reader)
          }
        }
      } catch {
        Issue.record("\(error)")
        return
      }
      sum.withLock {
        #expect($0.rows == 2_000)
        sums.insert($0.total)
        if $0.readers.count > 1 { withMany += 1 }
      }
      scans += 1
    }
    #expect(sums == [200_000])
    #expect(withMany > 0, "of \(scans) scans none had several threads")
    writer.stop()
    #expect(writer.commits > 0)
  }
}

/// Moves amounts on a thread of its own until it is stopped.
private final class Writer: Sendable {
  private let isStopped = Atomic(false)
  private let count = Atomic(0)
  private let done = DispatchSemaphore(value: 0)

  init(_ path: String) {
    Thread.detachNewThread { [self] in
      let database = Database(path)
      var dice: UInt64 = 1
      while !isStopped.load(ordering: .relaxed) {
        dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let (from, to) = ((dice >> 33) % 2_000 + 1, (dice >> 43) % 2_000 + 1)
        if database.tries(
          """
          begin immediate; update t set amount = amount - 7 where account = \(from);
          update t set amount = amount + 7 where account = \(to); commit
          """)
        {
          count.add(1, ordering: .relaxed)
        } else {
          _ = database.tries("rollback")
        }
        // Otherwise it would hold its lock all the time, and nobody could read at all.
        usleep(1_000)
      }
      done.signal()
    }
  }

  var commits: Int { count.load(ordering: .relaxed) }

  /// Waits until it has stopped.
  func stop() {
    if isStopped.exchange(true, ordering: .relaxed) { return }
    done.wait()
  }
}
