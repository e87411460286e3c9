// Definitions: the files in which people describe their project, read and resolved.
//
// In:  gangway.yml and every *.yml under the features folder, as YAML node trees with positions.
// Out: a `Project` in which every name leads somewhere, or all the mistakes at once, each with its place.
// Knows nothing of warehouses: what only a warehouse can tell (columns, types) is planning's to check.

package import Diagnostics

/// Everything that a project's definition files say. Every reference by name is known to resolve.
package struct Project: Sendable {
  package let settings: ProjectSettings
  package let sources: [Source]
  package let entities: [Entity]
  package let modules: [Module]
  package let featureViews: [FeatureView]
  package let trainingSets: [TrainingSet]
  /// Each is among the modules too, by its name.
  package let outputs: [ModelOutput]
  /// Each is among the modules too, by its name.
  package let marts: [Mart]
  /// The feature views whose values are put into the warehouse, by name, and where each says so.
  package let published: [Located<String>]

  /// The modules that are defined as such: neither outputs nor marts.
  package var ownModules: [Module] { modules.filter { output($0.name.value) == nil && mart($0.name.value) == nil } }

  package func entity(_ name: String) -> Entity? { entities.first { $0.name.value == name } }
  package func module(_ name: String) -> Module? { modules.first { $0.name.value == name } }
  package func featureView(_ name: String) -> FeatureView? { featureViews.first { $0.name.value == name } }
  package func output(_ name: String) -> ModelOutput? { outputs.first { $0.name.value == name } }
  package func mart(_ name: String) -> Mart? { marts.first { $0.name.value == name } }
  package func trainingSet(_ name: String) -> TrainingSet? { trainingSets.first { $0.name.value == name } }
}

/// What gangway.yml says. Paths are absolute.
package struct ProjectSettings: Sendable {
  /// The folder of gangway.yml.
  package let root: String
  package let name: Located<String>
  package let warehouse: Located<WarehouseSetting>
  /// IANA name of the zone in which naive times are read; UTC if not said.
  package let timezone: Located<String>
  package let featuresFolder: String
  package let storeFolder: String
  package let exportsFolder: String
}

package enum WarehouseSetting: Sendable, Hashable {
  /// Absolute path of a SQLite file.
  case sqlite(path: String)
}

/// What every definition may carry for people and catalogs.
package struct About: Sendable, Hashable, Codable {
  package let description: String?
  package let owner: String?
  package let tags: [String]
  /// Free keys and values, nested ones as their YAML text.
  package let meta: [String: String]
}

/// A raw table as an extract-and-load tool left it.
package struct Source: Sendable {
  package let name: Located<String>
  package let about: About
}
