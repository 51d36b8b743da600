import Glibc
import Testing

@testable import Runner

/// `ELVES_MEASURE=1 swift test -c release --filter SpawnSpeed`: workers beside a bare posix_spawn loop.
@Suite(.enabled(if: getenv("ELVES_MEASURE") != nil)) struct SpawnSpeed {
    private let rounds = 2000

    @Test func workersAgainstPosixSpawn() async throws {
        let clock = ContinuousClock()
        let bare = clock.measure {
            for _ in 0..<rounds {
                var pid: pid_t = 0
                var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/true"), nil]
                posix_spawn(&pid, "/bin/true", nil, nil, &arguments, environ)
                waitpid(pid, nil, 0)
                free(arguments[0])
            }
        }
        let host = WorkerHost(ownsProcess: false)
        func order() -> WorkerOrder { WorkerOrder(key: freshKey(), command: ["/bin/true"], resultLimit: 1 << 20) }
        let one = try await clock.measure {
            for _ in 0..<rounds { _ = try await host.run(order()) }
        }
        let eight = try await clock.measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask { for _ in 0..<rounds / 8 { _ = try await host.run(order()) } }
                }
                try await group.waitForAll()
            }
        }
        await host.shutDown()
        let ratio = { (time: Duration) in bare / time }
        print("bare \(bare / rounds) a process; one after another \(one / rounds), \(ratio(one))×;", terminator: " ")
        print("eight at a time \(eight / rounds), \(ratio(eight))×")
        #expect(ratio(eight) > 0.5)
    }
}
