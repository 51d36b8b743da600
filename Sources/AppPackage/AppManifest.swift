/// What an app's `app.yaml` says, checked.
package struct AppManifest: Hashable, Sendable, Codable {
    /// How the app's worker is started and answers.
    package enum WorkerProtocol: String, Sendable, Hashable, Codable, CaseIterable {
        /// One JSON request on standard input, the result on descriptor 3.
        case json
        /// ELVES 2.0: app, function and base64 parameter as arguments, tags on standard output.
        case elves2
    }

    /// One function that callers may name.
    package struct Function: Hashable, Sendable, Codable {
        /// Unique in the app.
        package var name: String
        /// One line for people.
        package var summary: String
        /// Milliseconds that a call may run unless the caller says otherwise; 0 means the agent's default.
        package var timeoutMs: Int64
        /// Whether a second attempt is harmless.
        package var idempotent: Bool
        /// JSON Schema of the parameter, as JSON text; empty accepts any value.
        package var paramSchema: String
        /// Name of the lock of the whole machine that a task of this function holds while it runs.
        ///
        /// `nil`: the app's.
        package var exclusive: String?

        /// A function; only its name must be given.
        package init(
            name: String, summary: String = "", timeoutMs: Int64 = 0, idempotent: Bool = false,
            paramSchema: String = "", exclusive: String? = nil
        ) {
            self.name = name
            self.summary = summary
            self.timeoutMs = timeoutMs
            self.idempotent = idempotent
            self.paramSchema = paramSchema
            self.exclusive = exclusive
        }
    }

    /// 1 to 64 letters, digits, `-` and `_`, a letter or digit first.
    package var name: String
    /// Semantic version; of an ELVES 2.0 zip, what its file name says.
    package var version: String
    /// One line for people.
    package var summary: String
    /// Who answers for the app; may be empty.
    package var owner: String
    /// How the worker is started.
    package var workerProtocol: WorkerProtocol
    /// The worker's command: the interpreter, if any, then a path inside the package.
    ///
    /// Empty for an ELVES 2.0 app that keeps to `app-worker.py`.
    package var entry: [String]
    /// What may be called; empty for an ELVES 2.0 app without a list: anything.
    package var functions: [Function]
    /// Name of a lock of the whole machine, shared by all apps, that each task of this app holds while it runs.
    package var exclusive: String?
    /// Tasks of this app that run at once on one agent.
    ///
    /// `nil`: as many as the agent allows.
    package var maxRunning: Int32?
    /// Tasks of this app that may wait on one agent; with 0 none does.
    ///
    /// `nil`: half of what may wait there.
    package var maxWaiting: Int32?

    /// A manifest with everything said.
    package init(
        name: String, version: String, summary: String = "", owner: String = "",
        workerProtocol: WorkerProtocol = .json, entry: [String] = [], functions: [Function] = [],
        exclusive: String? = nil, maxRunning: Int32? = nil, maxWaiting: Int32? = nil
    ) {
        self.name = name
        self.version = version
        self.summary = summary
        self.owner = owner
        self.workerProtocol = workerProtocol
        self.entry = entry
        self.functions = functions
        self.exclusive = exclusive
        self.maxRunning = maxRunning
        self.maxWaiting = maxWaiting
    }
}

/// What names and versions may look like.
enum ManifestWords {
    /// 1 to 64 letters, digits, `-` and `_`, a letter or digit first.
    static func isAppName(_ text: String) -> Bool {
        isWord(text, first: isAlphanumeric) { isAlphanumeric($0) || $0 == "-" || $0 == "_" }
    }

    /// 1 to 64 letters, digits, `_`, `-` and `.`, a letter, digit or `_` first.
    static func isFunctionName(_ text: String) -> Bool {
        isWord(text, first: { isAlphanumeric($0) || $0 == "_" }) {
            isAlphanumeric($0) || $0 == "_" || $0 == "-" || $0 == "."
        }
    }

    /// 1 to 64 letters, digits, `.`, `-`, `+` and `_`, a letter or digit first: what a file name may carry.
    static func isVersion(_ text: String) -> Bool {
        isWord(text, first: isAlphanumeric) { isAlphanumeric($0) || "._-+".unicodeScalars.contains($0) }
    }

    /// `MAJOR.MINOR.PATCH` with an optional `-prerelease` and `+build` (semver.org 2.0.0).
    static func isSemanticVersion(_ text: String) -> Bool {
        guard isVersion(text) else { return false }
        let buildParts = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        let releaseParts = buildParts[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = releaseParts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3, numbers.allSatisfy(isNumber) else { return false }
        if releaseParts.count == 2 {
            let parts = releaseParts[1].split(separator: ".", omittingEmptySubsequences: false)
            guard parts.allSatisfy({ isIdentifier($0) && (!isDigits($0) || isNumber($0)) }) else { return false }
        }
        guard buildParts.count == 2 else { return true }
        return buildParts[1].split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isIdentifier)
    }

    private static func isWord(
        _ text: String, first: (Unicode.Scalar) -> Bool, rest: (Unicode.Scalar) -> Bool
    ) -> Bool {
        let scalars = text.unicodeScalars
        guard let start = scalars.first, scalars.count <= 64 else { return false }
        return first(start) && scalars.dropFirst().allSatisfy(rest)
    }

    private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }

    private static func isDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy { ("0"..."9").contains($0) }
    }

    private static func isNumber(_ text: Substring) -> Bool {
        isDigits(text) && text.count <= 9 && (text == "0" || text.first != "0")
    }

    private static func isIdentifier(_ text: Substring) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy { isAlphanumeric($0) || $0 == "-" }
    }
}
