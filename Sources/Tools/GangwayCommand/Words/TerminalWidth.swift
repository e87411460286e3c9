import Foundation

/// How wide lines on stdout may be: as wide as the terminal, else as `COLUMNS` says, else 80.
func outputWidth() -> Int {
  var size = winsize()
  if unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
  let said = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? 0
  return said > 0 ? said : 80
}
