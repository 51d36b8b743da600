internal import Synchronization
package import Thrift

/// A caller for those who are made before the connection that they call over.
package final class LateCaller: ThriftCaller {
    private let target = Mutex<(any ThriftCaller)?>(nil)

    /// A caller whose calls fail as `notConnected` until it is aimed.
    package init() {}

    /// Calls go there from now on.
    package func aim(at caller: any ThriftCaller) { target.withLock { $0 = caller } }

    package func call(
        _ method: MethodDescriptor, options: CallOptions, arguments: (inout ThriftWriter) -> Void
    ) async throws -> ThriftReply? {
        guard let caller = target.withLock({ $0 }) else { throw ThriftError(.notConnected, "not connected yet") }
        return try await caller.call(method, options: options, arguments: arguments)
    }
}
