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
  private let byteCount: Int

  /// - Precondition: zero bits are a value of `Element`.
  package init(count: Int) {
    self.count = count
    byteCount = max(1, count) * MemoryLayout<Element>.stride
    unsafe base = zeroedMemory(byteCount).bindMemory(to: Element.self, capacity: max(1, count))
  }

  deinit { unsafe freeMemory(base, byteCount) }

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

#if canImport(Glibc)
  /// From so many bytes on memory comes in pages of 2 MiB, if the system has them: answers are scattered over it, which with pages of 4 KiB
  /// costs a fault a page and a look-up of addresses a store.
  private let hugePageLimit = 2 << 20

  private func zeroedMemory(_ byteCount: Int) -> UnsafeMutableRawPointer {
    if byteCount < hugePageLimit {
      guard let memory = unsafe calloc(1, byteCount) else { fatalError("out of memory") }
      return unsafe memory
    }
    guard let memory = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), unsafe memory != MAP_FAILED
    else { fatalError("out of memory") }
    unsafe madvise(memory, byteCount, MADV_HUGEPAGE)
    return unsafe memory
  }

  private func freeMemory(_ memory: UnsafeMutableRawPointer, _ byteCount: Int) {
    if byteCount < hugePageLimit { unsafe free(memory) } else { unsafe munmap(memory, byteCount) }
  }
#else
  private func zeroedMemory(_ byteCount: Int) -> UnsafeMutableRawPointer {
    guard let memory = unsafe calloc(1, byteCount) else { fatalError("out of memory") }
    return unsafe memory
  }

  private func freeMemory(_ memory: UnsafeMutableRawPointer, _ byteCount: Int) { unsafe free(memory) }
#endif
