import Columns
import Exports
import Testing

private func text(_ values: [Double]) -> [String] {
  csv([CSVColumn(Column(.float64(Buffer(values))))]).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
}

@Suite struct `Doubles in CSV` {
  /// Printed by Python's `repr`.
  @Test(arguments: [
    "0.0", "1.0", "10.0", "0.1", "0.5", "100.0", "123456.789", "0.30000000000000004", "0.3333333333333333",
    "0.6666666666666666", "0.0001", "0.00011", "1e-05", "1.2345e-05", "9.999e-05", "1e-07", "1e-10", "1.5e-300",
    "1000000000000000.0", "999999999999999.0", "9007199254740991.0", "9007199254740992.0", "9999999999999998.0", "1e+16",
    "1.2e+16", "1.2345678901234568e+16", "1.8014398509481982e+16", "1e+17", "1e+21", "1e+22", "1e+23", "9.5e+22", "5e-324",
    "1.7976931348623157e+308", "2.2250738585072014e-308", "2.225073858507201e-308", "1e+100", "4.35", "4.349999999999999",
    "1.005", "2.675", "899999999999999.9", "900000000000000.1", "123456789012345.67", "0.7999999999999999",
    "3.141592653589793", "9007199254740992.0", "1.8014398509481984e+16", "1.152921504606847e+18", "9.5367431640625e-07",
    "4.8e-322",
  ])
  func `read as Python prints them`(expected: String) throws {
    let value = try #require(Double(expected))
    #expect(text([value, -value]) == [expected, value == 0 ? "0.0" : "-" + expected])
  }

  @Test func `that are no numbers are empty`() {
    #expect(text([.nan, .infinity, -.infinity, 1]) == ["", "", "", "1.0"])
  }

  @Test(arguments: UInt64(1)...5)
  func `have the shortest digits, of any bits`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    var values: [Double] = []
    while values.count < 5000 {
      let value = Double(bitPattern: random.next())
      if value.isFinite { values.append(value) }
    }
    #expect(text(values) == values.map(pythonText))
  }

  @Test(arguments: UInt64(1)...5)
  func `have the shortest digits, of decimals of any length one after the other`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    var values: [Double] = []
    for _ in 0..<5000 {
      let digits = Int.random(in: 1...17, using: &random)
      let number = (0..<digits).reduce(0) { n, _ in n * 10 + Int.random(in: 0...9, using: &random) }
      let value = Double("\(number)e-\(Int.random(in: 0...20, using: &random))") ?? 0
      values.append(Bool.random(using: &random) ? value : -value)
      if Bool.random(using: &random) { values.append(value.nextUp) }
      if Bool.random(using: &random) { values.append(1 / (value + 1)) }
    }
    #expect(text(values) == values.map(pythonText))
  }

  @Test func `have the shortest digits, at and beside every power of two and ten`() {
    var values: [Double] = []
    for exponent in -1074...1023 {
      let power = Double(sign: .plus, exponent: exponent, significand: 1)
      values += [power.nextDown, power, power.nextUp]
    }
    for exponent in -323...308 {
      let power = Double("1e\(exponent)") ?? 0
      values += [power.nextDown, power, power.nextUp]
    }
    #expect(text(values) == values.map(pythonText))
  }

  /// Swift's shortest digits, laid out as Python does: with an exponent below -4 and from 16 on.
  private func pythonText(_ value: Double) -> String {
    if value == 0 { return "0.0" }
    var (digits, exponent) = decimal(value.magnitude.description)
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    let sign = value < 0 ? "-" : ""
    if exponent < -4 || exponent >= 16 {
      let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
      let size = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
      return "\(sign)\(digits.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")\(size)"
    }
    if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits }
    let whole = digits.prefix(exponent + 1)
    let padded = whole + String(repeating: "0", count: exponent + 1 - whole.count)
    let fraction = digits.dropFirst(exponent + 1)
    return "\(sign)\(padded).\(fraction.isEmpty ? "0" : fraction)"
  }

  /// Digits without zeros before them, and the exponent of the first.
  private func decimal(_ description: String) -> (digits: String, exponent: Int) {
    let parts = description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".")
    let shift = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    let all = mantissa[0] + fraction
    let zeros = all.prefix { $0 == "0" }.count
    return (String(all.dropFirst(zeros)), mantissa[0].count - 1 - zeros + shift)
  }
}

/// The same numbers on every run and machine.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
