import ElvesCore
import Testing
import Thrift
import ThriftNIO

@testable import Agent

@Suite struct SettingsTests {
    private let file = """
        # an agent
        root = /var/lib/elves
        scheduler = 10.0.0.1:11101
        heartbeat = [::1]:11102
        certificate = tls/agent.pem
        key = tls/agent.key
        authority = tls/ca.pem
        labels = zone=bj, role=web,canary
        """

    private func read(_ text: String, environment: [String: String] = [:], flags: [String: String] = [:]) throws
        -> AgentConfiguration
    {
        try AgentConfiguration(
            Settings(file: (text, "/etc/elves/agent.conf"), environment: environment, flags: flags))
    }

    @Test func readsAFile() throws {
        let configuration = try read(file)
        #expect(configuration.certificate == "/etc/elves/tls/agent.pem")
        #expect(configuration.labels == ["zone": "bj", "role": "web", "canary": ""])
        #expect(configuration.heartbeat == .tcp(host: "::1", port: 11102))
        #expect(configuration.maxRunning == 64 && configuration.defaultTimeout == .seconds(90))
        #expect(!configuration.name.isEmpty)
    }

    /// The scheduler keeps what is more in its own line, where callers have turns.
    @Test func theHelloSaysHowManyTasksRunAtOnce() throws {
        #expect(AgentProcess.options("7", try read(file)).hello.maxRunning == 64)
        #expect(AgentProcess.options("7", try read(file + "\nmax_running = 5")).hello.maxRunning == 5)
    }

    @Test func flagsWinOverEnvironmentOverFile() throws {
        let environment = ["ELVES_AGENT_ROOT": "/env", "ELVES_AGENT_NAME": "env"]
        let configuration = try read(file, environment: environment, flags: ["name": "flag"])
        #expect(configuration.root == "/env" && configuration.name == "flag")
    }

    @Test(arguments: [
        ("nonsense", "agent.conf:9: \"nonsense\" is not of the form key = value"),
        ("rot = /x", "agent.conf:9: no setting \"rot\""),
        ("max_running = many", "agent.conf:9: max_running is \"many\", not a number from 1 to 100000"),
        ("log_level = loud", "not one of trace, debug"),
        ("scheduler = nowhere", "not host:port"),
    ]) func saysWhatIsWrongAndWhere(line: String, message: String) throws {
        let error = #expect(throws: ElvesError.self) { try read(file + "\n" + line) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test func namesWhatIsMissing() throws {
        let error = #expect(throws: ElvesError.self) { try read("root = /x") }
        #expect(error?.code == .elvesConfigMissing && error?.message.contains("scheduler") == true)
    }

    @Test func readsFlags() throws {
        let flags = try AgentProgram.flags(["--root", "/x", "--log-level=debug"])
        #expect(flags == ["root": "/x", "log_level": "debug"])
        #expect(throws: ElvesError.self) { try AgentProgram.flags(["--nope", "1"]) }
        #expect(throws: ElvesError.self) { try AgentProgram.flags(["--root"]) }
    }
}
