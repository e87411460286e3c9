import ArrowFiles
import Columns
package import Diagnostics
package import Engine
import Files
import Foundation

/// Rows that do not fit into memory, in Arrow files of a scratch folder.
package struct SpillFolder: Spill {
  private let folder: ScratchFolder

  package init(_ folder: ScratchFolder) { self.folder = folder }

  package func write(_ parts: RunParts) throws(Diagnostics) -> any SpilledParts {
    let path = "\(folder.path)/\(UUID().uuidString).arrow"
    return try Diagnostics.of { () throws(StoreError) in
      do throws(ArrowFileError) {
        let fields = parts.types.enumerated().map { Field("\($0)", $1) }
        let writer = try ArrowFileWriter(fields: fields, path: path, isLasting: false)
        var (sizes, firsts): ([PieceSize], [Int]) = ([], [0])
        for part in 0..<parts.count {
          try parts.forEachPiece(of: part) { (columns: [Column], size: PieceSize) throws(ArrowFileError) in
            try writer.append(Table(fields: fields, columns: columns, rowCount: size.rowCount))
            sizes.append(size)
          }
          firsts.append(sizes.count)
        }
        try writer.finish()
        return SpilledFile(file: try ArrowBatches(mapping: path), folder: folder, sizes: sizes, firsts: firsts)
      } catch {
        throw .segment(error)
      }
    }
  }
}

/// A record batch a piece.
private struct SpilledFile: SpilledParts {
  let file: ArrowBatches
  /// Keeps the folder there.
  let folder: ScratchFolder
  let sizes: [PieceSize]
  /// Each part's first record batch; one more than there are parts.
  let firsts: [Int]

  func pieces(of part: Int) -> [PieceSize] { Array(sizes[firsts[part]..<firsts[part + 1]]) }

  func columns(of part: Int, piece: Int) throws(Diagnostics) -> [Column] {
    try Diagnostics.of { () throws(StoreError) in
      do throws(ArrowFileError) {
        return try file.columns(of: firsts[part] + piece, wanted: Set(file.fields.indices), checksums: nil).columns.compactMap(\.self)
      } catch {
        throw .segment(error)
      }
    }
  }

  func release(_ part: Int, piece: Int) { file.release(firsts[part] + piece) }
}
