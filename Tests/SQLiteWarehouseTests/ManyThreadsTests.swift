import Columns
import SQLiteWarehouse
import Synchronization
import Testing
import Times
import Warehouses

/// 3,000 numbers, for making tables of.
private let numbers = "with recursive n(i) as (select 0 union all select i + 1 from n where i < 2999)"

@Suite struct `Reading with many threads` {
  let scratch = Scratch()

  /// Ways of numbering 3,000 rows, as SQL of `i`.
  static let rowIDs = [
    "i + 1",
    "i - 1500",
    "i * 1000003 - 7",
    // Two dense stretches with nothing between.
    "case when i < 1000 then i else i + 4000000000000 end",
    "case when i = 0 then -9223372036854775808 when i = 2999 then 9223372036854775807 else i end",
    // Denser and denser.
    "cast(9e18 / (i + 1) as integer)",
    "(1 << (i % 62)) + i * 62",
  ]

  @Test(arguments: rowIDs, [1, 2, 5])
  func `finds every row once, in order`(rowID: String, threads: Int) throws {
    let warehouse = scratch.warehouse(
      """
      create table t (x, y, z);
      \(numbers) insert into t (rowid, x, y, z)
      select \(rowID), i, iif(i % 7 = 0, null, i / 4.0), iif(i % 11 < 2, null, 'täxt ' || i) from n;
      """)
    let head = try warehouse.head(of: "t", limit: 5_000)
    for batchRows in [64, 333] {
      let scan = try warehouse.gather(all("t", ["x", "y", "z"]), threads: threads, batchRows: batchRows)
      #expect(scan.texts[0] == head.rows.map { $0[0].text })
      #expect(scan.texts[1] == head.rows.map { $0[1].text })
      #expect(scan.texts[2] == head.rows.map { $0[2].text })
      #expect(scan.rowNumbersAreRowIDs && scan.rowNumbers == scan.rowNumbers.sorted())
    }
  }

  @Test(arguments: [
    "create table t (x integer primary key, y) without rowid; \(numbers) insert into t select i * 5, 'v' || i from n",
    "create table b (x, y); \(numbers) insert into b select i, 'v' || i from n; create view t as select x, y from b where x % 3 = 0",
    "create table t (rowid, x, y); \(numbers) insert into t select 'r', i, 'v' || i from n",
    "create table t (rowid, oid, _rowid_, x, y); \(numbers) insert into t select 1, 2, 3, i, 'v' || i from n",
    "create table t (x integer primary key, y); \(numbers) insert into t select i * 3, 'v' || i from n",
    // The index has all that is asked for, in another order.
    "create table t (x, y); create index i on t (y desc, x); \(numbers) insert into t select i, 'v' || i from n",
    "create table t (x, y)",
    "create table t (x, y); insert into t values (null, null)",
    "create table t (x, y); insert into t values (1, 'a')",
  ])
  func `reads any relation`(sql: String) throws {
    let warehouse = scratch.warehouse(sql)
    let one = try warehouse.gather(all("t", ["x", "y"]), threads: 1, batchRows: 100)
    let head = try warehouse.head(of: "t", limit: 5_000)
    let places = ["x", "y"].map { head.columns.firstIndex(of: $0) ?? 0 }
    if !sql.contains("index") {
      #expect(one.texts == places.map { place in head.rows.map { $0[place].text } })
    }
    #expect(one.rowNumbers == one.rowNumbers.sorted())
    for threads in [2, 5] {
      #expect(try warehouse.gather(all("t", ["x", "y"]), threads: threads, batchRows: 100) == one)
    }
  }

  @Test(arguments: ["x % 3 = 0", "y like '%9'", "x > 2990", "x < 10 or x > 2500 -- some", "0", "null"])
  func `filters by a predicate`(predicate: String) throws {
    let warehouse = scratch.warehouse(
      "create table t (x, y); create index i on t (x); \(numbers) insert into t select 3000 - i, 'v' || i from n")
    let one = try warehouse.gather(all("t", ["x", "y"], where: predicate), threads: 1, batchRows: 100)
    for threads in [2, 5] {
      #expect(try warehouse.gather(all("t", ["x", "y"], where: predicate), threads: threads, batchRows: 100) == one)
    }
  }

  /// Values by `i`, and the type that all have together.
  static let mixtures: [(String, DataType, Bool)] = [
    ("i", .int64, false),
    ("iif(i = 2999, 0.5, i)", .float64, false),
    ("iif(i = 0, 0.5, i)", .float64, false),
    ("iif(i % 2, 0.5, i)", .float64, false),
    ("iif(i = 2999, 'a', null)", .string, false),
    ("iif(i = 1500, 2.5, null)", .float64, false),
    ("iif(i > 2900, i, null)", .int64, false),
    ("null", .string, true),
    ("iif(i % 100 = 0, 9e999, null)", .string, true),
    ("iif(i % 100 = 0, -9e999, i)", .int64, false),
    ("9007199254740993 + i", .int64, false),
    ("case i % 500 when 0 then 1.5 when 1 then 7 end", .float64, false),
  ]

  @Test(arguments: mixtures)
  func `infers the type from the values of all threads`(value: String, type: DataType, isUntyped: Bool) throws {
    let warehouse = scratch.warehouse("create table t (x); \(numbers) insert into t select \(value) from n")
    let one = try warehouse.gather(all("t", ["x"]), threads: 1, batchRows: 10_000)
    #expect(one.outputs.map(\.type) == [type] && one.outputs.map(\.isUntyped) == [isUntyped])
    for threads in [1, 2, 5] {
      #expect(try warehouse.gather(all("t", ["x"]), threads: threads, batchRows: 100) == one)
    }
  }

  @Test(arguments: [
    "iif(i = 2999, 'a', i)", "iif(i = 0, 'a', i)", "iif(i = 1200, i, 'a')", "iif(i % 10 = 0, 'a', 0.5)", "iif(i > 2000, x'00', i)",
    "case i when 40 then 9007199254740993 when 2000 then 9007199254740995 when 2999 then 0.5 end",
    "case i when 40 then 0.5 when 2000 then 9007199254740995 when 2999 then 9007199254740993 end",
    "case i when 40 then 'a' when 41 then 9007199254740993 when 2999 then 0.5 end",
    "case i when 40 then 9007199254740993 when 41 then 'a' when 2999 then 0.5 end",
    "iif(i > 1000, cast(x'ff41' as text), 'a')",
  ])
  func `says the same of values that do not fit`(value: String) throws {
    let warehouse = scratch.warehouse(
      "create table t (k, x, y); \(numbers) insert into t select 'k' || i, \(value), iif(i = 5, 'late', i) from n")
    for columns in [["k", "x"], ["k", "x", "y"]] {
      let request = all("t", columns, keys: [0])
      let one = failure { try warehouse.gather(request, threads: 1, batchRows: 5_000) }
      #expect(one.hasPrefix("data(["))
      for threads in [1, 2, 5] {
        #expect(failure { try warehouse.gather(request, threads: threads, batchRows: 100) } == one)
      }
    }
  }

  @Test(arguments: ["json(x)", "abs(x)"])
  func `says the same of an expression that fails`(expression: String) throws {
    let warehouse = scratch.warehouse(
      """
      create table t (x); \(numbers) insert into t select iif(i in (1000, 2000), -9223372036854775807 - 1, '{}') from n;
      update t set x = '{' where rowid > 2998
      """)
    let outputs = [ScanOutput(.column("x"), as: .flag), ScanOutput(.expression(expression), as: .value(nil))]
    let request = ScanRequest(relation: "t", outputs: outputs, zone: .utc)
    let one = failure { try warehouse.gather(request, threads: 1, batchRows: 5_000) }
    #expect(one.hasPrefix("expression("))
    for threads in [2, 5] {
      #expect(failure { try warehouse.gather(request, threads: threads, batchRows: 100) } == one)
    }
  }

  private struct Enough: Error, Equatable {}

  @Test(arguments: [1, 2, 5])
  func `stops soon when nobody wants more`(threads: Int) throws {
    let warehouse = scratch.warehouse("create table t (x); \(numbers) insert into t select i from n")
    let taken = Mutex(0)
    do throws(ScanError<Enough>) {
      _ = try warehouse.scan(all("t", ["x"]), threads: threads, batchRows: 10) { _ throws(Enough) in
        let count = taken.withLock {
          $0 += 1
          return $0
        }
        if count >= 3 { throw Enough() }
      }
      Issue.record("nothing stopped it")
    } catch {
      guard case .stopped(Enough()) = error else {
        Issue.record("\(error)")
        return
      }
    }
    #expect(taken.withLock { $0 } < 3 + threads)
  }

  @Test func `joins whole columns from batches of all types`() throws {
    let warehouse = scratch.warehouse(
      """
      create table t (a, b boolean, c date, d timestamp, e text, f);
      with recursive n(i) as (select 0 union all select i + 1 from n where i < 74999) insert into t
      select i, iif(i % 5 < 2, i % 3 = 0, null), iif(i % 9, '2013-01-0' || (1 + i % 9), null), '2013-01-01 00:00:0' || (i % 10),
        iif(i % 3, 'é' || i, null), iif(i < 70000, null, iif(i % 2, i, i + 0.5)) from n;
      delete from t where rowid % 1001 = 0;
      """)
    let request = all("t", ["a", "b", "c", "d", "e", "f"])
    let head = try warehouse.head(of: "t", limit: 75_000).rows
    for threads in [1, 3] {
      let scan = try warehouse.scan(request, threads: threads)
      #expect(scan.rowCount == head.count)
      #expect(scan.columns.map(\.column.type) == [.int64, .boolean, .date, .timestamp, .string, .float64])
      let numbers = scan.rowNumbers.span
      var wrong = 0
      for row in stride(from: 0, to: head.count, by: 17) {
        func text(_ column: Int) -> String { scan.columns[column].column.messageText(at: row) }
        let cells = head[row].map(\.text)
        let day = cells[3].split(separator: " ")
        guard Int(numbers[row]) == (Int(cells[0]) ?? 0) + 1, text(0) == cells[0], text(2) == cells[2], text(4) == cells[4],
          text(1) == (["0": "false", "1": "true"][cells[1]] ?? "null"), text(3) == "\(day[0])T\(day[1])Z",
          text(5) == "null" && cells[5] == "null" || Double(text(5)) == Double(cells[5])
        else {
          wrong += 1
          continue
        }
      }
      #expect(wrong == 0)
    }
  }

  private func all(_ relation: String, _ columns: [String], where predicate: String? = nil, keys: [Int] = []) -> ScanRequest {
    ScanRequest(
      relation: relation, outputs: columns.map { ScanOutput(.column($0), as: .value(nil)) }, predicate: predicate, keyOutputs: keys,
      zone: .utc)
  }
}

@Suite struct `Cells of two threads` {
  enum Cell: Sendable {
    case whole(Int64)
    case real(Double)
    case text
    case null
  }

  private static let large: Int64 = 9_007_199_254_740_993

  private static let fitting: [([Cell], [Cell], DataType?)] = [
    ([.whole(1)], [.null], .int64), ([.null], [.null], nil), ([.whole(1)], [.real(0.5)], .float64),
    ([.whole(large)], [.whole(1)], .int64), ([.whole(1), .real(0.5)], [.whole(2)], .float64), ([.text], [.null, .text], .string),
    ([.real(.infinity)], [.whole(large)], .int64),
  ]

  @Test(arguments: fitting)
  func `fit into one column`(a: [Cell], b: [Cell], type: DataType?) {
    #expect(facts(a).merged(with: facts(b))?.type == type && facts(b).merged(with: facts(a))?.type == type)
    #expect(facts(a).merged(with: facts(b)) != nil)
  }

  private static let different: [([Cell], [Cell])] = [
    ([.whole(1)], [.text]), ([.real(0.5)], [.text]), ([.whole(large)], [.real(0.5)]), ([.whole(large)], [.whole(1), .real(0.5)]),
  ]

  @Test(arguments: different)
  func `do not fit into one column`(a: [Cell], b: [Cell]) {
    #expect(facts(a).merged(with: facts(b)) == nil && facts(b).merged(with: facts(a)) == nil)
    // Nor if a third thread has made it harder to see.
    let third = facts([.whole(1)])
    #expect(third.merged(with: facts(a))?.merged(with: facts(b)) == nil)
  }

  private func facts(_ cells: [Cell]) -> CellFacts {
    var reader = CellReader(.value(nil), declared: nil, zone: .utc, batchRows: 10)
    for cell in cells {
      switch cell {
      case .whole(let value): _ = reader.append(integer: value)
      case .real(let value): _ = reader.append(real: value)
      case .text: _ = reader.append(utf8: Array("x".utf8).span)
      case .null: reader.appendNull()
      }
    }
    return reader.facts
  }
}

extension HeadCell {
  fileprivate var text: String {
    switch self {
    case .null: "null"
    case .integer(let value): String(value)
    case .real(let value): String(value)
    case .text(let text): text
    case .blob(let count): "\(count)"
    }
  }
}
