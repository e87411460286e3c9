import Columns
import Planning

extension ArchiveFacts {
  /// `datapackage.json`: a Frictionless Data Package, valid as version 1 and 2 at once.
  ///
  /// Types here are the contract of the CSV files: `load.py` reads them. There is no `created`, which would be a clock, and no
  /// `primaryKey`, since duplicate spine rows are kept. Some readers decide the version per resource, so `$schema` stands twice.
  package var dataPackage: String {
    JSON.fields([
      "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
      "name": .text(name),
      "description": description.map(JSON.text),
      "resources": .array(parts.map(resource)),
    ]).document
  }

  private func resource(_ part: Part) -> JSON {
    [
      "$schema": "https://datapackage.org/profiles/2.0/dataresource.json",
      "name": .text(part.name),
      "path": .text(part.member.name),
      "type": "table",
      "profile": "tabular-data-resource",
      "format": "csv",
      "mediatype": "text/csv",
      "encoding": "utf-8",
      "bytes": .number(part.member.bytes),
      "hash": "sha256:\(part.member.sha256)",
      "rows": .number(part.rows),
      "dialect": ["delimiter": ",", "lineTerminator": "\n", "quoteChar": "\"", "doubleQuote": true, "header": true],
      "schema": ["missingValues": [""], "fields": .array(columns.map(\.dataPackageField))],
    ]
  }
}

extension ArchiveFacts.Column {
  fileprivate var dataPackageField: JSON {
    .fields([
      "name": .text(name),
      "type": .text(type.dataPackageType),
      "format": type.dataPackageFormat.map(JSON.text),
      "role": .text(role.rawValue),
      "description": description.map(JSON.text),
    ])
  }
}

extension DataType {
  fileprivate var dataPackageType: String {
    switch self {
    case .int64: "integer"
    case .float64: "number"
    case .boolean: "boolean"
    case .string: "string"
    case .date: "date"
    case .timestamp: "datetime"
    }
  }

  /// ISO 8601, said where a reader might guess.
  fileprivate var dataPackageFormat: String? {
    switch self {
    case .date, .timestamp: "default"
    case .int64, .float64, .boolean, .string: nil
    }
  }
}
