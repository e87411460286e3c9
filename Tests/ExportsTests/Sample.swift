import Columns
import Exports
import Planning

/// Facts of a small archive, with names and words that a careless document would stumble over.
enum Sample {
  static let columns = [
    ArchiveFacts.Column(name: "machine", type: .string, role: .key, description: "A machine | of the\nworkshop.", nulls: 0),
    ArchiveFacts.Column(name: "begins", type: .timestamp, role: .time, description: nil, nulls: 0),
    ArchiveFacts.Column(name: "shift id, \"old\"", type: .int64, role: .keep, description: nil, nulls: 1),
    ArchiveFacts.Column(name: "split", type: .boolean, role: .input, description: nil, nulls: 4_999),
    ArchiveFacts.Column(name: "heat__heat", type: .float64, role: .feature, description: "Wärme in °C \\ \u{1}", nulls: 1_250),
    ArchiveFacts.Column(name: "heat__heat__status", type: .string, role: .status, description: nil, nulls: 0),
    ArchiveFacts.Column(name: "heat__day", type: .date, role: .feature, description: nil, nulls: 5_000),
    ArchiveFacts.Column(name: "failed", type: .int64, role: .label, description: nil, nulls: 2),
  ]

  static let views = [
    ArchiveFacts.View(name: "heat", alias: "heat", description: "Readings.", entity: "machine", module: "readings", rows: 1_234_567)
  ]

  static func facts(parts names: [String] = ["train", "test"], columns: [ArchiveFacts.Column] = columns) -> ArchiveFacts {
    let rows = ["train": 4_000, "test": 1_000, "data": 5_000]
    return ArchiveFacts(
      name: "failures", description: "Will it break?", owner: "workshop",
      parts: names.map {
        ArchiveFacts.Part(
          name: $0, rows: rows[$0] ?? 0,
          member: MemberFacts(name: "\($0).csv", bytes: 20_480, sha256: String(repeating: "0a", count: 32)))
      },
      columns: columns, views: views, making: ["rows of module \"shifts\"", "every feature as it was known at its row's decision time"],
      foundations: ["data known up to 2024-05-01T16:00:00Z", "label failed: 2 rows not known yet, null"])
  }
}
