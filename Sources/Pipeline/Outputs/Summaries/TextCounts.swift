/// How often each text is there, as long as they are few and short.
struct TextCounts: Sendable {
  private static let distinctLimit = 1_000
  private static let lengthLimit = 1_000

  private var texts = TextTable()
  private var counts: ContiguousArray<Int> = []
  private(set) var areTooMany = false

  var distinct: Int { counts.count }

  mutating func add(_ text: Span<UInt8>) {
    if text.count > Self.lengthLimit {
      areTooMany = true
      return
    }
    let number = texts.insert(text)
    if number == counts.count { counts.append(0) }
    counts[number] += 1
    areTooMany = counts.count > Self.distinctLimit
  }

  /// Long ones are cut.
  func mostFrequent(_ limit: Int) -> [ColumnSummary.Frequency] {
    let named = counts.indices.map { (text: texts.text($0), count: counts[$0]) }
    let sorted = named.sorted { ($1.count, $0.text) < ($0.count, $1.text) }
    return sorted.prefix(limit).map { ColumnSummary.Frequency(value: String($0.text.prefix(100)), count: $0.count) }
  }
}
