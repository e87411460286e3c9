import Exports
import Foundation
import Testing

@Suite struct `Written JSON` {
  @Test func `keeps its keys in order`() {
    let json: JSON = ["z": 1, "a": ["x", true, .null], "m": ["deep": ["er": []]]]
    #expect(
      json.document == """
        {
          "z": 1,
          "a": ["x", true, null],
          "m": {
            "deep": {"er": []}
          }
        }

        """)
  }

  @Test func `reads back to any text`() throws {
    let text = String(String.UnicodeScalarView((0...0x2FF).compactMap(Unicode.Scalar.init))) + "\u{2028}\u{1F600}e\u{301}\r\n"
    let read = try JSONSerialization.jsonObject(with: Data(JSON.array([.text(text)]).document.utf8))
    #expect((read as? [String])?.first?.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
  }
}
