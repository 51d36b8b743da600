package import ElvesContracts
package import ElvesCore
import Thrift

extension Fault {
    /// The error as it travels.
    package init(_ error: ElvesError) {
        self.init(
            code: error.code.code, message: error.message, hint: error.hint, retryable: error.isRetryable,
            details: error.details)
    }
}

extension ElvesError {
    /// An error that another component reported.
    package init(_ fault: Fault) {
        self.init(
            code: fault.code, message: fault.message, hint: fault.hint, retryable: fault.retryable,
            details: fault.details)
    }
}

/// Runs `body`; what it throws travels as a declared `Fault`, but for errors of the channel itself.
package func withFaults<T>(_ body: () async throws -> T) async throws -> T {
    do {
        return try await body()
    } catch let error as ThriftError {
        throw error
    } catch is CancellationError {
        throw ThriftError(.cancelled, "the caller gave up")
    } catch {
        throw Fault(ElvesError(wrapping: error))
    }
}
