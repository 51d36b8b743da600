import Foundation
import Testing

/// What each program says of itself, without a center and without settings.
@Suite struct ProgramTests {
    private static let components = ["openapi", "scheduler", "heartbeat", "supervisor"]

    @Test(arguments: components + ["agent"]) func aProgramSaysHowItIsStarted(_ role: String) throws {
        for word in ["--help", "-h"] {
            let help = try Typed(running: RunningCenter.program("elves-\(role)"), [word], [:])
            #expect(help.status == 0 && help.errors.isEmpty, "\(help)")
            #expect(help.output.hasPrefix("elves-\(role) "), "\(help)")
            #expect(help.output.contains("--config FILE"), "\(help)")
        }
    }

    @Test func aCommandOfTheAgentAlsoSaysSo() throws {
        let help = try Typed(running: RunningCenter.program("elves-agent"), ["status", "--help"], [:])
        #expect(help.status == 0 && help.output.contains("elves-agent status [--root DIR]"), "\(help)")
        let wrong = try Typed(running: RunningCenter.program("elves-agent"), ["frob"], [:])
        #expect(wrong.status == 2 && wrong.errors.contains("elves-agent status [--root DIR]"), "\(wrong)")
    }

    @Test(arguments: components) func aComponentWithoutSettingsSaysWhichAndHow(_ role: String) throws {
        let bare = try Typed(running: RunningCenter.program("elves-\(role)"), [], [:])
        #expect(bare.status == 2 && bare.output.isEmpty, "\(bare)")
        for way in ["--tls-certificate", "ELVES_TLS_CERTIFICATE", "tls.certificate"] {
            #expect(bare.errors.contains(way), "\(bare)")
        }
    }
}
