package import Columns
package import Times

/// What is wrong with one cell.
package enum CellProblem: Sendable, Hashable {
  /// The cell itself does not fit.
  case here(DataProblem.Kind)
  /// Earlier cells turn out not to fit: the whole number at `row` (from 0), which a float64 cannot hold, and `more` after it.
  case earlier(row: Int, value: Int64, more: Int)
}

/// Turns one output's cells into a column, whatever the warehouse: the rules of types live here, not in a driver.
///
/// A cell that does not fit becomes a null, so that reading can go on and count the others.
package struct CellReader: Sendable {
  /// Without payload: what is copied for every cell must cost nothing.
  private enum Mode: Sendable {
    /// Nothing but nulls so far.
    case untyped
    case int64, float64, boolean, string, date, timestamp, time, flag

    init(_ type: DataType) {
      self =
        switch type {
        case .int64: .int64
        case .float64: .float64
        case .boolean: .boolean
        case .string: .string
        case .date: .date
        case .timestamp: .timestamp
        }
    }
  }

  private var mode: Mode
  /// The type follows from the values: whole numbers may turn out to be the first of mixed ones.
  private let infers: Bool
  private let times: TimeReader
  private var cells: Cells
  private var nonFinite = 0
  /// The first whole number that a float64 cannot hold, while the column may still become one.
  private var firstInexact: (row: Int, value: Int64)?
  private var inexactCount = 0

  /// - Parameters:
  ///   - declared: the type that the column declares, if any; used where `reading` names none.
  ///   - zone: of naive times among timestamp values.
  package init(_ reading: ScanOutput.Reading, declared: DataType?, zone: Zone) {
    switch reading {
    case .time(let reader): (mode, infers, times) = (.time, false, reader)
    case .flag: (mode, infers, times) = (.flag, false, TimeReader(role: .value, zone: zone))
    case .stored: (mode, infers, times) = (.untyped, true, TimeReader(role: .value, zone: zone))
    case .value(let type):
      infers = type == nil && declared == nil
      mode = (type ?? declared).map(Mode.init) ?? .untyped
      times = TimeReader(role: .value, zone: zone)
    }
    cells = Cells(nil)
    if mode != .untyped { cells = Cells(type) }
  }

  package var count: Int { cells.count }

  package mutating func appendNull() {
    if case .flag = mode { cells.append(false) } else { cells.appendNull() }
  }

  package mutating func append(integer: Int64) -> CellProblem? {
    switch mode {
    case .int64:
      if infers && Int64(exactly: Double(integer)) != integer { noteInexact(integer) }
      cells.append(integer)
      return nil
    case .float64:
      guard Int64(exactly: Double(integer)) == integer else { return reject(.inexactInteger) }
      cells.append(Double(integer))
      return nil
    case .boolean:
      guard integer == 0 || integer == 1 else { return reject(.misfit(found: "integer", wanted: .boolean)) }
      cells.append(integer == 1)
      return nil
    case .timestamp: return reject(.time(.needsUnit))
    case .string, .date: return misfit("integer")
    case .time: return append(times.read(integer: integer))
    case .flag:
      cells.append(integer != 0)
      return nil
    case .untyped:
      become(.int64)
      return append(integer: integer)
    }
  }

  /// NaN and the infinities become null and are counted, −0 becomes 0 (rule R14).
  package mutating func append(real: Double) -> CellProblem? {
    guard real.isFinite else {
      nonFinite += 1
      appendNull()
      return nil
    }
    switch mode {
    case .float64:
      cells.append(real + 0.0)
      return nil
    case .int64:
      if infers { return becomeMixed(from: real) }
      guard abs(real) <= 9_007_199_254_740_992, let integer = Int64(exactly: real) else { return misfit("real") }
      cells.append(integer)
      return nil
    case .boolean:
      guard real == 0 || real == 1 else { return misfit("real") }
      cells.append(real == 1)
      return nil
    case .timestamp: return reject(.time(.needsUnit))
    case .string, .date: return misfit("real")
    case .time: return append(times.read(real: real))
    case .flag:
      cells.append(real != 0)
      return nil
    case .untyped:
      become(.float64)
      return append(real: real)
    }
  }

  package mutating func append(utf8 text: Span<UInt8>) -> CellProblem? {
    switch mode {
    case .string:
      guard isUTF8(text) else { return reject(.notUTF8) }
      guard cells.append(utf8: text) else { return reject(.tooMuchText) }
      return nil
    case .date:
      guard let days = parseDate(utf8: text) else { return misfit("text") }
      cells.append(days: days)
      return nil
    case .boolean:
      guard let truth = truth(text) else { return misfit("text") }
      cells.append(truth)
      return nil
    case .int64, .float64: return misfit("text")
    case .time, .timestamp: return append(times.read(utf8: text))
    case .flag:
      if text.count == 1, text[0] == UInt8(ascii: "0") || text[0] == UInt8(ascii: "1") {
        cells.append(text[0] == UInt8(ascii: "1"))
        return nil
      }
      guard let truth = truth(text) else { return misfit("text") }
      cells.append(truth)
      return nil
    case .untyped:
      become(.string)
      return append(utf8: text)
    }
  }

  package mutating func appendBlob() -> CellProblem { reject(.blob) }

  /// Forgets the values read, keeps what they tell: for checking without keeping.
  package mutating func forgetValues() { cells = Cells(cells.type) }

  package consuming func finish() -> ScannedColumn {
    ScannedColumn(column: cells.column(), isUntyped: mode == .untyped, nonFinite: nonFinite)
  }

  /// The type of the values read so far; string where nothing tells.
  package var type: DataType {
    switch mode {
    case .untyped, .string: .string
    case .int64: .int64
    case .float64: .float64
    case .boolean, .flag: .boolean
    case .date: .date
    case .timestamp, .time: .timestamp
    }
  }

  // MARK: What follows from a value

  private mutating func become(_ type: DataType) {
    mode = Mode(type)
    cells.become(type)
  }

  /// A fraction after whole numbers: all become float64.
  private mutating func becomeMixed(from real: Double) -> CellProblem? {
    mode = .float64
    cells.wholeNumbersToReals()
    cells.append(real + 0.0)
    guard let (row, value) = firstInexact else { return nil }
    return .earlier(row: row, value: value, more: inexactCount - 1)
  }

  private mutating func noteInexact(_ integer: Int64) {
    if firstInexact == nil { firstInexact = (count, integer) }
    inexactCount += 1
  }

  private mutating func append(_ outcome: TimeOutcome) -> CellProblem? {
    switch outcome {
    case .time(let microseconds):
      cells.append(microseconds)
      return nil
    case .problem(let problem): return reject(.time(problem))
    }
  }

  private mutating func misfit(_ found: String) -> CellProblem { reject(.misfit(found: found, wanted: type)) }

  private mutating func reject(_ kind: DataProblem.Kind) -> CellProblem {
    appendNull()
    return .here(kind)
  }
}

/// `true` and `false` in any case.
private func truth(_ text: Span<UInt8>) -> Bool? {
  func reads(_ word: StaticString) -> Bool {
    guard text.count == word.utf8CodeUnitCount else { return false }
    for i in text.indices {
      // Safe because: a static string's code units live as long as the process, and `i` is below their count.
      if unsafe text[i] | 0x20 != word.utf8Start[i] { return false }
    }
    return true
  }
  return reads("true") ? true : reads("false") ? false : nil
}
