import Diagnostics

/// Reads gangway.yml.
struct SettingsReader {
  let files: ProjectFiles
  let environment: [String: String]
  let findings: Findings

  /// What can be read is returned even if there are mistakes, so that the definitions' own are found in the same run.
  func read() throws(Diagnostics) -> ProjectSettings {
    let path = ProjectFiles.settingsFile
    guard ProjectFiles.isFile(files.absolute(path)) else { throw Diagnostics([.noProject(above: files.root)]) }
    let start = SourceLocation(path: path, line: 1, column: 1)
    let parsed = try parseTree(try files.read(path), path: path, findings: findings)
    let tree = parsed.map(substitute) ?? Tree(location: start, content: .mapping([]))
    let document = tree.isEmpty ? Tree(location: start, content: .mapping([])) : tree
    guard let fields = FieldsReader(findings: findings).read(document, as: DefinitionKeys.project, within: "") else {
      throw Diagnostics(findings.diagnostics)
    }
    return settings(fields)
  }

  private func settings(_ fields: Fields) -> ProjectSettings {
    func folder(_ key: String, _ usual: String) -> String { files.absolute(fields.text(key)?.value ?? usual) }
    let sqlite = fields.fields("warehouse")?.text("sqlite") ?? Located("warehouse.sqlite", at: fields.location)
    return ProjectSettings(
      root: files.root, name: fields.name ?? Located("", at: fields.location),
      warehouse: sqlite.map { .sqlite(path: files.absolute($0)) },
      timezone: fields.text("timezone") ?? Located("UTC", at: fields.location), featuresFolder: folder("features", "features"),
      storeFolder: folder("store", ".gangway"), exportsFolder: folder("exports", "notebooks-export"))
  }
}

// `${NAME}`
extension SettingsReader {
  private func substitute(_ tree: Tree) -> Tree {
    let content: Tree.Content =
      switch tree.content {
      case .scalar(let text, let isPlain):
        substitute(text, at: tree.location).map { .scalar($0, isPlain: isPlain) } ?? .broken
      case .list(let elements): .list(elements.map(substitute))
      case .mapping(let entries): .mapping(entries.map { Tree.Entry(key: $0.key, value: substitute($0.value)) })
      case .broken: .broken
      }
    return Tree(location: tree.location, content: content)
  }

  /// - Returns: nil if a variable is not defined.
  private func substitute(_ text: String, at location: SourceLocation) -> String? {
    let before = findings.count
    let result = text.replacing(#/\$\{([^}]*)\}?/#) { match in
      let name = String(match.1)
      if match.0.hasSuffix("}"), let value = environment[name] { return value }
      findings.report(.unknownVariable(name, at: location, environment))
      return ""
    }
    return findings.count == before ? result : nil
  }
}

extension Diagnostic {
  fileprivate static func unknownVariable(_ name: String, at location: SourceLocation, _ environment: [String: String]) -> Diagnostic {
    Diagnostic(
      at: location, "the environment has no variable \"\(name)\"", rule: "unknown-variable",
      hint: nearestName(to: name, among: environment.keys.sorted()).map { "did you mean \"\($0)\"?" }
        ?? "set it, as in `export \(name.isEmpty ? "NAME" : name)=…`, or write the value itself")
  }
}
