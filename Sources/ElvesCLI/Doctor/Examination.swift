internal import ElvesClient
internal import ElvesCore
internal import Foundation
internal import ServiceCore

/// The checks of `elves doctor`. Each says what it found; what depends on a failed one is left out.
struct Examination: Sendable {
    /// Seconds by which clocks may differ before signed calls are refused.
    static let window = 180.0

    let center: ElvesCenter
    let settings: Settings
    let context: CommandContext
    /// The data folder, where it is known.
    let data: String?

    func run() async -> [Finding] {
        var findings: [Finding] = []
        do throws(CenterError) {
            findings += try await reach()
        } catch {
            var failure = Failure(error)
            failure.hint = "settings come from \(settings.source)"
            return [Finding(failure, "address")] + disk()
        }
        do throws(CenterError) {
            findings += Self.judge(components: try await center.components())
            let agents = try await center.allAgents()
            findings.insert(Finding(.good, "key", "accepted (\(settings.source))"), at: findings.count)
            findings += Self.judge(agents: agents)
            findings += Self.judge(apps: try await center.apps(), agents: agents)
        } catch {
            let failure = Failure(error)
            findings.append(Finding(failure, failure.status == .denied ? "key" : "center"))
        }
        return findings + disk()
    }

    /// Whether something answers, whether it is ready, and what its clock says.
    private func reach() async throws(CenterError) -> [Finding] {
        let asked = context.now()
        let reply = try await center.exchange(Call(.get, ["readyz"], patience: .seconds(5)))
        let answered = context.now()
        var findings = [Finding(.good, "address", "\(settings.url.absoluteString) answers")]
        if reply.status == 200 {
            findings.append(Finding(.good, "ready", "calls would succeed"))
        } else {
            let reason = (try? ElvesClient.JSONValue(parsing: String(decoding: reply.body, as: UTF8.self)))?["reason"]
            findings.append(
                Finding(
                    .bad, "ready", reason?.string ?? "readyz answers \(reply.status)",
                    hint: "see the components below, and their logs"))
        }
        if let date = reply.header("Date").flatMap(Self.httpDate) {
            findings.append(Self.judge(serverClock: date, between: asked, and: answered))
        }
        return findings
    }

    static func judge(serverClock date: Date, between asked: Date, and answered: Date) -> Finding {
        // The header has whole seconds, cut off.
        let late = asked.timeIntervalSince(date) - 1
        let early = date.timeIntervalSince(answered)
        let skew = max(late, early, 0)
        if skew < 5 { return Finding(.good, "clock", "agrees with the center's") }
        let text = "differs from the center's by \(Int(skew)) s"
        return skew < window - 30
            ? Finding(.warning, "clock", text, hint: "signed calls fail from \(Int(window)) s on: set the clock")
            : Finding(.bad, "clock", text, hint: "signed calls fail: set the clock, with NTP")
    }

    static func judge(components: [ComponentRecord]) -> [Finding] {
        components.map { component in
            let name = "\(component.role) \(component.version)"
            if !component.ready {
                return Finding(
                    .bad, "component", "\(name) is not ready: \(component.reason)",
                    hint: "see its log; `elves up` keeps it in DIR/logs")
            }
            let age = Wording.span(milliseconds: component.uptimeMilliseconds)
            guard component.version == ElvesVersion.current else {
                return Finding(
                    .warning, "component", "\(name), up \(age); this program is \(ElvesVersion.current)",
                    hint: "versions that are one apart work together; upgrade the older")
            }
            return Finding(.good, "component", "\(name), up \(age)")
        }
    }

    static func judge(agents: [AgentRecord]) -> [Finding] {
        let dead = agents.filter { !$0.alive }
        guard !agents.isEmpty else {
            return [Finding(.warning, "agents", "none has reported", hint: "start one: elves-agent run --config FILE")]
        }
        var findings: [Finding] = []
        if dead.isEmpty {
            findings.append(Finding(.good, "agents", "all \(Wording.count(agents.count)) alive"))
        } else {
            findings.append(
                Finding(
                    .warning, "agents",
                    "\(Wording.count(dead.count)) of \(Wording.count(agents.count)) not alive: \(names(dead.map(\.ip)))",
                    hint: "on such a machine: elves-agent status"))
        }
        let older = agents.filter { $0.version != ElvesVersion.current }
        if !older.isEmpty {
            findings.append(
                Finding(
                    .warning, "agents",
                    "\(Wording.count(older.count)) not of \(ElvesVersion.current): "
                        + names(older.map { "\($0.ip) \($0.version)" })))
        }
        return findings
    }

    static func judge(apps: [AppRecord], agents: [AgentRecord]) -> [Finding] {
        var findings: [Finding] = []
        for app in apps where app.liveVersion?.isEmpty ?? true {
            findings.append(
                Finding(
                    .warning, "app", "\(app.app) has no live version", hint: "elves app activate \(app.app) VERSION"))
        }
        for agent in agents {
            for app in agent.apps {
                guard let problem = app.problem, !problem.isEmpty else { continue }
                findings.append(Finding(.bad, "app", "\(app.app) on \(agent.ip): \(problem)"))
            }
        }
        return findings.isEmpty ? [Finding(.good, "apps", Wording.count(apps.count, "app"))] : findings
    }

    /// Room where an `elves up` on this machine keeps its data.
    private func disk() -> [Finding] {
        guard let folder = data ?? SettingsLookup(context).lastUp() else { return [] }
        let url = URL(filePath: folder)
        guard let values = try? FileManager.default.attributesOfFileSystem(forPath: url.path(percentEncoded: false)),
            let free = values[.systemFreeSize] as? NSNumber
        else { return [] }
        return [Self.judge(freeBytes: free.int64Value, folder: folder)]
    }

    static func judge(freeBytes: Int64, folder: String) -> Finding {
        let mebibytes = Int(freeBytes >> 20)
        let text = "\(Wording.count(mebibytes)) MiB free for \(folder)"
        if mebibytes < 100 { return Finding(.bad, "disk", text, hint: "free some: stores refuse to write soon") }
        return mebibytes < 1024
            ? Finding(.warning, "disk", text, hint: "free some before it runs out") : Finding(.good, "disk", text)
    }

    private static func names(_ names: [String]) -> String {
        names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
    }

    /// RFC 9110's date, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func httpDate(_ text: String) -> Date? {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.date(from: text)
    }
}
