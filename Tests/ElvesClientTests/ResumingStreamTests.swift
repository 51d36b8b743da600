import Foundation
import Synchronization
import Testing

@testable import ElvesClient

/// Streams over a transport that cuts them off.
@Suite(.timeLimit(.minutes(1))) struct ResumingStreamTests {
    private func center(_ transport: ScriptedTransport) throws -> ElvesCenter {
        ElvesCenter(
            url: try #require(URL(string: "http://127.0.0.1:7300")), credentials: .token("t"), transport: transport,
            now: { Date(timeIntervalSince1970: 1_700_000_000) })
    }

    private static func piece(_ text: String, id: String) -> String {
        "event: output\nid: \(id)\ndata: {\"stream\":\"stdout\",\"text\":\"\(text)\",\"dropped\":0,\"attempt\":1}\n\n"
    }

    private static func problem(_ status: Int, _ code: String, retryable: Bool) -> String {
        #"{"type":"x","title":"T","status":\#(status),"code":"\#(code)","detail":"d","retryable":\#(retryable)}"#
    }

    @Test func outputGoesOnWhereItWasCutOff() async throws {
        let transport = ScriptedTransport([
            (200, "retry: 1000\n\n" + Self.piece("a", id: "1") + Self.piece("b", id: "2") + "event: output\nid: 3\nda"),
            (503, Self.problem(503, "elves.overloaded", retryable: true)),
            (200, Self.piece("c", id: "3") + "event: end\nid: 3\ndata: {\"state\":\"failed\",\"attempt\":2}\n\n"),
        ])
        var text = ""
        var end: TaskOutputEvent?
        for try await event in try center(transport).followOutput(of: "t1", stream: .stdout) {
            if case .output(let piece) = event { text += piece.text } else { end = event }
        }
        #expect(text == "abc" && end == .end(state: .failed, attempt: 2))
        let places = transport.requests.withLock { requests in
            requests.map { $0.headers.first { $0.0 == "Last-Event-ID" }?.1 }
        }
        #expect(places.count == 3 && places[0] == nil)
        // The id of the piece that was cut off counts only once the piece has come.
        #expect(places[1] == "2" && places[2] == "2")
        #expect(transport.lines.first == "GET http://127.0.0.1:7300/api/v3/tasks/t1/output?follow=true&stream=stdout")
    }

    @Test func anErrorAtTheStartIsSaidAtOnce() async throws {
        let transport = ScriptedTransport([(503, Self.problem(503, "elves.overloaded", retryable: true))])
        let error = await #expect(throws: CenterError.self) {
            for try await _ in try center(transport).followOutput(of: "t1") {}
        }
        #expect(error?.code == "elves.overloaded" && transport.lines.count == 1)
    }

    @Test func aProblemThatStaysEndsTheStream() async throws {
        let revoked = Self.problem(401, "openapi.auth.keyRevoked", retryable: false)
        let transport = ScriptedTransport([
            (200, "event: lost\ndata: {}\n\nevent: problem\ndata: \(revoked)\n\n")
        ])
        var news: [EventNews] = []
        let error = await #expect(throws: CenterError.self) {
            for try await event in try center(transport).followEvents(kinds: ["agent.up"], last: 5) {
                news.append(event)
            }
        }
        #expect(error?.code == "openapi.auth.keyRevoked" && news == [.lost])
        #expect(transport.lines == ["GET http://127.0.0.1:7300/api/v3/events?kinds=agent.up&last=5"])
    }

    @Test func piecesThatAreNoTextTravelAsTheyAre() throws {
        for bytes in [[0xFF, 0x00], Array("ä\n".utf8), []] as [[UInt8]] {
            let piece = OutputPiece(stream: .stderr, bytes: bytes, dropped: 3, attempt: 2)
            let data = try RESTCoding.encoder().encode(piece)
            #expect(try RESTCoding.decoder().decode(OutputPiece.self, from: data) == piece)
        }
    }

    @Test func failureLimits() throws {
        for (text, json) in [("5", "5"), ("5%", #""5%""#)] {
            let limit = try #require(FailureLimit(text))
            #expect(String(decoding: try RESTCoding.encoder().encode(limit), as: UTF8.self) == json)
            #expect(try RESTCoding.decoder().decode(FailureLimit.self, from: Data(json.utf8)) == limit)
        }
        for wrong in ["", "x", "-1", "101%", "%"] { #expect(FailureLimit(wrong) == nil, "\(wrong)") }
    }
}
