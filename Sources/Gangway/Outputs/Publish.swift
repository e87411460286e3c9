import Columns
import Definitions
import Diagnostics
import Outputs
import Planning
import Snapshots
import Times
import Warehouses

/// What is in the warehouse of an output, or of a published view.
public struct PublishReport: Sendable {
  public let name: String
  /// Entities of which something is shown.
  public let shown: Int
  /// False: it was there already as it is.
  public let isNew: Bool
  public let seconds: Double
}

extension Workspace {
  /// Puts outputs and published views into the warehouse, where they are not there as they are in the store.
  ///
  /// - Parameters:
  ///   - names: outputs and views; none: all.
  ///   - report: called after each.
  public func publish(
    _ names: [String] = [], events: @escaping @Sendable (Event) -> Void = { _ in }, report: (PublishReport) -> Void = { _ in }
  ) throws(GangwayError) {
    try GangwayError.catching {
      let wanted = try names.map { try publishable($0) }
      let store = try store()
      let lock = try store.lock(.writer, for: "publish")
      defer { withExtendedLifetime(lock) {} }
      let names = wanted.isEmpty ? publishableNames : wanted
      if names.isEmpty { return }
      try publish(Set(names), try publishedStates(), isAsked: !wanted.isEmpty, store, events: events, report: report)
    }
  }

  /// Puts into the warehouse what a command that was killed left undone, and what a warehouse made anew does not have.
  ///
  /// - Parameter needed: what the command cannot do without. What stands in the way of others is said, and stops nothing.
  /// - Precondition: the caller holds the writer lock.
  func completePublications(
    _ store: SnapshotStore, needed: Set<String> = [], events: @escaping @Sendable (Event) -> Void
  ) throws {
    let names = publishableNames
    if names.isEmpty { return }
    var states: [String: String] = [:]
    do throws(Diagnostics) { states = try publishedStates() } catch {
      if !needed.isEmpty { throw error }
      for problem in GangwayError(error).problems { events(.note("nothing is published: \(problem.message)")) }
      return
    }
    for name in names {
      do {
        try publish([name], states, isAsked: false, isRead: needed.contains(name), store, events: events) { report in
          if report.isNew { events(.note("published \(report.name): \(grouped(report.shown)) shown")) }
        }
      } catch {
        let problems = GangwayError(error)
        // What another store has published can be read as it is.
        let isElsewhere = problems.problems.contains { $0.rule == "other-store" }
        if needed.contains(name) && !isElsewhere || problems.isInterrupted { throw error }
        for problem in problems.problems { events(.note("\(name) is not published: \(problem.message)")) }
      }
    }
  }

  private var publishableNames: [String] { project.outputs.map(\.name.value) + project.published.map(\.value) }

  private func publishedStates() throws(Diagnostics) -> [String: String] {
    try inWarehouse { () throws(WarehouseError) in try warehouse.publishedStates() }
  }

  private func publishable(_ name: String) throws -> String {
    let names = project.outputs.map(\.name) + project.published
    if names.contains(where: { $0.value == name }) { return name }
    if let view = project.featureView(name) {
      throw Diagnostics([
        Diagnostic(
          at: view.name.location, "feature view \"\(name)\" is not published", rule: "not-published", hint: "add `publish: true` to it")
      ])
    }
    return try find(name, "output", in: names) { $0.value }.value
  }

  /// - Parameters:
  ///   - names: outputs and views.
  ///   - states: of what each publication that is there was made.
  ///   - isAsked: what is there as it is in the store is told too; a view is read if there is no snapshot yet.
  ///   - isRead: something is about to be built of them. As when they are asked for, views are made anew, since time goes on.
  /// - Precondition: the caller holds the writer lock.
  private func publish(
    _ names: Set<String>, _ states: [String: String], isAsked: Bool, isRead: Bool = false, _ store: SnapshotStore,
    events: @escaping @Sendable (Event) -> Void, report: (PublishReport) -> Void
  ) throws {
    let outputs = project.outputs.filter { names.contains($0.name.value) }
    let views = project.published.filter { names.contains($0.value) }.compactMap { project.featureView($0.value) }
    for view in views {
      try publish(view, states[view.name.value], isAsked: isAsked, isRead: isRead, store, events: events, report: report)
    }
    for (done, output) in outputs.enumerated() {
      let name = output.name.value
      events(.progress(work: "publish \(name)", done: done, total: outputs.count))
      let clock = ContinuousClock()
      let start = clock.now
      let record = try store.outputRecord(name)
      let isThere = states[name] == output.publishedState(record)
      if !isAsked, Self.isPublishedElsewhere(output, record, states) { throw Diagnostics([.publishedElsewhere(output)]) }
      if isThere, !isAsked { continue }
      let rows = try OutputRows(output, record, tables: try tables(of: record, store))
      let shown = isThere ? OutputTables(rows).shownCount : try publish(rows)
      report(PublishReport(name: name, shown: shown, isNew: !isThere, seconds: (clock.now - start) / .seconds(1)))
    }
  }

  /// Whether another store has put an output into the warehouse, which this one does not replace unless it is asked to.
  func isPublishedElsewhere(_ output: ModelOutput, _ record: OutputRecord) throws(Diagnostics) -> Bool {
    Self.isPublishedElsewhere(output, record, try publishedStates())
  }

  private static func isPublishedElsewhere(_ output: ModelOutput, _ record: OutputRecord, _ states: [String: String]) -> Bool {
    guard let owner = states[output.name.value]?.prefix(while: { $0 != " " }) else { return false }
    return !owner.isEmpty && owner != record.store
  }

  /// - Throws: another store has published it.
  func checkOwnPublication(of output: ModelOutput, _ record: OutputRecord) throws(Diagnostics) {
    if try isPublishedElsewhere(output, record) { throw Diagnostics([.publishedElsewhere(output)]) }
  }

  /// Replaces an output's relations.
  ///
  /// - Returns: of how many entities something is shown.
  @discardableResult
  func publish(_ rows: OutputRows) throws(Diagnostics) -> Int {
    var tables = OutputTables(rows)
    let publication = tables.publication(refreshedAt: surroundings.now())
    try publish(
      publication, of: "output \"\(rows.output.name.value)\"", at: rows.output.name.location
    ) { table throws(Diagnostics) in tables.step(table) }
    return tables.shownCount
  }

  /// - Parameter rows: of each table by its place, asked for until there are no more.
  func publish(
    _ publication: Publication, of subject: String, at location: SourceLocation, rows: (Int) throws(Diagnostics) -> TableRows?
  ) throws(Diagnostics) {
    do throws(ScanError<Diagnostics>) {
      try warehouse.publish(publication) { table throws(Diagnostics) in
        try checkInterruption()
        return try rows(table)
      }
    } catch {
      switch error {
      case .stopped(let diagnostics): throw diagnostics
      case .warehouse(let error): throw Diagnostics(error, at: location, of: subject)
      }
    }
  }

  /// Does something to an output in the store and in the warehouse: in both, or in neither.
  ///
  /// The warehouse comes first, since others may hold it. Where the store then cannot be written, what was there before is published again.
  ///
  /// - Parameters:
  ///   - before: the output's record as it is.
  ///   - tables: of all batches, those that are to come too.
  ///   - change: writes to the store, once what it is given was published.
  /// - Returns: of how many entities something is shown.
  func publishing(
    _ output: ModelOutput, _ before: OutputRecord, tables: [String: Table],
    _ change: ((OutputRecord) throws -> Void) throws(Diagnostics) -> Void
  ) throws(Diagnostics) -> Int {
    var shown: Int?
    do throws(Diagnostics) {
      try change { record in shown = try publish(try OutputRows(output, record, tables: tables)) }
    } catch {
      // If this fails too, the next command does it.
      if shown != nil { _ = try? publish(try OutputRows(output, before, tables: tables)) }
      throw error
    }
    return shown ?? 0
  }

  /// What batches hold, by segment.
  ///
  /// - Precondition: the caller holds a lock as long as it is in use.
  func tables(of record: OutputRecord, _ store: SnapshotStore) throws(StoreError) -> [String: Table] {
    var tables: [String: Table] = [:]
    for batch in record.batches where tables[batch.segment] == nil { tables[batch.segment] = try store.table(of: batch) }
    return tables
  }

  func inWarehouse<Result>(_ body: () throws(WarehouseError) -> Result) throws(Diagnostics) -> Result {
    do throws(WarehouseError) { return try body() } catch { throw Diagnostics(error, at: project.settings.warehouse.location) }
  }
}

extension Diagnostic {
  static func publishedElsewhere(_ output: ModelOutput) -> Diagnostic {
    Diagnostic(
      at: output.name.location,
      "output \"\(output.name.value)\" was published into this warehouse from another store", rule: "other-store",
      hint: "work with that store's folder, or let this one's take its place with `gangway publish \(output.name.value)`")
  }
}
