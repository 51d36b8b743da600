/// Keeps an optional field on the heap, so that a struct can hold one of its own type.
@propertyWrapper
package struct ThriftIndirect<Value: Sendable & Hashable>: Sendable, Hashable {
    private indirect enum Storage: Sendable, Hashable {
        case empty
        case value(Value)
    }

    private var storage: Storage

    /// Creates a field with a value or, by nil, without.
    package init(wrappedValue: Value?) {
        storage = wrappedValue.map { .value($0) } ?? .empty
    }

    package var wrappedValue: Value? {
        get {
            if case .value(let value) = storage { value } else { nil }
        }
        set { storage = newValue.map { .value($0) } ?? .empty }
    }
}
