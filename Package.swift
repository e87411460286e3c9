// swift-tools-version: 6.2
import PackageDescription

// A warning is an error where CI says so, and only in our own targets: a newer compiler must not break a user's build.
let strict: [SwiftSetting] = Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]

let settings: [SwiftSetting] =
  strict + [
    .strictMemorySafety(),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableExperimentalFeature("Lifetimes"),
  ]

func stage(_ name: String, in folder: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Sources/\(folder)/\(name)", resources: resources, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, path: "Tests/\(name)", resources: resources, swiftSettings: settings)
}

let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "gangway",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "gangway", targets: ["GangwayCommand"]),
    .library(name: "Gangway", targets: ["Gangway"]),
  ],
  dependencies: [
    .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
    .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
  ],
  // In the order of the drawing in ARCHITECTURE.md: imports go down a layer or to an earlier stage.
  targets: [
    // Values: no I/O.
    stage("Diagnostics", in: "Values", []),
    stage("Times", in: "Values", []),
    stage("Columns", in: "Values", []),
    stage("Parallel", in: "Values", []),
    .target(name: "CDigests", path: "Sources/Values/CDigests"),
    stage("Digests", in: "Values", ["CDigests", crypto]),
    stage("Kernels", in: "Values", []),
    // Bridges: C and bytes stay in here.
    stage("Files", in: "Bridges", ["Diagnostics", "Digests", crypto]),
    .systemLibrary(
      name: "CLibArchive", path: "Sources/Bridges/CLibArchive", pkgConfig: "libarchive",
      providers: [.apt(["libarchive-dev"]), .brew(["libarchive"])]),
    stage("Archives", in: "Bridges", ["Files", "CLibArchive", "Diagnostics", "Digests", crypto]),
    stage("CSVReading", in: "Bridges", ["Columns", "Diagnostics"]),
    stage("ArrowFiles", in: "Bridges", ["Files", "Columns", "Diagnostics", "Digests", crypto]),
    // Warehouses: where modules and marts live.
    stage("Warehouses", in: "Warehouses", ["Diagnostics", "Times", "Columns", "Parallel"]),
    stage("SQLiteWarehouse", in: "Warehouses", ["Warehouses", "CSVReading", "Diagnostics", "Times", "Columns", "Parallel", sqlite]),
    stage("Samples", in: "Warehouses", ["Diagnostics", grdb, sqlite]),
    // Pipeline: the stages of the data's way.
    stage("Definitions", in: "Pipeline", ["Diagnostics", "Times", "Columns", yams]),
    stage("Modelling", in: "Pipeline", ["Definitions", "Warehouses", "Diagnostics", "Times", "Columns"]),
    stage("Planning", in: "Pipeline", ["Definitions", "Warehouses", "Diagnostics", "Digests", "Times", "Columns", crypto]),
    stage("Engine", in: "Pipeline", ["Kernels", "Parallel", "Planning", "Warehouses", "Diagnostics", "Times", "Columns", "Definitions"]),
    stage(
      "Snapshots", in: "Pipeline",
      [
        "Engine", "Parallel", "Planning", "Warehouses", "ArrowFiles", "Files", "Columns", "Diagnostics", "Digests", "Times", "Definitions",
        grdb,
        crypto,
      ]),
    stage(
      "Outputs", in: "Pipeline",
      ["Engine", "Warehouses", "CSVReading", "Archives", "Files", "Columns", "Parallel", "Diagnostics", "Times", "Definitions", crypto]),
    stage(
      "TrainingSets", in: "Pipeline",
      ["Engine", "Planning", "Warehouses", "Columns", "Diagnostics", "Times", "Definitions", crypto]),
    stage(
      "Exports", in: "Pipeline",
      ["TrainingSets", "Archives", "Files", "Columns", "Parallel", "Times", "Diagnostics", "Definitions", "Planning", "Engine", crypto],
      resources: [.embedInCode("Documents/load.py")]),
    // The library product: one use case a file.
    .target(
      name: "Gangway",
      dependencies: [
        "Definitions", "Modelling", "Planning", "Engine", "Snapshots", "Outputs", "TrainingSets", "Exports", "SQLiteWarehouse", "Samples",
        "Warehouses", "Diagnostics", "Times", "Columns", "Archives", "Files",
      ], swiftSettings: settings),
    // Tools.
    .executableTarget(
      name: "GangwayCommand", dependencies: ["Gangway", arguments], path: "Sources/Tools/GangwayCommand", swiftSettings: settings),
    .executableTarget(
      name: "Bench", dependencies: ["CLibArchive", sqlite, arguments], path: "Sources/Tools/Bench", exclude: ["rivals"],
      swiftSettings: settings),
    // Tests, in the same order; first what they share.
    .target(
      name: "TestSupport", dependencies: ["CLibArchive", grdb], path: "Tests/TestSupport", swiftSettings: settings),
    .target(name: "ReferenceModel", path: "Tests/ReferenceModel", swiftSettings: settings),
    tests("TimesTests", ["Times"]),
    tests("ParallelTests", ["Parallel"]),
    tests("DigestsTests", ["Digests", crypto]),
    tests("KernelsTests", ["Kernels"]),
    tests("FilesTests", ["Files", "Diagnostics", "TestSupport"]),
    tests("ArchivesTests", ["Archives", "Files", "Diagnostics", "CLibArchive", "TestSupport"]),
    tests("ArrowFilesTests", ["ArrowFiles", "Files", "Columns", "Diagnostics"]),
    tests("SQLiteWarehouseTests", ["SQLiteWarehouse", "CSVReading", "Warehouses", "Times", "Columns", "Diagnostics", sqlite]),
    tests("DefinitionsTests", ["Definitions", "Diagnostics", "Times", "Columns"]),
    tests("ModellingTests", ["Modelling", "Definitions", "Warehouses", "Diagnostics", "Columns", "Times"]),
    tests("EngineTests", ["Engine", "Columns"]),
    tests(
      "OutputsTests",
      [
        "Outputs", "Archives", "SQLiteWarehouse", "Warehouses", "Definitions", "Columns", "Diagnostics", "Times", "TestSupport", sqlite,
      ]),
    tests("CSVTests", ["Exports", "Archives", "Columns", "Diagnostics", "Times", "TestSupport"]),
    tests("ExportsTests", ["Exports", "Planning", "Archives", "Columns", "TestSupport"]),
    tests("DifferentialTests", ["Gangway", "ReferenceModel", "TestSupport"]),
    tests("CommandTests", ["GangwayCommand", "TestSupport"], resources: [.copy("Golden")]),
    tests("BenchTests", ["Bench"]),
    tests(
      "HostileTests", ["GangwayCommand", "SQLiteWarehouse", "CSVReading", "Columns", "Archives", "Exports", "Diagnostics", "TestSupport"]),
    tests("ConformanceTests", ["GangwayCommand", "TestSupport"], resources: [.copy("Cases")]),
  ]
)
