/// Something that keeps a stretch of memory alive and unchanged: a mapped file.
package protocol MemoryOwner: AnyObject, Sendable {}

/// Fixed-width values side by side: an Arrow buffer.
///
/// Either its own memory or a stretch of a mapped file; readers cannot tell.
@frozen
package struct Buffer<Element: BitwiseCopyable & Sendable>: Sendable {
  @usableFromInline
  @safe
  package enum Storage: @unchecked Sendable {
    case array(ContiguousArray<Element>)
    case mapped(UnsafeBufferPointer<Element>, owner: any MemoryOwner)
  }

  @usableFromInline let storage: Storage

  @inlinable package init(_ elements: ContiguousArray<Element>) { storage = .array(elements) }

  @inlinable package init(_ elements: some Sequence<Element>) { storage = .array(ContiguousArray(elements)) }

  /// - Parameter elements: aligned for `Element`, unchanged as long as `owner` lives.
  @unsafe
  @inlinable package init(mapped elements: UnsafeBufferPointer<Element>, owner: any MemoryOwner) {
    storage = unsafe .mapped(elements, owner: owner)
  }

  @inlinable package var count: Int {
    switch storage {
    case .array(let array): array.count
    case .mapped(let elements, _): elements.count
    }
  }

  @inlinable package var span: Span<Element> {
    @_lifetime(borrow self)
    get {
      switch storage {
      case .array(let array):
        // Safe because: `self` holds the array, so it outlives the borrow.
        return unsafe _overrideLifetime(array.span, borrowing: self)
      case .mapped(let elements, _):
        // Safe because: `self` holds the owner, which keeps the memory as it is.
        return unsafe _overrideLifetime(Span(_unsafeElements: elements), borrowing: self)
      }
    }
  }
}

extension Buffer<Int32> {
  /// 0, 1, 2, …
  package static func counting(_ count: Int) -> Buffer<Int32> {
    var numbers = ContiguousArray<Int32>()
    numbers.reserveCapacity(count)
    for number in 0..<Int32(count) { numbers.append(number) }
    return Buffer(numbers)
  }

  /// Whether it is 0, 1, 2 and so on.
  package var isCounting: Bool {
    let span = span
    for i in span.indices where span[i] != i { return false }
    return true
  }
}

extension Buffer {
  /// A copy of some of the values.
  @inlinable package func elements(_ range: Range<Int>) -> ContiguousArray<Element> {
    // Safe because: the pointer does not leave the closure.
    unsafe span.extracting(range).withUnsafeBufferPointer { unsafe ContiguousArray($0) }
  }
}
