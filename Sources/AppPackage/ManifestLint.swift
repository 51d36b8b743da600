internal import ElvesCore
internal import Yams

/// Walks the YAML of one `app.yaml` and gathers a manifest and its problems.
struct ManifestLint {
    private(set) var problems: [LintProblem] = []
    /// Where `entry` stands; the first line when it is missing.
    private(set) var entryLine = 1

    private static let keys = [
        "name", "version", "summary", "owner", "protocol", "entry", "functions", "limits", "exclusive",
    ]
    private static let functionKeys = ["name", "summary", "timeout", "idempotent", "param", "exclusive"]
    private static let limitKeys = ["running", "waiting"]
    private static let mostTasks: Int32 = 10_000
    private static let longestTimeout: Int64 = 7 * 86_400_000

    /// The manifest as far as it can be read; meant for use only when there are no problems.
    mutating func manifest(_ root: Node) -> AppManifest? {
        guard case .mapping = root else {
            report(root, "the file is no mapping", hint: "start with: name: my-app")
            return nil
        }
        refuseAnchors(root)
        let fields = fields(of: root, Self.keys, in: "app.yaml")
        var manifest = AppManifest(name: "", version: "")
        manifest.name = appName(fields["name"])
        manifest.version = version(fields["version"])
        manifest.summary = line(fields["summary"], "summary")
        manifest.owner = line(fields["owner"], "owner")
        manifest.workerProtocol = workerProtocol(fields["protocol"])
        manifest.entry = entry(fields["entry"], manifest.workerProtocol)
        manifest.functions = functions(fields["functions"], manifest.workerProtocol)
        manifest.exclusive = lock(fields["exclusive"])
        (manifest.maxRunning, manifest.maxWaiting) = limits(fields["limits"])
        return manifest
    }

    // MARK: Fields

    private mutating func appName(_ node: Node?) -> String {
        guard let node else {
            report(nil, "name is missing", hint: "add: name: my-app")
            return ""
        }
        guard let name = text(node, "name") else { return "" }
        if !ManifestWords.isAppName(name) {
            report(
                node, code: .packageName, "\(PathRules.shown(name)) cannot be an app's name",
                hint: "use 1 to 64 letters, digits, - and _, a letter or digit first")
        }
        return name
    }

    private mutating func version(_ node: Node?) -> String {
        guard let node else {
            report(nil, "version is missing", hint: "add: version: 1.0.0")
            return ""
        }
        guard let version = text(node, "version") else { return "" }
        if !ManifestWords.isSemanticVersion(version) {
            report(
                node, code: .packageVersion, "\(PathRules.shown(version)) is not a semantic version",
                hint: "write three numbers, as in 1.0.0")
        }
        return version
    }

    private mutating func workerProtocol(_ node: Node?) -> AppManifest.WorkerProtocol {
        guard let node, let word = text(node, "protocol") else { return .json }
        if let known = AppManifest.WorkerProtocol(rawValue: word) { return known }
        report(node, "unknown protocol \(PathRules.shown(word))", hint: "use json or elves2")
        return .json
    }

    private mutating func entry(_ node: Node?, _ workerProtocol: AppManifest.WorkerProtocol) -> [String] {
        entryLine = node?.mark?.line ?? 1
        guard let node else {
            if workerProtocol == .json {
                report(nil, "entry is missing", hint: "add: entry: [python3, worker.py]")
            }
            return []
        }
        guard case .sequence(let items) = node else {
            let example = node.scalar.map { "[\($0.string)]" } ?? "[python3, worker.py]"
            report(node, "entry is not a list", hint: "write: entry: \(example)")
            return []
        }
        if items.isEmpty { report(node, "entry is empty", hint: "write: entry: [python3, worker.py]") }
        return items.compactMap { item in
            guard let word = text(item, "a word of entry") else { return nil }
            if word.isEmpty || word.utf8.contains(0) {
                report(item, "a word of entry is empty or holds a zero byte", hint: "remove it")
            }
            return word
        }
    }

    // MARK: Limits

    /// `limits: {running: N, waiting: M}`, both or one of them.
    private mutating func limits(_ node: Node?) -> (running: Int32?, waiting: Int32?) {
        guard let node else { return (nil, nil) }
        guard case .mapping = node else {
            let number = node.scalar.flatMap { Int32($0.string) } ?? 1
            report(node, "limits is not a mapping", hint: "write: limits: {running: \(number)}")
            return (nil, nil)
        }
        let fields = fields(of: node, Self.limitKeys, in: "limits")
        return (
            limit(fields["running"], "running", 1...Self.mostTasks),
            limit(fields["waiting"], "waiting", 0...Self.mostTasks)
        )
    }

    private mutating func limit(_ node: Node?, _ name: String, _ range: ClosedRange<Int32>) -> Int32? {
        guard let node, let word = text(node, name) else { return nil }
        guard let number = Int32(word), range.contains(number) else {
            report(
                node, "\(PathRules.shown(word)) is not a number of tasks",
                hint: "write a number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// The name of a lock of the machine.
    private mutating func lock(_ node: Node?) -> String? {
        guard let node, let name = text(node, "exclusive") else { return nil }
        // `exclusive: true` would be a lock of that name, which is not what was meant.
        if ["true", "false", "yes", "no", "on", "off"].contains(name.lowercased()) {
            report(
                node, "exclusive is the name of a lock, not \(name)",
                hint: "write a name, as in exclusive: package-manager, or leave it out")
        } else if !ManifestWords.isFunctionName(name) {
            report(
                node, "\(PathRules.shown(name)) cannot be a lock's name",
                hint: "use 1 to 64 letters, digits, _, - and ., no - or . first")
        }
        return name
    }

    // MARK: Functions

    private mutating func functions(
        _ node: Node?, _ workerProtocol: AppManifest.WorkerProtocol
    ) -> [AppManifest.Function] {
        guard let node else {
            if workerProtocol == .json {
                report(nil, "functions is missing", hint: "add: functions: with a line \"- name: greet\" below it")
            }
            return []
        }
        guard case .sequence(let items) = node, !(items.isEmpty && workerProtocol == .json) else {
            report(node, "functions is not a list of functions", hint: "write a line \"- name: greet\" for each")
            return []
        }
        var seen: Set<String> = []
        return items.map { item in
            let function = function(item)
            if !function.name.isEmpty, !seen.insert(function.name).inserted {
                report(item, "the function \"\(function.name)\" is there twice", hint: "rename one of them")
            }
            return function
        }
    }

    private mutating func function(_ node: Node) -> AppManifest.Function {
        guard case .mapping = node else {
            let name = node.scalar?.string ?? "greet"
            report(node, "a function is not a mapping", hint: "write: - name: \(name)")
            return AppManifest.Function(name: "")
        }
        let fields = fields(of: node, Self.functionKeys, in: "a function")
        var function = AppManifest.Function(name: "")
        if let name = fields["name"] {
            function.name = text(name, "name") ?? ""
            if !function.name.isEmpty, !ManifestWords.isFunctionName(function.name) {
                report(
                    name, "\(PathRules.shown(function.name)) cannot be a function's name",
                    hint: "use 1 to 64 letters, digits, _, - and ., no - or . first")
            }
        } else {
            report(node, "a function has no name", hint: "add: name: greet")
        }
        function.summary = line(fields["summary"], "summary")
        function.timeoutMs = timeout(fields["timeout"])
        function.idempotent = flag(fields["idempotent"], "idempotent")
        function.paramSchema = schema(fields["param"])
        function.exclusive = lock(fields["exclusive"])
        return function
    }

    private mutating func timeout(_ node: Node?) -> Int64 {
        guard let node, let word = text(node, "timeout") else { return 0 }
        let milliseconds = try? DurationText.milliseconds(word, bareUnit: .seconds(1))
        guard let milliseconds, milliseconds > 0, milliseconds <= Self.longestTimeout else {
            report(
                node, "\(PathRules.shown(word)) is not a timeout",
                hint: "write a time as in 30s, 5m or 1h30m, or seconds; more than 0, at most 7 days")
            return 0
        }
        return milliseconds
    }

    private mutating func schema(_ node: Node?) -> String {
        guard let node else { return "" }
        var lint = SchemaLint()
        let value = lint.schema(node)
        problems += lint.problems
        return value.text()
    }

    // MARK: Words

    /// The fields of a mapping by key; keys that no one knows become problems.
    private mutating func fields(of node: Node, _ known: [String], in place: String) -> [String: Node] {
        guard case .mapping(let pairs) = node else { return [:] }
        var fields: [String: Node] = [:]
        for (key, value) in pairs {
            guard let name = key.scalar?.string, known.contains(name) else {
                let shown = key.scalar?.string ?? "?"
                let near = Suggestion.nearest(to: shown, in: known)
                report(
                    key, "unknown key \(PathRules.shown(shown)) in \(place)",
                    hint: near.map { "did you mean \"\($0)\"?" } ?? "known are \(known.joined(separator: ", "))")
                continue
            }
            fields[name] = value
        }
        return fields
    }

    private mutating func text(_ node: Node, _ name: String) -> String? {
        guard let scalar = node.scalar else {
            report(node, "\(name) is not a single value", hint: "write one word or text in quotes")
            return nil
        }
        return scalar.string
    }

    /// A text of one line.
    private mutating func line(_ node: Node?, _ name: String) -> String {
        guard let node, let text = text(node, name) else { return "" }
        let trimmed = text.last == "\n" ? String(text.dropLast()) : text
        let isOneLine = !trimmed.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
        if !isOneLine || trimmed.count > 200 {
            report(node, "\(name) is not one line of at most 200 characters", hint: "shorten it")
        }
        return trimmed
    }

    private mutating func flag(_ node: Node?, _ name: String) -> Bool {
        guard let node else { return false }
        switch node.scalar?.string {
        case "true": return true
        case "false": return false
        default:
            report(node, "\(name) is neither true nor false", hint: "write: \(name): true")
            return false
        }
    }

    private mutating func refuseAnchors(_ node: Node) {
        if node.anchor != nil {
            report(node, "anchors are not supported", hint: "write the value out where it is needed")
            return
        }
        switch node {
        case .mapping(let pairs):
            for (key, value) in pairs {
                refuseAnchors(key)
                refuseAnchors(value)
            }
        case .sequence(let items): for item in items { refuseAnchors(item) }
        case .scalar, .alias: break
        }
    }

    private mutating func report(
        _ node: Node?, code: ErrorCode = .packageManifestField, _ message: String, hint: String
    ) {
        problems.append(LintProblem(line: node?.mark?.line ?? 1, code: code, message, hint: hint))
    }
}
