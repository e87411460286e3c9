import ArrowFiles
package import Columns
import Foundation
import Synchronization

/// Columns on disk in a scratch folder, read in place: they take memory only while they are looked at.
package final class ColumnShelf: Sendable {
  private let folder: ScratchFolder
  private let files = Mutex<[ArrowFile]>([])

  package init(in folder: ScratchFolder) { self.folder = folder }

  /// - Returns: the same values, on disk.
  package func place(_ column: Column) throws(StoreError) -> Column {
    try place(Table(fields: [Field("value", column.type)], columns: [column], rowCount: column.count)).columns[0]
  }

  package func place(_ table: Table) throws(StoreError) -> Table {
    if table.rowCount == 0 || table.columns.isEmpty { return table }
    do throws(ArrowFileError) {
      let path = "\(folder.path)/\(UUID().uuidString).arrow"
      let writer = try ArrowFileWriter(fields: table.fields, path: path, isLasting: false)
      try writer.append(table)
      try writer.finish()
      let file = try ArrowFile(mapping: path)
      guard let mapped = file.batches.first else { throw .damaged(path: path, what: "it has no record batch") }
      // Mapped, so that nobody else needs its name.
      try? FileManager.default.removeItem(atPath: path)
      file.releasePages()
      files.withLock { $0.append(file) }
      return mapped
    } catch {
      throw .segment(error)
    }
  }

  /// Gives a file's memory back along with the shelf's own.
  func watch(_ file: ArrowFile) {
    file.releasePages()
    files.withLock { $0.append(file) }
  }

  package var isEmpty: Bool { files.withLock { $0.isEmpty } }

  /// Gives the memory back; the columns stay readable.
  package func release() { files.withLock { files in for file in files { file.releasePages() } } }
}
