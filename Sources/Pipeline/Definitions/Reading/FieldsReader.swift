import Diagnostics

/// Reads trees against the table of keys and reports all that does not fit.
struct FieldsReader {
  let findings: Findings

  /// - Parameters:
  ///   - context: what it is part of, as messages call it; empty for a definition of its own.
  func read(_ tree: Tree, as kind: DefinitionKind, within context: String) -> Fields? {
    let before = findings.count
    guard let entries = entries(of: tree, as: kind, context) else { return nil }
    let name = kind.namedBy.flatMap { Tree(location: tree.location, content: .mapping(entries)).text(at: $0) }
    let subject = subject(of: kind, name?.value, context)
    var places: [String: SourceLocation] = [:]
    var values: [String: Fields.Value] = [:]
    for entry in entries {
      guard let key = kind.key(entry.key.value) else {
        reportUnknown(entry.key, in: kind, subject)
        // What was meant is not missed a second time.
        if let meant = kind.keyMeant(by: entry.key.value), places[meant] == nil { places[meant] = entry.key.location }
        continue
      }
      places[key.name] = entry.key.location
      let isName = key.name == kind.namedBy
      let owner = isName ? kind.titleWithArticle : subject
      values[key.name] = read(
        entry.value, at: key, entry.key.location,
        subject: key.name == "name" ? "the name of \(owner)" : "\"\(key.name)\" of \(owner)", context: isName ? context : subject)
    }
    let missing = kind.keys.filter { $0.isRequired && places[$0.name] == nil }
    if !missing.isEmpty { findings.report(.missing(missing, subject, at: name?.location ?? tree.location)) }
    return Fields(
      kind: kind, subject: subject, location: name?.location ?? tree.location, name: name, places: places, values: values,
      isBroken: findings.count > before)
  }

  /// A text that stands for the mapping is taken as its shorthand key.
  private func entries(of tree: Tree, as kind: DefinitionKind, _ context: String) -> [Tree.Entry]? {
    switch tree.content {
    case .mapping(let entries): return entries
    case .scalar where kind.shorthand != nil && !tree.isEmpty:
      return [Tree.Entry(key: Located(kind.shorthand ?? "", at: tree.location), value: tree)]
    default:
      let wanted = Shape.mapping(kind).wanted
      let of = context.isEmpty ? "" : " of \(context)"
      findings.report(
        .wrongShape("\(kind.titleWithArticle)\(of)", tree, wanted: wanted, example: "{\(kind.example)}", at: tree.location))
      return nil
    }
  }

  private func subject(of kind: DefinitionKind, _ name: String?, _ context: String) -> String {
    let own = name.map { "\(kind.title) \"\($0)\"" }
    if context.isEmpty { return own ?? (kind.title == "file" ? "the file" : kind.titleWithArticle) }
    if kind.namedBy == nil { return context }
    return "\(own ?? kind.titleWithArticle) of \(context)"
  }

  private func reportUnknown(_ key: Located<String>, in kind: DefinitionKind, _ subject: String) {
    findings.report(key.value == "<<" ? .mergeKey(at: key.location) : .unknownKey(key, in: kind, subject))
  }
}

// Values by shape.
extension FieldsReader {
  fileprivate func read(
    _ tree: Tree, at key: DefinitionKey, _ keyLocation: SourceLocation, subject: String, context: String
  ) -> Fields.Value? {
    if case .broken = tree.content { return nil }
    guard !tree.isEmpty else {
      findings.report(.noValue(subject, key, at: keyLocation))
      return nil
    }
    return read(tree, as: key.shape, ValueContext(key: key, subject: subject, context: context))
  }

  private struct ValueContext {
    let key: DefinitionKey
    let subject: String
    let context: String
  }

  private func read(_ tree: Tree, as shape: Shape, _ place: ValueContext) -> Fields.Value? {
    switch (shape, tree.content) {
    case (.scalar(let scalar), .scalar(let text, _)): readText(text, tree.location, as: scalar, place)
    case (.list(let element, let canBeEmpty), .list(let trees)):
      readList(trees, of: element, canBeEmpty: canBeEmpty, at: tree, place)
    case (.list(let element, _), _): read(tree, as: element, place).map { .list([$0], at: tree.location) }
    case (.mapping(let kind), .mapping): read(tree, as: kind, within: context(of: kind, place)).map(Fields.Value.fields)
    case (.mapping(let kind), .scalar) where kind.shorthand != nil:
      read(tree, as: kind, within: context(of: kind, place)).map(Fields.Value.fields)
    case (.names, .mapping(let entries)), (.namesByEntity, .mapping(let entries)):
      readNames(entries, as: shape, at: tree.location, place)
    case (.free, .mapping(let entries)): .free(entries)
    default: reject(tree, place)
    }
  }

  /// Parts without a name of their own are called after their key; named ones after what they are in.
  private func context(of kind: DefinitionKind, _ place: ValueContext) -> String {
    if place.key.shape.isDefinitionList { return "" }
    return kind.namedBy == nil ? place.subject : place.context
  }

  private func readText(_ text: String, _ location: SourceLocation, as shape: ScalarShape, _ place: ValueContext)
    -> Fields.Value?
  {
    guard let mistake = shape.mistake(in: text, of: place.subject) else { return .text(Located(text, at: location)) }
    let hint = mistake.hint ?? "write it as in `\(place.key.example)`"
    findings.report(Diagnostic(at: location, mistake.message, rule: mistake.rule, hint: hint))
    return nil
  }

  /// A list of which an element is broken is broken: what it would say without it is not what was meant.
  private func readList(_ trees: [Tree], of element: Shape, canBeEmpty: Bool, at list: Tree, _ place: ValueContext)
    -> Fields.Value?
  {
    guard canBeEmpty || !trees.isEmpty else {
      findings.report(.emptyList(place.subject, place.key, at: list.location))
      return nil
    }
    let values = trees.compactMap { tree -> Fields.Value? in
      guard !tree.isEmpty else {
        findings.report(.noValue("an element of \(place.subject)", place.key, at: tree.location))
        return nil
      }
      return read(tree, as: element, place)
    }
    guard values.count == trees.count || place.key.shape.keepsGoodElements else { return nil }
    return .list(values, at: list.location)
  }

  private func readNames(_ entries: [Tree.Entry], as shape: Shape, at location: SourceLocation, _ place: ValueContext)
    -> Fields.Value?
  {
    var pairs: [Fields.Pair] = []
    for entry in entries {
      guard !entry.value.isEmpty else {
        findings.report(.noValue("\"\(entry.key.value)\" in \(place.subject)", place.key, at: entry.key.location))
        return nil
      }
      let value: Fields.Value? =
        switch (shape, entry.value.content) {
        case (_, .scalar(let text, _)): .text(Located(text, at: entry.value.location))
        case (.namesByEntity, .mapping(let inner)): readNames(inner, as: .names, at: entry.value.location, place)
        default: reject(entry.value, place)
        }
      guard let value else { return nil }
      pairs.append(Fields.Pair(key: entry.key, value: value))
    }
    return .names(pairs, at: location)
  }

  private func reject(_ tree: Tree, _ place: ValueContext) -> Fields.Value? {
    findings.report(
      .wrongShape(place.subject, tree, wanted: place.key.shape.wanted, example: place.key.example, at: tree.location))
    return nil
  }
}

extension Shape {
  /// Whether this holds definitions of their own, each to be read whatever is wrong with its neighbours.
  fileprivate var keepsGoodElements: Bool {
    if case .list(.mapping, _) = self { true } else { false }
  }

  fileprivate var isDefinitionList: Bool {
    guard case .list(.mapping(let kind), _) = self else { return false }
    return DefinitionKeys.file.keys.contains { $0.shape.elementTitle == kind.title }
  }

  private var elementTitle: String? {
    if case .list(.mapping(let kind), _) = self { kind.title } else { nil }
  }
}

extension DefinitionKind {
  /// Its required keys as they may stand in a file.
  var example: String {
    let needed = keys.filter(\.isRequired)
    return (needed.isEmpty ? Array(keys.prefix(1)) : needed).map(\.example).joined(separator: ", ")
  }
}
