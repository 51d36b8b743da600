import ArgumentParser
import Bench

@main
struct ElvesBenchProgram {
    static func main() async { await BenchCommand.runToTheEnd() }
}
