#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Zeroed memory for a fixed number of values. Several workers fill it at once, each its own places; then it is an immutable ``Buffer``.
@safe
package final class Slots<Element: BitwiseCopyable & Sendable>: MemoryOwner, @unchecked Sendable {
  // Safe because: the memory lives as long as the object, every access is checked or within a span of all of it, and workers
  // are given different places.
  private let base: UnsafeMutablePointer<Element>
  package let count: Int

  /// - Precondition: zero bits are a value of `Element`.
  package init(count: Int) {
    self.count = count
    guard let memory = unsafe calloc(max(1, count), MemoryLayout<Element>.stride) else { fatalError("out of memory") }
    unsafe base = memory.bindMemory(to: Element.self, capacity: max(1, count))
  }

  deinit { unsafe free(base) }

  /// All places, to write to those that are the caller's.
  package func withPlaces<Result>(_ body: (inout MutableSpan<Element>) -> Result) -> Result {
    var span = unsafe MutableSpan(_unsafeStart: base, count: count)
    return body(&span)
  }

  /// What was written, once nobody writes any more.
  package var buffer: Buffer<Element> {
    unsafe Buffer(mapped: UnsafeBufferPointer(start: base, count: count), owner: self)
  }
}

extension Slots {
  /// The same bits as values of another type.
  ///
  /// - Precondition: of the same size, and any bits are a value of it.
  package func buffer<Other: BitwiseCopyable & Sendable>(as: Other.Type) -> Buffer<Other> {
    precondition(
      MemoryLayout<Other>.stride == MemoryLayout<Element>.stride && MemoryLayout<Other>.alignment <= MemoryLayout<Element>.alignment)
    return unsafe Buffer(
      mapped: UnsafeBufferPointer(start: UnsafeRawPointer(base).assumingMemoryBound(to: Other.self), count: count), owner: self)
  }
}
