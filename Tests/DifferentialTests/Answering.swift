import Foundation
import ReferenceModel
import Testing

/// Who answers a world: the model, or the engine by way of a project in a folder.
enum Answering: String, CaseIterable, CustomTestStringConvertible, Sendable {
  case model, engine

  static var present: [Answering] { projectRunner == nil ? [.model] : allCases }

  var testDescription: String { rawValue }

  /// The CSV members by name.
  func members(_ world: World) throws -> [String: String] {
    switch self {
    case .model: try Model(world).answer().members
    case .engine: try engineMembers(world)
    }
  }
}

func engineMembers(_ world: World) throws -> [String: String] {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gangway-world-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: folder) }
  let files = world.files
  try files.write(to: folder)
  let members = try projectRunner!.run(
    folder: folder, warehouseSQL: files.warehouse, exportArguments: world.exportArguments)
  return members.filter { $0.key.hasSuffix(".csv") }
}

/// `WORLDS` worlds from `WORLD_SEED` on; one alone is replayed with `WORLDS=1 WORLD_SEED=…`.
enum Seeds {
  static let first = number("WORLD_SEED", otherwise: 1)
  static let count = number("WORLDS", otherwise: 200)
  static var all: Range<UInt64> { first..<first + count }
  /// For tests that answer each world several times.
  static var some: Range<UInt64> { first..<first + max(1, count / 5) }

  private static func number(_ name: String, otherwise: UInt64) -> UInt64 {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } ?? otherwise
  }
}
