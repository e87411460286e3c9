/// A small closed part of SQLite's expressions: evaluated here, rendered as SQL for the warehouse.
///
/// Truth has three values, as in SQL: 1, 0 and null.
package indirect enum Expression: Sendable, Hashable {
  case column(String)
  case literal(Value)
  case add(Expression, Expression)
  case multiply(Expression, Expression)
  case equal(Expression, Expression)
  case less(Expression, Expression)
  case greaterOrEqual(Expression, Expression)
  case and(Expression, Expression)
  case or(Expression, Expression)
  case not(Expression)
  case isNull(Expression)
  case oneOf(Expression, [Value])
  case coalesce(Expression, Value)

  package func value(in row: (String) -> Value) -> Value {
    switch self {
    case .column(let name): row(name)
    case .literal(let value): value
    case .add(let a, let b): arithmetic(a.value(in: row), b.value(in: row), ints: { $0 + $1 }, reals: { $0 + $1 })
    case .multiply(let a, let b): arithmetic(a.value(in: row), b.value(in: row), ints: { $0 * $1 }, reals: { $0 * $1 })
    case .equal(let a, let b): comparison(a.value(in: row), b.value(in: row)) { $0 == .equal }
    case .less(let a, let b): comparison(a.value(in: row), b.value(in: row)) { $0 == .below }
    case .greaterOrEqual(let a, let b): comparison(a.value(in: row), b.value(in: row)) { $0 != .below }
    case .and(let a, let b): conjunction(a.truth(in: row), b.truth(in: row))
    case .or(let a, let b): disjunction(a.truth(in: row), b.truth(in: row))
    case .not(let a): truthValue(a.truth(in: row).map { !$0 })
    case .isNull(let a): truthValue(a.value(in: row).isNull)
    case .oneOf(let a, let values): membership(a.value(in: row), values)
    case .coalesce(let a, let other): a.value(in: row).isNull ? other : a.value(in: row)
    }
  }

  /// Null is nil.
  package func truth(in row: (String) -> Value) -> Bool? {
    value(in: row).number.map { $0 != 0 }
  }

  /// The columns that it names.
  package var columns: Set<String> {
    switch self {
    case .column(let name): [name]
    case .literal: []
    case .add(let a, let b), .multiply(let a, let b), .equal(let a, let b), .less(let a, let b),
      .greaterOrEqual(let a, let b), .and(let a, let b), .or(let a, let b):
      a.columns.union(b.columns)
    case .not(let a), .isNull(let a), .oneOf(let a, _), .coalesce(let a, _): a.columns
    }
  }

  package var sql: String {
    switch self {
    case .column(let name): name
    case .literal(let value): value.sql
    case .add(let a, let b): "(\(a.sql) + \(b.sql))"
    case .multiply(let a, let b): "(\(a.sql) * \(b.sql))"
    case .equal(let a, let b): "(\(a.sql) = \(b.sql))"
    case .less(let a, let b): "(\(a.sql) < \(b.sql))"
    case .greaterOrEqual(let a, let b): "(\(a.sql) >= \(b.sql))"
    case .and(let a, let b): "(\(a.sql) and \(b.sql))"
    case .or(let a, let b): "(\(a.sql) or \(b.sql))"
    case .not(let a): "(not \(a.sql))"
    case .isNull(let a): "(\(a.sql) is null)"
    case .oneOf(let a, let values): "(\(a.sql) in (\(values.map(\.sql).joined(separator: ", "))))"
    case .coalesce(let a, let other): "coalesce(\(a.sql), \(other.sql))"
    }
  }
}

extension Value {
  /// As a literal of SQLite.
  package var sql: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "1" : "0"
    case .int(let value), .time(let value): "\(value)"
    case .real(let value): value.isFinite ? pythonText(value) : value < 0 ? "-9e999" : "9e999"
    case .text(let text): "'" + text.string.replacing("'", with: "''") + "'"
    }
  }
}

private func truthValue(_ truth: Bool?) -> Value { truth.map { .int($0 ? 1 : 0) } ?? .null }

private func comparison(_ a: Value, _ b: Value, _ holds: (Order) -> Bool) -> Value {
  a.isNull || b.isNull ? .null : truthValue(holds(compare(a, b)))
}

private func arithmetic(
  _ a: Value, _ b: Value, ints: (Int64, Int64) -> Int64, reals: (Double, Double) -> Double
) -> Value {
  if case (.int(let a), .int(let b)) = (a, b) { return .int(ints(a, b)) }
  guard let a = a.number, let b = b.number else { return .null }
  return .real(reals(a, b))
}

private func conjunction(_ a: Bool?, _ b: Bool?) -> Value {
  if a == false || b == false { return .int(0) }
  return truthValue(a == nil || b == nil ? nil : true)
}

private func disjunction(_ a: Bool?, _ b: Bool?) -> Value {
  if a == true || b == true { return .int(1) }
  return truthValue(a == nil || b == nil ? nil : false)
}

private func membership(_ a: Value, _ values: [Value]) -> Value {
  a.isNull ? .null : truthValue(values.contains { compare(a, $0) == .equal })
}
