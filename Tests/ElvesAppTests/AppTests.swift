import ElvesApp
import Foundation
import Testing

@Suite struct AppTests {
    private func app() -> App {
        let app = App()
        app.function("greet") { (name: String?, call) in ["text": "hello \(name ?? "world") from \(call.app)"] }
        app.function("refuse") { (_: String?, _) -> String in throw Failure("no") }
        return app
    }

    private func answer(_ request: String) async -> (code: Int32, result: String) {
        let answer = await app().answer(to: Data(request.utf8))
        return (answer.code, String(decoding: answer.result ?? Data(), as: UTF8.self))
    }

    @Test func answersWithTheResult() async {
        let answer = await answer(#"{"app":"a","function":"greet","param":"Ada"}"#)
        #expect(answer == (0, #"{"text":"hello Ada from a"}"#))
    }

    @Test(arguments: [#"{"app":"a","function":"greet"}"#, #"{"app":"a","function":"greet","param":null}"#])
    func anAbsentParameterIsNil(request: String) async {
        #expect(await answer(request) == (0, #"{"text":"hello world from a"}"#))
    }

    @Test func aFailureIsItsOwnWord() async {
        #expect(await answer(#"{"function":"refuse"}"#) == (1, #"{"error":"no"}"#))
    }

    @Test func anUnknownFunctionNamesTheKnown() async {
        let answer = await answer(#"{"function":"nope"}"#)
        #expect(answer.code == 1 && answer.result.contains("greet, refuse"))
    }

    @Test(arguments: ["", "{", "[1]", "\"greet\""])
    func whatIsNoRequestBreaksTheWorker(request: String) async {
        let answer = await app().answer(to: Data(request.utf8))
        #expect(answer.code == 70 && answer.result == nil)
        #expect(answer.problem?.hasPrefix("standard input holds no request") == true)
    }

    @Test func aWrongParameterBreaksTheWorker() async {
        let answer = await answer(#"{"function":"greet","param":[1]}"#)
        #expect(answer == (70, ""))
    }
}
