import Testing

@testable import ThriftGenerator

@Suite struct SwiftNameTests {
    @Test(arguments: [
        ("TIMED_OUT", "timedOut"), ("ELVES2", "elves2"), ("taskId", "taskId"), ("two_words", "twoWords"),
        ("ID", "id"), ("URLPath", "urlPath"), ("Name", "name"), ("func", "`func`"), ("self", "self_"),
    ])
    func membersAreLowerCamelCase(idl: String, swift: String) {
        #expect(SwiftName.member(idl) == swift)
    }

    @Test func typesAreUpperCamelCase() {
        #expect(SwiftName.type("run_task") == "RunTask")
        #expect(SwiftName.type("RunTask") == "RunTask")
    }
}
