import Diagnostics

extension ProjectReader {
  /// - Returns: a feature for each run of functions that take the same operands, in order. Empty if the entry is broken.
  func aggregates(_ fields: Fields) -> [Feature] {
    reportLookupKeys(in: fields)
    let functions = functions(fields)
    let windows = windows(fields)
    let hasOperands = functions.map { self.hasOperands(for: $0, fields) } ?? false
    let naming = fields.text("name").flatMap { ColumnNaming(fields, stem: $0.value, self) }
    guard let functions, let windows, hasOperands, let naming, let name = fields.text("name") else { return [] }
    var seen: Set<String> = []
    return runs(of: functions, fields, name).map { operands, functions in
      let columns = functions.flatMap { function in
        windows.map { FeatureColumn(name: naming.column(function, $0.value), kind: .aggregate(function, $0.value)) }
      }
      naming.reportMistakes(in: columns, &seen, self)
      return Feature(
        name: name,
        kind: .aggregates(
          Aggregates(operands: operands, predicate: fields.text("where"), functions: functions, windows: windows)),
        type: nil, description: fields.text("description")?.value, columns: columns)
    }
  }

  private func reportLookupKeys(in fields: Fields) {
    let foreign = ["column", "expr", "type"].filter { fields.says($0) }
    guard let place = foreign.compactMap({ fields.place(of: $0) }).min() else { return }
    report(.lookupKeys(foreign, fields.subject, at: place))
  }

  /// `count` without `of` counts rows; the others take the stem's column.
  private func runs(of functions: [AggregateFunction], _ fields: Fields, _ name: Located<String>)
    -> [(operands: [Located<ValueSource>], functions: [AggregateFunction])]
  {
    let of = fields.texts("of").map { $0.map(ValueSource.columnOrExpression) }
    guard of.isEmpty else { return [(of, functions)] }
    var runs: [(operands: [Located<ValueSource>], functions: [AggregateFunction])] = []
    for function in functions {
      let operands = function == .count ? [] : [name.map(ValueSource.column)]
      if let last = runs.last, last.operands == operands {
        runs[runs.count - 1].functions.append(function)
      } else {
        runs.append((operands, [function]))
      }
    }
    return runs
  }

  private func hasOperands(for functions: [AggregateFunction], _ fields: Fields) -> Bool {
    guard !fields.isBroken("of") else { return false }
    let count = fields.texts("of").count
    let place = fields.place(of: "of") ?? fields.place(of: "aggregate")
    if functions.contains(.ratio) {
      if count == 2, functions == [.ratio] { return true }
      report(
        functions == [.ratio]
          ? .ratioOperands(fields.subject, count, at: place) : .ratioAmongOthers(fields.subject, at: fields.place(of: "aggregate")))
      return false
    }
    if count > 1 { report(.tooManyOperands(fields.subject, count, at: place)) }
    return count <= 1
  }
}

// Functions and windows.
extension ProjectReader {
  private func functions(_ fields: Fields) -> [AggregateFunction]? {
    let before = findings.count
    let names = fields.texts("aggregate")
    var seen: Set<String> = []
    for name in names where !seen.insert(name.value).inserted { report(.repeated("function", name, fields.subject)) }
    let percentile = percentile(fields, names)
    let functions = names.compactMap { name -> AggregateFunction? in
      if name.value == "percentile" { return percentile }
      if let known = aggregateFunctions.first(where: { $0.name == name.value }) { return known.function }
      report(.unknownAggregate(name, fields.subject))
      return nil
    }
    return findings.count == before && functions.count == names.count && !names.isEmpty ? functions : nil
  }

  private func percentile(_ fields: Fields, _ names: [Located<String>]) -> AggregateFunction? {
    let name = names.first { $0.value == "percentile" }
    if let place = fields.place(of: "p"), name == nil {
      if !names.isEmpty { report(.percentWithoutPercentile(fields.subject, at: place)) }
    } else if let name, !fields.says("p") {
      report(.missingPercent(fields.subject, at: name.location))
    } else if let p = fields.text("p") {
      if let function = AggregateFunction.percentile(p.value) { return function }
      report(.badPercent(p, fields.subject))
    }
    return nil
  }

  private func windows(_ fields: Fields) -> [Located<Window>]? {
    guard fields.says("windows") else {
      report(.missingWindows(fields.subject, at: fields.location))
      return nil
    }
    let texts = fields.texts("windows")
    var seen: Set<String> = []
    for text in texts where !seen.insert(text.value).inserted { report(.repeated("window", text, fields.subject)) }
    guard !texts.isEmpty, seen.count == texts.count else { return nil }
    return texts.compactMap { text in Window(text.value).map { Located($0, at: text.location) } }
  }
}
