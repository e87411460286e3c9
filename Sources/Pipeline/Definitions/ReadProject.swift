package import Diagnostics

/// Reads gangway.yml and every definition file of a project.
///
/// - Parameters:
///   - directory: the folder that holds gangway.yml.
///   - environment: what `${NAME}` in gangway.yml may name.
/// - Throws: all the mistakes in all the files at once.
package func readProject(at directory: String, environment: [String: String]) throws(Diagnostics) -> Project {
  let findings = Findings()
  let files = ProjectFiles(root: directory)
  let settings = try SettingsReader(files: files, environment: environment, findings: findings).read()
  let definitions = readDefinitions(files, settings, findings)
  var reader = ProjectReader(definitions, root: files.root, zone: settings.timezone, findings: findings)
  let project = reader.read(settings: settings)
  guard findings.diagnostics.isEmpty else { throw Diagnostics(findings.diagnostics) }
  return project
}

/// Reads gangway.yml alone: a project without definitions, for what needs its store only.
package func readProjectSettings(at directory: String, environment: [String: String]) throws(Diagnostics) -> Project {
  let findings = Findings()
  let settings = try SettingsReader(files: ProjectFiles(root: directory), environment: environment, findings: findings).read()
  guard findings.diagnostics.isEmpty else { throw Diagnostics(findings.diagnostics) }
  return Project(
    settings: settings, sources: [], entities: [], modules: [], featureViews: [], trainingSets: [], outputs: [], marts: [], published: [])
}

private func readDefinitions(_ files: ProjectFiles, _ settings: ProjectSettings, _ findings: Findings) -> DefinitionFields {
  var definitions = DefinitionFields()
  do {
    for path in try files.definitionFiles(in: settings) { readFile(path, files, into: &definitions, findings) }
  } catch {
    definitions.markAllIncomplete()
    error.diagnostics.forEach(findings.report)
  }
  return definitions
}

/// A file that cannot be read, or not all of it, is one mistake: the names that it may define are not missed elsewhere.
private func readFile(_ path: String, _ files: ProjectFiles, into definitions: inout DefinitionFields, _ findings: Findings) {
  let before = findings.count
  do {
    let tree = try parseTree(try files.read(path), path: path, findings: findings)
    if findings.count > before { definitions.markAllIncomplete() }
    guard let tree, !tree.isEmpty else { return }
    definitions.noteUnread(in: tree)
    FieldsReader(findings: findings).read(tree, as: DefinitionKeys.file, within: "").map { definitions.add($0) }
  } catch {
    definitions.markAllIncomplete()
    error.diagnostics.forEach(findings.report)
  }
}

/// The nearest folder at or above `directory` that holds a gangway.yml.
package func findProjectRoot(from directory: String) throws(Diagnostics) -> String {
  let start = ProjectFiles.absolutePath(directory)
  var folder = start
  while !ProjectFiles.isFile("\(folder)/\(ProjectFiles.settingsFile)") {
    let parent = ProjectFiles.parent(of: folder)
    guard parent != folder else { throw Diagnostics([.noProject(above: start)]) }
    folder = parent
  }
  return folder
}
