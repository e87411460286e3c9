import Columns
import Diagnostics
import Outputs
import SQLiteWarehouse
import Testing
import Times

@Suite struct `Entities that are known` {
  private func batch(_ limits: String, type: String = "int64", _ sql: String) throws -> Batch {
    let batch = try Batch("[{name: x, type: int64}]", key: "[{name: id, type: \(type)}]", limits)
    let warehouse = warehouse(sql, in: batch.folder)
    batch.known = try KnownEntities(
      scanning: warehouse, relation: "shipments", key: [Field("id", type == "int64" ? .int64 : .string)], zone: .utc, threads: 2,
      name: "module \"shipments\"")
    return batch
  }

  private static let numbers = """
    create table shipments (id integer);
    with recursive n(i) as (select 0 union all select i + 1 from n where i < 9999) insert into shipments select i from n;
    insert into shipments values (5), (null);
    """

  private func text(known: Int, unknown: Int) -> String {
    "id,x\n" + (0..<known).map { "\($0),1\n" }.joined() + (0..<unknown).map { "\(20_000 + $0),1\n" }.joined()
  }

  @Test func `are counted once`() throws {
    #expect(try batch("", Self.numbers).known?.count == 10_000)
  }

  @Test(arguments: [
    ("unknown_entities: {error: 1%}", 990, 10, "warned"), ("unknown_entities: {error: 1%}", 990, 11, "refused"),
    ("", 990, 10, "warned"), ("", 990, 11, "refused"), ("", 1_000, 0, "taken"), ("unknown_entities: {error: 12}", 5, 12, "warned"),
    ("unknown_entities: {error: 12}", 5, 13, "refused"), ("unknown_entities: {warn: 2, error: 12}", 5, 2, "taken"),
    ("unknown_entities: {warn: 50%, error: 100%}", 5, 5, "taken"), ("unknown_entities: {warn: 50%, error: 100%}", 5, 6, "warned"),
    ("unknown_entities: {error: 0}", 5, 1, "refused"), ("unknown_entities: {error: 29%}", 71, 29, "warned"),
  ])
  func `may lack as many as the limits say`(limits: String, known: Int, unknown: Int, outcome: String) throws {
    let batch = try batch(limits, Self.numbers)
    let input = try batch.write(text(known: known, unknown: unknown))
    if outcome == "refused" {
      let report = try #require(try batch.report([input]))
      #expect(report.groups.map(\.rule) == ["unknown-entity", "unknown-entities"] && report.groups[0].count == unknown)
      #expect(report.groups[0].examples[0].message == "id=20000 is not in module \"shipments\"")
      #expect(report.groups[0].examples[0].line == known + 2)
      return
    }
    let taken = try batch.read([input])
    #expect(taken.warnings.count == (outcome == "warned" ? 1 : 0))
    #expect(taken.summary.rows == known + unknown)
    if outcome == "warned" {
      #expect(
        taken.warnings[0].message.hasPrefix(
          "\(unknown) of \(known + unknown) rows are about entities that are not in module \"shipments\": id=20000; id=20001; id=20002"))
    }
  }

  @Test func `are told with the limit`() throws {
    let batch = try batch("unknown_entities: {error: 2.5%}", Self.numbers)
    #expect(
      try batch.mistakes(text(known: 1, unknown: 1)) == [
        "p.csv:3: id=20000 is not in module \"shipments\" [unknown-entity]",
        "1 of 2 rows is about entities that are not in module \"shipments\", and at most 2.5% may be [unknown-entities]",
      ])
  }

  @Test func `are known by type and bytes`() throws {
    let batch = try batch(
      "unknown_entities: {error: 0}", type: "string", "create table shipments (id text); insert into shipments values ('007'), (''), ('é');"
    )
    #expect(try batch.read("id,x\n007,1\n\"\",1\né,1\n").summary.rows == 3)
    #expect(try batch.report([batch.write("id,x\n7,1\n0070,1\n07,1\ne\u{301},1\n")])?.groups[0].count == 4)
  }

  @Test func `must have keys of the declared types`() throws {
    #expect(throws: Diagnostics.self) { try batch("", type: "string", Self.numbers) }
    #expect(throws: Diagnostics.self) { try batch("", "create table other (id integer)") }
  }
}
