package import Diagnostics

/// What asks a training set's features of rows that have no label yet.
extension TrainingSet {
  /// The same keys, kept columns, inputs and features; no label, no split.
  ///
  /// A column that only the split names is none of it. What the definitions say of which rows are meant counts for the rows that it is said
  /// of: the spine's `where`, `from` and `until` for the spine's.
  ///
  /// - Parameters:
  ///   - isReplaced: the rows are brought along, so nothing said here of rows counts.
  ///   - isAskedAtOnce: every row asks at the same time, so bounds on the time choose no rows.
  package func forScoring(isReplaced: Bool, isAskedAtOnce: Bool) -> TrainingSet {
    let own = isReplaced ? nil : scoring
    let isOfSpine = !isReplaced && own?.origin == nil
    let isBounded = isOfSpine && !isAskedAtOnce
    let labels = Set(spine.labels.map(\.column.value))
    let rows = Spine(
      location: own?.location ?? spine.location, origin: own?.origin ?? spine.origin, asOf: spine.asOf, entityKeys: spine.entityKeys,
      predicate: own?.predicate ?? (isOfSpine ? spine.predicate : nil), fromMicroseconds: isBounded ? spine.fromMicroseconds : nil,
      untilMicroseconds: isBounded ? spine.untilMicroseconds : nil, keep: spine.keep, inputs: spine.inputs, labels: [],
      orderBy: spine.orderBy.filter { !labels.contains($0.value) })
    return TrainingSet(
      name: name, spine: rows, features: features, boundary: boundary, knowledge: knowledge, statusColumns: statusColumns, split: nil,
      format: format, scoring: scoring, allowsInSample: allowsInSample, about: about)
  }

  /// When rows to score ask, if it is they that say so.
  package var scoringTime: TimeColumn { scoring?.asOf ?? spine.asOf }

  /// Which columns come out before the features, but for the decision time: keys, what is kept, inputs.
  package var spineColumns: [Located<String>] {
    var seen: Set<String> = [spine.asOf.column.value]
    return (features.flatMap(\.keyColumns) + spine.keep + spine.inputs).filter { seen.insert($0.value).inserted }
  }
}
