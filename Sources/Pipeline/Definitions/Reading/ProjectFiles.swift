import Diagnostics
import Foundation

/// The files of a project: the only place of this target that touches the disk.
struct ProjectFiles {
  static let settingsFile = "gangway.yml"

  /// Absolute.
  let root: String

  init(root: String) { self.root = Self.absolutePath(root) }

  /// - Parameter path: absolute, or relative to the root.
  func read(_ path: String) throws(Diagnostics) -> [UInt8] {
    do {
      return [UInt8](try Data(contentsOf: URL(filePath: absolute(path))))
    } catch {
      throw Diagnostics([.unreadable(path, isThere: Self.isFile(absolute(path)))])
    }
  }

  /// The text of a file that a definition names.
  func readText(_ path: String) -> String? {
    guard let bytes = try? read(path) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  func absolute(_ path: String) -> String { Self.join(root, path) }

  /// A path that the file at `location` says, relative to that file.
  func absolute(_ path: String, besides location: SourceLocation) -> String {
    Self.join(Self.parent(of: absolute(location.path)), path)
  }

  /// Every *.yml and *.yaml under the features folder, in byte order of path; what is hidden is skipped.
  ///
  /// - Returns: paths relative to the root where the folder lies in it.
  func definitionFiles(in settings: ProjectSettings) throws(Diagnostics) -> [String] {
    let folder = settings.featuresFolder
    guard Self.isFolder(folder) else { throw Diagnostics([.noFeaturesFolder(relative(folder))]) }
    var found: [String] = []
    var visited: Set<String> = []
    try collect(folder, &found, &visited)
    return found.map(relative).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private func collect(_ folder: String, _ found: inout [String], _ visited: inout Set<String>) throws(Diagnostics) {
    guard visited.insert(URL(filePath: folder).resolvingSymlinksInPath().path).inserted else { return }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw Diagnostics([.unreadable(relative(folder), isThere: true)])
    }
    for name in names where !name.hasPrefix(".") {
      let path = "\(folder)/\(name)"
      if Self.isFolder(path) {
        try collect(path, &found, &visited)
      } else if name.hasSuffix(".yml") || name.hasSuffix(".yaml") {
        found.append(path)
      }
    }
  }

  private func relative(_ path: String) -> String {
    path.hasPrefix("\(root)/") ? String(path.dropFirst(root.count + 1)) : path
  }
}

// Paths as texts.
extension ProjectFiles {
  static func absolutePath(_ path: String) -> String { join(FileManager.default.currentDirectoryPath, path) }

  /// `path` seen from `folder`, without `.` and `..`.
  static func join(_ folder: String, _ path: String) -> String {
    var parts: [Substring] = []
    for part in (path.hasPrefix("/") ? path : "\(folder)/\(path)").split(separator: "/") where part != "." {
      if part == ".." { parts = parts.dropLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  static func parent(of path: String) -> String { join(path, "..") }

  static func isFolder(_ path: String) -> Bool { type(of: path) == .typeDirectory }

  static func isFile(_ path: String) -> Bool { type(of: path).map { $0 != .typeDirectory } ?? false }

  /// Of what a link leads to.
  private static func type(of path: String) -> FileAttributeType? {
    let target = URL(filePath: path).resolvingSymlinksInPath().path
    return (try? FileManager.default.attributesOfItem(atPath: target))?[.type] as? FileAttributeType
  }

  /// The names of the files beside `path`.
  static func neighbours(of path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: parent(of: path))) ?? []).sorted()
  }
}

extension Diagnostic {
  fileprivate static func unreadable(_ path: String, isThere: Bool) -> Diagnostic {
    Diagnostic(
      at: SourceLocation(path: path, line: 1, column: 1), "\"\(path)\" \(isThere ? "cannot be read" : "leads to no file")",
      rule: "unreadable-file", hint: isThere ? "make it readable for you" : "create what it leads to, or remove it")
  }

  fileprivate static func noFeaturesFolder(_ folder: String) -> Diagnostic {
    Diagnostic(
      at: SourceLocation(path: ProjectFiles.settingsFile, line: 1, column: 1),
      "the features folder \"\(folder)\" does not exist", rule: "missing-folder",
      hint: "create it, or name another one, as in `features: definitions`")
  }

  static func noProject(above folder: String) -> Diagnostic {
    Diagnostic(
      at: nil, "neither \"\(folder)\" nor any folder above it holds a gangway.yml", rule: "no-project",
      hint: "run `gangway init`, or name the project's folder with -C")
  }
}
