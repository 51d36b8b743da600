public import Foundation

/// A worker of an Elves app: functions by name, one call a process.
///
/// ```swift
/// let app = App()
/// app.function("greet") { (name: String?, _) in "hello \(name ?? "world")" }
/// await app.main()
/// ```
public final class App {
    private var functions: [String: (Data?, Call) async throws -> Data] = [:]

    /// An app without functions.
    public init() {}

    /// Makes a function callable under `name`, the name in app.yaml.
    ///
    /// `body` gets the caller's parameter, nil when there was none, and returns the result; it throws
    /// ``Failure`` to say no in its own words. Any other error is a broken worker.
    public func function<Param: Decodable, Result: Encodable>(
        _ name: String, _ body: @escaping (Param?, Call) async throws -> Result
    ) {
        functions[name] = { param, call in
            let value = try param.map { try JSONDecoder().decode(Param?.self, from: $0) } ?? nil
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(try await body(value, call))
        }
    }

    /// Serves the one call this process was started for, and exits.
    public func main() async -> Never {
        let answer = await answer(to: FileHandle.standardInput.readDataToEndOfFile())
        if let problem = answer.problem { FileHandle.standardError.write(Data((problem + "\n").utf8)) }
        if let result = answer.result {
            FileHandle(fileDescriptor: 3, closeOnDealloc: false).write(result)
        }
        exit(answer.code)
    }

    /// What a call comes to: for `main`, and for the tests of an app.
    public func answer(to request: Data) async -> Answer {
        do {
            let call = try Call(request)
            guard let body = functions[call.function] else {
                let names = functions.keys.sorted().joined(separator: ", ")
                throw Failure("no function \"\(call.function)\"; there are \(names)")
            }
            return Answer(code: 0, result: try await body(call.param, call))
        } catch let failure as Failure {
            return Answer(code: 1, result: try? JSONEncoder().encode(["error": failure.text]))
        } catch {
            return Answer(code: 70, problem: "\(error)")
        }
    }
}

/// What a call came to.
public struct Answer: Sendable, Equatable {
    /// Exit code: 0 only with success.
    public var code: Int32
    /// JSON for descriptor 3.
    public var result: Data?
    /// What broke, for standard error.
    public var problem: String?
}

/// The function says no: a failed task with this text.
public struct Failure: Error, Sendable, Equatable {
    /// What the caller reads.
    public let text: String

    /// Says no.
    public init(_ text: String) { self.text = text }
}
