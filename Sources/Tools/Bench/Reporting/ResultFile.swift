/// All results of a set as CSV, for those who want to compute with them.
func resultFile(_ outcomes: [CaseOutcome]) -> String {
  let head = [
    "workload", "case", "contender", "detail", "runs", "whole_seconds", "in_process_seconds", "cpu_seconds", "peak_bytes", "bytes_written",
    "times_ours",
  ]
  let rows = outcomes.flatMap { outcome in
    outcome.results.map { result in
      [
        outcome.workload.folderName, outcome.benchCase.name, result.contender.name, "\"\(result.contender.detail)\"", "\(result.runs)",
        "\(result.wholeSeconds)", result.ownSeconds.map { "\($0)" } ?? "", "\(result.cpuSeconds)", "\(result.peakBytes)", "\(result.bytes)",
        outcome.results.first.map { "\(result.ratio(to: $0))" } ?? "",
      ]
    }
  }
  return ([head] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
}
