import Thrift

/// The generated constants of fixtures/everything.thrift by their IDL name, as they would stand on the wire.
enum FixtureConstants {
    static var all: [(name: String, value: Dynamic)] {
        [
            ("ANSWER", .i32(EverythingConstants.answer)), ("SMALLEST", .i64(EverythingConstants.smallest)),
            ("HALF", .double(bits: EverythingConstants.half.bitPattern)),
            ("GREETING", text(EverythingConstants.greeting)),
            ("LABELS", .list(.string, EverythingConstants.labels.map(text))),
            (
                "NUMBERS",
                .map(.string, .i32, EverythingConstants.numbers.map { .init(key: text($0.key), value: .i32($0.value)) })
            ),
            ("PRIMES", .set(.i32, EverythingConstants.primes.map { .i32($0) })),
            ("FAVOURITE", .i32(EverythingConstants.favourite.rawValue)),
        ]
    }

    private static func text(_ text: String) -> Dynamic { .string(Array(text.utf8)) }
}

extension Dynamic {
    /// The same value with the elements of its sets and maps in one order.
    var ordered: Dynamic {
        switch self {
        case .structure(let fields): .structure(fields.map { Field(id: $0.id, value: $0.value.ordered) })
        case .list(let type, let values): .list(type, values.map(\.ordered))
        case .set(let type, let values):
            .set(
                type,
                values.map(\.ordered).sorted { $0.words().joined(separator: " ") < $1.words().joined(separator: " ") })
        case .map(let key, let value, let entries):
            .map(
                key, value,
                entries.map { Entry(key: $0.key.ordered, value: $0.value.ordered) }
                    .sorted { $0.key.words().joined(separator: " ") < $1.key.words().joined(separator: " ") })
        default: self
        }
    }
}
