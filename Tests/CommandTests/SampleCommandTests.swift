import Foundation
import TestSupport
import Testing

/// What `gangway sample` writes, and what it does not touch.
@Suite struct `Sample command` {
  private let folder: ScratchFolder
  private var url: URL { URL(fileURLWithPath: folder.path) }

  init() throws { folder = try ScratchFolder() }

  @Test func `writes the same rows for the same number and seed, anywhere`() throws {
    try sample("a.sqlite", shipments: 300)
    try sample("b.sqlite", shipments: 300, environment: ["TZ": "Asia/Kathmandu", "LANG": "tr_TR.UTF-8"])
    let rows = try allRows(in: "a.sqlite")
    #expect(rows == (try allRows(in: "b.sqlite")))
    #expect(rows.count > 8_000)
    // Another machine, another day: the same company.
    #expect(fingerprint(of: rows) == "1720a6d41ea87c1e")
  }

  @Test func `makes another company of another seed`() throws {
    try sample("a.sqlite", shipments: 50)
    try sample("b.sqlite", shipments: 50, seed: 8)
    #expect(try allRows(in: "a.sqlite") != allRows(in: "b.sqlite"))
  }

  @Test func `makes more shipments without changing those that were there`() throws {
    try sample("few.sqlite", shipments: 50)
    try sample("many.sqlite", shipments: 200)
    #expect(Set(try allRows(in: "few.sqlite")).isSubset(of: try allRows(in: "many.sqlite")))
  }

  @Test(arguments: Wart.all)
  func `leaves in the raw rows on purpose`(wart: Wart) throws {
    try sample("a.sqlite", shipments: 4_000)
    let found = try firstColumn(of: wart.query, in: file("a.sqlite"))
    #expect(found.count == 1 && (Int(found[0]) ?? 0) > 0, "\(wart) \(found)")
  }

  @Test func `knows nothing that was loaded after the end of the data`() throws {
    try sample("a.sqlite", shipments: 4_000)
    let newest = try firstColumn(
      of: "select max(_loaded_at) < '2025-01-01' and max(delivered_at) < '2025-01-01' from raw_shipments", in: file("a.sqlite"))
    #expect(newest == ["1"])
  }

  @Test func `replaces its own tables and keeps those that were built of them`() throws {
    try sample("a.sqlite", shipments: 50)
    try makeWarehouse("create table built (x); insert into built values (1)", at: file("a.sqlite"))
    try sample("a.sqlite", shipments: 60)
    #expect(try firstColumn(of: "select count(distinct shipment_id) from raw_shipments", in: file("a.sqlite")) == ["60"])
    #expect(try firstColumn(of: "select x from built", in: file("a.sqlite")) == ["1"])
  }

  @Test(arguments: ["create table orders (id)", "create table raw_shipments (id)", "create view mine as select 1"])
  func `refuses a file with somebody's tables, and leaves it as it is`(statement: String) throws {
    try makeWarehouse(statement, at: file("mine.sqlite"))
    let before = folder.bytes("mine.sqlite")
    let outcome = try run("sample", "freight", "mine.sqlite")
    #expect(outcome.exit == 1)
    #expect(outcome.standardOutput.isEmpty)
    #expect(outcome.standardError.contains("tables that are not of a sample"))
    #expect(outcome.standardError.contains("[not-a-sample]"))
    #expect(folder.bytes("mine.sqlite") == before)
  }

  @Test func `refuses a table of somebody's beside a sample`() throws {
    try sample("a.sqlite", shipments: 50)
    try makeWarehouse("delete from _gangway_sample where table_name = 'raw_stops'", at: file("a.sqlite"))
    let outcome = try run("sample", "freight", "a.sqlite")
    #expect(outcome.exit == 1)
    #expect(outcome.standardError.contains("\"raw_stops\""))
  }

  @Test func `refuses a file that is no database`() throws {
    try Data("some notes of mine, and nothing that SQLite could read".utf8).write(to: file("notes.txt"))
    let outcome = try run("sample", "freight", "notes.txt")
    #expect(outcome.exit == 1)
    #expect(outcome.standardError.contains("[not-sqlite]"))
  }

  @Test func `leaves nothing where it cannot write`() throws {
    let outcome = try run("sample", "freight", "no/such/folder/a.sqlite")
    #expect(outcome.exit == 1)
    #expect(outcome.standardError.contains("[sample-not-written]"))
    #expect(folder.names.isEmpty)
  }

  @Test func `waits for nobody long, and says who is to wait`() throws {
    try sample("a.sqlite", shipments: 50)
    try holdingLock(on: file("a.sqlite")) {
      let outcome = try run("sample", "freight", "a.sqlite", "--shipments", "60")
      #expect(outcome.exit == 75)
      #expect(outcome.standardError.contains("[file-busy]"))
    }
    #expect(try firstColumn(of: "select count(distinct shipment_id) from raw_shipments", in: file("a.sqlite")) == ["50"])
  }

  @Test(arguments: [("0", Int32(1)), ("-5", 1), ("many", 64)])
  func `refuses a number that is none`(number: String, exit: Int32) throws {
    #expect(try run("sample", "freight", "a.sqlite", "--shipments=\(number)").exit == exit)
    #expect(folder.names.isEmpty)
  }

  private func file(_ name: String) -> URL { url.appending(path: name) }

  private func run(_ words: String..., environment: [String: String] = [:]) throws -> BuiltBinary.Outcome {
    try BuiltBinary.run(words, in: url, environment: environment)
  }

  private func sample(_ name: String, shipments: Int, seed: Int = 7, environment: [String: String] = [:]) throws {
    let outcome = try run(
      "sample", "freight", name, "--shipments", "\(shipments)", "--seed", "\(seed)", environment: environment)
    try #require(outcome.exit == 0, "\(outcome.standardError)")
  }

  private func allRows(in name: String) throws -> [String] { try rawRows(in: file(name)) }
}

/// What raw data is like.
struct Wart: CustomTestStringConvertible, Sendable {
  let testDescription: String
  /// One number, more than 0 where it is there.
  let query: String

  static let all = [
    Wart(
      testDescription: "corrections", query: "select count(*) - count(distinct shipment_id) from (select distinct * from raw_shipments)"),
    Wart(testDescription: "cancellations", query: "select sum(_deleted) from raw_shipments"),
    Wart(testDescription: "stops taken back", query: "select sum(_deleted) from raw_stops"),
    Wart(testDescription: "voided invoices", query: "select sum(_deleted) from raw_invoices"),
    Wart(
      testDescription: "exact duplicates",
      query: "select (select count(*) from raw_stops) - (select count(*) from (select distinct * from raw_stops))"),
    Wart(testDescription: "weights that are missing", query: "select sum(weight_kg is null) from raw_shipments"),
    Wart(testDescription: "empty texts", query: "select sum(customer = '') from raw_shipments"),
    Wart(
      testDescription: "shipments on their way when the data ends",
      query: "select sum(delivered_at is null and status = 'booked') from raw_shipments"),
    Wart(testDescription: "claims not decided yet", query: "select sum(claim is null and delivered_at is not null) from raw_shipments"),
    Wart(testDescription: "invoices not settled yet", query: "select sum(settled_eur is null) from raw_invoices"),
    Wart(
      testDescription: "invoices that come months later",
      query:
        "select count(*) from raw_invoices join raw_shipments using (shipment_id) where julianday(billed_on) - julianday(delivered_at) > 60"
    ),
    Wart(
      testDescription: "stops loaded days later",
      query: "select sum(julianday(_loaded_at) - julianday(arrived_local) > 3) from raw_stops where _deleted = 0"),
    Wart(
      testDescription: "an hour that comes twice",
      query: """
        select sum(arrived_local between '2023-10-29 02:00' and '2023-10-29 02:59' or arrived_local between '2024-10-27 02:00' and '2024-10-27 02:59')
        from raw_stops
        """),
    Wart(testDescription: "names beyond ASCII", query: "select sum(length(name) < length(cast(name as blob))) from raw_carriers"),
    Wart(testDescription: "seconds since 1970", query: "select sum(typeof(quoted_at) = 'integer') from raw_quotes"),
  ]
}
