package import Warehouses

/// Where rows of a batch come from.
package enum BatchInput: Sendable {
  /// A CSV file, plain, `.csv.gz` or `.csv.zst`, or a zip, tar, tar.gz or tar.zst of such; known by its bytes, not by its name.
  ///
  /// - Parameter displayName: as the user names it.
  case file(path: String, displayName: String)
  /// A table or view. Columns that the output does not have are passed over: it is not made for it alone.
  ///
  /// - Parameter columns: what the table calls the output's columns, those of the key and `predicted_at` too, where it differs.
  case table(any Warehouse, relation: String, columns: [String: String], displayName: String)

  package var displayName: String {
    switch self {
    case .file(_, let name), .table(_, _, _, let name): name
    }
  }
}
