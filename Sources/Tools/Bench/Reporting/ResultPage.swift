/// A set's results as a page for people, beside the charts.
func resultPage(_ set: CaseSet, _ outcomes: [CaseOutcome], machine: Machine, command: String) -> String {
  var text = """
    # Results: \(set.name)

    Written by `\(command)`; [README.md](README.md) says what is measured and how. Medians.
    Times ours: a rival's seconds in its process (without Python's start and imports) by the whole seconds of ours in the first row.

    \(machine.lines.map { "- \($0)" }.joined(separator: "\n"))

    """
  for part in set.parts {
    let own = outcomes.filter { $0.workload == part.workload }
    text += """

      ## \(part.workload.kind): \(part.workload.title)

      ![Seconds per case](\(chartName(set, part.workload)))

      """
    for outcome in own { text += section(outcome) }
  }
  return text
}

/// The file name of a workload's chart.
func chartName(_ set: CaseSet, _ workload: Workload) -> String { "\(set.name)-\(workload.kind)-\(workload.historyRows).svg" }

private func section(_ outcome: CaseOutcome) -> String {
  var text = "\n### \(outcome.benchCase.name)\n\(outcome.benchCase.title).\n"
  if !outcome.results.isEmpty { text += "\n\(ResultTable(outcome).markdown)\n" }
  if case .elsewhere(let reason) = outcome.benchCase.comparison, !outcome.results.isEmpty { text += "\nAnswers: \(reason).\n" }
  if !outcome.notes.isEmpty { text += "\n" + outcome.notes.map { "- \($0)\n" }.joined() }
  return text
}
