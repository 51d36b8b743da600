public import Foundation

/// Why a call gave no answer.
public enum CenterError: Error, Sendable {
    /// The center answered with a problem.
    case problem(Problem)
    /// Nothing answered at that address.
    case unreachable(url: URL, reason: String)
    /// What answered does not speak this API.
    case badAnswer(status: Int, reason: String)
    /// The call could not be written down.
    case badRequest(reason: String)

    /// The error's code in the registry; those that arise on this side start with `cli.`.
    public var code: String {
        switch self {
        case .problem(let problem): problem.code
        case .unreachable: "cli.center.unreachable"
        case .badAnswer: "cli.center.answer"
        case .badRequest: "cli.param.invalid"
        }
    }

    /// What was wrong, in one sentence.
    public var detail: String {
        switch self {
        case .problem(let problem): problem.detail
        case .unreachable(let url, let reason): "no center answers at \(url.absoluteString): \(reason)"
        case .badAnswer(let status, let reason): "HTTP \(status), \(reason)"
        case .badRequest(let reason): reason
        }
    }

    /// Whether the same call may succeed later without a change.
    public var isRetryable: Bool {
        switch self {
        case .problem(let problem): problem.retryable
        case .unreachable: true
        case .badAnswer, .badRequest: false
        }
    }
}

extension CenterError: CustomStringConvertible, LocalizedError {
    /// `code: detail`.
    public var description: String { "\(code): \(detail)" }
    /// `code: detail`.
    public var errorDescription: String? { description }
}

/// An RFC 9457 problem document.
public struct Problem: Sendable, Hashable, Codable {
    /// A page about this kind of error.
    public var type: String
    /// The kind of error, for people.
    public var title: String
    /// The HTTP status.
    public var status: Int
    /// The error's code in the registry, such as `openapi.app.unknown`.
    public var code: String
    /// What was wrong with this call.
    public var detail: String
    /// What would be right, or what to try.
    public var hint: String?
    /// Whether the same call may succeed later without a change.
    public var retryable: Bool
    /// The call's trace id, to give to whoever runs the center.
    public var trace: String?
    /// Names and values that the error is about.
    public var details: [String: JSONValue]?

    /// A problem.
    public init(
        type: String = "about:blank", title: String, status: Int, code: String, detail: String,
        hint: String? = nil, retryable: Bool = false, trace: String? = nil, details: [String: JSONValue]? = nil
    ) {
        self.type = type
        self.title = title
        self.status = status
        self.code = code
        self.detail = detail
        self.hint = hint
        self.retryable = retryable
        self.trace = trace
        self.details = details
    }
}
