/// The place of each row's key among the different keys of its entity, from 0.
///
/// - Parameters:
///   - keys: per row; only rows that `counts` counts are ranked.
///   - ranks: receives a place per row.
///   - rowOfRank: receives, at the entity's first row plus a rank, a row with that rank.
package func ranksWithinEntities(
  groups: Span<EntityGroups.Group>, keys: Span<Int64>, counts: Span<UInt8>, into ranks: inout MutableSpan<Int32>,
  rowOfRank: inout MutableSpan<Int32>
) {
  var pairs: ContiguousArray<(key: Int64, row: Int32)> = []
  for g in groups.indices {
    let rows = groups[g].rows
    pairs.removeAll(keepingCapacity: true)
    for row in rows
    where counts.isEmpty || counts[Int(row) >> 3] >> UInt8(truncatingIfNeeded: row & 7) & 1 == 1 {
      pairs.append((keys[Int(row)], row))
    }
    pairs.sort { $0.key != $1.key ? $0.key < $1.key : $0.row < $1.row }
    var rank: Int32 = -1
    for i in pairs.indices {
      if i == 0 || pairs[i].key != pairs[i - 1].key {
        rank += 1
        rowOfRank[Int(rows.lowerBound + rank)] = pairs[i].row
      }
      ranks[Int(pairs[i].row)] = rank
    }
  }
}

/// An integer that orders as the double does.
///
/// - Precondition: not NaN, and no negative zero.
@inlinable
package func orderKey(_ value: Double) -> Int64 {
  let bits = Int64(bitPattern: value.bitPattern)
  return bits < 0 ? bits ^ .max : bits
}
