/// An integer that orders as the double does.
///
/// - Precondition: not NaN, and no negative zero.
@inlinable
package func orderKey(_ value: Double) -> Int64 {
  let bits = Int64(bitPattern: value.bitPattern)
  return bits < 0 ? bits ^ .max : bits
}
