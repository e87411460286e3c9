import Diagnostics
import GRDBSQLite
import Outputs
import SQLiteWarehouse
import TestSupport
import Testing
import Times

@Suite struct `A table as a batch` {
  private func mistakes(_ batch: Batch, _ sql: String, _ columns: [String: String] = [:]) throws -> [String] {
    try batch.mistakes([input(batch, sql, columns)])
  }

  private func input(_ batch: Batch, _ sql: String, _ columns: [String: String] = [:]) -> BatchInput {
    .table(warehouse(sql, in: batch.folder), relation: "p", columns: columns, displayName: "table p")
  }

  @Test func `is read as a file is`() throws {
    let batch = try Batch(
      "[{name: x, type: float64, was: y}, {name: s, type: string}, {name: b, type: boolean}]", "predicted_at: {column: at, unit: s}")
    let taken = try batch.read([
      input(
        batch,
        """
        create table p (loaded text, y, id integer, s text, at integer);
        insert into p values ('a', 1, 1, '', 1706677200), ('a', -0.5, 2, null, 1706677201)
        """)
    ])
    #expect(
      taken.rows == [
        ["1", "1.0", "", "null", "2024-01-31T05:00:00Z"], ["2", "-0.5", "null", "null", "2024-01-31T05:00:01Z"],
      ])
  }

  @Test func `may call its columns otherwise`() throws {
    let batch = try Batch("[{name: x, type: int64}]")
    let sql = "create table p (shipment integer, eta integer, made text); insert into p values (1, 2, '2024-01-31T05:00:00Z')"
    let columns = ["id": "shipment", "x": "eta", "predicted_at": "made"]
    #expect(try batch.read([input(batch, sql, columns)]).rows == [["1", "2", "2024-01-31T05:00:00Z"]])
  }

  @Test func `lacks no column that is named`() throws {
    let batch = try Batch("[{name: x, type: int64}]")
    let found = try mistakes(batch, "create table p (shipment integer, eta integer)", ["id": "shipments", "x": "etas"])
    #expect(
      found == ["table p: key column \"shipments\" is missing [missing-column]", "table p: column \"etas\" is missing [missing-column]"])
  }

  @Test func `has its rows named by row id`() throws {
    let batch = try Batch("[{name: x, type: int64, min: 0}, {name: y, type: float64}, {name: d, type: date}]")
    batch.errorFile = batch.folder.file("errors.csv")
    let found = try mistakes(
      batch,
      """
      create table p (id integer, x integer, y real, d text);
      insert into p (rowid, id, x, y, d) values (7, 1, -1, 9e999, 'no'), (12, 1, 5, 1, 'neither'), (1000000, null, 1, 1, null)
      """)
    #expect(
      found == [
        "table p, row 7: \"no\" in column \"d\" is no date [value-misfit]", "column \"d\" has 1 more row like that [value-misfit]",
        "table p, row 7: \"-1\" in column \"x\" is below its least value, 0 [below-min]",
        "table p, row 12: id=1 is in the batch already: table p, row 7 [duplicate-row]",
        "table p, row 1000000: key column \"id\" is null [null-key]",
        "table p: column \"y\" has 1 value that is no finite number [not-finite]",
      ])
  }

  @Test func `that is not there is no fault of the batch`() throws {
    let batch = try Batch("[{name: x, type: int64}]")
    do throws(BatchError) {
      _ = try batch.read([input(batch, "create table q (id integer)")])
      Issue.record("it is taken")
    } catch {
      guard case .failed(let diagnostics) = error else { throw error }
      #expect(diagnostics.diagnostics.map(\.rule) == ["missing-relation"])
    }
  }
}

/// A warehouse in which `sql` was run.
func warehouse(_ sql: String, in folder: ScratchFolder) -> SQLiteWarehouse {
  var handle: OpaquePointer?
  let path = folder.file("w.sqlite")
  unsafe sqlite3_open(path, &handle)
  let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
  if code != SQLITE_OK { Issue.record("\(unsafe String(cString: sqlite3_errmsg(handle))): \(sql)") }
  unsafe sqlite3_close_v2(handle)
  return SQLiteWarehouse(path: path, displayName: "w.sqlite")
}
