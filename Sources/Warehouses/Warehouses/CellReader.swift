package import Columns
package import Times

/// What is wrong with one cell.
package enum CellProblem: Sendable, Hashable {
  /// The cell itself does not fit.
  case here(DataProblem.Kind)
  /// A whole number that a float64 cannot hold exactly, in a column that may still become one.
  case ifMixed
  /// The cell fits, but it is a fraction, and there were that many whole numbers with ``ifMixed``.
  case mixed(inexact: Int)
}

/// Turns one output's cells into columns, batch by batch, whatever the warehouse: the rules of types live here, not in a driver.
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
  /// Whole numbers that a float64 cannot hold, while the column may still become one.
  private var inexactCount = 0

  /// - Parameters:
  ///   - declared: the type that the column declares, if any; used where `reading` names none.
  ///   - zone: of naive times among timestamp values.
  ///   - batchRows: how many cells come before ``forgetValues()``, at most.
  package init(_ reading: ScanOutput.Reading, declared: DataType?, zone: Zone, batchRows: Int) {
    switch reading {
    case .time(let reader): (mode, infers, times) = (.time, false, reader)
    case .flag: (mode, infers, times) = (.flag, false, TimeReader(role: .value, zone: zone))
    case .stored: (mode, infers, times) = (.untyped, true, TimeReader(role: .value, zone: zone))
    case .value(let type):
      infers = type == nil && declared == nil
      mode = (type ?? declared).map(Mode.init) ?? .untyped
      times = TimeReader(role: .value, zone: zone)
    }
    cells = Cells(Self.type(of: mode), capacity: batchRows)
  }

  /// Bytes of text since the last ``forgetValues()``.
  package var textCount: Int { cells.textCount }

  package mutating func appendNull() {
    if case .flag = mode { cells.append(false) } else { cells.appendNull() }
  }

  package mutating func append(integer: Int64) -> CellProblem? {
    switch mode {
    case .int64:
      cells.append(integer)
      guard infers && Int64(exactly: Double(integer)) != integer else { return nil }
      inexactCount += 1
      return .ifMixed
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

  /// The values since the last time. Their memory is used again if nobody holds the column when ``forgetValues()`` is called.
  package func column() -> Column { cells.column() }

  /// Forgets the values read, keeps what they tell.
  package mutating func forgetValues() { cells.removeAll() }

  /// What the values so far tell.
  package var facts: CellFacts {
    CellFacts(type: mode == .untyped ? nil : type, hasInexact: inexactCount > 0 && mode == .int64, nonFinite: nonFinite)
  }

  /// The type of the values read so far; string where nothing tells.
  private var type: DataType { Self.type(of: mode) ?? .string }

  private static func type(of mode: Mode) -> DataType? {
    switch mode {
    case .untyped: nil
    case .string: .string
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
    return inexactCount > 0 ? .mixed(inexact: inexactCount) : nil
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

// MARK: Many at once

extension CellReader {
  /// Reads a column of a block.
  ///
  /// - Returns: false if there is a cell that does not fit: which, the reading of one cell after the other tells.
  package mutating func append(_ block: borrowing CellBlock, column: Int) -> Bool {
    let places = block.places(of: column)
    let kinds = block.kinds.span.extracting(places)
    let values = block.values.span.extracting(places)
    let seen = KindSet(kinds)
    switch mode {
    case .untyped where seen.isSubset(of: .nulls): break
    case .untyped where seen.isSubset(of: .integers): become(.int64)
    case .untyped where seen.isSubset(of: .reals) && areFinite(values): become(.float64)
    case .untyped where seen.isSubset(of: .texts): become(.string)
    default: break
    }
    let haveNulls = seen.isSuperset(of: .nulls)
    switch mode {
    case .int64 where seen.isSubset(of: .integers):
      if infers { countInexact(values) }
      cells.append(values, kinds: kinds, haveNulls: haveNulls)
    case .float64 where seen.isSubset(of: .reals) && areFinite(values):
      cells.append(realBits: values, kinds: kinds, haveNulls: haveNulls)
    case .string where seen.isSubset(of: .texts) && isASCII(block.text.span):
      let lengths = block.lengths.span.extracting(places)
      cells.append(utf8: block.text.span, starts: values, lengths: lengths, kinds: kinds, haveNulls: haveNulls)
    default: return appendSingly(block, places)
    }
    return true
  }

  private mutating func appendSingly(_ block: borrowing CellBlock, _ places: Range<Int>) -> Bool {
    let kinds = block.kinds.span
    let values = block.values.span
    for i in places {
      let problem: CellProblem?
      switch kinds[i] {
      case CellBlock.Kind.null:
        appendNull()
        continue
      case CellBlock.Kind.integer: problem = append(integer: values[i])
      case CellBlock.Kind.real: problem = append(real: Double(bitPattern: UInt64(bitPattern: values[i])))
      case CellBlock.Kind.text:
        let start = Int(values[i])
        problem = append(utf8: block.text.span.extracting(start..<start + Int(block.lengths[i])))
      default: return false
      }
      if let problem, problem != .ifMixed { return false }
    }
    return true
  }

  /// Which of them a float64 cannot hold. Up to 2⁵³ it holds all.
  private mutating func countInexact(_ values: Span<Int64>) {
    var bits: Int64 = 0
    for i in values.indices { bits |= values[i] ^ (values[i] >> 63) }
    if bits >> 53 == 0 { return }
    for i in values.indices where Int64(exactly: Double(values[i])) != values[i] { inexactCount += 1 }
  }
}

/// Whether none is NaN or infinite, which have all bits of the exponent set.
private func areFinite(_ realBits: Span<Int64>) -> Bool {
  var found = false
  for i in realBits.indices { found = found || realBits[i] & 0x7FF0_0000_0000_0000 == 0x7FF0_0000_0000_0000 }
  return !found
}

/// Which kinds of cells there are.
private struct KindSet: OptionSet {
  let rawValue: UInt8

  static let nulls = KindSet(rawValue: 1 << CellBlock.Kind.null)
  /// With nulls among them.
  static let integers = KindSet(rawValue: nulls.rawValue | 1 << CellBlock.Kind.integer)
  static let reals = KindSet(rawValue: nulls.rawValue | 1 << CellBlock.Kind.real)
  static let texts = KindSet(rawValue: nulls.rawValue | 1 << CellBlock.Kind.text)

  init(rawValue: UInt8) { self.rawValue = rawValue }

  init(_ kinds: Span<UInt8>) {
    var bits: UInt8 = 0
    for i in kinds.indices { bits |= 1 << (kinds[i] & 7) }
    rawValue = bits
  }
}

// MARK: What one reader found, and another

/// What some of a column's cells tell of all.
package struct CellFacts: Sendable, Hashable {
  /// nil: nothing but nulls.
  package let type: DataType?
  /// There are whole numbers that a float64 cannot hold, should the column become one.
  package let hasInexact: Bool
  package let nonFinite: Int

  /// - Returns: nil if the cells of both do not fit into one column.
  package func merged(with other: CellFacts) -> CellFacts? {
    let hasInexact = hasInexact || other.hasInexact
    let nonFinite = nonFinite + other.nonFinite
    guard let a = type, let b = other.type, a != b else {
      return CellFacts(type: type ?? other.type, hasInexact: hasInexact, nonFinite: nonFinite)
    }
    let areNumbers = [a, b].allSatisfy { $0 == .int64 || $0 == .float64 }
    return areNumbers && !hasInexact ? CellFacts(type: .float64, hasInexact: false, nonFinite: nonFinite) : nil
  }

  package var output: ScanOutcome.Output { .init(type: type ?? .string, isUntyped: type == nil, nonFinite: nonFinite) }
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
