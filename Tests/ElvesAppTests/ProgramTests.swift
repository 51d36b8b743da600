import Foundation
import Testing

/// `App.main` in a program: hello-swift as it was built, started as an agent starts it.
@Suite struct ProgramTests {
    private struct End {
        var code: Int32
        /// What came out of descriptor 3.
        var result: String
        var output: String
    }

    private static let program: String = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: own).deletingLastPathComponent().appending(path: "hello-swift").path(percentEncoded: false)
    }()

    private func run(_ request: String) throws -> End {
        let worker = Process()
        worker.executableURL = URL(filePath: "/bin/sh")
        // Descriptor 3 comes out of the shell's output, the worker's own output and errors out of its errors.
        worker.arguments = ["-c", "exec \"$0\" 3>&1 >&2", Self.program]
        let (input, result, output) = (Pipe(), Pipe(), Pipe())
        worker.standardInput = input
        worker.standardOutput = result
        worker.standardError = output
        try worker.run()
        try input.fileHandleForWriting.write(contentsOf: Data(request.utf8))
        try input.fileHandleForWriting.close()
        let text = String(decoding: result.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        worker.waitUntilExit()
        return End(code: worker.terminationStatus, result: text, output: said)
    }

    @Test func theResultGoesToDescriptorThree() throws {
        let end = try run(#"{"task":"1","app":"hello-swift","function":"greet","param":{"name":"Ada"},"timeout_ms":0}"#)
        #expect(end.code == 0 && end.result == #"{"text":"hello Ada"}"# && end.output.isEmpty, "\(end)")
    }

    @Test func anUnknownFunctionIsAnsweredWithTheKnownOnes() throws {
        let end = try run(#"{"function":"nope"}"#)
        #expect(end.code == 1 && end.result == #"{"error":"no function \"nope\"; there are greet, refuse"}"#, "\(end)")
    }

    @Test(arguments: ["", "hello", "[]"])
    func aBadRequestEndsWithoutResultAndSaysWhy(request: String) throws {
        let end = try run(request)
        #expect(end.code == 70 && end.result.isEmpty, "\(end)")
        #expect(end.output.hasPrefix("standard input holds no request; it should be one JSON object"), "\(end)")
    }
}
