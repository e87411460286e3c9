import Diagnostics
import Foundation

/// One mistake or failure, taken apart.
public struct Problem: Sendable, Hashable {
  /// Relative to the project's folder; nil where no file is at fault.
  public let file: String?
  /// From 1.
  public let line: Int?
  /// From 1, in characters.
  public let column: Int?
  public let message: String
  /// Kebab case, stable.
  public let rule: String?
  /// How to mend it, in the imperative.
  public let hint: String?

  public init(
    file: String? = nil, line: Int? = nil, column: Int? = nil, message: String, rule: String? = nil, hint: String? = nil
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
    self.rule = rule
    self.hint = hint
  }

  /// As people read it: `file:line:column: error: … [rule]`, and the hint indented on a line of its own.
  public var text: String {
    let place = [file, line.map(String.init), column.map(String.init)].compactMap(\.self).map { "\($0):" }.joined()
    let rule = rule.map { " [\($0)]" } ?? ""
    let hint = hint.map { "\n  hint: \($0)" } ?? ""
    return "\(place)\(place.isEmpty ? "" : " ")error: \(message)\(rule)\(hint)"
  }
}

/// Why something was refused or failed: one problem a mistake.
public struct GangwayError: Error, Sendable, CustomStringConvertible {
  public let problems: [Problem]
  /// The same may succeed later without any change: somebody holds a lock.
  public let isBusy: Bool

  /// It was asked to stop, and left everything as it was.
  public var isInterrupted: Bool { problems.contains { $0.rule == Self.interruption } }

  static let interruption = "interrupted"

  /// One text a problem.
  public var messages: [String] { problems.map(\.text) }

  public var description: String { messages.joined(separator: "\n") }

  public init(_ problems: [Problem], isBusy: Bool = false) {
    self.problems = problems
    self.isBusy = isBusy
  }

  init(_ error: any Error) {
    if let error = error as? any DiagnosableError {
      self.init(error.diagnostics.map(Problem.init), isBusy: error.isBusy)
    } else if let error = error as? GangwayError {
      self = error
    } else {
      self.init([Problem(message: error.localizedDescription)])
    }
  }

  static func catching<Value>(_ body: () throws -> Value) throws(GangwayError) -> Value {
    do { return try body() } catch { throw GangwayError(error) }
  }
}

extension Diagnostics {
  /// Whatever error, as what people read.
  static func ofAll<Result>(_ body: () throws -> Result) throws(Diagnostics) -> Result {
    do { return try body() } catch {
      if let error = error as? any DiagnosableError { throw Diagnostics(error.diagnostics, isBusy: error.isBusy) }
      throw Diagnostics([Diagnostic(at: nil, error.localizedDescription, rule: "failure", hint: "try again")])
    }
  }
}

extension Problem {
  init(_ diagnostic: Diagnostic) {
    let place = diagnostic.location
    self.init(
      file: place?.path, line: place?.line, column: place?.column, message: diagnostic.message, rule: diagnostic.rule,
      hint: diagnostic.hint)
  }
}
