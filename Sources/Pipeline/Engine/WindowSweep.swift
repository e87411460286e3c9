import Columns
import Kernels

/// One window's borders and the shapes in which its answers come.
struct WindowSweep {
  let borders: ContiguousArray<Border>
  let askCount: Int
  let aggregate: WindowedAggregate

  func counts(_ counted: ContiguousArray<UInt8>) -> ContiguousArray<Int64> {
    var results = ContiguousArray<Int64>(repeating: 0, count: askCount)
    var span = results.mutableSpan
    windowCounts(borders: borders.span, counts: counted.span, into: &span)
    return results
  }

  /// - Parameter counts: where 0, the answer is null; nil: never null.
  func integers(_ results: ContiguousArray<Int64>, counts: ContiguousArray<Int64>?) -> Column {
    Column(.int64(Buffer(results)), validity: counts.map { counts in valid { counts[$0] > 0 } })
  }

  func doubles(_ results: ContiguousArray<Double>, where isValue: (Int) -> Bool) -> Column {
    Column(.float64(Buffer(results)), validity: valid(where: isValue))
  }

  func valid(where isValue: (Int) -> Bool) -> Bitmap {
    var bits = BitmapBuilder()
    for row in 0..<askCount { bits.append(isValue(row)) }
    return bits.finish()
  }
}
