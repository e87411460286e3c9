import Columns
import Definitions
import Diagnostics
import Snapshots
import Times

extension ShowContext {
  mutating func facts(_ output: ModelOutput) throws(Diagnostics) -> [Fact] {
    let record = contents.outputs[output.name.value]
    let key = output.key.map { part in
      [Fact("name", part.name.value), Fact("type", part.type?.rawValue), Fact("must", "not null"), Fact("description", part.description)]
    }
    let columns = output.columns.map { column in
      [
        Fact("name", column.name.value), Fact("type", column.type.rawValue), Fact("must", column.contractInWords),
        Fact("description", column.description),
      ]
    }
    var relations: [String] = []
    for name in [output.shownRelation, output.historyRelation, output.allRelation] {
      if try glance.relation(name) != nil { relations.append(name) }
    }
    let versions = (record?.versions ?? []).map { version in
      [
        Fact("name", version.name), Fact("is_live", .flag(record?.live.contains(version.name) ?? false)),
        Fact("trained_on", version.facts.trainedOn.map(shortened)), Fact("vintage", version.facts.vintage.map { .time($0) } ?? .none),
        Fact("meta", version.facts.meta.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }),
        Fact("registered", .time(version.createdAt)),
      ]
    }
    let views = project.featureViews.filter { $0.module.value == output.name.value }.map(\.name.value)
    // As a base it is a module.
    let marts = project.marts(reading: output.name.value) { if case .view = $0 { false } else { true } }
    return [
      Fact("entity", output.entity.value), Fact("model", output.model?.value),
      Fact("known_time", output.isKnownWhenPredicted ? "when it was predicted" : "when it was registered"),
      Fact("graduated", output.graduation.map { "to \($0.relation.value)" }), Fact("live", record?.live ?? []),
      Fact("relations", relations), Fact("feature_views", views), Fact("marts", marts), Fact("columns", .table(key + columns)),
      Fact("versions", .table(versions)),
      Fact("batches", .table((record?.batches ?? []).map { Array($0.line.filter { $0.name != "output" }) })),
    ]
  }

  /// A version of a training set by the digits that people write.
  private func shortened(_ version: String) -> String {
    guard let at = version.firstIndex(of: "@") else { return version }
    return "\(version[...at])\(version[version.index(after: at)...].prefix(8))"
  }
}

extension ModelOutputColumn {
  fileprivate var contractInWords: String? {
    var words: [String] = []
    if isRequired { words.append("not null") }
    if let least { words.append("at least \(least.value.text)") }
    if let greatest { words.append("at most \(greatest.value.text)") }
    if !acceptedValues.isEmpty { words.append("one of \(acceptedValues.map(\.value).joined(separator: ", "))") }
    if let maxLength { words.append("\(maxLength) characters at most") }
    return words.isEmpty ? nil : words.joined(separator: "; ")
  }
}

extension Limit {
  fileprivate var text: String {
    switch self {
    case .int64(let value): String(value)
    case .float64(let value): "\(value)"
    case .date(let days): dateText(days)
    case .timestamp(let time): timestampText(time)
    }
  }
}
