import Archives
import Definitions
import Diagnostics
import Exports
import Foundation

/// Where an archive goes, and in which form.
extension Workspace {
  func packing(_ options: ExportOptions, of set: TrainingSet) throws -> Packing {
    let format = try format(options, of: set)
    let level = options.level ?? 1
    guard format.levels.contains(level) else {
      throw Diagnostics([
        Diagnostic(
          at: nil, "\(format.rawValue) has no level \(level)", rule: "unknown-level",
          hint: "use \(format.levels.lowerBound) (fastest) to \(format.levels.upperBound) (smallest)")
      ])
    }
    return Packing(format, level: level, threads: resources.threads)
  }

  /// As asked, else as the archive's name says, else as defined.
  private func format(_ options: ExportOptions, of set: TrainingSet) throws -> ArchiveFormat {
    let named = options.out.flatMap { out in ArchiveFormat.allCases.first { out.hasSuffix(".\($0.rawValue)") } }
    guard let asked = options.format else { return named ?? ArchiveFormat(rawValue: set.format.value.rawValue) ?? .zip }
    guard let format = ArchiveFormat(rawValue: asked) else {
      throw Diagnostics([
        Diagnostic(
          at: nil, "format \"\(asked)\" is not known", rule: "unknown-format",
          hint: "use one of: \(ArchiveFormat.allCases.map(\.rawValue).joined(separator: ", "))")
      ])
    }
    if let named, named != format {
      throw Diagnostics([
        Diagnostic(
          at: nil, "format \"\(asked)\" and the archive's name \"\(options.out ?? "")\" contradict each other", rule: "format-conflict",
          hint: "leave out --format, or end the name in .\(format.rawValue)")
      ])
    }
    return format
  }

  /// To a new file, or in place of another archive; never over anything else.
  func outPath(_ out: String) throws -> String {
    // A link's target is written, as every other program would.
    let path = URL(fileURLWithPath: out).resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return path }
    let isFile = attributes[.type] as? FileAttributeType == .typeRegular
    if isFile, isArchive(path) { return path }
    throw Diagnostics([
      Diagnostic(
        at: nil, "\"\(out)\" is there already and is no \(isFile ? "archive" : "file")", rule: "not-replaced",
        hint: "name a new file, or remove that one first")
    ])
  }

  /// Empty, or begins as a zip, gzip or zstd file does.
  private func isArchive(_ path: String) -> Bool {
    guard let handle = FileHandle(forReadingAtPath: path), let start = try? handle.read(upToCount: 4) ?? Data() else { return false }
    let marks: [[UInt8]] = [[0x50, 0x4B], [0x1F, 0x8B], [0x28, 0xB5, 0x2F, 0xFD]]
    return start.isEmpty || marks.contains { start.starts(with: $0) }
  }
}
