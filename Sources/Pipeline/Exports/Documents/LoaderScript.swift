/// `load.py`, as it stands beside this file.
package var loaderScript: ContiguousArray<UInt8> { ContiguousArray(PackageResources.load_py) }
