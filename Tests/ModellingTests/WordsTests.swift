import Columns
import Diagnostics
import Testing
import Times
import Warehouses

@Suite struct `Words for a warehouse's errors` {
  private func problem(
    _ kind: DataProblem.Kind, value: String = "v", key: [String] = [], rowID: Bool = false, more: Int = 0
  ) -> WarehouseError {
    .data([
      DataProblem(
        kind: kind, relation: "events", column: "at", output: 0, row: 2, rowIsRowID: rowID, key: key, value: value, more: more)
    ])
  }

  @Test(arguments: [
    (TimeProblem.unreadable, "cannot be read as a time", "2024-01-31T05:00:00Z"), (.needsUnit, "without a unit", "unit: s"),
    (.dateNeedsPeriod, "needs a period", "period: day"), (.dateNeedsHour, "needs an hour", "at:"),
    (.repeated(zone: "America/New_York"), "America/New_York show \"v\" twice", "ambiguous: earliest"),
    (.skipped(zone: "America/New_York"), "America/New_York skip \"v\"", "ambiguous: earliest"), (.outOfRange, "years 1 to 9999", "unit:"),
  ])
  func `every trouble with a time says how to mend it`(kind: TimeProblem, words: String, hint: String) {
    let found = diagnostics(for: problem(.time(kind)), at: nil)
    #expect(found.count == 1)
    #expect(found[0].message.hasPrefix("relation \"events\", row 2, column \"at\": "))
    #expect(found[0].message.contains(words))
    #expect(found[0].hint?.contains(hint) == true)
  }

  @Test(arguments: [
    (DataProblem.Kind.misfit(found: "text", wanted: .int64), "value-misfit"), (.notUTF8, "not-utf8"), (.blob, "blob-value"),
    (.inexactInteger, "inexact-integer"), (.tooMuchText, "too-much-text"),
  ])
  func `a value's problem names row, key and column, and how many more there are`(kind: DataProblem.Kind, rule: String) {
    let found = diagnostics(for: problem(kind, key: ["EV", "1"], rowID: true, more: 1), at: nil, of: "module \"m\"")
    #expect(found[0].message.hasPrefix("module \"m\", rowid 2, key (EV, 1), column \"at\": "))
    #expect(found[0].message.hasSuffix("; 1 more value does not fit"))
    #expect(found[0].rule == rule)
  }

  @Test func `a long value with line ends stays on one short line`() {
    let found = diagnostics(for: problem(.notUTF8, value: String(repeating: "ab\n", count: 100)), at: nil)
    #expect(!found[0].message.contains("\n"))
    #expect(found[0].message.count < 200)
  }

  @Test(arguments: [
    (WarehouseError.unavailable(warehouse: "w.sqlite", reason: "no such file"), "warehouse-unavailable", false),
    (.corrupt(warehouse: "w.sqlite", reason: "file is not a database"), "warehouse-corrupt", false),
    (.busy(warehouse: "w.sqlite"), "warehouse-busy", true), (.io(warehouse: "w.sqlite", reason: "disk full"), "warehouse-io", false),
  ])
  func `trouble with the warehouse as a whole names it, and only a lock is worth another try`(
    error: WarehouseError, rule: String, isBusy: Bool
  ) {
    #expect(error.diagnostics.map(\.rule) == [rule])
    #expect(error.diagnostics[0].message.contains("w.sqlite"))
    #expect(error.isBusy == isBusy)
  }

  @Test(arguments: [
    (
      WarehouseError.missingRelation("shipmnts", warehouse: "w.sqlite"), #"relation "shipmnts" is not in the warehouse w.sqlite"#,
      "did you mean \"shipments\"?"
    ),
    (.missingColumn("shipmnts", relation: "r"), #"relation "r" has no column "shipmnts""#, "did you mean \"shipments\"?"),
    (.missingColumn("zebra", relation: "r"), #"relation "r" has no column "zebra""#, "it has: shipments"),
    (
      .expression(text: "late >", relation: "r", reason: "incomplete input"),
      #"expression "late >" over relation "r" cannot be used: incomplete input"#,
      "write SQL as the warehouse understands it, over the columns of one row"
    ),
  ])
  func `a missing name gets the nearest that is there`(error: WarehouseError, message: String, hint: String) {
    let found = diagnostics(for: error, at: nil, candidates: ["shipments"])
    #expect(found.map(\.message) == [message])
    #expect(found.map(\.hint) == [hint])
  }
}
