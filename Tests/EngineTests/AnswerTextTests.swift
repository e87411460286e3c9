import Columns
import Testing

@Suite struct `Answers that are texts` {
  @Test(arguments: [0, 1, 7, 8, 9, 40])
  func `come out as they were set, short and long, from whatever lot`(longest: Int) {
    let texts: [String?] = (0..<200).map { number in
      number % 11 == 3 ? nil : String(String(repeating: "täxt\(number)€", count: 9).prefix(number % (longest + 1)))
    }
    let slots = AnswerSlots(.string, count: 210)
    // Each lot has every third text, backwards; the last places are set by none.
    for lot in 0..<3 {
      let own = Array(texts.indices.filter { $0 % 3 == lot }.reversed())
      var builder = ColumnBuilder(.string)
      for number in own { if let text = texts[number] { builder.append(text) } else { builder.appendNull() } }
      let (rows, places) = (ContiguousArray(own.indices.map(Int32.init)), ContiguousArray(own.map(Int32.init)))
      let set = slots.set(from: builder.finish(), rows: rows.span, places: places.span, lot: lot + 5)
      #expect(set == own.filter { texts[$0] != nil }.count)
    }
    let column = slots.column()
    #expect(column.count == 210)
    #expect((0..<210).map { string(column, $0) } == texts + [String?](repeating: nil, count: 10))
  }

  @Test func `take a negative row for null, and one answer to many questions`() {
    let slots = AnswerSlots(.string, count: 4)
    var builder = ColumnBuilder(.string)
    for text in ["a", "a text of more than seven bytes"] { builder.append(text) }
    let (rows, places): (ContiguousArray<Int32>, ContiguousArray<Int32>) = ([1, 1, -1, 0], [3, 0, 1, 2])
    #expect(slots.set(from: builder.finish(), rows: rows.span, places: places.span, lot: 0) == 3)
    let column = slots.column()
    #expect((0..<4).map { string(column, $0) } == ["a text of more than seven bytes", nil, "a", "a text of more than seven bytes"])
  }

  private func string(_ column: Column, _ row: Int) -> String? {
    guard !column.isNull(row), case .string(let offsets, let bytes) = column.values else { return nil }
    return String(decoding: bytes.elements(Int(offsets.span[row])..<Int(offsets.span[row + 1])), as: UTF8.self)
  }
}
