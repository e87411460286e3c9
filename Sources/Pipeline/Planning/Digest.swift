import Crypto
import Digests
import Foundation

/// The SHA-256 of a text's UTF-8, in 64 lower-case hexadecimal digits.
package func sha256Hex(_ text: String) -> String {
  hexadecimalText(SHA256.hash(data: Data(text.utf8)))
}

extension ViewPlan {
  /// Names what the view reads.
  package var readDigest: String { sha256Hex(readDescription) }
}
