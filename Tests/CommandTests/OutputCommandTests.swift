import Foundation
import TestSupport
import Testing

/// Predictions from a file to what is shown, and what was shown when.
@Suite struct `Outputs at the command line` {
  private let shown = "select id || ' ' || minutes || ' ' || model_version from eta order by id"
  private let history =
    "select id || ' ' || model_version || ' ' || valid_from || ' ' || coalesce(valid_to, '') from eta__history order by id, valid_from_us"

  @Test func `a promotion blanks nothing, and history says what was shown when`() throws {
    let project = try LoopProject()
    #expect(try project.register("1,10,low\n2,20,\n", "--model-version", "v1", "--at", "2024-01-05", "--promote").exit == 0)
    #expect(try project.register("2,21,high\n3,31,high\n", "--model-version", "v2", "--at", "2024-02-05").exit == 0)
    #expect(try project.rows(shown) == ["1 10.0 v1", "2 20.0 v1"])
    #expect(try project.gangway("promote", "eta", "v2", "--at", "2024-02-20").standardOutput == "promoted v2 of eta: 3 shown\n")
    #expect(try project.rows(shown) == ["1 10.0 v1", "2 21.0 v2", "3 31.0 v2"])
    #expect(
      try project.rows(history) == [
        "1 v1 2024-01-05T00:00:00.000000Z ", "2 v1 2024-01-05T00:00:00.000000Z 2024-02-20T00:00:00.000000Z",
        "2 v2 2024-02-20T00:00:00.000000Z ",
        "3 v2 2024-02-20T00:00:00.000000Z ",
      ])
    #expect(try project.rows("select count(*) || '' from eta__all") == ["4"])
  }

  @Test func `what is withdrawn gives way to what it took the place of`() throws {
    let project = try LoopProject()
    try project.register("1,10,\n", "--model-version", "v1", "--batch", "a", "--at", "2024-01-05", "--promote")
    try project.register("1,11,\n3,30,\n", "--model-version", "v1", "--batch", "b", "--at", "2024-01-06")
    #expect(try project.rows(shown) == ["1 11.0 v1", "3 30.0 v1"])
    #expect(try project.gangway("withdraw", "eta", "--batch", "b", "--at", "2024-01-07").exit == 0)
    #expect(try project.rows(shown) == ["1 10.0 v1"])
    #expect(
      try project.rows("select withdrawn_at || '' from eta__all where batch = 'b'") == [
        "2024-01-07T00:00:00.000000Z", "2024-01-07T00:00:00.000000Z",
      ])
    #expect(try project.gangway("withdraw", "eta", "--batch", "b").standardOutput.contains("nothing to withdraw"))
    #expect(try project.gangway("withdraw", "eta", "--batch", "c").standardError.contains("has no batch \"c\" [unknown-batch]"))
    #expect(try project.gangway("withdraw", "eta", "--batch", "a", "--at", "2024-01-01").standardError.contains("[withdrawn-before]"))
  }

  @Test func `the same batch again does nothing, another one of its name takes its place`() throws {
    let project = try LoopProject()
    try project.register("1,10,\n", "--model-version", "v1", "--batch", "today", "--promote")
    #expect(try project.register("1,10,\n", "--model-version", "v1", "--batch", "today").standardOutput.hasPrefix("there already: eta v1"))
    #expect(
      try project.register("1,12,\n", "--model-version", "v1", "--batch", "today").standardOutput.hasPrefix(
        "replaced eta v1, batch today: 1 rows, 1 shown"))
    #expect(try project.rows(shown) == ["1 12.0 v1"])
    let batches = try project.gangway("list", "batches").standardOutput
    #expect(batches.contains("replaced"), "\(batches)")
  }

  @Test func `times of one column have one format, whole seconds or not`() throws {
    let project = try LoopProject()
    try project.register("1,10,\n2,20,\n", "--model-version", "v1", "--at", "2024-01-05", "--promote")
    try project.register("2,21,\n", "--model-version", "v1", "--at", "2024-01-05T00:00:00.25Z")
    let times = "2024-01-05T00:00:00.000000Z 2024-01-05T00:00:00.250000Z"
    #expect(
      try project.rows("select group_concat(time, ' ') from (select distinct valid_from as time from eta__history order by time)") == [
        times
      ])
    #expect(try project.rows("select distinct length(refreshed_at) || '' from gangway__catalog") == ["27"])
  }

  @Test func `a batch that breaks its contract leaves everything as it was`() throws {
    let project = try LoopProject()
    try project.register("1,10,low\n", "--model-version", "v1", "--promote")
    let files = try Set(FileManager.default.subpathsOfDirectory(atPath: project.url.appending(path: ".gangway/segments").path))
    let outcome = try project.register(
      "1,-5,low\n1,3,medium\n2,,low\nx,1,low\n9,1,low\n", "--model-version", "v2", "--promote", "--errors", "errors.csv")
    #expect(outcome.exit == 1)
    for rule in ["min", "accepted", "null", "misfit", "duplicate", "unknown"] {
      #expect(outcome.standardError.contains(rule), "\(rule): \(outcome.standardError)")
    }
    #expect(try project.rows(shown) == ["1 10.0 v1"])
    #expect(try Set(FileManager.default.subpathsOfDirectory(atPath: project.url.appending(path: ".gangway/segments").path)) == files)
    #expect(try String(contentsOf: project.url.appending(path: "errors.csv"), encoding: .utf8).split(separator: "\n").count >= 7)
  }

  @Test func `what is said of a version is said once`() throws {
    let project = try LoopProject()
    try project.gangway("export", "late")
    try project.register("1,10,\n", "--model-version", "v1", "--trained-on", "late@1", "--meta", "learner=ridge")
    #expect(try project.register("2,10,\n", "--model-version", "v1", "--meta", "learner=boost").standardError.contains("[contradiction]"))
    #expect(try project.register("2,10,\n", "--model-version", "v1", "--trained-on", "late@1", "--meta", "seed=7").exit == 0)
    let shown = try project.gangway("show", "eta", "--json").standardOutput
    #expect(shown.contains("\"learner=ridge\",") && shown.contains("\"seed=7\"") && shown.contains("\"trained_on\": \"late@"), "\(shown)")
    #expect(try project.register("2,10,\n", "--model-version", "v2", "--trained-on", "late@9").standardError.contains("[unknown-version]"))
  }

  @Test func `a view over an output sees what was shown then`() throws {
    let project = try LoopProject(set: ", status_columns: false")
    try project.register("1,10,\n2,20,\n", "--model-version", "v1", "--at", "2024-01-20", "--promote")
    try project.register("2,22,\n3,33,\n", "--model-version", "v1", "--at", "2024-02-20")
    try project.gangway("withdraw", "eta", "--model-version", "v1", "--at", "2024-03-01")
    let outcome = try project.gangway("export", "asked", "--out", "x.zip")
    #expect(outcome.exit == 0, "\(outcome.standardError)")
    let data = try csvMembers(ofArchive: project.folder.file("x.zip"))["data.csv"]
    #expect(
      data
        == "at,id,shown__minutes,shown__model_version\n2024-01-10T00:00:00Z,1,,\n2024-02-10T00:00:00Z,2,20.0,v1\n2024-03-10T00:00:00Z,3,,\n"
    )
    #expect(outcome.standardError.contains("shown: predictions of v1"))
  }

  @Test func `a prediction of what its model was trained on is refused as a feature`() throws {
    let project = try LoopProject()
    try project.gangway("export", "late")
    // The newest label is known on March 12th: a prediction shown before that has seen it.
    try project.register("1,10,\n2,20,\n3,30,\n", "--model-version", "v1", "--trained-on", "late", "--at", "2024-02-01", "--promote")
    let refused = try project.gangway("export", "asked", "--out", "x.zip")
    #expect(refused.exit == 1)
    #expect(refused.standardError.contains("2 of 3 rows, the first at 2024-02-10T00:00:00Z of version \"v1\""), "\(refused.standardError)")
    #expect(refused.standardError.contains("[in-sample]"))
    try project.define(set: ", allow_in_sample: true")
    #expect(try project.gangway("export", "asked", "--out", "x.zip").exit == 0)
  }

  @Test func `a model that is fed by its own output is reported with the way`() throws {
    let project = try LoopProject()
    #expect(try project.gangway("check").exit == 0)
    try project.define(output: "model: late, \(LoopProject.columns)")
    let outcome = try project.gangway("check")
    #expect(outcome.exit == 1)
    #expect(
      outcome.standardError.contains("output eta → feature view shown → training set late → output eta [output-loop]"),
      "\(outcome.standardError)")
    try project.define()
    try project.gangway("export", "late")
    try project.register("1,10,\n", "--model-version", "v1", "--trained-on", "late")
    #expect(try project.gangway("check").standardError.contains("model version v1, not live → output eta [output-loop]"))
  }

  @Test func `old predictions are known when they were made, if so wanted`() throws {
    let project = try LoopProject(output: "predicted_at: made_at, known_time: predicted_at, \(LoopProject.columns)")
    try project.write("old.csv", "made_at,minutes,id\n2024-01-02T00:00:00Z,5,1\n2024-01-04T00:00:00Z,6,1\n")
    let outcome = try project.gangway("register", "eta", "old.csv", "--model-version", "v0", "--promote")
    #expect(outcome.exit == 0, "\(outcome.standardError)")
    #expect(
      try project.rows(history) == ["1 v0 2024-01-02T00:00:00.000000Z 2024-01-04T00:00:00.000000Z", "1 v0 2024-01-04T00:00:00.000000Z "])
  }

  @Test func `a production table takes the output's place, and history stays`() throws {
    let project = try LoopProject()
    try project.register("1,10,low\n2,20,low\n", "--model-version", "v1", "--at", "2024-01-05", "--promote")
    try project.change(
      "create table prod_eta (shipment integer, mins real, band text, other text); insert into prod_eta values (1, 99, 'high', 'x')")
    let graduated = "graduated: {relation: prod_eta, since: 2024-05-01, columns: {shipment: id, mins: minutes}}, \(LoopProject.columns)"
    try project.define(output: graduated)
    let built = try project.gangway("build", "mart_shipment")
    #expect(built.exit == 0, "\(built.standardError)")
    #expect(try project.rows(shown) == ["1 99.0 production", "2 20.0 v1"])
    #expect(try project.rows(history).first == "1 v1 2024-01-05T00:00:00.000000Z 2024-05-01T00:00:00.000000Z")
    #expect(
      try project.rows("select id || ' ' || coalesce(minutes || ' ' || model_version, '') from mart_shipment order by id") == [
        "1 99.0 production", "2 20.0 v1", "3 ",
      ])
    #expect(try project.gangway("compare", "eta").standardOutput.hasPrefix("eta: v1 (first) beside production (second)"))
    // A table that breaks the contract changes nothing.
    try project.change("update prod_eta set mins = -1")
    let refused = try project.gangway("build", "mart_shipment")
    #expect(refused.exit == 1)
    #expect(try project.rows(shown) == ["1 99.0 production", "2 20.0 v1"])
    #expect(try project.register("1,1,\n", "--model-version", "v2").standardError.contains("[graduated]"))
  }

  @Test func `a warehouse that was made anew gets everything back`() throws {
    let project = try LoopProject()
    try project.register("1,10,\n2,20,\n", "--model-version", "v1", "--at", "2024-01-05", "--promote")
    let before = try project.rows(history)
    try FileManager.default.removeItem(at: project.warehouse)
    try project.change("create table shipments (id integer, at text, known text, late real)")
    #expect(try project.gangway("publish").standardOutput.hasPrefix("published eta: 2 shown"))
    #expect(try project.rows(history) == before)
    #expect(try project.gangway("publish").standardOutput == "nothing to publish: all is there as it is in the store\n")
  }

  @Test func `a second store does not blank what another has published`() throws {
    let project = try LoopProject()
    try project.register("1,10,\n2,20,\n", "--model-version", "v1", "--promote")
    let before = try project.rows(history)
    try FileManager.default.removeItem(at: project.url.appending(path: ".gangway"))
    let built = try project.gangway("build")
    #expect(
      built.exit == 0 && built.standardError.contains("was published into this warehouse from another store"), "\(built.standardError)")
    #expect(try project.register("1,1,\n", "--model-version", "v2").standardError.contains("[other-store]"))
    try project.change("create table prod_eta (id integer, minutes real, band text); insert into prod_eta values (1, 99, null)")
    try project.define(output: "graduated: {relation: prod_eta, since: 2024-05-01}, \(LoopProject.columns)")
    #expect(try project.gangway("build").exit == 0)
    #expect(try project.rows(history) == before)
    #expect(try project.gangway("publish", "eta").exit == 0)
    #expect(try project.rows(history) == [])
    #expect(try project.gangway("build").exit == 0)
    #expect(try project.rows(shown) == ["1 99.0 production"])
  }

  @Test func `two stores do not write over each other's publications`() throws {
    let project = try LoopProject()
    let (own, aside) = (project.url.appending(path: ".gangway"), project.url.appending(path: "first"))
    try project.register("1,10,\n2,20,\n", "--model-version", "v1", "--promote")
    try FileManager.default.moveItem(at: own, to: aside)
    #expect(try project.gangway("publish", "eta").exit == 0)
    #expect(try project.register("1,11,\n", "--model-version", "v1", "--promote").exit == 0)
    try FileManager.default.removeItem(at: own)
    try FileManager.default.moveItem(at: aside, to: own)
    for words in [["publish"], ["promote", "eta", "v1", "--at", "2024-05-04"], ["withdraw", "eta", "--model-version", "v1"]] {
      let refused = try BuiltBinary.run(words, in: project.url)
      #expect(refused.exit == 1 && refused.standardError.contains("[other-store]"), "\(refused.standardError)")
    }
    #expect(try project.rows(shown) == ["1 11.0 v1"])
    #expect(try project.gangway("publish", "eta").exit == 0)
    #expect(try project.rows(shown) == ["1 10.0 v1", "2 20.0 v1"])
    #expect(try project.gangway("withdraw", "eta", "--model-version", "v1").exit == 0)
  }

  @Test func `a store whose first registration was killed takes it out of the warehouse`() throws {
    let project = try LoopProject()
    let (store, before) = (project.url.appending(path: ".gangway"), project.url.appending(path: "before"))
    #expect(try project.register("1,-10,\n", "--model-version", "v1").exit == 1)
    try FileManager.default.copyItem(at: store, to: before)
    try project.register("1,10,\n2,20,\n", "--model-version", "v1", "--promote")
    // As if it had been killed after the warehouse was written, and before the store was.
    try FileManager.default.removeItem(at: store)
    try FileManager.default.moveItem(at: before, to: store)
    let published = try project.gangway("publish")
    #expect(published.exit == 0, "\(published.standardError)")
    #expect(try project.rows(shown) == [])
  }

  @Test func `columns may come, be renamed, but not change or go`() throws {
    let project = try LoopProject()
    try project.register("1,10,low\n", "--model-version", "v1", "--promote")
    try project.define(
      output: "columns: [{name: eta_minutes, type: float64, was: minutes}, {name: band, type: string}, {name: note, type: string}]")
    #expect(try project.gangway("publish").exit == 0)
    #expect(try project.rows("select eta_minutes || ' ' || minutes || ' ' || coalesce(note, 'null') from eta") == ["10.0 10.0 null"])
    for (columns, rule) in [
      ("[{name: minutes, type: int64}, {name: band, type: string}]", "retyped-column"),
      ("[{name: minutes, type: float64}]", "dropped-column"),
      ("[{name: minutes, type: float64}, {name: band, type: string}, {name: new, type: string, not_null: true}]", "added-column"),
    ] {
      try project.define(output: "columns: \(columns)")
      let outcome = try project.gangway("publish")
      #expect(outcome.exit == 1 && outcome.standardError.contains("[\(rule)]"), "\(outcome.standardError)")
    }
  }

  @Test func `what goes wrong is wrong usage, or said with a way out`() throws {
    let project = try LoopProject()
    #expect(try project.gangway("register", "eta", "--model-version", "v1").exit == 64)
    #expect(try project.gangway("withdraw", "eta").exit == 64)
    #expect(try project.register("1,10,\n", "--model-version", "v1", "--at", "2999-01-01").standardError.contains("[look-ahead]"))
    #expect(try project.register("1,10,\n", "--model-version", "production").standardError.contains("[reserved-name]"))
    #expect(try project.gangway("promote", "eta", "v1").standardError.contains("has no model version \"v1\" [unknown-version]"))
    #expect(try project.gangway("register", "eto", "x.csv", "--model-version", "v1").standardError.contains("did you mean \"eta\"?"))
    #expect(try project.gangway("register", "eta", "nowhere.csv", "--model-version", "v1").exit == 1)
  }

  @Test func `documents are for programs`() throws {
    let project = try LoopProject()
    let registered = try project.register("1,10,low\n", "--model-version", "v1", "--batch", "b", "--promote", "--json")
    for member in ["\"schema\": \"gangway.register/1\"", "\"batch\": \"b\"", "\"is_new\": true", "\"shown\": 1"] {
      #expect(registered.standardOutput.contains(member), "\(registered.standardOutput)")
    }
    #expect(try project.gangway("list", "outputs", "--json").standardOutput.contains("\"live\": [\n"))
    #expect(try project.gangway("verify").standardOutput.contains("1 batches of outputs"))
    #expect(try project.gangway("lineage", "mart_shipment", "--json").standardOutput.contains("model-version:eta@v1"))
    #expect(try project.gangway("promote", "eta", "v1", "--json").standardOutput.contains("\"is_new\": false"))
  }
}
