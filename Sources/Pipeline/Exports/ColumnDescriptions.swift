import Definitions
import Diagnostics
import Planning
import Times

/// What the definitions say of an archive's columns, by column name.
struct ColumnDescriptions {
  private var texts: [String: String] = [:]

  init(plan: TrainingSetPlan, views: [String: ViewPlan]) {
    for column in plan.columns { texts[column.name] = column.description ?? key(column, plan) ?? time(column) }
    for selection in plan.selections {
      guard let view = views[selection.view.name.value] else { continue }
      for index in selection.selection.columns {
        let column = view.columns[index]
        let name = "\(selection.selection.alias)__\(column.name)"
        texts[name] = view.description(ofColumn: index)
        texts["\(name)__status"] = "Why \(name) is what it is: present, null, missing, expired, not_known or no_key."
      }
    }
    for label in plan.labels { texts[label.name] = label.description }
  }

  subscript(_ column: String) -> String? { texts[column] }

  /// What an entity's key is, else, of a key of one column, what the entity is.
  private func key(_ column: SpineColumnPlan, _ plan: TrainingSetPlan) -> String? {
    for selection in plan.selections {
      guard let entity = selection.entity else { continue }
      for (name, part) in zip(selection.selection.keyColumns, entity.key) where name.value == column.name {
        if let text = part.description ?? (entity.key.count == 1 ? entity.about.description : nil) { return text }
      }
    }
    return nil
  }

  private func time(_ column: SpineColumnPlan) -> String? {
    column.role == .time ? "The decision time: when the row asks, and what its features are as of." : nil
  }
}

extension ViewPlan {
  /// A feature's own description, else its column's; of an aggregate also how it is computed.
  fileprivate func description(ofColumn index: Int) -> String? {
    let feature = view.features.first { feature in feature.columns.contains { $0.name == columns[index].name } }
    switch columns[index].kind {
    case .lookup(let value):
      let text = values[value].text
      return feature?.description ?? about(text) ?? (text == columns[index].name ? nil : text)
    case .aggregate(let function, let window, let operands, let filter):
      var computed = function.phrase
      if !operands.isEmpty { computed += " of " + operands.map { values[$0].text }.joined(separator: " / ") }
      if case .span(let span) = window { computed += " over \(span.text)" }
      if let filter { computed += " where \(filters[filter].text)" }
      let about = feature?.description ?? (operands.count == 1 ? about(values[operands[0]].text) : nil)
      return about.map { "\($0) (\(computed))" } ?? computed
    }
  }

  private func about(_ column: String) -> String? { module.column(column)?.description }
}

extension AggregateFunction {
  fileprivate var phrase: String {
    if case .percentile(_, let label) = self { label } else { displayName }
  }
}
