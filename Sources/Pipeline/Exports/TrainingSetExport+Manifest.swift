import Archives
import Columns
import Definitions
import Diagnostics
import Engine
import Planning
import Times
import TrainingSets

extension TrainingSetExport {
  /// - Parameters:
  ///   - tables: of the parts, in their order: what the digest rests on, with everything that the manifest counts.
  ///   - documents: all other members but the manifest itself and the checksums.
  func manifest(tables: [ArchiveMember], documents: [ArchiveMember]) -> Manifest {
    let set = plan.set
    var manifest = Manifest(
      purpose: purpose, trainingSet: set.name.value, description: set.about.description, owner: set.about.owner,
      knowledge: set.knowledge.rawValue,
      boundary: set.boundary.rawValue, knownBy: knownBy.map(timestampText),
      definitionDigest: sha256Hex(plan.definitionText(views: views.mapValues(\.plan))),
      spine: Manifest.Spine(
        source: plan.spineName, rows: report.spineRows, oldestDecision: report.oldestDecision.map(timestampText),
        newestDecision: report.newestDecision.map(timestampText), nonFiniteValues: report.nonFinite),
      views: plan.selections.compactMap(view),
      columns: table.columns.map { Manifest.Column(name: $0.name, type: $0.type.rawValue, role: $0.role.rawValue) },
      features: report.features.map(feature),
      labels: report.labels.map {
        Manifest.Label(name: $0.name, null: $0.nulls, immature: $0.immature, horizon: $0.horizon.map(timestampText))
      },
      inputsNotChecked: set.spine.inputs.map(\.value), vintage: report.vintage.map(timestampText),
      split: set.split.map { split in
        split.kind.definitionText + (split.embargo.map { ", embargo \($0.text)" } ?? "")
      },
      parts: table.parts.map { part in
        let leftOut = report.leftOut.first { $0.part == part.name }
        return Manifest.Part(
          name: part.name, rows: part.rows.count, leftOutLateLabels: leftOut?.lateLabels ?? 0,
          leftOutEmbargo: leftOut?.embargoed ?? 0)
      },
      members: tables.map(Manifest.Member.init))
    manifest.digest = manifest.contentDigest
    manifest.members += documents.map(Manifest.Member.init)
    return manifest
  }

  private func view(_ selection: SelectionPlan) -> Manifest.View? {
    guard let exported = views[selection.view.name.value] else { return nil }
    let (view, counts) = (exported.plan.view, exported.counts)
    return Manifest.View(
      view: view.name.value, alias: selection.selection.alias, module: view.module.value, entity: view.entity?.value,
      snapshot: exported.snapshotDigest, rows: counts.rows, timeless: view.timeless,
      knowledgeTimeAssumed: exported.plan.assumesKnowledge, history: exported.plan.isObserved ? Module.History.observe.rawValue : nil,
      firstSeen: exported.plan.firstLookSeen, modelVersions: counts.modelVersions, ttl: view.ttl?.value.text,
      leftOut: Manifest.LeftOut(
        nullKeys: counts.nullKeys, nullTimes: counts.nullTimes, deletions: counts.deletions, rejected: counts.rejected,
        superseded: counts.superseded),
      ties: counts.ties, nonFiniteValues: counts.nonFinite)
  }

  private func feature(_ feature: TrainingReport.FeatureReport) -> Manifest.Feature {
    func count(_ status: CellStatus) -> Int { feature.statusCounts[Int(status.rawValue)] }
    return Manifest.Feature(
      name: feature.name, present: count(.present), null: count(.null), missing: count(.missing), expired: count(.expired),
      notKnown: count(.notKnown), noKey: count(.noKey), onBoundary: feature.onBoundary)
  }
}

extension Manifest.Member {
  fileprivate init(_ member: ArchiveMember) { self.init(name: member.name, bytes: member.byteCount, sha256: member.sha256) }
}
