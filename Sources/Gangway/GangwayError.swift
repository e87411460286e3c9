import Diagnostics
import Foundation

/// Why something was refused or failed: one text a mistake, each with its place and, indented below, how to mend it.
public struct GangwayError: Error, Sendable, CustomStringConvertible {
  public let messages: [String]
  /// The same may succeed later without any change: somebody holds a lock.
  public let isBusy: Bool

  public var description: String { messages.joined(separator: "\n") }

  init(_ error: any Error) {
    if let error = error as? any DiagnosableError {
      messages = error.diagnostics.map(\.description)
      isBusy = error.isBusy
    } else if let error = error as? GangwayError {
      self = error
    } else {
      messages = ["error: \(error.localizedDescription)"]
      isBusy = false
    }
  }

  static func catching<Value>(_ body: () throws -> Value) throws(GangwayError) -> Value {
    do { return try body() } catch { throw GangwayError(error) }
  }
}
