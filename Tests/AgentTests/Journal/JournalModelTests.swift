import ElvesContracts
import ElvesCore
import Runner
import Testing

@testable import Agent

/// Random sequences of operations, restarts and deaths beside a model that is only a dictionary.
@Suite struct JournalModelTests {
    private struct Model {
        var known: [AttemptKey: AttemptStanding] = [:]
        var texts: [AttemptKey: String] = [:]
    }

    @Test(arguments: [UInt64](1...12).map { $0 &* 0x2545_F491_4F6C_DD1D })
    func itSaysWhatTheModelSays(seed: UInt64) async throws {
        var numbers = SeededNumbers(seed)
        let folder = try Folder()
        var limits = AttemptJournal.Limits()
        limits.garbage = 4 << 10
        var journal = try AttemptJournal(folder: folder.path, limits: limits, boot: "b")
        var model = Model()
        for step in 0..<1500 {
            let key = AttemptKey(
                taskId: .random(in: 1...300, using: &numbers), attempt: .random(in: 1...2, using: &numbers))
            switch Int.random(in: 0..<100, using: &numbers) {
            case 0..<40:
                let isNew = model.known[key] == nil
                let isDurable = Int.random(in: 0..<8, using: &numbers) == 0
                let began = try await journal.begin(
                    taken(key.taskId, attempt: key.attempt, isDurable: isDurable))
                #expect(began == isNew, "seed \(seed), step \(step): begin \(key.marker)")
                if isNew { model.known[key] = .open }
            case 40..<70:
                let text = "\"" + String(repeating: "t", count: .random(in: 0..<400, using: &numbers)) + "\""
                journal.end(key, answered(key.taskId, attempt: key.attempt, text: text), at: 1)
                if model.known[key] == .open {
                    model.known[key] = .kept
                    model.texts[key] = text
                }
            case 70..<95:
                journal.record([key.ref])
                if model.known[key] == .kept { model.known[key] = .recorded }
            case 95..<98:
                // An orderly restart.
                #expect(try await eventually { !journal.isRewriting })
                journal.close()
                journal = try AttemptJournal(folder: folder.path, limits: limits, boot: "b")
            default:
                // A death: words that a result is recorded may be lost, nothing else.
                #expect(try await eventually { !journal.isRewriting })
                journal = try AttemptJournal(folder: folder.path, limits: limits, boot: "b")
                for (key, standing) in journal.known where standing == .kept && model.known[key] == .recorded {
                    model.known[key] = .kept
                }
            }
            if step.isMultiple(of: 50) {
                #expect(journal.known == model.known, "seed \(seed), step \(step)")
                for (key, standing) in model.known where standing == .kept {
                    let read = await journal.result(of: key)
                    #expect(read?.result == model.texts[key], "seed \(seed), step \(step): \(key.marker)")
                }
            }
        }
        #expect(journal.known == model.known, "seed \(seed)")
    }
}
