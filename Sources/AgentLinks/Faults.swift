package import ElvesContracts
package import ElvesCore

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

/// Runs `body`; whatever it throws travels as a declared `Fault`.
package func withFaults<T>(_ body: () async throws -> T) async throws -> T {
    do {
        return try await body()
    } catch {
        throw Fault(ElvesError(wrapping: error))
    }
}
