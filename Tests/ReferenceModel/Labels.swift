extension Model {
  /// R15: facts as revised up to the horizon; immature is null.
  func label(_ label: Label, _ row: [Value], _ module: Module, horizon: Int64?) -> LabelCell {
    let value = typed(row[module.place(label.name)], module.column(label.name))
    guard let form = knownTime(of: label, module) else {
      return LabelCell(value: value, known: nil, isMature: true, shown: value)
    }
    let known = clock.knownTime(row[module.place(form.column)], form).map { $0 + (form.delay?.microseconds ?? 0) }
    let isMature = known != nil && horizon != nil && known! <= horizon!
    var shown = isMature || mutation == .immatureLabelStays ? value : .null
    if !isMature, mutation == .immatureLabelIsZero { shown = .int(0) }
    return LabelCell(value: value, known: known, isMature: isMature, shown: shown)
  }

  /// The cutoff, else the greatest value in the label's known-time column, before any delay.
  func horizon(_ label: Label, _ asked: [[Value]], _ module: Module) -> Int64? {
    guard let form = knownTime(of: label, module) else { return nil }
    if let cutoff = world.set.knownBy, mutation != .horizonIgnoresCutoff { return cutoff }
    let rows = reading == .horizonOfWholeModule ? module.rows : asked
    let delay = mutation == .horizonAfterDelay ? form.delay?.microseconds ?? 0 : 0
    return rows.compactMap { clock.knownTime($0[module.place(form.column)], form) }.max().map { $0 + delay }
  }

  private func knownTime(of label: Label, _ module: Module) -> TimeColumn? {
    label.knownTime ?? module.column(label.name).knownTime
  }
}
