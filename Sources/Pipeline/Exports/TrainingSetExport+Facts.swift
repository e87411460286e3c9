import Archives
import Columns
import Definitions
import Diagnostics
import Engine
import Planning
import Times
import TrainingSets

extension TrainingSetExport {
  /// - Parameter members: of the parts, in their order.
  func facts(_ members: [ArchiveMember]) -> ArchiveFacts {
    let set = plan.set
    return ArchiveFacts(
      name: set.name.value, description: set.about.description, owner: set.about.owner,
      parts: zip(table.parts, members).map { ArchiveFacts.Part(name: $0.name, rows: $0.rows.count, member: MemberFacts($1)) },
      columns: columnFacts, views: plan.selections.compactMap(viewFacts), making: making, foundations: foundations,
      isForScoring: purpose == .scoring)
  }

  private var columnFacts: [ArchiveFacts.Column] {
    let descriptions = ColumnDescriptions(plan: plan, views: views.mapValues(\.plan))
    return zip(table.columns, spooled.nulls).map { column, nulls in
      ArchiveFacts.Column(
        name: column.name, type: column.type, role: column.role, description: descriptions[column.name], nulls: nulls)
    }
  }

  private func viewFacts(_ selection: SelectionPlan) -> ArchiveFacts.View? {
    guard let exported = views[selection.view.name.value] else { return nil }
    let view = selection.view
    return ArchiveFacts.View(
      name: view.name.value, alias: selection.selection.alias, description: view.about.description, entity: view.entity?.value,
      module: view.module.value, rows: exported.counts.rows)
  }

  /// In words: where the rows come from and how they are cut.
  private var making: [String] {
    let set = plan.set
    var lines = ["rows of \(plan.spineName)"]
    if let oldest = report.oldestDecision, let newest = report.newestDecision {
      lines[0] += ", decided from \(timestampText(oldest)) to \(timestampText(newest))"
    }
    switch set.knowledge {
    case .asKnown: lines.append("every feature as it was known at its row's decision time")
    case .asRevised: lines.append("every feature as of its row's decision time, as later corrected")
    }
    if let knownBy { lines[1] += ", and nothing that became known after \(timestampText(knownBy))" }
    if set.boundary == .open { lines.append("an event exactly at the decision time does not count") }
    if let split = set.split {
      lines.append("split \(split.kind.definitionText)" + (split.embargo.map { ", embargo \($0.text)" } ?? ""))
    }
    return lines
  }
}

extension MemberFacts {
  init(_ member: ArchiveMember) { self.init(name: member.name, bytes: member.byteCount, sha256: member.sha256) }
}
