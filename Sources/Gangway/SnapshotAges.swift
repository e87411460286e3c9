import Snapshots

extension Workspace {
  /// How old what an export uses is: for the lines that it says, not for the archive, which holds no clock.
  func ageLine(_ snapshots: [String: Snapshot]) -> String {
    let now = surroundings.now()
    return "snapshots: "
      + snapshots.values.sorted { $0.view < $1.view }.map { "\($0.view) \(age(now &- $0.readAt))" }.joined(separator: ", ")
  }

  private func age(_ microseconds: Int64) -> String {
    switch microseconds / 1_000_000 {
    case ..<60: "just read"
    case let seconds where seconds < 3_600: "\(seconds / 60) min old"
    case let seconds where seconds < 172_800: "\(seconds / 3_600) h old"
    case let seconds: "\(seconds / 86_400) days old"
    }
  }
}
