import Synchronization
import Thrift

/// A service whose methods end as their names say.
struct Planted: ThriftService {
    static let serviceName = "Planted"
    static let works = MethodDescriptor(service: serviceName, method: "works", roles: ["openapi"])
    static let breaks = MethodDescriptor(service: serviceName, method: "breaks", roles: ["openapi"])
    static let dies = MethodDescriptor(service: serviceName, method: "dies", roles: ["openapi"])
    static let holds = MethodDescriptor(service: serviceName, method: "holds", roles: ["openapi"])

    struct Death: Error {}

    /// Holds calls until they are let go.
    final class Gate: Sendable {
        private let held = Mutex<[CheckedContinuation<Void, Never>]>([])

        var count: Int { held.withLock { $0.count } }

        func pass() async {
            await withCheckedContinuation { waiter in held.withLock { $0.append(waiter) } }
        }

        func open() {
            let waiters = held.withLock { held in
                defer { held = [] }
                return held
            }
            for waiter in waiters { waiter.resume() }
        }
    }

    let gate = Gate()

    var methods: [ThriftMethod] {
        [
            ThriftMethod(Self.works) { $0.answer { _ in } },
            ThriftMethod(Self.breaks) { _ in throw ThriftError(.overloaded, "too much") },
            ThriftMethod(Self.dies) { _ in throw Death() },
            ThriftMethod(Self.holds) { [gate] call in
                await gate.pass()
                return call.answer { _ in }
            },
        ]
    }
}
