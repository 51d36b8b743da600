import ElvesContracts
import ElvesCore
import Hummingbird
import NIOCore

extension ElvesError {
    /// Any error that reached the edge, as an entry of the registry.
    init(edge error: any Error) {
        switch error {
        case let error as ElvesError: self = error
        case let error as JSONError: self.init(.elvesJsonInvalid, error)
        case is CancellationError: self.init(.elvesCancelled)
        case let error as HTTPError where error.status == .notFound: self.init(.openapiRouteUnknown)
        case is NIOTooManyBytesError: self.init(.openapiRequestTooLong)
        default: self.init(.elvesInternal, cause: error)
        }
    }

    /// The error that another component declared.
    init(_ fault: Fault) {
        self.init(
            code: fault.code, message: fault.message, hint: fault.hint, retryable: fault.retryable,
            details: fault.details)
    }

    /// A text that is not JSON, with its line and column.
    init(_ code: ErrorCode, _ error: JSONError, what: String = "the body") {
        self.init(
            code, "\(what) is not JSON at \(error)",
            details: ["line": String(error.line), "column": String(error.column)])
    }
}
