import Definitions
import Diagnostics
import Planning
import Snapshots
import Times

extension ShowContext {
  func facts(_ set: TrainingSet) -> [Fact] {
    let spine = set.spine
    let features = set.features.flatMap { selection -> [[Fact]] in
      guard let view = project.featureView(selection.view.value) else { return [] }
      let all = view.columns
      return selection.columns.map { index in
        [
          Fact("name", "\(selection.alias)__\(all[index].name)"), Fact("view", view.name.value), Fact("feature", all[index].name),
          Fact("entity", view.entity?.value), Fact("key", selection.keyColumns.map(\.value)),
        ]
      }
    }
    let labels = spine.labels.map { label in
      [Fact("name", label.column.value), Fact("known_at", label.knownTime?.knownInWords ?? "once its row is there")]
    }
    let versions = contents.versions.filter { $0.name == set.name.value }.map { version in
      [
        Fact("name", "\(version.name)@\(version.number)"), Fact("digest", .digest(version.digest)), Fact("rows", version.rowCount),
        Fact("exported", .time(version.createdAt)),
      ]
    }
    return [
      Fact("spine", .facts(spineFacts(spine))), Fact("scoring", set.scoring.map { .facts(scoringFacts($0)) } ?? .none),
      Fact("boundary", set.boundary.rawValue), Fact("knowledge", set.knowledge.rawValue),
      Fact("status_columns", .flag(set.statusColumns)), Fact("split", set.split.map(splitInWords)),
      Fact("format", set.format.value.rawValue),
      Fact("inputs", spine.inputs.map(\.value)), Fact("features", .table(features)), Fact("labels", .table(labels)),
      Fact("versions", .table(versions)),
    ]
  }

  private func spineFacts(_ spine: Spine) -> [Fact] {
    [
      fact(spine.origin),
      Fact("as_of", spine.asOf.inWords), Fact("where", spine.predicate?.value),
      Fact("from", spine.fromMicroseconds.map { .time($0) } ?? .none), Fact("until", spine.untilMicroseconds.map { .time($0) } ?? .none),
      Fact("keep", spine.keep.map(\.value)), Fact("order_by", spine.orderBy.map(\.value)),
    ]
  }

  /// What rows to score have of their own.
  private func scoringFacts(_ scoring: Scoring) -> [Fact] {
    (scoring.origin.map { [fact($0)] } ?? []) + [Fact("as_of", scoring.asOf?.inWords), Fact("where", scoring.predicate?.value)]
  }

  private func fact(_ rows: Spine.Origin) -> Fact {
    switch rows {
    case .module(let name): Fact("module", name.value)
    case .file(let path): Fact("file", workspace.relative(path.value))
    }
  }

  private func splitInWords(_ split: Split) -> String {
    split.kind.definitionText + (split.embargo.map { ", embargo \($0.text)" } ?? "")
  }
}
