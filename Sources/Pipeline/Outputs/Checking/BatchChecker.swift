internal import Columns
internal import Definitions
internal import Diagnostics
internal import Files
internal import Times

/// Checks chunk after chunk of a batch, in order.
struct BatchChecker {
  private let contract: Contract
  private let words: RowWords
  private let checks: [ColumnCheck]
  /// Of rows that do not say it.
  private let predictedAt: Int64
  private let known: KnownEntities?
  private var seen = SeenRows()
  /// From which row on, of those in `seen`, which source.
  private var sources: [(first: Int, file: String, hasLines: Bool)] = []
  private var log: ViolationLog
  private var tallies: [ColumnTally]
  private(set) var rowCount = 0
  private var unknownCount = 0
  private var saysTimes = false
  /// Something ended the reading of a source.
  private var isCut = false

  init(_ contract: Contract, predictedAt: Int64, latest: Int64, known: KnownEntities?, errorFile: String?) throws(FileError) {
    self.contract = contract
    self.predictedAt = predictedAt
    self.known = known
    words = RowWords(contract: contract, latest: latest, entities: known?.name ?? "")
    checks = contract.targets.enumerated().map { ColumnCheck($1, number: $0, latest: latest) }
    log = try ViolationLog(errorFile: errorFile)
    tallies = contract.fields.dropFirst(contract.keyCount).map { ColumnTally($0) }
  }

  mutating func note(_ mistake: Violation, hint: String?) throws(FileError) {
    isCut = true
    try log.add(mistake, hint: hint)
  }

  mutating func note(_ unlisted: Chunk.Unlisted, _ first: Violation) throws(FileError) {
    let hint = words.hint(unlisted.problem, target: Int(unlisted.target))
    try log.add(first, hint: hint)
    log.add(unlisted.count, first.rule, first.column, hint: hint)
  }

  /// - Returns: the rows, typed; nil if the batch is refused already.
  mutating func check(_ chunk: Chunk) throws(FileError) -> Table? {
    if chunk.rowCount == 0 { return nil }
    var findings = chunk.misfits
    for (i, column) in chunk.columns.enumerated() {
      if let column { checks[i].look(at: column, misfits: chunk.misfitRows[i]) { findings.append($0) } }
    }
    checkKeys(chunk, &findings)
    if !findings.isEmpty {
      findings.sort { ($0.row, $0.target) < ($1.row, $1.target) }
      for finding in findings { try tell(finding, chunk) }
    }
    for unlisted in chunk.unlisted {
      let target = Int(unlisted.target)
      log.add(
        unlisted.count, unlisted.problem.rule, contract.targets[target].name, hint: words.hint(unlisted.problem, target: target))
    }
    rowCount += chunk.rowCount
    return isRefused ? nil : table(chunk)
  }

  /// Unknown entities may be allowed yet.
  private var isRefused: Bool { isCut || log.groups.contains { $0.rule != RowProblem.unknownEntity.rule } }

  private mutating func table(_ chunk: Chunk) -> Table {
    let columns = zip(contract.fields, chunk.columns).enumerated().map { i, pair in
      pair.1 ?? (i == contract.predictedAt ? .constant(predictedAt, count: chunk.rowCount) : .nulls(pair.0.type, count: chunk.rowCount))
    }
    for i in tallies.indices { tallies[i].add(columns[contract.keyCount + i]) }
    return Table(fields: contract.fields, columns: columns, rowCount: chunk.rowCount)
  }
}

// MARK: Keys

extension BatchChecker {
  private mutating func checkKeys(_ chunk: Chunk, _ findings: inout [Finding]) {
    let key = chunk.columns.prefix(contract.keyCount).compactMap(\.self)
    guard key.count == contract.keyCount else { return }
    if sources.last?.file != chunk.file {
      let hasLines = if case .lines = chunk.places { true } else { false }
      sources.append((seen.rowCount, chunk.file, hasLines))
    }
    let digests = KeyDigests.of(key, rowCount: chunk.rowCount)
    let nullable = key.filter { $0.nullCount > 0 }
    let times = chunk.columns[contract.predictedAt]
    if times != nil { saysTimes = true }
    let nullTimes = times.flatMap { $0.nullCount > 0 ? $0 : nil }
    let moments = (times ?? .constant(predictedAt, count: chunk.rowCount)).timestamps
    let span = moments.span
    for row in 0..<chunk.rowCount where !nullable.contains(where: { $0.isNull(row) }) {
      if let known, !known.contains(digests[row]) {
        unknownCount += 1
        findings.append(keyFinding(row, .unknownEntity))
      }
      // A row that does not say when is at no moment that another could share.
      guard nullTimes?.isNull(row) != true, seen.rowCount < SeenRows.limit else { continue }
      if let earlier = seen.insert(digests[row], at: span[row], place: chunk.places.place(row)) {
        var finding = keyFinding(row, .duplicate)
        if log.wants(RowProblem.duplicate.rule, nil) { finding.detail = place(of: earlier) }
        findings.append(finding)
      }
    }
  }

  private func keyFinding(_ row: Int, _ problem: RowProblem) -> Finding {
    Finding(
      row: Int32(truncatingIfNeeded: row), target: Int32(truncatingIfNeeded: contract.targets.count), problem: problem)
  }

  private func place(of earlier: (number: Int, place: Int64)) -> String {
    guard let source = sources.last(where: { $0.first <= earlier.number }) else { return "" }
    return source.hasLines ? "\(source.file):\(earlier.place)" : "\(source.file), row \(earlier.place)"
  }
}

// MARK: Words

extension BatchChecker {
  private mutating func tell(_ finding: Finding, _ chunk: Chunk) throws(FileError) {
    let target = Int(finding.target)
    let column = finding.problem.isOfKey ? nil : contract.targets[target].name
    let hint = words.hint(finding.problem, target: target)
    guard log.wants(finding.problem.rule, column) else { return log.add(1, finding.problem.rule, column, hint: hint) }
    let row = Int(finding.row)
    let (value, length) = finding.problem.isOfKey ? (keyText(row, chunk, finding.problem), 0) : cell(finding, chunk)
    let (line, number) = chunk.places.violationPlace(row)
    let hasValue = ![.nullKey, .nullValue, .nullTime].contains(finding.problem)
    try log.add(
      Violation(
        file: chunk.file, line: line, row: number, column: column, rule: finding.problem.rule, value: hasValue ? value : nil,
        message: words.message(finding, value: value, length: length)), hint: hint)
  }

  private func cell(_ finding: Finding, _ chunk: Chunk) -> (text: String, length: Int) {
    if let detail = finding.detail { return (detail, 0) }
    return chunk.columns[Int(finding.target)]?.shownText(Int(finding.row)) ?? ("", 0)
  }

  /// With the moment of prediction, where it tells rows apart.
  private func keyText(_ row: Int, _ chunk: Chunk, _ problem: RowProblem) -> String {
    var parts = zip(contract.targets, chunk.columns).prefix(contract.keyCount).map { "\($0.name)=\($1?.shownText(row).text ?? "")" }
    if problem == .duplicate, let times = chunk.columns[contract.predictedAt] {
      parts.append("\(contract.targets[contract.predictedAt].name)=\(times.shownText(row).text)")
    }
    return parts.joined(separator: ", ")
  }
}

// MARK: The end

extension BatchChecker {
  /// - Returns: what is said of the batch; warnings.
  mutating func finish(_ output: ModelOutput) throws(BatchError) -> (BatchSummary, [Diagnostic]) {
    var warnings: [Diagnostic] = []
    let isWhole = !isCut
    do {
      let limits = output.unknownEntities
      let isTooMany = limits.error.isExceeded(by: unknownCount, of: rowCount)
      if isTooMany {
        try note(
          Violation(file: "", rule: "unknown-entities", message: unknownWords + ", and at most \(limits.error.words) may be"),
          hint: "load the entities first, or raise `unknown_entities: {error: …}`")
      } else if limits.warn.isExceeded(by: unknownCount, of: rowCount), let group = unknownGroup {
        let examples = group.examples.prefix(3).compactMap(\.value).map(oneLine).joined(separator: "; ")
        warnings.append(Diagnostic(.warning, at: nil, "\(unknownWords): \(examples)\(group.count > 3 ? "; …" : "")", rule: group.rule))
      }
      if rowCount < output.leastRows, isWhole {
        try note(
          Violation(
            file: "", rule: "too-few-rows",
            message:
              "the batch has \(rowCount) row\(rowCount == 1 ? "" : "s"), and output \"\(contract.output)\" needs at least \(output.leastRows)"
          ),
          hint: "see whether all predictions are there, or lower `rows: {min: …}`")
      }
      try log.commit()
      if isRefused {
        let groups = log.groups.filter { isTooMany || $0.rule != RowProblem.unknownEntity.rule }
        throw BatchError.refused(BatchReport(groups: groups, rowCount: rowCount))
      }
    } catch let error as FileError {
      throw .failed(Diagnostics(error.diagnostics, isBusy: error.isBusy))
    } catch let error as BatchError { throw error } catch { preconditionFailure("\(error)") }
    let entities = saysTimes ? seen.countKeys() : seen.rowCount
    return (BatchSummary(rows: rowCount, entities: entities, columns: tallies.map(\.summary)), warnings)
  }

  private var unknownGroup: BatchReport.Group? { log.groups.first { $0.rule == RowProblem.unknownEntity.rule } }

  private var unknownWords: String {
    "\(unknownCount) of \(rowCount) row\(rowCount == 1 ? "" : "s") \(unknownCount == 1 ? "is" : "are") about entities that are not in \(words.entities)"
  }
}
