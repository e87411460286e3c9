/// One key of a definition. The table of them drives reading, hints, the documentation and the schema for editors.
package struct DefinitionKey: Sendable {
  package let name: String
  package let shape: Shape
  /// One line for people.
  package let doc: String
  /// As it may stand in a file.
  package let example: String
  package let isRequired: Bool

  init(_ name: String, _ shape: Shape, _ doc: String, _ example: String, required isRequired: Bool = false) {
    self.name = name
    self.shape = shape
    self.doc = doc
    self.example = example
    self.isRequired = isRequired
  }
}

/// A mapping with known keys: a definition, or a part of one.
package struct DefinitionKind: Sendable {
  /// As messages call it: `feature view`.
  package let title: String
  package let keys: [DefinitionKey]
  /// The key that a bare text stands for, if one may stand for the whole.
  package let shorthand: String?
  /// The key whose value messages call it by.
  package let namedBy: String?

  init(_ title: String, shorthand: String? = nil, namedBy: String? = nil, _ keys: [DefinitionKey]) {
    self.title = title
    self.keys = keys
    self.shorthand = shorthand
    self.namedBy = namedBy
  }

  package func key(_ name: String) -> DefinitionKey? { keys.first { $0.name == name } }

  /// `an entity`, `a module`.
  var titleWithArticle: String { "\("aeiou".contains(title.prefix(1)) ? "an" : "a") \(title)" }
}
