package import Definitions
import Diagnostics
import Times

/// How a mart is put together, as far as definitions tell: which relations, on which keys. Their columns are known once they are there.
package struct MartRecipe: Sendable {
  /// A relation of which columns are taken.
  struct Part: Sendable {
    let relation: String
    /// What people call it: `module "x"`.
    let subject: String
    /// Where the mart names it.
    let reference: Located<String>
    /// Nil: all but `unlisted`.
    let columns: [ComposedColumn]?
    /// In front of each name.
    let prefix: String
    /// Columns that are taken only if they are listed.
    let unlisted: [String]
    /// What puts it into the warehouse, if no build does.
    let publishing: String?
  }

  struct Join: Sendable {
    let part: Part
    let key: [MartJoin.KeyPair]
    /// The base's column with the moment of which rows are wanted, and how it is read.
    let moment: Moment?
    /// Of an output or a view: the key of its entity.
    let ownKey: [String]?
  }

  struct Moment: Sendable {
    let column: Located<String>
    let reader: TimeReader
  }

  /// `mart "x"`.
  let subject: String
  let materialized: Module.Materialization
  /// The entity's, which the base calls the same.
  let key: [String]
  let base: Part
  let joins: [Join]
}

extension MartRecipe {
  package init(_ mart: Mart, _ composition: Composition, in project: Project) {
    subject = "mart \"\(mart.name.value)\""
    materialized = project.module(mart.name.value)?.materialized?.value ?? .table
    let martKey = project.entity(mart.entity.value)?.key.map(\.name.value) ?? []
    key = martKey
    base = Part(
      relation: project.module(composition.base.value)?.relation ?? composition.base.value,
      subject: project.subject(ofModule: composition.base.value), reference: composition.base, columns: composition.columns, prefix: "",
      unlisted: [], publishing: project.output(composition.base.value)?.name.value)
    joins = composition.joins.map { Join($0, martKey: martKey, in: project) }
  }

  /// Of each join.
  package var joinKeys: [[MartJoin.KeyPair]] { joins.map(\.key) }

  /// A join on a key that means something else finds nothing, and the mart holds nulls.
  func remark(onIdleJoin number: Int) -> String {
    let (part, key) = (joins[number].part, joins[number].key)
    let names = key.map { $0.here == $0.there ? $0.here.value : "\($0.here.value) = \($0.there.value)" }.joined(separator: ", ")
    let when = joins[number].moment.map { " as of \($0.column.value)" } ?? ""
    return "\(subject): no row of \(base.reference.value) finds anything in \(part.subject)\(when)"
      + (names.isEmpty ? "" : ", joined on \(names): do these mean the same?")
  }

  /// What is wrong with it whatever the columns are.
  var mistakes: [Diagnostic] { keyLeftOut + joins.flatMap { $0.keyMistakes(of: subject) } }

  private var keyLeftOut: [Diagnostic] {
    guard let columns = base.columns else { return [] }
    return key.filter { part in !columns.contains { $0.name.value == part } }.map { part in
      Diagnostic(
        at: columns.first?.name.location ?? base.reference.location,
        "\(subject) leaves out column \"\(part)\", which is of the key of its entity", rule: "missing-key-column",
        hint: "add \"\(part)\" to its `columns:`")
    }
  }
}

extension MartRecipe.Join {
  fileprivate init(_ join: MartJoin, martKey: [String], in project: Project) {
    let source = JoinSource(join, martKey: martKey, in: project)
    let key = source.keyPairs(join)
    part = MartRecipe.Part(
      relation: source.relation, subject: source.subject, reference: join.source.name, columns: join.columns, prefix: join.prefix,
      unlisted: key.map(\.there.value) + source.unlisted, publishing: source.publishing)
    self.key = key
    let zone = Zone(project.settings.timezone.value) ?? .utc
    moment = join.asOf.map { column in
      let reader = TimeReader(
        role: .decision, unit: column.unit, zone: column.timezone.flatMap(Zone.init) ?? zone, ambiguous: column.ambiguous,
        atMicroseconds: column.atMicroseconds)
      return MartRecipe.Moment(column: column.column, reader: reader)
    }
    ownKey = source.ownKey
  }

  /// A key of an output or a view is its entity's: nothing else makes its rows unique.
  fileprivate func keyMistakes(of subject: String) -> [Diagnostic] {
    guard let ownKey else { return [] }
    return key.filter { !ownKey.contains($0.there.value) }.map { pair in
      let isTurned = ownKey.contains(pair.here.value)
      let names = ownKey.isEmpty ? "no key" : "the key (\(ownKey.joined(separator: ", ")))"
      return Diagnostic(
        at: pair.there.location, "\(subject) joins \(part.subject) on \"\(pair.there.value)\", but that has \(names)",
        rule: "unknown-column",
        hint: isTurned
          ? "turn it round: `{\(pair.here.value): \(pair.there.value)}` reads {name there: name here}"
          : "name a column of its key, or leave `key` out where the base calls it the same")
    }
  }
}

extension Project {
  /// `mart "x"`, `output "x"` or `module "x"`.
  package func subject(ofModule name: String) -> String {
    mart(name) != nil ? "mart \"\(name)\"" : output(name) != nil ? "output \"\(name)\"" : "module \"\(name)\""
  }
}
