internal import Columns
internal import Definitions
internal import Diagnostics
internal import Times

/// What a batch of an output must have, column by column.
struct Contract: Sendable {
  struct Target: Sendable {
    enum Role: Sendable {
      case key
      case column(ModelOutputColumn)
      case predictedAt(TimeReader)
    }

    /// What files call it, and did before, the newest first.
    let names: [String]
    let type: DataType
    let role: Role

    /// What files call it now.
    var name: String { names[0] }
    /// Whether a file may be without it.
    var isOptional: Bool {
      switch role {
      case .key: false
      case .column(let column): !column.isRequired
      case .predictedAt: true
      }
    }
  }

  let output: String
  /// Key columns, the output's columns, the time of prediction.
  let targets: [Target]
  let keyCount: Int
  /// Whether the definition names the column with the time of prediction.
  let namesPredictedAt: Bool
  /// Of naive times among values.
  let zone: Zone

  var predictedAt: Int { targets.count - 1 }

  init(_ output: ModelOutput, zone: Zone) {
    self.output = output.name.value
    self.zone = zone
    keyCount = output.key.count
    namesPredictedAt = output.predictedAt != nil
    let time = output.predictedAt
    // As of a decision: a date needs an hour, and what is below a microsecond rounds down.
    let reader = TimeReader(
      role: .decision, unit: time?.unit, zone: time?.timezone.flatMap { Zone($0) } ?? zone, ambiguous: time?.ambiguous,
      atMicroseconds: time?.atMicroseconds)
    targets =
      output.key.map { Target(names: [$0.name.value], type: $0.type ?? .string, role: .key) }
      + output.columns.map { column in
        Target(names: [column.name.value] + column.earlierNames.map(\.value), type: column.type, role: .column(column))
      } + [Target(names: [time?.column.value ?? ModelOutput.predictedAtColumn], type: .timestamp, role: .predictedAt(reader))]
  }

  /// Of the typed rows.
  var fields: [Field] {
    targets.enumerated().map { Field($0 == predictedAt ? ModelOutput.predictedAtColumn : $1.name, $1.type) }
  }

  /// The key columns, for messages.
  var keyNames: String { targets.prefix(keyCount).map(\.name).joined(separator: ", ") }
}
