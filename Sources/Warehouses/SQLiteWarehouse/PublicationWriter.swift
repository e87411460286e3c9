internal import Columns
internal import Warehouses

/// Replaces the tables of a publication, inside the caller's write transaction.
struct PublicationWriter {
  let publication: Publication
  let connection: Connection

  /// - Parameter rows: of each table by its place, asked for until there are no more.
  func run<Stop: Error>(_ rows: (Int) throws(Stop) -> TableRows?) throws(ScanError<Stop>) {
    func inWarehouse<Result>(_ body: () throws(WarehouseError) -> Result) throws(ScanError<Stop>) -> Result {
      do throws(WarehouseError) { return try body() } catch { throw .warehouse(error) }
    }
    for (place, table) in publication.tables.enumerated() {
      let insert = try inWarehouse { () throws(WarehouseError) in
        try Marks(connection).replace(table.name)
        return try create(table)
      }
      let writer = RowWriter(insert, connection)
      while true {
        let batch: TableRows?
        do throws(Stop) { batch = try rows(place) } catch { throw .stopped(error) }
        guard let batch else { break }
        try inWarehouse { () throws(WarehouseError) in try writer.write(batch) }
      }
      try inWarehouse { () throws(WarehouseError) in
        // After the rows: an index is made faster of what is there.
        if !table.index.isEmpty {
          let columns = table.index.map { quoted($0) }.joined(separator: ", ")
          try connection.run("create index \(quoted("\(table.name)__key")) on \(quoted(table.name)) (\(columns))")
        }
        try WarehouseCatalog(connection).note(table.entry, at: publication.refreshedAt)
      }
    }
    try inWarehouse { () throws(WarehouseError) in try PublishedStates(connection).note(publication.name, publication.state) }
  }

  private func create(_ table: Publication.Table) throws(WarehouseError) -> Statement {
    let columns = table.entry.columns.map { "\(quoted($0.name)) \($0.type?.publishedName ?? "")" }
    try connection.run("create table \(quoted(table.name)) (\(columns.joined(separator: ", ")))")
    let places = Array(repeating: "?", count: columns.count).joined(separator: ", ")
    return try connection.prepare("insert into \(quoted(table.name)) values (\(places))")
  }
}
