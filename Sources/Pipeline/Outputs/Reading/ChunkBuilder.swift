internal import CSVReading
internal import Columns
internal import Times

/// Turns rows of one CSV file into chunks.
struct ChunkBuilder {
  private let file: String
  /// Per target, which of the file's columns it is.
  private let places: [Int?]
  private var columns: [CellColumn?]
  private var lines: ContiguousArray<Int64> = []
  private var textCount = 0
  private var rowsBefore = 0
  private var misfits: [Finding] = []
  private var misfitRows: [ContiguousArray<Int32>]
  private var unlisted: [Chunk.Unlisted] = []
  /// How many misfits were told, by target and problem; none are told beyond a limit.
  private var told: [Told: Int] = [:]
  private let misfitLimit: Int

  private struct Told: Hashable {
    let target: Int
    let problem: RowProblem
  }

  /// - Parameter misfitLimit: how many misfits of one kind and column are told one by one.
  init(file: String, places: [Int?], _ contract: Contract, misfitLimit: Int) {
    self.file = file
    self.places = places
    self.misfitLimit = misfitLimit
    misfitRows = Array(repeating: [], count: places.count)
    columns = zip(contract.targets, places).map { target, place in place.map { _ in CellColumn(target, zone: contract.zone) } }
  }

  var rowCount: Int { lines.count }
  var isFull: Bool { lines.count >= Chunk.rowLimit || textCount >= Chunk.textLimit }

  mutating func append(_ row: borrowing CSVReader) {
    for target in places.indices {
      guard let place = places[target] else { continue }
      if row.cells[place].isNull {
        columns[target]?.appendNull()
      } else {
        let text = row.text(place)
        textCount += text.count
        if let problem = columns[target]?.append(text) { note(problem, target, text) }
      }
    }
    lines.append(Int64(row.cells[0].line))
  }

  private mutating func note(_ problem: RowProblem, _ target: Int, _ text: Span<UInt8>) {
    let row = Int32(truncatingIfNeeded: lines.count)
    misfitRows[target].append(row)
    let count = told[Told(target: target, problem: problem), default: 0]
    told[Told(target: target, problem: problem)] = count + 1
    if count < misfitLimit {
      misfits.append(
        Finding(
          row: row, target: Int32(truncatingIfNeeded: target), problem: problem, detail: beginning(of: text)))
    } else if let i = unlisted.firstIndex(where: { $0.target == target && $0.problem == problem }) {
      unlisted[i].count += 1
    } else {
      unlisted.append(.init(target: Int32(truncatingIfNeeded: target), problem: problem, count: 1))
    }
  }

  mutating func finish() -> Chunk {
    defer {
      rowsBefore += lines.count
      lines = []
      misfits = []
      misfitRows = Array(repeating: [], count: places.count)
      unlisted = []
      textCount = 0
    }
    var finished: [Column?] = []
    for i in columns.indices { finished.append(columns[i]?.finish()) }
    return Chunk(
      file: file, columns: finished, rowCount: lines.count, places: .lines(lines, first: rowsBefore + 1), misfits: misfits,
      misfitRows: misfitRows, unlisted: unlisted)
  }
}

/// Enough of a text to show, so that a wrong file does not fill the memory.
func beginning(of text: Span<UInt8>) -> String {
  let shown = 1_000
  if text.count <= 4 * shown { return String(copying: text) }
  return "\(String(copying: text.extracting(first: 4 * shown)).prefix(shown))…"
}
