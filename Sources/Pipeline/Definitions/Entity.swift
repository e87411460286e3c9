package import Columns
package import Diagnostics

/// What features describe: a carrier, a route.
package struct Entity: Sendable, Codable {
  package let name: Located<String>
  /// At least one, names unique.
  package let key: [KeyColumn]
  /// The module that lists them all, if there is one.
  package let module: Located<String>?
  package let about: About
}

package struct KeyColumn: Sendable, Codable {
  package let name: Located<String>
  /// Absent: the type that the first feature view's module has.
  package let type: DataType?
  package let description: String?
}
