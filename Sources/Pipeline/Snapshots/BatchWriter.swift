import ArrowFiles
package import Columns
import Files

/// A batch of an output whose segment is written, but not yet kept.
package struct WrittenBatch: Sendable {
  let record: SegmentRecord
  /// Names the batch's content.
  package let digest: String
  package let rowCount: Int
  private let aside: BatchFile

  init(record: SegmentRecord, digest: String, rowCount: Int, aside: BatchFile) {
    self.record = record
    self.digest = digest
    self.rowCount = rowCount
    self.aside = aside
  }

  /// The name of its segment.
  package var segment: String { record.digest }

  /// Where the segment is.
  func path(in store: SnapshotStore) -> String { aside.isKept ? store.path(ofSegment: record.digest) : aside.path }

  /// Gives the segment its name, from where nothing but collecting garbage removes it.
  func keep(in store: SnapshotStore) throws(StoreError) {
    do throws(ArrowFileError) { try store.keep(aside.path, as: record.digest) } catch { throw .segment(error) }
    aside.isKept = true
  }
}

/// A file that goes with its last reference, unless it was kept.
final class BatchFile: @unchecked Sendable {
  let path: String
  var isKept = false

  init(_ path: String) { self.path = path }

  deinit { if !isKept { removeFile(path) } }
}

/// Writes an output's batch as one segment, chunk by chunk. One that is dropped leaves nothing behind.
package final class BatchWriter {
  private let writer: ArrowFileWriter
  private let fields: [Field]
  private let path: String
  private var content = ContentDigest()
  private var batches: [SegmentRecord.Batch] = []
  /// Columns that count in the digest.
  private let counted: Int

  /// - Parameters:
  ///   - fields: of every chunk.
  ///   - counted: how many of them are content: the same predictions made at another moment may be the same batch.
  /// - Precondition: the caller holds the writer lock until the batch is kept or dropped.
  package init(_ store: SnapshotStore, fields: [Field], counted: Int, output: String, version: String) throws(StoreError) {
    self.fields = fields
    self.counted = counted
    path = store.newSegmentPath
    do throws(ArrowFileError) {
      writer = try ArrowFileWriter(
        fields: fields, metadata: [("gangway.output", output), ("gangway.model_version", version)], path: path)
    } catch {
      throw .segment(error)
    }
  }

  package func add(_ table: Table) throws(StoreError) {
    if table.rowCount == 0 { return }
    content.add(Array(table.columns.prefix(counted)), rowCount: table.rowCount)
    do throws(ArrowFileError) {
      batches.append(.init(rowCount: table.rowCount, lowestHash: 0, checksums: try writer.append(table)))
    } catch {
      throw .segment(error)
    }
  }

  package func finish() throws(StoreError) -> WrittenBatch {
    do throws(ArrowFileError) {
      let (sha256, frame, byteCount) = try writer.finish()
      return WrittenBatch(
        record: SegmentRecord(digest: sha256, byteCount: byteCount, frame: frame, batches: batches),
        digest: content.hex(Array(fields.prefix(counted))), rowCount: content.rowCount, aside: BatchFile(path))
    } catch {
      throw .segment(error)
    }
  }
}

extension SnapshotStore {
  /// The columns of a batch, as they were called then, in one piece each.
  ///
  /// - Parameter names: of the columns that are wanted; nil: all.
  /// - Precondition: the caller holds the writer or the reader lock as long as the columns are in use.
  package func table(of batch: OutputBatch, _ names: Set<String>? = nil) throws(StoreError) -> Table {
    do throws(StoreError) { return try table(open(batch.segment), names, rowCount: batch.rowCount) } catch {
      if case .segment(let damage) = error { throw .batch(output: batch.output, name: batch.name, damage) }
      throw error
    }
  }

  /// All columns of a batch that is not in the catalog yet.
  package func table(of batch: WrittenBatch) throws(StoreError) -> Table {
    try table(OpenSegment(batch.path(in: self), batch.record), nil, rowCount: batch.rowCount)
  }

  private func table(_ opened: OpenSegment, _ names: Set<String>?, rowCount: Int) throws(StoreError) -> Table {
    let wanted = opened.file.fields.indices.filter { names?.contains(opened.file.fields[$0].name) ?? true }
    var pieces = [[(column: Column, rows: Range<Int>)]](repeating: [], count: wanted.count)
    for number in 0..<opened.batchCount {
      let (columns, batchRows) = try opened.columns(of: number, wanted: Set(wanted))
      for (i, place) in wanted.enumerated() { if let column = columns[place] { pieces[i].append((column, 0..<batchRows)) } }
    }
    let fields = wanted.map { opened.file.fields[$0] }
    return Table(
      fields: fields, columns: zip(pieces, fields).map { Column.concatenated($0, type: $1.type) }, rowCount: rowCount)
  }

  /// What a batch has, without reading it.
  package func fields(of batch: OutputBatch) throws(StoreError) -> [Field] { try open(batch.segment).file.fields }
}
