import ArrowFiles
import Columns
package import Diagnostics
package import Engine
import Files
import Foundation

/// Rows that do not fit into memory, in Arrow files of a scratch folder: a record batch a lot.
package struct SpillFolder: Spill {
  private let folder: ScratchFolder

  package init(_ folder: ScratchFolder) { self.folder = folder }

  package func write(_ lots: RunLots) throws(Diagnostics) -> any SpilledLots {
    let path = "\(folder.path)/\(UUID().uuidString).arrow"
    return try Diagnostics.of { () throws(StoreError) in
      do throws(ArrowFileError) {
        let fields = lots.types.enumerated().map { Field("\($0)", $1) }
        let writer = try ArrowFileWriter(fields: fields, path: path, isLasting: false)
        for lot in 0..<lots.count {
          let columns = lots.columns(of: lot)
          try writer.append(Table(fields: fields, columns: columns, rowCount: columns.first?.count ?? 0))
        }
        try writer.finish()
        return SpilledFile(file: try ArrowBatches(mapping: path), folder: folder)
      } catch {
        throw .segment(error)
      }
    }
  }
}

private struct SpilledFile: SpilledLots {
  let file: ArrowBatches
  /// Keeps the folder there.
  let folder: ScratchFolder

  func columns(of lot: Int) throws(Diagnostics) -> [Column] {
    try Diagnostics.of { () throws(StoreError) in
      do throws(ArrowFileError) {
        let (columns, rowCount) = try file.columns(of: lot, wanted: Set(file.fields.indices), checksums: nil)
        // Copied, so that the pages can be given back at once.
        let copies = columns.compactMap { column in column.map { Column.copied($0, rowCount) } }
        file.release(lot)
        return copies
      } catch {
        throw .segment(error)
      }
    }
  }
}

extension Column {
  fileprivate static func copied(_ column: Column, _ count: Int) -> Column {
    concatenated([(column, 0..<count), (column, 0..<0)], type: column.type)
  }
}
