package import Columns
import Kernels

/// The spine's rows as questions to one entity: sorted by (key hash, key, decision time), those with a null in their key left out.
package struct Questions: Sendable {
  package let keys: KeyColumns
  /// Decision time per spine row, microseconds.
  package let times: Buffer<Int64>
  /// Spine rows in order; `hashes` and `askTimes` run beside them.
  package let rows: ContiguousArray<Int32>
  let hashes: ContiguousArray<UInt64>
  let askTimes: ContiguousArray<Int64>
  /// Per spine row.
  package let hasKey: Bitmap

  package init(keys columns: [Column], times: Buffer<Int64>) {
    let keys = KeyColumns(columns)
    var found = ContiguousArray<(hash: UInt64, time: Int64, row: Int32)>()
    var hasKey = BitmapBuilder()
    let span = times.span
    found.reserveCapacity(span.count)
    for row in span.indices {
      let whole = !keys.hasNull(row)
      hasKey.append(whole)
      if whole { found.append((keys.hash(row), span[row], Int32(row))) }
    }
    found.sort { a, b in
      if a.hash != b.hash { return a.hash < b.hash }
      let key = KeyColumns.compare(keys, Int(a.row), keys, Int(b.row))
      if key != 0 { return key < 0 }
      return a.time != b.time ? a.time < b.time : a.row < b.row
    }
    self.keys = keys
    self.times = times
    rows = ContiguousArray(found.lazy.map(\.row))
    hashes = ContiguousArray(found.lazy.map(\.hash))
    askTimes = ContiguousArray(found.lazy.map(\.time))
    self.hasKey = hasKey.finish()
  }

  /// Each entity's rows beside its questions: one merge of two sorted sides.
  func groups(with view: ViewRows) -> ContiguousArray<EntityGroups.Group> {
    let viewKeys = KeyColumns(view.keyColumns)
    var groups = ContiguousArray<EntityGroups.Group>()
    var (row, ask) = (0, 0)
    var rowHash = row < view.rowCount ? viewKeys.hash(row) : 0
    while row < view.rowCount, ask < rows.count {
      let askHash = hashes[ask]
      let order =
        rowHash != askHash
        ? (rowHash < askHash ? -1 : 1) : KeyColumns.compare(viewKeys, row, keys, Int(rows[ask]))
      if order > 0 {
        ask += 1
        continue
      }
      var endRow = row + 1
      while endRow < view.rowCount, KeyColumns.compare(viewKeys, row, viewKeys, endRow) == 0 { endRow += 1 }
      if order == 0 {
        var endAsk = ask + 1
        while endAsk < rows.count, hashes[endAsk] == askHash, KeyColumns.compare(keys, Int(rows[ask]), keys, Int(rows[endAsk])) == 0 {
          endAsk += 1
        }
        groups.append(.init(rows: Int32(row)..<Int32(endRow), asks: Int32(ask)..<Int32(endAsk)))
        ask = endAsk
      }
      row = endRow
      if row < view.rowCount { rowHash = viewKeys.hash(row) }
    }
    return groups
  }
}
