// Outputs: what models produced, from a file of predictions to what is shown of each entity, and since when.
//
// In:  an output's definition; a file or table of predictions; what was registered, promoted and withdrawn when.
// Out: checked batches in typed columns, or all that is wrong with them; for each entity what was shown in which time.
// Knows nothing of the store that keeps batches, or of how a warehouse is filled.

/// When something was done to an output.
package struct Moment: Sendable, Hashable {
  /// Since when it counts, microseconds since the Unix epoch, UTC.
  package let effective: Int64
  /// By the clock.
  package let recorded: Int64

  /// Whether somebody said that it counts since another time than it was done.
  package var isDeclared: Bool { effective != recorded }

  package init(effective: Int64, recorded: Int64) {
    self.effective = effective
    self.recorded = recorded
  }
}
