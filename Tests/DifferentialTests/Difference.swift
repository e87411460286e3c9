import ReferenceModel

/// The first place where two sets of members differ, byte by byte; nil where none does.
func firstDifference(_ have: [String: String], _ want: [String: String]) -> String? {
  if have.keys.sorted() != want.keys.sorted() { return "members \(have.keys.sorted()), not \(want.keys.sorted())" }
  for name in want.keys.sorted() {
    let (haveRows, wantRows) = (csvRows(have[name]!), csvRows(want[name]!))
    for place in 0..<max(haveRows.count, wantRows.count) {
      let a = place < haveRows.count ? haveRows[place] : []
      let b = place < wantRows.count ? wantRows[place] : []
      if !isSame(a, b) { return "\(name) row \(place): \(cellDifference(a, b, header: wantRows[0]))" }
    }
  }
  return nil
}

private func isSame(_ a: [String], _ b: [String]) -> Bool {
  a.map { Array($0.utf8) } == b.map { Array($0.utf8) }
}

private func cellDifference(_ have: [String], _ want: [String], header: [String]) -> String {
  let row = "\n  have: \(have.joined(separator: ","))\n  want: \(want.joined(separator: ","))"
  guard have.count == want.count else { return "\(have.count) cells, not \(want.count)" + row }
  let place = have.indices.first { !isSame([have[$0]], [want[$0]]) }!
  return "\(header[place]) is <\(have[place])>, not <\(want[place])>" + row
}

/// Cells as they are written, quotes included, so that null and the empty text differ.
func csvRows(_ text: String) -> [[String]] {
  var rows: [[String]] = []
  var row: [String] = []
  var cell: [UInt8] = []
  var isQuoted = false
  for byte in text.utf8 {
    if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
    if !isQuoted, byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") {
      row.append(String(decoding: cell, as: UTF8.self))
      cell = []
      if byte == UInt8(ascii: "\n") {
        rows.append(row)
        row = []
      }
    } else {
      cell.append(byte)
    }
  }
  if !cell.isEmpty || !row.isEmpty { rows.append(row + [String(decoding: cell, as: UTF8.self)]) }
  return rows
}

/// All that is needed to see a world's difference without running it again.
func report(_ world: World, _ difference: String) -> String {
  let files = world.files
  return """
    world \(world.seed) (replay: WORLDS=1 WORLD_SEED=\(world.seed)): \(difference)
    export set \(world.exportArguments.joined(separator: " "))
    --- gangway.yml
    \(files.project)
    --- features/world.yml
    \(files.definitions)
    --- warehouse.sql
    \(files.warehouse)
    """
}
