internal import Columns
internal import Diagnostics
internal import Warehouses

/// Some rows of one source with typed columns, on their way from where they are read to where they are checked.
struct Chunk: Sendable {
  static let rowLimit = 1 << 16
  /// Bytes of text after which a chunk ends.
  static let textLimit = 32 << 20

  /// What its rows are called.
  enum Places: Sendable {
    /// Lines of a file, and the number of the first row.
    case lines(ContiguousArray<Int64>, first: Int)
    case rows(RowNumbers)

    /// What a row is known by: its line, else its row id.
    func place(_ row: Int) -> Int64 {
      switch self {
      case .lines(let lines, _): lines[row]
      case .rows(let numbers): numbers[row]
      }
    }

    func violationPlace(_ row: Int) -> (line: Int?, row: Int) {
      switch self {
      case .lines(let lines, let first): (Int(lines[row]), first + row)
      case .rows(let numbers): (nil, Int(numbers[row]))
      }
    }
  }

  let file: String
  /// One per target of the contract; nil where the source has none.
  let columns: [Column?]
  let rowCount: Int
  let places: Places
  /// Cells that are no values of their columns, and null there: in order of row.
  let misfits: [Finding]
  /// Per target, the rows of all misfits, in order.
  let misfitRows: [ContiguousArray<Int32>]
  /// How many misfits there are beside those of ``misfits``.
  let unlisted: [Unlisted]

  /// Misfits that nobody needs one by one.
  struct Unlisted: Sendable {
    let target: Int32
    let problem: RowProblem
    var count: Int
  }
}

/// What comes from the sources of a batch, in order.
enum Delivery: Sendable {
  case chunk(Chunk)
  /// What is wrong with a file as a whole, or ends its reading.
  case mistake(Violation, hint: String?)
  /// Values that do not fit where only the first is known.
  case misfits(Chunk.Unlisted, Violation)
  /// What is not the batch's fault.
  case failure([Diagnostic], isBusy: Bool)
}
