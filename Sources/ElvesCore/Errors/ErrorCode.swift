/// One entry of the error registry: what can go wrong, whose fault it is and what helps.
///
/// The entries are static members, grouped by the part of Elves whose words they are in. Two codes are
/// equal when their text is.
package struct ErrorCode: Sendable {
    /// Who can mend it.
    package enum Fault: String, Sendable, CaseIterable {
        /// Whoever made the call: another request would have worked.
        case caller
        /// Whoever runs the center or the machine: settings, space, versions, network.
        case `operator`
        /// The author of the app that ran.
        case app
        /// Elves itself: a bug.
        case elves
    }

    /// `part.thing.problem`, such as `openapi.auth.signature`; never changes once released.
    package let code: String
    /// A few words, the same for every occurrence.
    package let title: String
    /// HTTP status in `/api/v3`.
    package let status: Int
    /// Who can mend it.
    package let fault: Fault
    /// Whether the same call may succeed later without a change.
    package let isRetryable: Bool
    /// ELVES 2.0 code in `/api/v2`; `500` where ELVES 2.0 has no word for it.
    package let elves2: Elves2Code
    /// What to do, in one sentence.
    package let hint: String

    init(
        _ code: String, _ title: String, _ status: Int, _ fault: Fault, retryable: Bool = false,
        elves2: Elves2Code = .internalError, hint: String
    ) {
        self.code = code
        self.title = title
        self.status = status
        self.fault = fault
        isRetryable = retryable
        self.elves2 = elves2
        self.hint = hint
    }

    /// Identifies the problem's kind in RFC 9457 documents.
    package var type: String { "https://elves.dev/errors/\(code)" }
}

extension ErrorCode: Hashable, CustomStringConvertible {
    package static func == (left: ErrorCode, right: ErrorCode) -> Bool { left.code == right.code }
    package func hash(into hasher: inout Hasher) { hasher.combine(code) }
    package var description: String { code }
}

extension ErrorCode {
    /// Every entry, family by family.
    package static let all: [ErrorCode] =
        general + channel + openapi + supervisor + packages + heartbeat + scheduler + queue + cron + agent + runner
        + cli

    private static let byCode = Dictionary(all.map { ($0.code, $0) }) { first, _ in first }

    /// The entry with that code, nil when this version of Elves has none.
    package static func find(_ code: String) -> ErrorCode? { byCode[code] }

    /// The entry with that code or, for a code of a newer version, a stand-in that keeps it.
    package static func named(_ code: String, retryable: Bool = false) -> ErrorCode {
        find(code)
            ?? ErrorCode(
                code, "Error \(code)", 500, .operator, retryable: retryable,
                hint: "This version does not know the code; see the documentation of the version that sent it.")
    }
}
