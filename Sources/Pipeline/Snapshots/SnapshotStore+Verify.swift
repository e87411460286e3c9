import ArrowFiles
import Columns
import Diagnostics
import Files
import Foundation
import GRDB
import Times

/// What was found wrong with one thing in the store.
package struct StoreDamage: Sendable, Hashable {
  /// A file's path below the store, or a snapshot's or version's name.
  package let thing: String
  package let what: String
}

/// What a look over the whole store found.
package struct StoreReport: Sendable {
  package var segments = 0
  package var snapshots = 0
  package var versions = 0
  /// At observed modules.
  package var looks = 0
  /// Of outputs, withdrawn ones too.
  package var batches = 0
  package var damages: [StoreDamage] = []
}

extension SnapshotStore {
  /// Reads everything in the store and compares it with its digests. Changes nothing.
  ///
  /// - Precondition: the caller holds the reader lock.
  package func verify(progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }) throws(StoreError) -> StoreReport {
    var report = StoreReport()
    if let what = try catalog.damage() { report.damages.append(StoreDamage(thing: "catalog.sqlite", what: what)) }
    let snapshots = try snapshots().sorted { $0.id < $1.id }
    let versions = try versions()
    let looks = try looks()
    var batches: [OutputBatch] = []
    for name in try outputNames() { batches += try outputRecord(name).batches }
    var damaged = Set<String>()
    let names = Set(
      snapshots.flatMap { $0.segments.map(\.digest) } + versions.map(\.spineSegment) + looks.compactMap(\.segment) + batches.map(\.segment)
    ).sorted()
    for (done, name) in names.enumerated() {
      progress(done, names.count)
      report.segments += 1
      if let what = damage(ofSegment: name) {
        damaged.insert(name)
        report.damages.append(StoreDamage(thing: "segments/\(name).arrow", what: what))
      }
    }
    for snapshot in snapshots where !snapshot.segments.contains(where: { damaged.contains($0.digest) }) {
      report.snapshots += 1
      let (digest, rowCount) = try content(of: snapshot)
      if rowCount != snapshot.rowCount || digest != snapshot.digest {
        report.damages.append(
          StoreDamage(thing: "snapshot \(snapshot.view) \(snapshot.digest.prefix(8))", what: "its rows are not those of its digest"))
      }
    }
    for version in versions {
      report.versions += 1
      let pinned =
        try self.snapshots(of: version).values.flatMap { $0.segments.filter { $0.role != .recent }.map(\.digest) }
        + [version.spineSegment]
      let lost = pinned.filter(damaged.contains)
      if !lost.isEmpty {
        report.damages.append(
          StoreDamage(
            thing: "training set \(version.name)@\(version.number)",
            what: "it cannot be made again: \(lost.count) of its segments are damaged"))
      }
    }
    for look in looks {
      report.looks += 1
      let isDamaged = look.segment.map(damaged.contains) ?? false
      let rowCount = isDamaged ? nil : try table(of: look)?.rowCount ?? 0
      if rowCount != look.newRows + look.changedRows + look.goneRows {
        report.damages.append(
          StoreDamage(
            thing: "module \(look.module) as observed at \(timestampText(look.observedAt))",
            what: isDamaged ? "its segment is damaged" : "its rows are not those that were logged"))
      }
    }
    for batch in batches {
      report.batches += 1
      let isDamaged = damaged.contains(batch.segment)
      let rowCount = isDamaged ? nil : try open(batch.segment).record?.rowCount
      if rowCount != batch.rowCount {
        report.damages.append(
          StoreDamage(
            thing: "batch \(batch.name) of output \(batch.output)",
            what: isDamaged ? "its segment is damaged" : "its rows are not those that were registered"))
      }
    }
    return report
  }

  /// The digest of a snapshot's rows, computed anew.
  private func content(of snapshot: Snapshot) throws(StoreError) -> (digest: String, rowCount: Int) {
    var content = ContentDigest()
    var fields: [Field] = []
    for segment in snapshot.segments where segment.role == .rows {
      let opened = try open(segment.digest)
      let counted = opened.file.fields.indices.filter { snapshot.layout == 1 || SegmentLayout.isOfContent(opened.file.fields[$0]) }
      fields = counted.map { opened.file.fields[$0] }
      for batch in 0..<opened.file.count {
        let (columns, count) = try opened.columns(of: batch, wanted: Set(counted))
        content.add(counted.compactMap { columns[$0] }, rowCount: count)
        opened.file.release(batch)
      }
    }
    return (content.hex(fields), content.rowCount)
  }

  private func damage(ofSegment name: String) -> String? {
    let path = path(ofSegment: name)
    guard FileManager.default.fileExists(atPath: path) else { return "it is missing" }
    do {
      guard try sha256(ofFile: path) == name else { return "its bytes are not those of its digest" }
      try ArrowFile(mapping: path).checkText()
      return nil
    } catch let error as any DiagnosableError {
      return error.diagnostics.map(\.message).joined(separator: "; ")
    } catch {
      return error.localizedDescription
    }
  }
}
