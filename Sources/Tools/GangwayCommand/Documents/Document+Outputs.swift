import Gangway

// The documents of register, promote, withdraw and publish.
extension Document {
  static func register(_ report: RegisterReport, notes: [String]) -> Document {
    Document(
      "register",
      [
        "output": .string(report.output), "model_version": .string(report.modelVersion), "batch": .string(report.batch),
        "rows": JSONValue(report.rows), "is_new": .bool(report.isNew), "replaces": .bool(report.replaces),
        "trained_on": JSONValue(report.trainedOn), "live": JSONValue(report.live),
        "shown": JSONValue(report.shown), "columns": .array(report.comparison.map(\.json)), "notes": JSONValue(notes),
        "seconds": .number(report.seconds),
      ])
  }

  static func change(_ command: String, _ change: OutputChange) -> Document {
    Document(
      command,
      [
        "output": .string(change.output), "at": .string(change.atText), "live": JSONValue(change.live),
        "withdrawn": JSONValue(change.withdrawn), "shown": JSONValue(change.shown), "is_new": .bool(change.isNew),
      ])
  }

  static func compare(_ found: Comparison) -> Document {
    Document(
      "compare",
      [
        "output": .string(found.output), "first": .string(found.first), "second": .string(found.second),
        "entities": [
          "both": JSONValue(found.both), "first_only": JSONValue(found.onlyFirst), "second_only": JSONValue(found.onlySecond),
        ],
        "columns": .array(found.columns.map(\.json)),
      ])
  }

  static func publish(_ published: [PublishReport]) -> Document {
    let relations = published.map { report -> JSONValue in
      [
        "name": .string(report.name), "shown": JSONValue(report.shown), "is_new": .bool(report.isNew), "seconds": .number(report.seconds),
      ]
    }
    return Document("publish", ["published": .array(relations)])
  }
}
