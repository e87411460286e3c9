import Definitions
import Diagnostics
import Foundation

/// A project in a folder of its own, deleted when done.
struct Fixture {
  /// By path; `features/test.yml` may hold markers.
  var files: [String: [UInt8]]
  var environment: [String: String] = [:]

  static let settings = "project: test\nwarehouse: {sqlite: warehouse.sqlite}\ntimezone: America/New_York\n"

  /// What most tests need beside the definitions that they are about.
  static let base = """
    entities:
      - {name: carrier, key: carrier_id}
      - {name: route, key: [origin, dest]}
    modules:
      - {name: deliveries, relation: deliveries, event_time: delivered_at}
      - {name: bookings, relation: bookings, columns: [{name: arr_delay, known_time: {column: arr_at, delay: 14d}}]}
    feature_views:
      - name: service
        entity: carrier
        module: deliveries
        features:
          - late_minutes
          - {name: delay, of: late_minutes, aggregate: [mean, max], windows: [7d, 30d]}
      - {name: lanes, entity: route, module: deliveries, features: [late_minutes]}
      - {name: fuel, module: deliveries, features: [price]}

    """

  init(_ files: [String: String], environment: [String: String] = [:]) {
    self.files = files.mapValues { Array($0.utf8) }
    self.environment = environment
  }

  /// The definitions of `yaml` beside ``base``.
  init(_ yaml: String) {
    self.init(["gangway.yml": Self.settings, "features/base.yml": Self.base, "features/test.yml": yaml])
  }

  func read() -> Result<Project, Diagnostics> {
    withFolder { folder in
      do throws(Diagnostics) {
        return .success(try readProject(at: folder, environment: environment))
      } catch {
        return .failure(error)
      }
    }
  }

  var project: Project {
    get throws { try read().get() }
  }

  var diagnostics: [Diagnostic] {
    switch read() {
    case .success: []
    case .failure(let error): error.diagnostics
    }
  }

  /// Writes the files for the time of `body`.
  func withFolder<Result>(_ body: (String) throws -> Result) rethrows -> Result {
    let manager = FileManager.default
    let folder = manager.temporaryDirectory.appending(path: "definitions-\(UUID().uuidString)")
    defer { try? manager.removeItem(at: folder) }
    for (path, bytes) in files {
      let file = folder.appending(path: path)
      try? manager.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try? Data(bytes).write(to: file)
    }
    return try body(folder.path)
  }
}

/// The mistakes in `features/test.yml`, each as the marker that stands at its place and its rule: `1️⃣ unknown-entity`.
func mistakes(_ marked: String, beside files: [String: String] = ["features/base.yml": Fixture.base]) -> [String] {
  let (yaml, markers) = removeMarkers(marked)
  let all = files.merging(["gangway.yml": Fixture.settings, "features/test.yml": yaml]) { $1 }
  return Fixture(all).diagnostics.map { diagnostic in
    let place = diagnostic.location.map(\.description) ?? "nowhere"
    return "\(markers[place] ?? place) \(diagnostic.rule)"
  }
}

/// The hints, in order.
func hints(_ marked: String) -> [String?] { Fixture(removeMarkers(marked).text).diagnostics.map(\.hint) }

/// - Returns: the text without 1️⃣ 2️⃣ …, and the markers by the place that they stood at.
func removeMarkers(_ marked: String) -> (text: String, markers: [String: String]) {
  var text = ""
  var markers: [String: String] = [:]
  var (line, column) = (1, 1)
  for character in marked {
    if character.unicodeScalars.contains("\u{20E3}") {
      markers["features/test.yml:\(line):\(column)"] = String(character)
      continue
    }
    text.append(character)
    (line, column) = character == "\n" ? (line + 1, 1) : (line, column + 1)
  }
  return (text, markers)
}
