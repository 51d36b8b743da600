/// A value behind a reference: a copy of what holds it costs one count, however much is in it.
///
/// For parts that are read far more often than changed: a change makes a new box.
@propertyWrapper
package struct Boxed<Value: Sendable & Hashable>: Sendable, Hashable {
    private indirect enum Box: Sendable, Hashable {
        case holding(Value)
    }

    private var box: Box

    /// Boxes a value.
    package init(wrappedValue: Value) { box = .holding(wrappedValue) }

    /// The value.
    package var wrappedValue: Value {
        get {
            switch box {
            case .holding(let value): value
            }
        }
        set { box = .holding(newValue) }
    }
}
