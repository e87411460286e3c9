import Foundation
import Gangway
import Synchronization

/// Where lines go: results to stdout, the rest to stderr; progress only where somebody watches.
final class Terminal: Sendable {
  /// Whether results are one document rather than lines.
  let json: Bool
  private let quiet: Bool
  private let isWatched = isatty(STDERR_FILENO) == 1
  private let clock = ContinuousClock()
  private let started: ContinuousClock.Instant
  private let progress = Mutex(Progress())
  private let heard = Mutex<[String]>([])

  private struct Progress {
    var isShown = false
    var drawn: ContinuousClock.Instant?
    /// The piece of work that is going on, and since when.
    var work = ""
    var since: ContinuousClock.Instant?
  }

  init(quiet: Bool, json: Bool = false) {
    self.json = json
    self.quiet = quiet
    started = clock.now
  }

  /// A result for people.
  func print(_ line: String) {
    if json { return }
    clearProgress()
    write(line + "\n", to: FileHandle.standardOutput)
  }

  /// A result for programs, if they asked.
  func document(_ document: Document) {
    if !json { return }
    clearProgress()
    write(document.text + "\n", to: FileHandle.standardOutput)
  }

  /// What was worth saying while work went on.
  var notes: [String] { heard.withLock { $0 } }

  /// Something about the work.
  func say(_ line: String) {
    if quiet { return }
    complain(line)
  }

  /// An error: said even when quiet.
  func complain(_ line: String) {
    clearProgress()
    write(line + "\n", to: FileHandle.standardError)
  }

  func hear(_ event: Event) {
    switch event {
    case .note(let line):
      heard.withLock { $0.append(line) }
      say(line)
    case .progress(let work, let done, let total, let unit): draw(work, done, total, unit)
    }
  }

  /// A bar, for work of more than a second, ten times a second at most; of work that nobody knows the end of, how much is done.
  private func draw(_ work: String, _ done: Int, _ total: Int, _ unit: String?) {
    guard isWatched, !quiet, total > 0 || done > 0 else { return }
    let now = clock.now
    var since = now
    let isDue = progress.withLock { state in
      if state.work != work { (state.work, state.since) = (work, now) }
      since = state.since ?? now
      guard now - started > .seconds(1), state.drawn.map({ now - $0 > .milliseconds(100) }) ?? true else { return false }
      state.drawn = now
      state.isShown = true
      return true
    }
    guard isDue else { return }
    let line = line(work, done, total, unit, seconds: (now - since) / .seconds(1)).prefix(max(10, width - 1))
    write("\r\u{1B}[K\(line)", to: FileHandle.standardError)
  }

  private func line(_ work: String, _ done: Int, _ total: Int, _ unit: String?, seconds: Double) -> String {
    if total == 0 { return "\(work): \(grouped(done))\(unit.map { " \($0)" } ?? "")" }
    let filled = 24 * done / total
    let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: 24 - filled)
    return "\(bar) \(100 * done / total)% \(work)\(pace(done, total, unit, seconds: seconds))"
  }

  /// How fast it goes and how long it will take, once that can be told.
  private func pace(_ done: Int, _ total: Int, _ unit: String?, seconds: Double) -> String {
    guard seconds > 0.5, done > 0 else { return "" }
    let rate = unit.map { ", \(grouped(Int(Double(done) / seconds))) \($0)/s" } ?? ""
    let left = seconds * Double(total - done) / Double(done)
    return "\(rate), \(left < 1 ? "nearly done" : "\(Int(left.rounded(.up))) s left")"
  }

  /// Of the terminal, in cells.
  private var width: Int {
    var size = winsize()
    return unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  func clearProgress() {
    let wasShown = progress.withLock { state in
      defer { state.isShown = false }
      return state.isShown
    }
    if wasShown { write("\r\u{1B}[K", to: FileHandle.standardError) }
  }

  /// A reader that has gone (`| head`) is no error of ours.
  private func write(_ text: String, to handle: FileHandle) { try? handle.write(contentsOf: Data(text.utf8)) }
}

/// `0.04 s`, `12.3 s`.
func seconds(_ seconds: Double) -> String { String(format: seconds < 10 ? "%.2f s" : "%.1f s", seconds) }
