import Foundation

extension Workload {
  /// Writes `warehouse.sqlite`, the two projects and `columns.json`, unless they are there.
  ///
  /// - Parameter parent: the folder of all workloads.
  /// - Returns: the workload's own folder.
  func write(below parent: URL) throws -> URL {
    let folder = parent.appending(path: folderName)
    let warehouse = folder.appending(path: "warehouse.sqlite")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // Small and written anew, so that they are always those of this version of the benchmark.
    for project in ["cold", "warm"] {
      for (path, text) in projectFiles(warehouse: "../warehouse.sqlite") {
        try write(text, to: folder.appending(path: project).appending(path: path))
      }
    }
    if kind == .freight {
      for (path, text) in appendingProjectFiles { try write(text, to: folder.appending(path: "append").appending(path: path)) }
    }
    try write(columnsDocument, to: folder.appending(path: "columns.json"))
    if FileManager.default.fileExists(atPath: warehouse.path) { return folder }
    let aside = folder.appending(path: "warehouse.sqlite.part")
    try? FileManager.default.removeItem(at: aside)
    try fill(NewDatabase(path: aside.path))
    try FileManager.default.moveItem(at: aside, to: warehouse)
    return folder
  }

  private func write(_ text: String, to file: URL) throws {
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
  }

  /// Writes the accounting table alone into the warehouse of `append`: the rows known by a moment that leaves a hundredth out, then the
  /// rest, each in the order in which they became known.
  ///
  /// - Parameter newest: false: the first, into a new file; true: the rest.
  func writeAppended(below folder: URL, newest: Bool) throws {
    let project = folder.appending(path: "append")
    let file = project.appending(path: "warehouse.sqlite")
    if !newest { try? FileManager.default.removeItem(at: file) }
    let database = try NewDatabase(path: file.path)
    let whole = folder.appending(path: "warehouse.sqlite").path.replacing("'", with: "''")
    try database.run("attach '\(whole)' as whole")
    if !newest {
      let columns = tables[0].columns.map { "\($0.name) \($0.type)" }.joined(separator: ", ")
      try database.run("create table accounting (\(columns))")
    }
    let moment = "(select event_time from whole.accounting where rowid = \(tables[0].rows - tables[0].rows / 100))"
    try database.run(
      "insert into accounting select * from whole.accounting where available_at \(newest ? ">" : "<=") \(moment) order by available_at, rowid"
    )
  }

  /// Adds to a copy of `append` the index that tells which rows are new.
  func indexAppended(in project: URL) throws {
    try NewDatabase(path: project.appending(path: "warehouse.sqlite").path).run(
      "create index accounting_known on accounting (available_at)")
  }

  private func fill(_ database: NewDatabase) throws {
    try database.run("begin")
    for (index, table) in tables.enumerated() {
      let writer = try database.table(table.name, table.columns)
      var rows = EventRows(table, entities: entities, seed: seed, stream: index + 1)
      var row = EventRow(numbers: Array(repeating: nil, count: table.numbers))
      while rows.next(into: &row) { try insert(row, with: writer) }
    }
    let writer = try database.table(
      "spine", [("shipment_id", "integer"), ("carrier_id", "integer"), ("event_time", "integer"), ("label", "integer")])
    var rows = SpineRows(count: spineRows, entities: entities, seed: seed)
    while let row = rows.next() {
      for value in [row.shipment, row.carrier, row.eventTime, row.label] { writer.bind(value) }
      try writer.endRow()
    }
    try database.run("commit")
  }

  private func insert(_ row: EventRow, with writer: TableWriter) throws {
    writer.bind(row.carrier)
    writer.bind(row.eventTime)
    writer.bind(row.availableAt)
    for number in row.numbers { writer.bind(number) }
    if let lane = row.lane { writer.bind(lanes[lane]) }
    try writer.endRow()
  }
}
