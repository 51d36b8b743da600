internal import Agent
internal import AppPackage
internal import ElvesContracts
internal import ElvesCore
internal import Foundation
internal import Runner

/// An app's folder as an agent on this machine would run it, with the agent's own code.
struct LocalApp {
    private let folder: String
    private let manifest: AppPackage.AppManifest
    private let tree: PackageTree

    /// Whether standard output is the worker's answer, not its chatter.
    var answersOnStandardOutput: Bool { manifest.workerProtocol == .elves2 }

    /// Checks the folder; an app that a push would refuse does not run here either.
    init(folder: String) throws {
        let inspection = try AppFolder(folder).inspect()
        guard let manifest = inspection.manifest else { throw LintProblem.error(inspection.problems) }
        self.folder = folder
        self.manifest = manifest
        tree = inspection.tree
    }

    /// Runs a function to its end. What it keeps in its state folder is gone afterwards.
    func run(
        _ function: String, param: String?, timeoutMs: Int64?, environment: [String: String], nowMs: Int64
    ) async throws -> TaskResult {
        let names = manifest.functions.map(\.name)
        guard names.isEmpty || names.contains(function) else {
            let nearest = Suggestion.nearest(to: function, in: names).map { "; did you mean \"\($0)\"?" } ?? ""
            throw Failure(
                .openapiFunctionUnknown, "\(manifest.name) has no function \"\(function)\"\(nearest)",
                hint: "it has: \(names.joined(separator: ", "))")
        }
        let root = FileManager.default.temporaryDirectory.appending(path: "elves-run-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let agent = AgentFolder(root: root.path(percentEncoded: false))
        try install(in: agent)
        var settings = OrderHook.Settings()
        settings.home = environment["HOME"] ?? "/"
        let path = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        let hook = OrderHook(folder: agent, interpreters: Interpreters(path: path), settings: settings)
        // The worker's processes are found by its task's id: runs side by side must not share one.
        let task = RunTask(
            taskId: Int64.random(in: 1...Int64.max), attempt: 1, app: manifest.name, func: function, param: param,
            timeoutMs: timeoutMs)
        var run = TaskRun(task, at: .now, ms: nowMs)
        run.app = shelved
        try await hook.prepare(&run)
        // What it returns is gone afterwards, too: only a center takes it.
        let output = root.appending(path: "out")
        try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
        run.order.environment["ELVES_OUTPUT_DIR"] = output.path(percentEncoded: false)
        let host = WorkerHost(ownsProcess: false)
        let end = try await host.run(run.order)
        await host.shutDown()
        return result(of: end, timeout: run.order.timeout)
    }

    private var shelved: ShelvedApp {
        ShelvedApp(
            manifest: ElvesContracts.AppManifest(manifest),
            treeDigest: tree.digest, files: Set(tree.files.map(\.path)))
    }

    private func install(in agent: AgentFolder) throws {
        let manager = FileManager.default
        let version = agent.version(manifest.version, digest: tree.digest, of: manifest.name)
        try manager.createDirectory(atPath: agent.apps, withIntermediateDirectories: true)
        try manager.createSymbolicLink(
            atPath: agent.live(manifest.name),
            withDestinationPath: agent.liveTarget(manifest.version, digest: tree.digest, of: manifest.name))
        for file in tree.files {
            let target = URL(filePath: version).appending(path: file.path)
            try manager.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try manager.copyItem(at: URL(filePath: folder).appending(path: file.path), to: target)
            try manager.setAttributes(
                [.posixPermissions: Int(file.mode)], ofItemAtPath: target.path(percentEncoded: false))
        }
    }

    private func result(of end: WorkerEnd, timeout: Duration?) -> TaskResult {
        let verdict = Verdict(
            end, workerProtocol: manifest.workerProtocol == .json ? .json : .elves2, timeout: timeout)
        return TaskResult(
            taskId: 1, attempt: 1, state: verdict.state, flag: verdict.flag, message: verdict.message,
            result: verdict.result, stdout: OutputText(end.output), stderr: OutputText(end.errors),
            code: verdict.code?.code ?? "")
    }
}
