import ElvesCLI
import Foundation

@main
struct Main {
    static func main() async {
        let status = await ElvesCommand.main(Array(CommandLine.arguments.dropFirst()), context: .live())
        exit(status.rawValue)
    }
}
