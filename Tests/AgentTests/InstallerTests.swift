import ElvesContracts
import ElvesCore
import Glibc
import Runner
import Synchronization
import TestSupport
import Testing

@testable import Agent

@Suite struct InstallerTests {
    private let folder: Folder
    private let shelf = AppShelf()

    init() throws {
        folder = try Folder()
        try folder.agent.prepare()
    }

    private func apply(
        _ package: Package, shelf: AppShelf? = nil, fetch: Installer.Fetch? = nil
    ) async -> [ElvesError] {
        let installer = Installer(
            folder: folder.agent, shelf: shelf ?? self.shelf, fetch: fetch ?? package.fetch)
        return await installer.apply(DesiredState(generation: 1, apps: [package.desired]))
    }

    @Test func installsUpdatesAndKeepsState() async throws {
        var package = Package(["a.txt": "one", "sub/b.sh": "two"])
        package.files["a.txt"]?.mode = 0o644
        #expect(await apply(package).isEmpty)
        #expect(folder.text("apps/app/a.txt") == "one" && folder.text("apps/app/sub/b.sh") == "two")
        #expect(access(folder.path + "/apps/app/sub/b.sh", X_OK) == 0)
        #expect(access(folder.path + "/apps/app/a.txt", X_OK) != 0)
        try folder.write("state/app/kept", "mine")
        package = Package(version: "2", ["a.txt": "uno"])
        #expect(await apply(package).isEmpty)
        #expect(folder.text("apps/app/a.txt") == "uno" && folder.text("apps/app/sub/b.sh") == nil)
        #expect(folder.text("state/app/kept") == "mine")
        #expect(shelf.report.map(\.version) == ["2"])
    }

    @Test func knowsWhatIsInstalledAfterARestart() async throws {
        let package = Package(version: "3", ["a": "x"])
        #expect(await apply(package).isEmpty)
        let fresh = AppShelf()
        await Installer(folder: folder.agent, shelf: fresh, fetch: package.fetch).load()
        #expect(fresh[app: "app"] == ShelvedApp(package.desired))
    }

    @Test(arguments: [WorkerProtocol.json, .elves2])
    func anUpdateOnTheWayStartsWhatWasLookedUp(workerProtocol: WorkerProtocol) async throws {
        let first = Package(version: "1", workerProtocol: workerProtocol, entry: ["sh", "w.sh"], ["w.sh": "one"])
        let second = Package(version: "2", workerProtocol: workerProtocol, entry: ["sh", "w.sh"], ["w.sh": "two"])
        #expect(await apply(first).isEmpty)
        var run = TaskRun(RunTask(taskId: freshTask(), attempt: 1, app: "app", func: "f"), at: .now, ms: 0)
        try await LookupHook(shelf).prepare(&run)
        // Here the new version goes live.
        #expect(await apply(second).isEmpty)
        let order = OrderHook(
            folder: folder.agent, interpreters: Interpreters(path: "/bin:/usr/bin"), settings: .init())
        try await order.prepare(&run)
        let worker = try #require(run.order.command.first { $0.hasSuffix("w.sh") })
        #expect(try Disk.read(worker) == Array("one".utf8) && run.result.version == "1")
        try await LookupHook(shelf).prepare(&run)
        try await order.prepare(&run)
        let next = try #require(run.order.command.first { $0.hasSuffix("w.sh") })
        #expect(try Disk.read(next) == Array("two".utf8) && run.result.version == "2")
        // The contract's path, for workers of ELVES 2.0.
        #expect(workerProtocol == .json || next == folder.path + "/apps/app/w.sh")
    }

    @Test func anEmptyStateRemovesNothing() async throws {
        let package = Package(["a": "x"])
        #expect(await apply(package).isEmpty)
        let installer = Installer(folder: folder.agent, shelf: shelf, fetch: package.fetch)
        #expect(await installer.apply(DesiredState()).isEmpty)
        #expect(folder.text("apps/app/a") == "x")
        #expect(await installer.apply(DesiredState(generation: 2, removals: ["app", "other"])).isEmpty)
        #expect(folder.text("apps/app/a") == nil && shelf[app: "app"] == nil)
        #expect(Disk.names(in: folder.path + "/versions").isEmpty)
    }

    @Test func anInterruptedInstallLeavesTheOldVersion() async throws {
        #expect(await apply(Package(["a": "old"])).isEmpty)
        let next = Package(version: "2", ["a": "new", "big": String(repeating: "b", count: 600_000)])
        let pieces = Mutex(0)
        let failing: Installer.Fetch = { digest, offset, length in
            #expect(length <= 256 << 10)
            if offset > 0 { throw ElvesError(.elvesNotReady, "the center went away") }
            pieces.withLock { $0 += 1 }
            return try await next.fetch(digest, offset, length)
        }
        let errors = await apply(next, fetch: failing)
        #expect(errors.map(\.message) == ["the center went away"])
        #expect(folder.text("apps/app/a") == "old")
        #expect(shelf.report.map(\.problem) == ["the center went away"])
        // The next try goes on where the last one ended.
        let offsets = Mutex<[Int64]>([])
        let resumed: Installer.Fetch = { digest, offset, length in
            offsets.withLock { $0.append(offset) }
            return try await next.fetch(digest, offset, length)
        }
        #expect(await apply(next, fetch: resumed).isEmpty)
        #expect(offsets.withLock { $0.contains(0) } == false)
        #expect(folder.text("apps/app/a") == "new" && folder.text("apps/app/big")?.count == 600_000)
        #expect(shelf.report.map(\.problem) == [""])
    }

    @Test func filesThatArriveDifferentlyAreRefused() async throws {
        #expect(await apply(Package(["a": "old"])).isEmpty)
        let errors = await apply(Package(version: "2", ["a": "new"])) { _, _, _ in Array("bad".utf8) }
        #expect(errors.map(\.code) == [.agentFileDigest])
        #expect(folder.text("apps/app/a") == "old")
    }

    @Test(arguments: ["../x", "/etc/x", "a//b", "a/./b", "", "a/../../x", "a\nb"])
    func pathsThatLeaveTheFolderAreRefused(path: String) async throws {
        let errors = await apply(Package([path: "x"]))
        #expect(errors.map(\.code) == [.agentTreeInvalid])
        #expect(Disk.names(in: folder.path + "/versions").isEmpty)
    }

    @Test func aFileInsideAFileIsRefused() async throws {
        #expect(await apply(Package(["a": "x", "a/b": "y"])).map(\.code) == [.agentTreeInvalid])
        #expect(await apply(Package("../evil", ["a": "x"])).map(\.code) == [.agentTreeInvalid])
        var tampered = Package(["a": "x"]).desired
        tampered.tree.files[0].mode = 0o4755
        #expect(throws: ElvesError.self) { try tampered.check() }
    }

    @Test(.enabled(if: SmallDisk.isPermitted, "mounting a small tmpfs needs root"))
    func aFullDiskSaysSoAndLeavesTheOldVersion() async throws {
        let disk = try SmallDisk(at: folder.path + "/small", mebibytes: 2)
        defer { withExtendedLifetime(disk) {} }
        let agent = AgentFolder(root: disk.path)
        try agent.prepare()
        let old = Package(["a": "old"])
        #expect(
            await Installer(folder: agent, shelf: shelf, fetch: old.fetch)
                .apply(DesiredState(generation: 1, apps: [old.desired])).isEmpty)
        let big = Package(version: "2", ["big": String(repeating: "b", count: 3 << 20)])
        let errors = await Installer(folder: agent, shelf: shelf, fetch: big.fetch)
            .apply(DesiredState(generation: 2, apps: [big.desired]))
        #expect(errors.map(\.code) == [.agentDiskFull])
        #expect(folder.text("small/apps/app/a") == "old")
    }
}
