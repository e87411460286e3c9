import Columns
import Exports
import Testing
import Times

/// The lines of a table of these columns.
func csv(_ columns: [CSVColumn], rows: Range<Int>? = nil) -> String {
  var formatter = CSVFormatter()
  var bytes: ContiguousArray<UInt8> = []
  formatter.appendRows(rows ?? 0..<(columns.first?.count ?? 0), of: columns, to: &bytes)
  return String(decoding: bytes, as: UTF8.self)
}

func column(_ type: DataType, _ append: (inout ColumnBuilder) -> Void) -> Column {
  var builder = ColumnBuilder(type)
  append(&builder)
  return builder.finish()
}

@Suite struct `CSV` {
  @Test func `has a header that is quoted where it must be`() {
    var bytes: ContiguousArray<UInt8> = []
    CSVFormatter.appendHeader(["id", "a,b", "say \"x\"", "", " ü "], to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == "id,\"a,b\",\"say \"\"x\"\"\",\"\", ü \n")
  }

  @Test(arguments: [
    ("plain", "plain"), ("", "\"\""), (" padded ", " padded "), ("a,b", "\"a,b\""), ("\"", "\"\"\"\""), ("a\"b", "\"a\"\"b\""),
    ("two\nlines", "\"two\nlines\""), ("a\rb", "\"a\rb\""), ("naïve – ü", "naïve – ü"), ("a;b\tc'd", "a;b\tc'd"), ("null", "null"),
  ])
  func `quotes text only where it must`(text: String, cell: String) {
    let column = column(.string) { $0.append(text) }
    #expect(csv([CSVColumn(column), CSVColumn(column)]) == "\(cell),\(cell)\n")
  }

  @Test(arguments: DataType.allCases)
  func `leaves nulls of every type empty`(type: DataType) {
    let nulls = column(type) { for _ in 0..<3 { $0.appendNull() } }
    #expect(csv([CSVColumn(nulls), CSVColumn(nulls)]) == ",\n,\n,\n")
  }

  @Test(
    arguments: [
      0, 1, 9, 10, 99, 100, 101, 999, 1000, 12_345, 999_999_999_999, 1_000_000_000_000, .max, -1, -10, -100, -12_345, .min, .min + 1,
    ] as [Int64])
  func `writes integers in full`(value: Int64) {
    #expect(csv([CSVColumn(column(.int64) { $0.append(value) })]) == "\(value)\n")
  }

  @Test func `writes integers around every power of ten and two`() {
    var values: [Int64] = []
    for shift in 0..<63 { for step in -1...1 { values.append((1 << Int64(shift)) + Int64(step)) } }
    var power: Int64 = 1
    for _ in 0..<18 {
      power *= 10
      for step in -1...1 { values.append(power + Int64(step)) }
    }
    values += values.map { -$0 }
    let column = column(.int64) { for value in values { $0.append(value) } }
    #expect(csv([CSVColumn(column)]) == values.map { "\($0)\n" }.joined())
  }

  @Test func `writes booleans, dates and times`() {
    let flags = column(.boolean) {
      $0.append(true)
      $0.append(false)
    }
    let dates = column(.date) {
      $0.append(days: 0)
      $0.append(days: -719_162)
    }
    let times = column(.timestamp) {
      $0.append(1_357_016_400_000_000 as Int64)
      $0.append(-1 as Int64)
    }
    #expect(
      csv([flags, dates, times].map { CSVColumn($0) })
        == "true,1970-01-01,2013-01-01T05:00:00Z\nfalse,0001-01-01,1969-12-31T23:59:59.999999Z\n")
  }

  @Test func `writes any time as Times does`() {
    var random = SplitMix(seed: 4)
    let micros = (0..<3000).map { _ in Int64.random(in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &random) }
    let times = micros.enumerated().map { $0 % 3 == 0 ? $1 / 1_000_000 * 1_000_000 : $1 }
    let column = column(.timestamp) { for time in times { $0.append(time) } }
    #expect(csv([CSVColumn(column)]) == times.map { timestampText($0) + "\n" }.joined())
    let days = times.map { Int32($0 / 86_400_000_000) }
    let midnights = dateColumn(days)
    #expect(csv([CSVColumn(midnights)]) == days.map { dateText($0) + "\n" }.joined())
  }

  private func dateColumn(_ days: [Int32]) -> Column { column(.date) { for day in days { $0.append(days: day) } } }

  @Test func `takes each column's rows by their numbers`() {
    let names = column(.string) { for text in ["a", "b", "c"] { $0.append(text) } }
    let numbers = column(.int64) {
      $0.append(10 as Int64)
      $0.appendNull()
      $0.append(30 as Int64)
    }
    let columns = [
      CSVColumn(names), CSVColumn(numbers, rows: Buffer([2, 1, -1])), CSVColumn(names, rows: Buffer([-1, 0, 0])),
    ]
    #expect(csv(columns) == "a,30,\nb,,a\nc,,a\n")
    #expect(csv(columns, rows: 1..<2) == "b,,a\n")
    #expect(csv(columns, rows: 3..<3) == "")
  }

  @Test(arguments: [1, 2, 255, 256, 257, 600])
  func `is the same whatever chunks it is written in`(chunk: Int) {
    let columns = DataType.allCases.map { CSVColumn(mixed($0, count: 1500)) }
    var formatter = CSVFormatter()
    var bytes = ContiguousArray("before\n".utf8)
    for start in stride(from: 0, to: 1500, by: chunk) {
      formatter.appendRows(start..<min(start + chunk, 1500), of: columns, to: &bytes)
    }
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text == "before\n" + csv(columns))
    #expect(text == "before\n" + slowCSV(columns.map(\.column)))
  }

  private func mixed(_ type: DataType, count: Int) -> Column {
    column(type) { builder in
      for row in 0..<count {
        if row % 5 == 3 {
          builder.appendNull()
          continue
        }
        switch type {
        case .int64: builder.append(Int64(row * row) - 400)
        case .float64: builder.append(Double(row) / (row % 2 == 0 ? 8 : 7))
        case .boolean: builder.append(row % 3 == 0)
        case .string: builder.append(String(repeating: row % 4 == 0 ? "ab,\"" : "xyz", count: row % 40))
        case .date: builder.append(days: Int32(row))
        case .timestamp: builder.append(Int64(row) * 86_399_999_999)
        }
      }
    }
  }

  /// Cell by cell, as obvious as can be.
  private func slowCSV(_ columns: [Column]) -> String {
    (0..<columns[0].count).map { row in columns.map { slowCell($0, row) }.joined(separator: ",") + "\n" }.joined()
  }

  private func slowCell(_ column: Column, _ row: Int) -> String {
    if column.isNull(row) { return "" }
    switch column.values {
    case .int64(let values): return values.span[row].description
    case .float64(let values): return values.span[row].description
    case .boolean(let bits): return bits[row] ? "true" : "false"
    case .string(let offsets, let bytes):
      let text = String(decoding: (offsets.span[row]..<offsets.span[row + 1]).map { bytes.span[Int($0)] }, as: UTF8.self)
      if text.isEmpty { return "\"\"" }
      if !text.contains(",") { return text }
      return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    case .date(let values): return dateText(values.span[row])
    case .timestamp(let values): return timestampText(values.span[row])
    }
  }
}
