import AgentLinks
import ElvesContracts
import ElvesCore
import TestSupport
import Testing
import Thrift
import ThriftInProcess

@testable import Scheduler

/// Output and files over the wire, both sides in process.
@Suite struct CallFilesTests {
    private let scratch: Scratch
    private let agent = ScriptedAgent()
    private let peer = PeerIdentity(role: "agent", instance: "0000000000000007", ip: "127.0.0.7")
    private let stranger = PeerIdentity(role: "agent", instance: "0000000000000008", ip: "127.0.0.8")

    init() throws { scratch = try Scratch() }

    private func serving() async throws -> SchedulerService {
        let service = try await SchedulerService.serving(
            output: try OutputStore(folder: scratch.folder + "/output", logger: .silent),
            blobs: try BlobStore(folder: scratch.folder + "/blobs", logger: .silent))
        let back = InProcessCaller(
            ThriftRouter([AgentServiceProcessor(agent)]), as: PeerIdentity(role: "scheduler", instance: "s-1"))
        _ = try await service.connect(ThriftTaskLink(try AgentWire(peer: peer, caller: back)))
        return service
    }

    private func edge(_ service: SchedulerService) -> SchedulerServiceClient {
        SchedulerServiceClient(
            InProcessCaller(
                ThriftRouter([SchedulerServiceProcessor(SchedulerHandler(service))]),
                as: PeerIdentity(role: "openapi", instance: "o-1")))
    }

    private func reports(_ service: SchedulerService, as peer: PeerIdentity) -> TaskReportServiceClient {
        TaskReportServiceClient(
            InProcessCaller(ThriftRouter([TaskReportServiceProcessor(TaskReportHandler(service))]), as: peer))
    }

    private func upload(_ bytes: [UInt8], _ edge: SchedulerServiceClient) async throws -> FileRef {
        let upload = try await edge.beginBlob(size: -1)
        try await edge.blobChunk(upload: upload, offset: 0, bytes: bytes)
        let blob = try await edge.finishBlob(upload: upload)
        return FileRef(name: "nginx.conf", digest: blob.digest, size: blob.size)
    }

    private func request(_ files: [FileRef]) -> ExecuteRequest {
        ExecuteRequest(app: "hello", func: "hold", agentId: 7, files: files)
    }

    @Test func aFileGoesToTheAgentAndAnotherComesBack() async throws {
        let service = try await serving()
        let edge = edge(service)
        let file = try await upload([1, 2, 3, 4], edge)
        #expect(try await edge.blob(digest: file.digest) == BlobInfo(digest: file.digest, size: 4))
        let task = try await edge.execute(request: request([file]), waitMs: 0)
        try await eventually("the agent has the task") { agent.heldCount == 1 }
        let sent = try #require(agent.tasks.first?.files?.first)
        #expect(sent.name == "nginx.conf" && sent.digest == file.digest && sent.size == 4)
        let attempt = AttemptRef(taskId: task.id, attempt: 1)
        let own = reports(service, as: peer)
        #expect(try await own.fetchBlob(attempt: attempt, digest: file.digest, offset: 1, length: 2) == [2, 3])

        let back = FileRef(name: "old.conf", digest: BlobDigest.of([9, 9]).bytes, size: 2)
        #expect(try await own.putBlob(attempt: attempt, file: back, offset: 0, bytes: [9]) == 1)
        #expect(try await own.putBlob(attempt: attempt, file: back, offset: 1, bytes: [9]) == 2)
        #expect(try await edge.readBlob(digest: back.digest, offset: 0, length: 10) == [9, 9])
        agent.release()
    }

    @Test func onlyWhatTheTaskNamesAndOnlyForItsAgent() async throws {
        let service = try await serving()
        let edge = edge(service)
        let file = try await upload([1, 2, 3, 4], edge)
        let other = try await upload([5], edge)
        let task = try await edge.execute(request: request([file]), waitMs: 0)
        try await eventually("the agent has the task") { agent.heldCount == 1 }
        let attempt = AttemptRef(taskId: task.id, attempt: 1)
        let own = reports(service, as: peer)
        let unnamed = await #expect(throws: Fault.self) {
            try await own.fetchBlob(attempt: attempt, digest: other.digest, offset: 0, length: 1)
        }
        #expect(unnamed?.code == "scheduler.blob.unknown")
        let long = await #expect(throws: Fault.self) {
            try await own.fetchBlob(attempt: attempt, digest: file.digest, offset: 0, length: 262_145)
        }
        #expect(long?.code == "scheduler.request.invalid")
        for (caller, attempt) in [
            (reports(service, as: stranger), attempt), (own, AttemptRef(taskId: task.id, attempt: 2)),
            (own, AttemptRef(taskId: 99, attempt: 1)), (own, AttemptRef(taskId: 0, attempt: 1)),
        ] {
            let read = await #expect(throws: Fault.self) {
                try await caller.fetchBlob(attempt: attempt, digest: file.digest, offset: 0, length: 1)
            }
            #expect(read?.code == "scheduler.attempt.unknown")
            let write = await #expect(throws: Fault.self) {
                try await caller.putBlob(attempt: attempt, file: other, offset: 0, bytes: [5])
            }
            #expect(write?.code == "scheduler.attempt.unknown")
        }
        // Over is over.
        agent.release()
        #expect(try await edge.task(id: task.id, waitMs: 5_000).endedAt > 0)
        await #expect(throws: Fault.self) {
            try await own.fetchBlob(attempt: attempt, digest: file.digest, offset: 0, length: 1)
        }
    }

    @Test func aCallWithUnknownFilesIsNoTask() async throws {
        let service = try await serving()
        let edge = edge(service)
        let file = FileRef(name: "a", digest: .init(repeating: 1, count: 32), size: 4)
        let single = await #expect(throws: Fault.self) { try await edge.execute(request: request([file]), waitMs: 0) }
        #expect(single?.code == "scheduler.blob.unknown")
        let batch = await #expect(throws: Fault.self) {
            try await edge.createBatch(
                request: BatchRequest(app: "hello", func: "hold", targets: [BatchTarget(agentId: 7)], files: [file]))
        }
        #expect(batch?.code == "scheduler.blob.unknown")
        #expect(agent.tasks.isEmpty)
        let short = await #expect(throws: Fault.self) { try await edge.blob(digest: [1]) }
        #expect(short?.code == "scheduler.request.invalid")
    }

    @Test func filesOfTasksInFlightStay() async throws {
        let service = try await serving()
        let edge = edge(service)
        let file = try await upload([1, 2, 3, 4], edge)
        _ = try await edge.execute(request: request([file]), waitMs: 0)
        try await eventually("the agent has the task") { agent.heldCount == 1 }
        #expect(service.filesInFlight() == [BlobDigest.of([1, 2, 3, 4])])
        agent.release()
    }

    @Test func outputTravelsWhole() async throws {
        let service = try await serving()
        let edge = edge(service)
        let task = try await edge.execute(request: request([]), waitMs: 0)
        try await eventually("the agent has the task") { agent.heldCount == 1 }
        let own = reports(service, as: peer)
        let part = OutputPart(stream: .stderr, bytes: [65, 66], dropped: 3)
        let credit = try await own.output(chunk: OutputChunk(taskId: task.id, attempt: 1, offset: 0, part: part))
        #expect(credit.wanted == 2 && credit.credit == 256 << 10)
        let page = try await edge.output(taskId: task.id, after: 0, limit: 0, waitMs: 0)
        #expect(page.parts == [part] && !page.done && page.attempt == 1 && page.state == .dispatched)
        let odd = await #expect(throws: Fault.self) {
            try await own.output(
                chunk: OutputChunk(taskId: task.id, attempt: 1, offset: 2, part: OutputPart(stream: .init(rawValue: 3)))
            )
        }
        #expect(odd?.code == "scheduler.request.invalid")
        let strange = await #expect(throws: Fault.self) {
            try await reports(service, as: stranger).output(
                chunk: OutputChunk(taskId: task.id, attempt: 1, offset: 2, part: OutputPart(stream: .stdout)))
        }
        #expect(strange?.code == "scheduler.attempt.unknown")
        agent.release()
    }

    @Test func theEdgeMayNotSpeakAsAnAgent() async throws {
        let service = try await serving()
        let error = await #expect(throws: ThriftError.self) {
            try await reports(service, as: PeerIdentity(role: "openapi", instance: "o-1")).output(chunk: OutputChunk())
        }
        #expect(error?.code == .denied)
    }

    @Test func withoutAFolderThereAreNoFiles() async throws {
        let service = try await SchedulerService.serving()
        let error = await #expect(throws: Fault.self) { try await edge(service).beginBlob(size: 1) }
        #expect(error?.code == "elves.notReady" || error?.retryable == true)
    }
}
