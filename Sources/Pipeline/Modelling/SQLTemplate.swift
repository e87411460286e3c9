package import Definitions
package import Diagnostics

/// A module's SQL file, taken apart: text, and the places where it names other relations.
///
/// The templating is the part of dbt's that needs no program to be run: `{{ ref('x') }}`, `{{ source('x') }}` or
/// `{{ source('schema', 'x') }}`, `{{ config(materialized='table') }}` and `{# comments #}`. The `-` of `{{-` and `-}}` is
/// accepted and means nothing, since SQL does not mind white space.
package struct SQLTemplate: Sendable {
  package enum Piece: Sendable, Hashable {
    case text(String)
    case reference(Reference)
  }

  package struct Reference: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable { case ref, source }

    package let kind: Kind
    package let name: String
    /// Of the name's first quote.
    package let location: SourceLocation
  }

  package let pieces: [Piece]
  /// What the last `config` says.
  package let materialized: Located<Module.Materialization>?

  package var references: [Reference] {
    pieces.compactMap { if case .reference(let reference) = $0 { reference } else { nil } }
  }

  /// The SQL with each reference replaced.
  package func rendered(_ relation: (Reference) -> String) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .reference(let reference): relation(reference)
      }
    }.joined()
  }
}

/// A name as SQL takes it, whatever is in it.
func quotedIdentifier(_ name: String) -> String {
  var quoted = "\""
  // By scalars: a quote under a combining mark is no `Character` of its own, and would slip through.
  for scalar in name.unicodeScalars {
    if scalar == "\"" { quoted.unicodeScalars.append(scalar) }
    quoted.unicodeScalars.append(scalar)
  }
  return quoted + "\""
}
