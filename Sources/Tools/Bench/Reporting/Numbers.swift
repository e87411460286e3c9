import Foundation

/// 1234567 as 1,234,567.
func grouped(_ number: Int) -> String {
  var digits = Array(String(number))
  var place = digits.count - 3
  while place > 0 {
    digits.insert(",", at: place)
    place -= 3
  }
  return String(digits)
}

/// With as many decimals as mean something: 0.123, 1.23, 12.3, 123.
func threeDigits(_ number: Double) -> String {
  let decimals = number < 0.9995 ? 3 : number < 9.995 ? 2 : number < 99.95 ? 1 : 0
  return String(format: "%.\(decimals)f", number)
}

func mebibytes(_ bytes: Int) -> String { grouped(Int((Double(bytes) / 1_048_576).rounded())) }

func megabytes(_ bytes: Int) -> String { threeDigits(Double(bytes) / 1e6) }
