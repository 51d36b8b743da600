package import ElvesClient
package import ElvesCore

/// Why a command could not do its work: a code to look up, what was wrong, what to do.
package struct Failure: Error, Sendable, Hashable {
    /// The code in the error registry; those of the command line itself start with `cli.`.
    package var code: String
    /// What was wrong, in one sentence.
    package var detail: String
    /// What to do.
    package var hint: String
    /// How the program ends.
    package var status: CommandStatus

    /// A failure.
    package init(_ code: ErrorCode, _ detail: String, hint: String = "", status: CommandStatus = .failure) {
        self.init(code: code.code, detail, hint: hint, status: status)
    }

    private init(code: String, _ detail: String, hint: String, status: CommandStatus) {
        self.code = code
        self.detail = detail
        self.hint = hint
        self.status = status
    }

    /// A wrong use that the parser could not see.
    package static func usage(_ detail: String, hint: String = "") -> Failure {
        Failure(.cliUsage, detail, hint: hint, status: .usage)
    }

    /// The line on standard error.
    package var text: String {
        guard !hint.isEmpty else { return "error: \(code): \(detail)" }
        let isClosed = detail.last.map { ".?!".contains($0) } == true
        let joint = isClosed ? " " : hint.first?.isUppercase == true ? ". " : "; "
        return "error: \(code): \(detail)\(joint)\(hint)"
    }
}

extension Failure {
    /// What a failed call means to the one who typed the command.
    package init(_ error: CenterError) {
        switch error {
        case .problem(let problem):
            self.init(
                code: problem.code, problem.detail.isEmpty ? problem.title : problem.detail, hint: problem.hint ?? "",
                status: Self.status(problem))
            if problem.status >= 500, let trace = problem.trace { detail += " (trace \(trace))" }
        case .unreachable:
            self.init(
                .cliCenterUnreachable, error.detail, hint: "start one with `elves up`, or see `elves doctor`",
                status: .unreachable)
        case .badAnswer:
            self.init(.cliCenterAnswer, error.detail, hint: "is this the address of a center?", status: .unreachable)
        case .badRequest:
            self.init(.cliParamInvalid, error.detail, status: .usage)
        }
    }

    /// An error of Elves' own parts that a command uses.
    package init(_ error: ElvesError) {
        self.init(code: error.code.code, error.message, hint: error.hint, status: .failure)
    }

    private static func status(_ problem: Problem) -> CommandStatus {
        // An agent that nobody knows is out of sight, alone as among others.
        let isUnknownAgent = [ErrorCode.openapiAgentUnknown, .openapiTargetNone].map(\.code).contains(problem.code)
        switch problem.status {
        case _ where isUnknownAgent: return .unreachable
        case 401, 403: return .denied
        case 429, 500...: return .unreachable
        default: return .failure
        }
    }
}
