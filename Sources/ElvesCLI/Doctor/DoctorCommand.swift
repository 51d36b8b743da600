package import ArgumentParser
internal import ElvesClient
internal import ElvesCore
internal import Foundation
internal import ServiceCore

/// `elves doctor`.
package struct DoctorCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check address, clock, credentials, components, agents, versions and disk.")

    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Checks all, says all.
    package func run() async throws {
        let context = CommandContext.current
        let findings: [Finding]
        do {
            let (center, settings) = try place.connect()
            findings = await Examination(center: center, settings: settings, context: context, data: place.data).run()
        } catch let failure as Failure {
            findings = [Finding(failure, "center")]
        }
        for finding in findings {
            context.terminal.print(output.json ? try JSONLines.text(finding) : finding.line)
            if !output.json, !finding.hint.isEmpty { context.terminal.print("            → \(finding.hint)") }
        }
        let status = Finding.status(of: findings)
        if status != .success { throw status }
    }
}

/// One thing that was looked at.
struct Finding: Sendable, Hashable, Encodable {
    enum Verdict: String, Sendable, Encodable {
        case good, warning, bad
    }

    var verdict: Verdict
    var check: String
    var text: String
    var hint: String
    /// How the program ends because of it.
    let status: CommandStatus

    enum CodingKeys: CodingKey {
        case verdict, check, text, hint
    }

    init(_ verdict: Verdict, _ check: String, _ text: String, hint: String = "") {
        self.verdict = verdict
        self.check = check
        self.text = text
        self.hint = hint
        status = verdict == .bad ? .failure : .success
    }

    /// What ended the examination.
    init(_ failure: Failure, _ check: String) {
        verdict = .bad
        self.check = check
        text = failure.detail
        hint = failure.hint
        status = failure.status == .usage ? .failure : failure.status
    }

    /// How the program ends: a center that refuses the key or is out of reach counts before all else.
    static func status(of findings: [Finding]) -> CommandStatus {
        let order = [CommandStatus.denied, .unreachable, .failure]
        return order.first { status in findings.contains { $0.status == status } } ?? .success
    }

    /// `✓ clock     within 1 s of the center's`
    var line: String {
        let sign =
            switch verdict {
            case .good: "✓"
            case .warning: "!"
            case .bad: "✗"
            }
        return "\(sign) \(check)\(String(repeating: " ", count: max(1, 10 - check.count)))\(text)"
    }
}
