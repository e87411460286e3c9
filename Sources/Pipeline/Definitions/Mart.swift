package import Diagnostics

/// A wide relation with one row per entity, composed of modules. It is a module too, by the same name.
package struct Mart: Sendable {
  package let name: Located<String>
  package let entity: Located<String>
  /// Nil: it is written as SQL.
  package let composition: Composition?
}

/// How a mart is put together: rows of a base, and columns of what is joined to them.
package struct Composition: Sendable, Codable {
  /// A module that sets the rows.
  package let base: Located<String>
  /// Of the base; nil: all.
  package let columns: [ComposedColumn]?
  package let joins: [MartJoin]
}

package struct ComposedColumn: Sendable, Codable {
  package let name: Located<String>
  package let description: String?
  /// What readers may still call it, the newest first: the mart has it under these names too.
  package let earlierNames: [Located<String>]
}

/// A left join that can never change the number of rows.
package struct MartJoin: Sendable, Codable {
  package enum Source: Sendable, Codable {
    /// A module, or another mart.
    case module(Located<String>)
    /// A model's output: what is shown now, or what was shown then.
    case output(Located<String>)
    /// A feature view that is published: its newest values, or those of then.
    case view(Located<String>)

    package var name: Located<String> {
      switch self {
      case .module(let name), .output(let name), .view(let name): name
      }
    }
  }

  /// What the joined relation calls a column of its key, and what the base calls it.
  package struct KeyPair: Sendable, Codable {
    package let there: Located<String>
    package let here: Located<String>

    package init(there: Located<String>, here: Located<String>) {
      self.there = there
      self.here = here
    }
  }

  package let location: SourceLocation
  package let source: Source
  /// Empty: the key of the output's or the view's entity, else of the mart's, under the same names.
  package let key: [KeyPair]
  /// Of the joined relation; nil: all but its key.
  package let columns: [ComposedColumn]?
  /// In front of each name; empty: none.
  package let prefix: String
  /// The base's column with the moment of which values are wanted; nil: those of now.
  package let asOf: TimeColumn?
}
