/// One cell.
///
/// Relations hold null, int, real and text. A bool or a time is what a declared type makes of them.
package enum Value: Hashable, Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case real(Double)
  case text(Text)
  /// Microseconds since the Unix epoch, UTC.
  case time(Int64)

  package var isNull: Bool { self == .null }

  /// The number that aggregates see: booleans count as 0 and 1.
  package var number: Double? {
    switch self {
    case .bool(let value): value ? 1 : 0
    case .int(let value): Double(value)
    case .real(let value): value
    case .null, .text, .time: nil
    }
  }

  /// R14: NaN and infinities are null, −0 is 0.
  package var cleaned: Value {
    guard case .real(let value) = self else { return self }
    return value.isFinite ? .real(value == 0 ? 0 : value) : .null
  }
}

/// Text as bytes: Swift's `String ==` takes composed and decomposed é for one.
package struct Text: Hashable, Comparable, Sendable, ExpressibleByStringLiteral {
  package var bytes: [UInt8]

  package init(_ string: String) { bytes = Array(string.utf8) }
  package init(stringLiteral value: String) { self.init(value) }

  package var string: String { String(decoding: bytes, as: UTF8.self) }

  package static func < (a: Text, b: Text) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }
}

/// How two values of one column compare: null lowest, numbers by value, text by bytes.
package enum Order { case below, equal, above }

package func compare(_ a: Value, _ b: Value) -> Order {
  switch (a, b) {
  case (.null, .null): .equal
  case (.null, _): .below
  case (_, .null): .above
  case (.text(let a), .text(let b)): order(a, b)
  case (.int(let a), .int(let b)): order(a, b)
  case (.time(let a), .time(let b)): order(a, b)
  default: order(a.number!, b.number!)
  }
}

package func order<T: Comparable>(_ a: T, _ b: T) -> Order { a < b ? .below : a > b ? .above : .equal }

/// The first difference decides.
package func compare(_ a: [Value], _ b: [Value]) -> Order {
  for (x, y) in zip(a, b) {
    let order = compare(x, y)
    if order != .equal { return order }
  }
  return .equal
}
