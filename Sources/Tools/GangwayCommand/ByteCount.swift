import ArgumentParser

/// A number of bytes as people write it: `512M`, `2G`, `1.5GiB`; powers of 1,024.
struct ByteCount: ExpressibleByArgument {
  let bytes: Int

  init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard let number = Double(digits), number > 0 else { return nil }
    let factors: [String: Double] = ["k": 0x1p10, "m": 0x1p20, "g": 0x1p30, "t": 0x1p40]
    var unit = argument.dropFirst(digits.count).lowercased()
    for ending in ["ib", "b"] where unit.hasSuffix(ending) {
      unit.removeLast(ending.count)
      break
    }
    guard let factor = factors[unit], number * factor < 0x1p60 else { return nil }
    bytes = Int(number * factor)
  }

  var defaultValueDescription: String { "\(bytes)" }
}
