import Archives
import Definitions
import Diagnostics
import Exports
import Foundation

/// Where an archive goes, and in which form.
extension Workspace {
  func packing(_ options: ExportOptions, of set: TrainingSet) throws -> Packing {
    Packing(try form(options, of: set), threads: resources.threads)
  }

  private func form(_ options: ExportOptions, of set: TrainingSet) throws -> Packing.Form {
    guard let format = try format(options, of: set) else {
      if options.level == nil { return .folder }
      throw Diagnostics([
        Diagnostic(at: nil, "a folder is not compressed and has no level", rule: "unknown-level", hint: "leave out --level")
      ])
    }
    let level = options.level ?? 1
    guard format.levels.contains(level) else {
      throw Diagnostics([
        Diagnostic(
          at: nil, "\(format.rawValue) has no level \(level)", rule: "unknown-level",
          hint: "use \(format.levels.lowerBound) (fastest) to \(format.levels.upperBound) (smallest)")
      ])
    }
    return .archive(format, level: level)
  }

  /// As asked, else as the archive's name says, else as defined; nil: a folder.
  private func format(_ options: ExportOptions, of set: TrainingSet) throws -> ArchiveFormat? {
    let named = options.out.flatMap { out in ArchiveFormat.allCases.first { out.hasSuffix(".\($0.rawValue)") } }
    guard let asked = options.format else { return named ?? ArchiveFormat(rawValue: set.format.value.rawValue) }
    let format = ArchiveFormat(rawValue: asked)
    let formats = TrainingSet.Format.allCases.map(\.rawValue)
    guard formats.contains(asked) else {
      throw Diagnostics([
        Diagnostic(
          at: nil, "format \"\(asked)\" is not known", rule: "unknown-format",
          hint: "use one of: \(formats.joined(separator: ", "))")
      ])
    }
    if let named, named != format {
      throw Diagnostics([
        Diagnostic(
          at: nil, "format \"\(asked)\" and the archive's name \"\(options.out ?? "")\" contradict each other", rule: "format-conflict",
          hint: format.map { "leave out --format, or end the name in .\($0.rawValue)" } ?? "leave out --format, or name a folder")
      ])
    }
    return format
  }

  /// To a new file or folder, or in place of another archive or exported folder; never over anything else.
  func outPath(_ out: String, _ form: Packing.Form) throws -> String {
    // A link's target is written, as every other program would.
    let path = URL(fileURLWithPath: out).resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return path }
    let kind: String
    switch form {
    case .archive:
      let isFile = attributes[.type] as? FileAttributeType == .typeRegular
      if isFile, isArchive(path) { return path }
      kind = isFile ? "archive" : "file"
    case .folder:
      if isExportedFolder(path) { return path }
      kind = "exported folder"
    }
    throw Diagnostics([
      Diagnostic(
        at: nil, "\"\(out)\" is there already and is no \(kind)", rule: "not-replaced", hint: "name a new one, or remove that one first")
    ])
  }

  /// Empty, or begins as a zip, gzip or zstd file does.
  private func isArchive(_ path: String) -> Bool {
    guard let handle = FileHandle(forReadingAtPath: path), let start = try? handle.read(upToCount: 4) ?? Data() else { return false }
    let marks: [[UInt8]] = [[0x50, 0x4B], [0x1F, 0x8B], [0x28, 0xB5, 0x2F, 0xFD]]
    return start.isEmpty || marks.contains { start.starts(with: $0) }
  }
}
