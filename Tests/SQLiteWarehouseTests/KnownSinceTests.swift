import Foundation
import Testing
import Times
import Warehouses

@testable import SQLiteWarehouse

/// Rows that became known since a moment, found by an index or by looking at all of them.
@Suite struct `Known since` {
  let scratch = Scratch()
  /// 2024-03-01T00:00:00Z.
  private static let moment: Int64 = 1_709_251_200

  /// 100,000 rows, of which few are of the moment or later: the last ones, and some late ones and oddities among the others.
  ///
  /// - Parameter time: SQL of a number of seconds.
  private func table(_ time: (String) -> String, type: String = "") -> String {
    """
    create table t (x integer primary key, known \(type));
    with recursive n(i) as (select 0 union all select i + 1 from n where i < 99999)
    insert into t select i, case
      when i % 9973 = 7 then null
      when i % 9967 = 11 then 'soon'
      when i % 9949 = 5 then 12.5
      when i % 9941 = 3 then x'00'
      when i % 9931 = 1 then \(time("\(Self.moment) + i % 50"))
      else \(time("\(Self.moment) - (98000 - i) * 60")) end
    from n;
    """
  }

  private func seconds(_ time: String) -> String { time }
  private func text(_ time: String) -> String { "strftime('%Y-%m-%dT%H:%M:%SZ', \(time), 'unixepoch')" }

  private func request(_ unit: TimeUnit?) -> ScanRequest {
    ScanRequest(
      relation: "t", outputs: [ScanOutput(.column("x"), as: .stored)], predicate: "x % 2 = 0 -- half",
      since: KnownSince(column: "known", unit: unit, microseconds: Self.moment * 1_000_000), zone: .utc)
  }

  private func ranges(_ warehouse: SQLiteWarehouse, _ unit: TimeUnit?) throws -> [ClosedRange<Int64>]? {
    let connection = try Connection(warehouse.file, forWriting: false)
    let relation = try Schema(connection).existing("t")
    guard let all = try relation.rowIDs(connection), let since = request(unit).since else { return nil }
    return try relation.rowIDs(since: since, among: all, connection)
  }

  @Test(arguments: [true, false], ["", "integer", "text", "text collate nocase", "real"])
  func `are the same with an index and without`(isText: Bool, type: String) throws {
    let sql = table(isText ? text : seconds, type: type)
    let unit: TimeUnit? = isText ? nil : .s
    // Numbers as text are compared as text; nobody has them.
    if !isText, type.hasPrefix("text") { return }
    let warehouse = scratch.warehouse(sql)
    #expect(try ranges(warehouse, unit) == nil)
    let looked = try warehouse.gather(request(unit), threads: 1, batchRows: 4_096)
    #expect((900...3_000).contains(looked.rowNumbers.count))
    #expect(looked.rowNumbers.contains(99_998) && !looked.rowNumbers.contains(20_000))
    _ = scratch.warehouse("create index i on t (known, x)")
    let ranges = try #require(try ranges(warehouse, unit))
    #expect(ranges.reduce(0) { $0 + $1.span } < 15_000)
    for threads in [1, 3] {
      #expect(try warehouse.gather(request(unit), threads: threads, batchRows: 512) == looked)
    }
  }

  @Test(arguments: [
    "create index i on t (x, known)", "create index i on t (known) where x > 5", "create index i on t (known collate nocase)",
    "create index i on t (known + 1)",
  ])
  func `are not looked for in an index that cannot tell`(index: String) throws {
    let warehouse = scratch.warehouse(table(text, type: "text") + index)
    #expect(try ranges(warehouse, nil) == nil)
    #expect(try warehouse.gather(request(nil), threads: 2, batchRows: 4_096).rowNumbers.count > 900)
  }

  @Test func `are not looked for one by one where they are many, or the table is small`() throws {
    let many = scratch.warehouse(table { "\(Self.moment) + (\($0)) % 7" } + "create index i on t (known)")
    #expect(try ranges(many, .s) == nil)
    let few = scratch.warehouse("drop table t; create table t (x, known); insert into t values (1, 5); create index i on t (known)")
    #expect(try ranges(few, .s) == nil)
  }

  @Test func `may be none`() throws {
    let warehouse = scratch.warehouse(
      """
      create table t (x integer primary key, known integer);
      with recursive n(i) as (select 0 union all select i + 1 from n where i < 99999) insert into t select i, i from n;
      create index i on t (known);
      """)
    #expect(try ranges(warehouse, .s) == [])
    let scan = try warehouse.gather(request(.s), threads: 3, batchRows: 512)
    #expect(scan.rowNumbers.isEmpty && scan.outputs.count == 1)
  }
}
