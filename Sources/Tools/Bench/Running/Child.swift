import Foundation

/// One process from start to end, and what it used.
struct ChildRun: Sendable {
  let exit: Int32
  let wallSeconds: Double
  /// User and system time of the process and of those it waited for.
  let cpuSeconds: Double
  /// Peak resident set. The system counts from the moment of the fork, so a process smaller than this one reads as large as this one.
  let peakBytes: Int
}

struct SpawnFailure: Error, CustomStringConvertible {
  let description: String
}

/// Starts a program and waits for it. `Process` of Foundation would not tell what the child used.
///
/// - Parameters:
///   - words: the program's path, then its arguments.
///   - output: the file that receives standard output.
///   - errors: the file that receives standard error.
func runChild(_ words: [String], output: URL, errors: URL) throws(SpawnFailure) -> ChildRun {
  let clock = ContinuousClock()
  let started = clock.now
  let child = try spawn(words, output: output.path, errors: errors.path)
  var (status, usage) = (Int32(0), rusage())
  while unsafe wait4(child, &status, 0, &usage) == -1 {
    if errno != EINTR { throw SpawnFailure(description: "cannot wait for \(words[0])") }
  }
  let wall = clock.now - started
  // A signal's number in the low bits; else the exit code in the next byte.
  return ChildRun(
    exit: status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F), wallSeconds: wall / .seconds(1),
    cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime), peakBytes: Int(usage.ru_maxrss) * residentUnit)
}

private func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

#if canImport(Darwin)
  private let residentUnit = 1
#else
  private let residentUnit = 1_024
#endif

// Safe because: the C strings live until posix_spawn has returned, and it keeps none of them.
private func spawn(_ words: [String], output: String, errors: String) throws(SpawnFailure) -> pid_t {
  #if canImport(Darwin)
    var actions: posix_spawn_file_actions_t?
  #else
    var actions = unsafe posix_spawn_file_actions_t()
  #endif
  unsafe posix_spawn_file_actions_init(&actions)
  defer { unsafe posix_spawn_file_actions_destroy(&actions) }
  unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
  for (descriptor, path) in [(STDOUT_FILENO, output), (STDERR_FILENO, errors)] {
    unsafe posix_spawn_file_actions_addopen(&actions, descriptor, path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
  }
  let variables = ProcessInfo.processInfo.environment.map { "\($0)=\($1)" }
  var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
  var environment = unsafe variables.map { unsafe strdup($0) } + [nil]
  defer {
    for index in unsafe arguments.indices { unsafe free(arguments[index]) }
    for index in unsafe environment.indices { unsafe free(environment[index]) }
  }
  var child: pid_t = 0
  let code = unsafe posix_spawn(&child, words[0], &actions, nil, &arguments, &environment)
  if code != 0 { throw SpawnFailure(description: "cannot start \(words[0]): \(unsafe String(cString: strerror(code)))") }
  return child
}
