import Columns
import Foundation
import GRDBSQLite
import SQLiteWarehouse
import Synchronization
import Testing
import Times
import Warehouses

/// A folder of its own for one test, deleted with it.
final class Scratch {
  let folder: String

  init() {
    folder = NSTemporaryDirectory() + "gangway-tests-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  func write(_ text: String, to name: String) -> String {
    write(Array(text.utf8), to: name)
  }

  func write(_ bytes: [UInt8], to name: String) -> String {
    _ = FileManager.default.createFile(atPath: path(name), contents: Data(bytes))
    return path(name)
  }

  /// A warehouse in which `sql` was run.
  func warehouse(_ sql: String, timeout: Int32 = 200) -> SQLiteWarehouse {
    Database(path("w.sqlite")).run(sql)
    return SQLiteWarehouse(path: path("w.sqlite"), displayName: "w.sqlite", busyTimeoutMilliseconds: timeout)
  }
}

/// Somebody else's connection.
@safe
final class Database {
  private var handle: OpaquePointer?

  init(_ path: String) {
    unsafe sqlite3_open(path, &handle)
    unsafe sqlite3_busy_timeout(handle, 2_000)
  }

  deinit { unsafe sqlite3_close_v2(handle) }

  /// - Returns: whether it could be done.
  func tries(_ sql: String) -> Bool { unsafe sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK }

  func run(_ sql: String) {
    let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
    if code != SQLITE_OK { Issue.record("\(unsafe String(cString: sqlite3_errmsg(handle))): \(sql)") }
  }
}

extension Column {
  /// All values as text, `null` for null.
  var texts: [String] { (0..<count).map { messageText(at: $0) } }
}

extension ScanResult {
  var texts: [[String]] { columns.map(\.column.texts) }
}

extension SQLiteWarehouse {
  /// Reads columns as given.
  func read(
    _ relation: String, _ outputs: [ScanOutput], where predicate: String? = nil, keys: [Int] = [], zone: Zone = .utc
  ) throws(WarehouseError) -> ScanResult {
    try scan(ScanRequest(relation: relation, outputs: outputs, predicate: predicate, keyOutputs: keys, zone: zone))
  }

  /// Reads one column of `t`.
  func column(_ name: String, as type: DataType? = nil, zone: Zone = .utc) throws(WarehouseError) -> ScannedColumn {
    try read("t", [ScanOutput(.column(name), as: .value(type))], zone: zone).columns[0]
  }

  /// What is wrong with one column of `t`; empty if nothing is.
  func problems(_ name: String = "x", as type: DataType? = nil) throws -> [DataProblem] {
    do throws(WarehouseError) {
      _ = try read("t", [ScanOutput(.column(name), as: .value(type))])
      return []
    } catch {
      guard case .data(let problems) = error else { throw error }
      return problems
    }
  }
}

/// A scan put together again from its batches, as text.
struct GatheredScan: Equatable {
  var rowNumbers: [Int64] = []
  /// Column by column.
  var texts: [[String]]
  let outputs: [ScanOutcome.Output]
  let rowNumbersAreRowIDs: Bool
}

extension SQLiteWarehouse {
  /// Reads with small batches, so that small tables have many.
  func gather(_ request: ScanRequest, threads: Int, batchRows: Int) throws -> GatheredScan {
    let kept = Mutex<[ScanBatch]>([])
    let outcome: ScanOutcome
    do throws(ScanError<Never>) {
      outcome = try scan(request, threads: threads, batchRows: batchRows) { batch in kept.withLock { $0.append(batch) } }
    } catch {
      switch error {
      case .warehouse(let error): throw error
      }
    }
    var scan = GatheredScan(
      texts: outcome.outputs.map { _ in [] }, outputs: outcome.outputs, rowNumbersAreRowIDs: outcome.rowNumbersAreRowIDs)
    for batch in kept.withLock({ $0 }).sorted(by: { $0.number < $1.number }) {
      #expect(batch.rowCount <= batchRows && batch.reader < threads)
      for row in 0..<batch.rowCount { scan.rowNumbers.append(batch.rowNumbers[row]) }
      for (i, output) in outcome.outputs.enumerated() {
        scan.texts[i] += batch.columns[i].converted(to: output.type).texts
      }
    }
    #expect(scan.rowNumbers.count == outcome.rowCount)
    return scan
  }
}

/// The error that `body` throws, in short.
func failure<Result>(_ body: () throws -> Result) -> String {
  do {
    _ = try body()
    return "none"
  } catch { return "\(error)" }
}
