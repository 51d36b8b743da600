internal import AsyncHTTPClient
public import Foundation

/// A client of a center's REST API, version 3.
///
/// ```swift
/// let center = ElvesCenter(url: url, credentials: .token("…"))
/// let task = try await center.run("hello", "greet", on: "127.0.0.1", param: ["name": "Ada"])
/// print(task.state, task.result ?? .null)
/// ```
///
/// Values of this type share their connections when copied and close them when the last copy goes.
/// Every method throws ``CenterError``.
public struct ElvesCenter: Sendable {
    /// The center's address, such as `http://127.0.0.1:7300`.
    public let url: URL
    let credentials: Credentials?
    let transport: any Transport
    let now: @Sendable () -> Date

    /// A client of the center at `url`.
    ///
    /// Without credentials only the health calls answer.
    public init(url: URL, credentials: Credentials?) {
        self.init(url: url, credentials: credentials, transport: PooledTransport(), now: { Date() })
    }

    package init(
        url: URL, credentials: Credentials?, transport: any Transport, now: @escaping @Sendable () -> Date
    ) {
        self.url = url
        self.credentials = credentials
        self.transport = transport
        self.now = now
    }

    /// Sends a call and decodes its answer.
    func ask<Answer: Decodable>(_ call: Call, as type: Answer.Type = Answer.self) async throws(CenterError) -> Answer {
        let reply = try await send(call)
        do {
            return try RESTCoding.decoder().decode(Answer.self, from: Data(reply.body))
        } catch {
            throw CenterError.badAnswer(status: reply.status, reason: "\(call.method) \(call.path): \(error)")
        }
    }

    /// Sends a call whose answer is thrown away.
    func tell(_ call: Call) async throws(CenterError) {
        _ = try await send(call)
    }

    /// Sends a call; an answer of 400 or above is thrown as the problem that it describes.
    func send(_ call: Call) async throws(CenterError) -> HTTPReply {
        let reply = try await exchange(call)
        guard reply.status >= 400 else { return reply }
        throw Self.problem(call, reply)
    }

    /// What a refusal says.
    static func problem(_ call: Call, _ reply: HTTPReply) -> CenterError {
        guard let problem = try? RESTCoding.decoder().decode(Problem.self, from: Data(reply.body)) else {
            let start = String(decoding: reply.body.prefix(200), as: UTF8.self)
            return CenterError.badAnswer(
                status: reply.status,
                reason: "\(call.method) \(call.path) is not answered as Elves would: \(start)")
        }
        return CenterError.problem(problem)
    }

    /// Sends a call and gives its answer, whatever its status.
    package func exchange(_ call: Call) async throws(CenterError) -> HTTPReply {
        let request = signed(call)
        do {
            return try await transport.send(request)
        } catch let error as CenterError {
            throw error
        } catch {
            throw CenterError.unreachable(url: url, reason: "\(error)")
        }
    }

    /// The request as it goes on the wire, its authorization included.
    package func signed(_ call: Call) -> HTTPRequest {
        var headers = call.headers
        if !call.body.isEmpty { headers.append(("Content-Type", call.contentType)) }
        switch credentials {
        case .token(let token)?:
            headers.append(("Authorization", "Bearer \(token)"))
        case .key(let id, let secret)?:
            let value = RequestSigner(authID: id, secret: secret).authorization(
                for: call, timestamp: Int64(now().timeIntervalSince1970),
                nonce: UUID().uuidString.lowercased())
            headers.append(("Authorization", value))
        case nil:
            break
        }
        return HTTPRequest(
            method: call.method.rawValue, url: address(of: call), headers: headers, body: call.body,
            patience: call.patience)
    }

    private func address(of call: Call) -> String {
        var base = url.absoluteString
        while base.hasSuffix("/") { base.removeLast() }
        return base + call.path + (call.query.isEmpty ? "" : "?" + call.query)
    }
}
