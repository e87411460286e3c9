import Definitions
package import Diagnostics
package import Warehouses

/// A module that has just been built.
package struct BuiltModule: Sendable, Hashable {
  package let name: String
  package let kind: Relation.Kind
  package let rowCount: Int
  package let time: Duration
  /// What is odd about it, in words.
  package var remarks: [String] = []
}

/// What stopped a run. What was built before stays built.
package struct BuildFailure: DiagnosableError {
  /// The error, and a warning that lists what was left.
  package let diagnostics: [Diagnostic]
  package let isBusy: Bool
  /// Absent if the run stopped before its first module.
  package let module: String?
  package let notBuilt: [String]
}

extension BuildPlan {
  /// Builds one module after the other, until all are built or one fails.
  ///
  /// - Parameters:
  ///   - time: microseconds since the Unix epoch, for readers of the warehouse.
  ///   - now: a clock that only goes forward; its zero does not matter.
  ///   - prepare: is given what is published and read by the next module, to publish it.
  ///   - report: called after each module.
  package func run(
    in warehouse: any Warehouse, at time: Int64, now: () -> Duration, prepare: ([OutsideRelation]) throws(Diagnostics) -> Void = { _ in },
    report: (BuiltModule) -> Void
  ) throws(BuildFailure) {
    try requireOutsideRelations(in: warehouse)
    for (index, step) in steps.enumerated() {
      do throws(StepFailure) {
        let published = step.rendered.outside.filter(\.isPublished)
        do throws(Diagnostics) { try prepare(published) } catch { throw StepFailure(diagnostics: error.diagnostics, isBusy: error.isBusy) }
        for needed in published where try step.relation(needed.relation, in: warehouse) == nil {
          throw StepFailure(diagnostics: [needed.missing(from: step.rendered.subject, in: warehouse.displayName, near: nil)], isBusy: false)
        }
        let start = now()
        let built = try step.run(in: warehouse, at: time)
        report(
          BuiltModule(
            name: step.name, kind: built.relation.kind, rowCount: built.rowCount, time: now() - start,
            remarks: step.rendered.remarks(on: built)))
      } catch {
        throw BuildFailure(error, at: step, notBuilt: steps[(index + 1)...].map(\.name))
      }
    }
  }

  /// Sees that everything is there that is not built here, before the first module is touched.
  private func requireOutsideRelations(in warehouse: any Warehouse) throws(BuildFailure) {
    let missing: [Diagnostic]
    do throws(WarehouseError) {
      missing = try missingOutsideRelations(in: warehouse)
    } catch {
      throw BuildFailure(beforeFirst: diagnostics(for: error, at: nil), isBusy: error.isBusy, of: self)
    }
    guard missing.isEmpty else { throw BuildFailure(beforeFirst: missing.inFileOrder, isBusy: false, of: self) }
  }

  private func missingOutsideRelations(in warehouse: any Warehouse) throws(WarehouseError) -> [Diagnostic] {
    var missing: [Diagnostic] = []
    for step in steps {
      for needed in step.rendered.outside.filter({ !$0.isPublished }) where try warehouse.relation(needed.relation) == nil {
        let near = nearestName(to: needed.relation, among: try warehouse.relationNames())
        missing.append(needed.missing(from: step.rendered.subject, in: warehouse.displayName, near: near))
      }
    }
    return missing
  }
}

extension OutsideRelation {
  /// Whether the store puts it into the warehouse.
  package var isPublished: Bool { kind == .output || kind == .view }

  func missing(from reader: String, in warehouse: String, near: String?) -> Diagnostic {
    let what =
      switch kind {
      case .source: "source \"\(name)\""
      case .module: "relation \"\(relation)\" of module \"\(name)\""
      case .output: "relation \"\(relation)\" of output \"\(name)\""
      case .view: "relation \"\(relation)\" of feature view \"\(name)\""
      }
    let hint =
      switch kind {
      case .output, .view: "run `gangway publish \(name)` first: it has not been published"
      case .source, .module: near.map { "did you mean \"\($0)\"?" } ?? "load it first, then build again"
      }
    return Diagnostic(
      at: location, "\(reader) reads \(what), which the warehouse \(warehouse) does not have", rule: "missing-relation", hint: hint)
  }
}

extension BuildFailure {
  fileprivate init(beforeFirst diagnostics: [Diagnostic], isBusy: Bool, of plan: BuildPlan) {
    self.init(diagnostics: diagnostics, isBusy: isBusy, module: nil, notBuilt: plan.steps.map(\.name))
  }

  fileprivate init(_ failure: StepFailure, at step: BuildPlan.Step, notBuilt: [String]) {
    let left = Diagnostic(
      .warning, at: nil, "not built, because \(step.rendered.subject) failed: \(notBuilt.joined(separator: ", "))", rule: "not-built")
    self.init(
      diagnostics: failure.diagnostics + (notBuilt.isEmpty ? [] : [left]), isBusy: failure.isBusy, module: step.name, notBuilt: notBuilt)
  }
}
