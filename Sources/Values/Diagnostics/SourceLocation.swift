// Where something was said, and what is wrong with it: the vocabulary in which every layer reports mistakes.
//
// In:  facts from the layers above (a place in a file, a name, a rule).
// Out: `Diagnostic` values, and the lines that people read.
// Knows nothing of YAML, SQL or files.

/// A place in a definition file, as editors count: line and column start at 1, the column counts characters.
package struct SourceLocation: Hashable, Sendable, Codable {
  /// Path relative to the project's folder, with `/`.
  package let path: String
  package let line: Int
  package let column: Int

  package init(path: String, line: Int, column: Int) {
    self.path = path
    self.line = line
    self.column = column
  }
}

extension SourceLocation: Comparable {
  package static func < (a: Self, b: Self) -> Bool {
    (a.path, a.line, a.column) < (b.path, b.line, b.column)
  }
}

extension SourceLocation: CustomStringConvertible {
  package var description: String { "\(path):\(line):\(column)" }
}

/// A value together with the place that said it.
package struct Located<Value> {
  package let value: Value
  package let location: SourceLocation

  package init(_ value: Value, at location: SourceLocation) {
    self.value = value
    self.location = location
  }

  package func map<Other>(_ transform: (Value) throws -> Other) rethrows -> Located<Other> {
    Located<Other>(try transform(value), at: location)
  }
}

extension Located: Sendable where Value: Sendable {}
extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}
extension Located: Codable where Value: Codable {}
