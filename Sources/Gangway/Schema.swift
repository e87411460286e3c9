import Definitions

/// The files that people write by hand.
public enum DefinitionFile: Sendable {
  /// Any file below the features folder.
  case definitions
  /// gangway.yml.
  case settings
}

/// The JSON Schema (draft 2020-12) of a definition file, for editors: made from the table by which such files are read.
///
/// It says of each value what its text must look like; what a name must lead to only `check` can tell.
public func definitionSchema(of file: DefinitionFile) -> JSONValue {
  let root = file == .definitions ? DefinitionKeys.file : DefinitionKeys.project
  let writer = SchemaWriter(takesVariables: file == .settings)
  var schema = writer.schema(of: root)
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
  schema["title"] = .string(file == .definitions ? "Gangway definitions" : "Gangway project")
  schema["$defs"] = .object(Dictionary(writer.parts(of: root).map { ($0.schemaName, .object(writer.schema(of: $0))) }) { $1 })
  return .object(schema)
}

private struct SchemaWriter {
  /// Whether `${NAME}` may stand anywhere in a text.
  let takesVariables: Bool

  func schema(of kind: DefinitionKind) -> [String: JSONValue] {
    var schema: [String: JSONValue] = [
      "type": "object", "additionalProperties": false,
      "properties": .object(Dictionary(kind.keys.map { ($0.name, property($0)) }) { $1 }),
    ]
    let required = kind.keys.filter(\.isRequired).map(\.name)
    if !required.isEmpty { schema["required"] = JSONValue(required) }
    return schema
  }

  /// The kinds that a kind is made of, at any depth, each once.
  func parts(of kind: DefinitionKind) -> [DefinitionKind] {
    var found: [DefinitionKind] = []
    func visit(_ kind: DefinitionKind) {
      for case let part? in kind.keys.map(\.shape.part) where !found.contains(where: { $0.title == part.title }) {
        found.append(part)
        visit(part)
      }
    }
    visit(kind)
    return found
  }

  private func property(_ key: DefinitionKey) -> JSONValue {
    guard case .object(var schema) = schema(of: key.shape) else { return .null }
    schema["description"] = .string("\(key.doc) Example: \(key.example)")
    return .object(schema)
  }

  private func schema(of shape: Shape) -> JSONValue {
    switch shape {
    case .scalar(let scalar): text(scalar)
    case .list(let element, let canBeEmpty): list(of: schema(of: element), canBeEmpty: canBeEmpty)
    case .mapping(let kind): mapping(kind)
    case .names: ["type": "object", "additionalProperties": text(.column)]
    case .namesByEntity:
      ["type": "object", "additionalProperties": ["anyOf": [text(.column), schema(of: .names)]]]
    case .free: ["type": "object"]
    }
  }

  private func list(of element: JSONValue, canBeEmpty: Bool) -> JSONValue {
    var list: [String: JSONValue] = ["type": "array", "items": element]
    if !canBeEmpty { list["minItems"] = 1 }
    return ["anyOf": .array(element.alternatives + [.object(list)])]
  }

  private func mapping(_ kind: DefinitionKind) -> JSONValue {
    let whole: JSONValue = ["$ref": .string("#/$defs/\(kind.schemaName)")]
    guard let key = kind.shorthand.flatMap(kind.key) else { return whole }
    return ["anyOf": .array(schema(of: key.shape).alternatives + [whole])]
  }

  private func text(_ scalar: ScalarShape) -> JSONValue {
    let schema = scalar.schema
    guard takesVariables, scalar.isRestricted else { return schema }
    return ["anyOf": .array(schema.alternatives + [["type": "string", "pattern": "\\$\\{"]])]
  }
}

extension JSONValue {
  /// What an `anyOf` lists, else this alone: so that shorthands of shorthands stay flat.
  fileprivate var alternatives: [JSONValue] {
    if case .object(let members) = self, members.count == 1, case .array(let choices)? = members["anyOf"] { choices } else { [self] }
  }
}

extension DefinitionKind {
  fileprivate var schemaName: String { title.replacing(" ", with: "_") }
}

extension Shape {
  fileprivate var part: DefinitionKind? {
    switch self {
    case .mapping(let kind): kind
    case .list(let element, _): element.part
    case .scalar, .names, .namesByEntity, .free: nil
    }
  }
}

extension ScalarShape {
  /// Whether not every text will do.
  fileprivate var isRestricted: Bool {
    switch self {
    case .text, .value, .column, .sql, .path, .moment, .splitPart, .timezone: false
    case .rowLimit, .name, .flag, .integer, .number, .duration, .ttl, .window, .clock, .choice: true
    }
  }

  /// Editors see values as YAML 1.2 reads them; the reader takes the text. So a text may look like a number there.
  fileprivate var schema: JSONValue {
    switch self {
    case .text, .column, .sql, .path, .moment, .splitPart:
      ["type": ["string", "number", "boolean"], "minLength": 1]
    case .value: ["type": ["string", "number", "boolean"]]
    case .rowLimit: ["anyOf": [["type": "integer", "minimum": 0], Self.pattern("^([0-9]+|[0-9]+(\\.[0-9]+)?%)$")]]
    case .timezone: ["type": "string", "minLength": 1]
    case .name: ["type": "string", "pattern": "^[a-z]([a-z0-9]|_(?!_))*$"]
    case .flag: ["enum": [true, false, "true", "false"]]
    case .integer: ["anyOf": [["type": "integer"], Self.pattern("^[+-]?[0-9]+$")]]
    case .number: ["anyOf": [["type": "number"], Self.pattern("^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$")]]
    case .duration: Self.pattern("^[0-9]+[smhdw]$")
    case .ttl: Self.pattern("^0*[1-9][0-9]*[smhdw]$")
    case .window: Self.pattern("^(0*[1-9][0-9]*[smhdw]|lifetime)$")
    case .clock: Self.pattern("^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$")
    case .choice(let names): ["enum": JSONValue(names)]
    }
  }

  private static func pattern(_ pattern: String) -> JSONValue { ["type": "string", "pattern": .string(pattern)] }
}
