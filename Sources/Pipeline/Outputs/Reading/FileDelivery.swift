internal import Archives
internal import CSVReading
internal import Diagnostics

/// Reads one file: its own rows, or those of each member that is a table.
struct FileDelivery {
  /// What a table of text has at most, so that a file of anything else is found out before it fills the memory.
  private static let limits = {
    var limits = CSVReader.Limits()
    limits.rowBytes = 256 << 20
    limits.cells = 10_000
    limits.allowsNUL = false
    return limits
  }()

  private let contract: Contract
  private let misfitLimit: Int
  private let name: String
  private let emit: (Delivery) -> Bool

  init(_ deliveries: Deliveries, _ name: String, _ emit: @escaping (Delivery) -> Bool) {
    contract = deliveries.contract
    misfitLimit = deliveries.misfitLimit
    self.name = name
    self.emit = emit
  }

  /// - Returns: whether more is wanted.
  func run(_ path: String, _ columns: inout AgreedColumns) -> Bool {
    do throws(ArchiveError) {
      let file = try PackedFile(path)
      var count = 0
      while let content = try file.next(where: { $0.lowercased().hasSuffix(".csv") }) {
        count += 1
        let name = if case .member(let member) = content { "\(self.name): \(member)" } else { self.name }
        if !read(file, name, &columns) { return false }
      }
      if count > 0 { return true }
      let error = CSVError(.noHeader, file: name)
      return file.isArchive
        ? emit(
          .mistake(
            Violation(file: name, rule: "bad-csv", message: "archive \"\(name)\" has no member that ends in .csv"),
            hint: "pack the tables of text as CSV"))
        : mistake(error)
    } catch {
      let violation = Violation(file: name, rule: "bad-csv", message: "file \"\(name)\" cannot be read: \(error.reason)")
      return emit(.mistake(violation, hint: "correct the path, or make the file again"))
    }
  }

  private func read(_ file: PackedFile, _ name: String, _ columns: inout AgreedColumns) -> Bool {
    do throws(CSVError) {
      var reader = try CSVReader(PackedSource(file), file: name, limits: Self.limits)
      guard try reader.advance() else { throw CSVError(.noHeader, file: name) }
      let cells = reader.cells
      var names: [String] = []
      for cell in cells.indices { names.append(reader.string(cell)) }
      let header = Header(names, contract)
      for mistake in header.mistakes + columns.compare(header, of: name) {
        let cell = mistake.place.map { cells[$0] }
        let violation = Violation(
          file: name, line: cell?.line ?? 1, character: cell?.character, column: mistake.column, rule: mistake.rule,
          message: mistake.message)
        if !emit(.mistake(violation, hint: mistake.hint)) { return false }
      }
      return try readRows(&reader, header, columnCount: names.count)
    } catch {
      return mistake(error)
    }
  }

  private func readRows(_ reader: inout CSVReader, _ header: Header, columnCount: Int) throws(CSVError) -> Bool {
    var builder = ChunkBuilder(file: reader.file, places: header.places, contract, misfitLimit: misfitLimit)
    do throws(CSVError) {
      while try reader.advance() {
        if let error = reader.raggedness(columns: columnCount) { throw error }
        builder.append(reader)
        if builder.isFull, !emit(.chunk(builder.finish())) { return false }
      }
    } catch {
      // What was wrong before is told too.
      return emit(.chunk(builder.finish())) && mistake(error)
    }
    return emit(.chunk(builder.finish()))
  }

  private func mistake(_ error: CSVError) -> Bool {
    for diagnostic in error.diagnostics {
      let violation = Violation(
        file: error.file, line: error.line, character: error.character, column: nil, rule: diagnostic.rule, message: diagnostic.message)
      if !emit(.mistake(violation, hint: diagnostic.hint)) { return false }
    }
    return true
  }
}
