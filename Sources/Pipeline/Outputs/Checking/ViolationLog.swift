internal import Files

/// The violations of a batch so far: counted, the first of each kind kept, all of them written if they are wanted.
struct ViolationLog {
  private struct Kind: Hashable {
    let rule: String
    let column: String?
  }

  private(set) var groups: [BatchReport.Group] = []
  private var numbers: [Kind: Int] = [:]
  private var file: ErrorFile?

  /// - Parameter errorFile: its path, if they are wanted.
  init(errorFile: String?) throws(FileError) {
    if let errorFile { file = try ErrorFile(errorFile) }
  }

  var isEmpty: Bool { groups.isEmpty }

  /// Whether another one would be told, or written.
  func wants(_ rule: String, _ column: String?) -> Bool {
    guard file == nil, let number = numbers[Kind(rule: rule, column: column)] else { return true }
    return groups[number].count < BatchReport.exampleLimit
  }

  mutating func add(_ violation: Violation, hint: String?) throws(FileError) {
    let number = group(violation.rule, violation.column, hint: hint)
    groups[number].count += 1
    if groups[number].examples.count < BatchReport.exampleLimit { groups[number].examples.append(violation) }
    try file?.write(violation)
  }

  /// Those that nobody needs one by one.
  mutating func add(_ count: Int, _ rule: String, _ column: String?, hint: String?) {
    if count > 0 { groups[group(rule, column, hint: hint)].count += count }
  }

  func commit() throws(FileError) { try file?.commit() }

  private mutating func group(_ rule: String, _ column: String?, hint: String?) -> Int {
    let kind = Kind(rule: rule, column: column)
    if let number = numbers[kind] { return number }
    groups.append(BatchReport.Group(rule: rule, column: column, count: 0, examples: [], hint: hint))
    numbers[kind] = groups.count - 1
    return groups.count - 1
  }
}
