/// The candidate that a misspelt name most likely meant, if any is near enough.
///
/// Nearness is the number of single-character insertions, deletions, replacements and swaps of neighbours
/// (Damerau-Levenshtein, restricted). Near enough is a third of the longer name, at least one. Of equally near
/// candidates the first wins.
package func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
  var best: (name: String, distance: Int)?
  for candidate in candidates where candidate != name {
    let distance = editDistance(Array(name), Array(candidate))
    let limit = max(1, max(name.count, candidate.count) / 3)
    if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.name
}

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  if a.isEmpty || b.isEmpty { return a.count + b.count }
  var previous2: [Int] = []
  var previous = Array(0...b.count)
  for i in 1...a.count {
    var current = [i]
    for j in 1...b.count {
      let same = a[i - 1] == b[j - 1]
      var cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (same ? 0 : 1))
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, previous2[j - 2] + 1) }
      current.append(cost)
    }
    (previous2, previous) = (previous, current)
  }
  return previous[b.count]
}
