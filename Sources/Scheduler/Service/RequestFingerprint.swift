import Crypto
import ElvesCore

/// Digests of requests, so that a repeated idempotency key is told from a reused one.
///
/// Whether a task is durable does not count: over REST that follows from whether its caller waits, and who repeats a
/// call may wait this time.
enum RequestFingerprint {
    static func of(_ order: ExecutionOrder) -> [UInt8] {
        var hash = FieldHash()
        hash.add("execution")
        hash.add(order.call)
        hash.add(order.target)
        hash.add("\(order.startByMs)")
        // What an older version did not know counts when it is there, so that its keys stay good.
        if !order.owner.isEmpty { hash.add("owner", order.owner) }
        if let earlier = order.retryOf { hash.add("retryOf", earlier.description) }
        hash.add(order.retryRule)
        hash.add(order.call.files)
        return hash.digest
    }

    static func of(_ order: BatchOrder) -> [UInt8] {
        var hash = FieldHash()
        hash.add("batch")
        hash.add(order.call)
        hash.add("\(order.concurrency)")
        for target in order.targets { hash.add(target) }
        if let failures = order.maxFailures { hash.add("maxFailures", "\(failures)") }
        if let percent = order.maxFailurePercent { hash.add("maxFailurePercent", "\(percent)") }
        if order.startByMs > 0 { hash.add("startBy", "\(order.startByMs)") }
        if !order.owner.isEmpty { hash.add("owner", order.owner) }
        hash.add(order.retryRule)
        hash.add(order.call.files)
        return hash.digest
    }
}

/// SHA-256 over fields, each with its length, so that no two lists of fields read alike.
private struct FieldHash {
    private var hash = SHA256()

    var digest: [UInt8] { Array(hash.finalize()) }

    mutating func add(_ text: String?) {
        guard let text else {
            hash.update(data: [0])
            return
        }
        let bytes = Array(text.utf8)
        hash.update(data: Array("\(bytes.count):".utf8))
        hash.update(data: bytes)
    }

    mutating func add(_ name: String, _ value: String) {
        add(name)
        add(value)
    }

    mutating func add(_ rule: RetryRule?) {
        guard let rule else { return }
        add("retryRule", "\(rule.attempts) \(rule.firstDelayMs) \(rule.longestDelayMs)")
    }

    mutating func add(_ files: [TaskFile]) {
        guard !files.isEmpty else { return }
        add("files", "\(files.count)")
        for file in files {
            add(file.name)
            add("\(file.digest) \(file.mode)")
        }
    }

    mutating func add(_ call: FunctionCall) {
        add(call.app)
        add(call.function)
        add(call.param)
        add(call.timeoutMs.map(String.init))
        add(call.proxy)
        add("\(call.labels.count)")
        for (name, value) in call.labels.sorted(by: { $0.key < $1.key }) {
            add(name)
            add(value)
        }
    }

    mutating func add(_ target: TaskTarget) {
        add(target.id?.description)
        add(target.ip)
    }
}
