import Crypto
import ElvesContracts
import ElvesCore
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import OpenAPI

/// Files of calls, and files that workers returned.
@Suite struct BlobRoutesTests {
    private let edge = TestEdge()
    private static let path = "/api/v3/blobs"

    private func upload(
        _ content: String, _ headers: HTTPFields = TestKey.hello.bearer, query: String = ""
    ) async throws -> TestAnswer {
        try await edge.withRouter { try await $0.ask(.post, Self.path + query, headers, body: content) }
    }

    private static func hex(_ content: String) -> String { Hex.encode(Array(SHA256.hash(data: Array(content.utf8)))) }

    @Test func aFileIsUploadedAndFound() async throws {
        let content = String(repeating: "0123456789abcdef", count: 163_840)  // 2.5 MiB
        let made = try await upload(content, query: "?digest=\(Self.hex(content))")
        #expect(made.status == 201 && made.json["size"] == 2_621_440, "\(made.text)")
        #expect(made.json["digest"]?.string == Self.hex(content))
        #expect(edge.scheduler.blobs.chunks == [1_048_576, 1_048_576, 524_288])
        #expect(edge.scheduler.blobs.announced == [2_621_440])
        let location = try #require(made.headers[.location])
        try await edge.withRouter { client in
            let found = try await client.ask(.get, location, TestKey.caller.bearer)
            #expect(found.status == 200 && found.json == made.json)
            let none = try await client.ask(.get, "\(Self.path)/\(Self.hex("other"))", TestKey.caller.bearer)
            #expect(none.status == 404 && none.code == "scheduler.blob.unknown")
            #expect(try await client.ask(.get, "\(Self.path)/abc", TestKey.caller.bearer).status == 400)
            #expect(try await client.ask(.get, location).status == 401)
        }
        #expect(try await upload("").json["size"] == 0, "an empty file is one")
    }

    @Test func aContentThatIsNotWhatWasPromised() async throws {
        let wrong = try await upload("abc", query: "?digest=\(Self.hex("abd"))")
        #expect(wrong.code == "openapi.request.digestWrong" && edge.scheduler.blobs.aborted == 1, "\(wrong.text)")
        #expect(try await upload("abc", query: "?digest=12").code == "openapi.request.query")
        var headers = TestKey.hello.bearer
        headers[.contentDigest] = "sha-256=:\(Base64.encode(SHA256.hash(data: Array("abc".utf8)))):"
        #expect(try await upload("abc", headers).status == 201)
        #expect(try await upload("abc", headers, query: "?digest=\(Self.hex("x"))").code == "openapi.request.query")
        #expect(try await upload("abd", headers).code == "openapi.request.digestWrong")
    }

    @Test func aSignatureProvesItBeforehandOrAtItsEnd() async throws {
        let short = TestKey.caller.signature(.post, Self.path, body: "abc")
        #expect(try await upload("abc", short).status == 201)
        let begun = edge.scheduler.blobs.announced.count
        #expect(try await upload("abd", TestKey.caller.signature(.post, Self.path, body: "abc")).status == 401)
        #expect(edge.scheduler.blobs.announced.count == begun, "nothing unproven is handed on")
        let long = String(repeating: "x", count: 5_000_000)
        #expect(
            try await upload(long, TestKey.caller.signature(.post, Self.path, body: long)).code
                == "openapi.request.digestMissing")
        let query = "?digest=\(Self.hex(long))"
        let signed = TestKey.caller.signature(.post, Self.path + query, body: long)
        #expect(try await upload(long, signed, query: query).status == 201)
    }

    @Test(.timeLimit(.minutes(1))) func aFileThatIsTooLong() async throws {
        var limits = EdgeLimits()
        limits.blob = 1000
        let edge = TestEdge(limits: limits)
        let token = TestKey.caller.token
        try await edge.service.application().test(.live) { client in
            let port = try #require(client.port)
            let known = try await client.ask(
                .post, Self.path, TestKey.caller.bearer, body: String(repeating: "x", count: 1001))
            #expect(known.status == 413 && known.code == "scheduler.blob.tooLong", "\(known.text)")
            #expect(edge.scheduler.blobs.announced.isEmpty)
            // Chunked: its length shows on the way.
            let socket = try await RawSocket(port: port)
            let piece = String(repeating: "x", count: 600)
            try await socket.send(
                "POST \(Self.path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\nConnection: close\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n258\r\n\(piece)\r\n258\r\n\(piece)\r\n0\r\n\r\n")
            let refused = try await socket.readToEnd()
            #expect(refused.contains("413") && refused.contains("scheduler.blob.tooLong"), "\(refused)")
            #expect(edge.scheduler.blobs.announced == [-1] && edge.scheduler.blobs.aborted == 1)
        }
    }

    /// 64 MiB in pieces: while the scheduler takes nothing, the sender is held back.
    @Test(.timeLimit(.minutes(1))) func aLongFileIsStreamed() async throws {
        let edge = edge
        let size = 64 << 20
        let piece = ByteBuffer(repeating: 0x61, count: 1 << 20)
        edge.scheduler.blobs.entrance.close()
        try await edge.service.application().test(.live) { client in
            let socket = try await RawSocket(port: try #require(client.port))
            try await socket.send(
                "POST \(Self.path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(TestKey.hello.token)\r\n"
                    + "Content-Length: \(size)\r\nConnection: close\r\n\r\n")
            let sent = Counter()
            try await withThrowingTaskGroup { group in
                group.addTask {
                    for _ in 0..<64 {
                        try await socket.send(String(buffer: piece))
                        sent.count()
                    }
                }
                try await eventually("the upload began") { edge.scheduler.blobs.announced == [Int64(size)] }
                try await settles("the sender is held back") { sent.value }
                #expect(sent.value < 24, "only what buffers of sockets hold")
                edge.scheduler.blobs.entrance.open()
                try await group.waitForAll()
            }
            let answer = try await socket.readToEnd()
            var digest = SHA256()
            for _ in 0..<64 { digest.update(data: piece.readableBytesView) }
            #expect(
                answer.contains("201 Created") && answer.contains(Hex.encode(Array(digest.finalize()))), "\(answer)")
            #expect(edge.scheduler.blobs.chunks.allSatisfy { $0 <= 1 << 20 })
            #expect(edge.scheduler.blobs.chunks.reduce(0, +) == size)
        }
    }

    @Test(.timeLimit(.minutes(1))) func anUploadWhoseCallerHangsUpIsAborted() async throws {
        var limits = EdgeLimits()
        limits.hangUpTime = .milliseconds(50)
        let edge = TestEdge(limits: limits)
        try await edge.service.application().test(.live) { client in
            let socket = try await RawSocket(port: try #require(client.port))
            try await socket.send(
                "POST \(Self.path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(TestKey.hello.token)\r\n"
                    + "Content-Length: 5000\r\n\r\nabc")
            try await eventually("the upload began") { edge.scheduler.blobs.announced == [5000] }
            try await socket.close()
            try await eventually("it is forgotten") { edge.scheduler.blobs.aborted == 1 }
            try await eventually("its place is free") { edge.service.numbers["uploads_now"] == 0 }
        }
    }

    @Test func aReturnedFileIsFetched() async throws {
        let content = String(repeating: "0123456789abcdef", count: 163_840)
        let digest = edge.scheduler.blobs.add(content)
        edge.scheduler.answers { _ in
            TaskRecord(
                id: 0x0123_4567_89ab_cdef, app: "hello", func: "greet", agentId: 1, ip: "10.0.0.1", state: .succeeded,
                returned: [
                    FileRef(name: "größe \"1\".txt", digest: digest, size: Int64(content.utf8.count)),
                    FileRef(name: "gone", digest: Array(repeating: 0, count: 32), size: 3),
                    FileRef(name: "empty", digest: digest, size: 0),
                ])
        }
        try await edge.withRouter { client in
            let base = "/api/v3/tasks/0123456789abcdef/files"
            let file = try await client.ask(.get, "\(base)/gr%C3%B6%C3%9Fe%20%221%22.txt", TestKey.hello.bearer)
            #expect(file.status == 200 && file.text == content)
            #expect(file.headers[.contentLength] == "2621440" && file.headers[.eTag] == "\"\(Hex.encode(digest))\"")
            #expect(
                file.headers[.contentDisposition]
                    == #"attachment; filename="gr__e _1_.txt"; filename*=UTF-8''gr%C3%B6%C3%9Fe%20%221%22.txt"#)
            #expect(try await client.ask(.get, "\(base)/empty", TestKey.hello.bearer).text == "")
            #expect(try await client.ask(.get, "\(base)/gone", TestKey.hello.bearer).code == "scheduler.blob.unknown")
            let other = try await client.ask(.get, "\(base)/gonne", TestKey.hello.bearer)
            #expect(other.status == 404 && other.json["detail"]?.string?.contains("did you mean \"gone\"?") == true)
        }
    }
}
