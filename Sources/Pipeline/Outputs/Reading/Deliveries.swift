internal import Diagnostics
internal import Warehouses

/// Reads the sources of a batch one after the other and hands on what they have, right or wrong.
struct Deliveries: Sendable {
  let contract: Contract
  /// How many misfits of one kind and column are told one by one.
  let misfitLimit: Int

  func run(_ inputs: [BatchInput], _ emit: @escaping @Sendable (Delivery) -> Bool) {
    var columns = AgreedColumns(contract)
    for (i, input) in inputs.enumerated() {
      if let earlier = inputs[..<i].first(where: { $0.isSame(as: input) }) {
        let violation = Violation(
          file: input.displayName, rule: "repeated-file", message: "\"\(input.displayName)\" is given twice, as \"\(earlier.displayName)\"")
        if !emit(.mistake(violation, hint: "name it once")) { return }
        continue
      }
      let wantsMore =
        switch input {
        case .file(let path, let name): FileDelivery(self, name, emit).run(path, &columns)
        case .table(let warehouse, let relation, let renamed, let name):
          TableDelivery(self, warehouse, relation: relation, renamed: renamed, name: name, emit).run()
        }
      if !wantsMore { return }
    }
  }
}

extension BatchInput {
  fileprivate func isSame(as other: BatchInput) -> Bool {
    switch (self, other) {
    case (.file(let a, _), .file(let b, _)): a == b
    case (.table(_, let a, _, _), .table(_, let b, _, _)): a == b
    default: false
    }
  }
}

/// The columns of the first file, which the others must have too.
struct AgreedColumns {
  private let contract: Contract
  private var first: (file: String, has: [Bool])?

  init(_ contract: Contract) { self.contract = contract }

  mutating func compare(_ header: Header, of file: String) -> [Header.Mistake] {
    let has = header.places.map { $0 != nil }
    guard let first else {
      first = (file, has)
      return []
    }
    // What must be there is missed in any case.
    return contract.targets.indices.filter { contract.targets[$0].isOptional && has[$0] != first.has[$0] }.map { i in
      let name = contract.targets[i].name
      return Header.Mistake(
        column: name, rule: "different-columns",
        message: has[i] ? "column \"\(name)\" is not in \"\(first.file)\"" : "column \"\(name)\" is missing, which \"\(first.file)\" has",
        hint: "give all files of a batch the same columns")
    }
  }
}
