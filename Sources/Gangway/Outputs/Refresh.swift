import Definitions
import Diagnostics
import Outputs
import Planning
import Snapshots
import Times

extension Workspace {
  /// Brings outputs and published views in the warehouse up to date, before something is built of them: what has graduated is read from
  /// production, views are read from their modules.
  ///
  /// - Precondition: the caller holds the writer lock.
  func refresh(_ names: Set<String>, _ store: SnapshotStore, events: @escaping @Sendable (Event) -> Void) throws {
    for output in project.outputs where names.contains(output.name.value) {
      if output.graduation != nil { try readProduction(output, store, events: events) }
    }
    let views = project.featureViews.filter { names.contains($0.name.value) }
    if !views.isEmpty {
      var planner = self.planner
      var sources = ViewSources(self, store)
      for view in views {
        let made = try materialize(try planner.plan(view), from: &sources, into: store, events: events)
        events(.note("read \(view.name.value): \(grouped(made.report.rows)) rows\(made.report.isNew ? "" : ", unchanged")"))
      }
    }
    try completePublications(store, needed: names, events: events)
  }

  /// Registers what the production table of a graduated output says, from the moment of graduation on.
  private func readProduction(_ output: ModelOutput, _ store: SnapshotStore, events: @escaping @Sendable (Event) -> Void) throws {
    guard let graduation = output.graduation else { return }
    let now = surroundings.now()
    if now < graduation.since {
      events(.note("\(output.name.value) graduates at \(timestampText(graduation.since)): it is shown as it was until then"))
      return
    }
    let record = try store.outputRecord(output.name.value)
    // It can be read as it is; that nothing is published from here is said with the others.
    if try isPublishedElsewhere(output, record) { return }
    let isFirst = record.version(ModelOutput.production) == nil
    let input = BatchInput.table(
      warehouse, relation: graduation.relation.value, columns: graduation.columns.mapValues(\.value),
      displayName: "table \(graduation.relation.value)")
    let registration = Registration(
      version: ModelOutput.production, batch: ModelOutput.production, facts: ModelVersion.Facts(), scoredFrom: nil,
      moment: Moment(effective: isFirst ? graduation.since : now, recorded: now), predictedAt: nil,
      promotes: record.live != [ModelOutput.production], isDeclared: true, errors: nil)
    let report = try graduation.locating { try register(output, [input], registration, store, events: events) }
    if report.isNew { events(.note("read \(graduation.relation.value): \(grouped(report.rows)) rows of \(output.name.value)")) }
  }
}

extension Graduation {
  /// What is wrong with the production table is said where it is named.
  fileprivate func locating<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as any DiagnosableError {
      let located = error.diagnostics.map { diagnostic in
        let isHere = diagnostic.location == nil && !error.isBusy
        return Diagnostic(
          diagnostic.severity, at: isHere ? relation.location : diagnostic.location, diagnostic.message, rule: diagnostic.rule,
          hint: diagnostic.rule != "missing-column"
            ? diagnostic.hint
            : "\(diagnostic.hint.map { "\($0); " } ?? "")say which it is under `columns:` of `graduated:`, as in `columns: {name there: name here}`"
        )
      }
      throw Diagnostics(located, isBusy: error.isBusy)
    }
  }
}
