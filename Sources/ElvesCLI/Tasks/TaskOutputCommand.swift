package import ArgumentParser
internal import ElvesClient

/// `elves task output`.
package struct TaskOutputCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "output", abstract: "Print what a task's worker wrote, as it wrote it.",
        discussion: """
            Standard output goes to standard output and standard error to standard error, byte for byte.

              elves task output 0123456789abcdef > out.txt 2> err.txt
              elves task output -f 0123456789abcdef

            With --follow the exit code is that of the task's end, as of `elves exec`.
            """)

    @Argument(help: "The task's id.") var id: String
    @Flag(name: .shortAndLong, help: "Go on until the task ends.") var follow = false
    @Option(help: ArgumentHelp("Only stdout, or only stderr.", valueName: "STREAM")) var stream: Stream?
    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// One of a worker's two outputs.
    enum Stream: String, CaseIterable, ExpressibleByArgument {
        case stdout, stderr
    }

    /// No arguments.
    package init() {}

    /// Prints it.
    package func run() async throws {
        let center = try place.connect().center
        let only = stream.flatMap { OutputPiece.Stream(rawValue: $0.rawValue) }
        guard follow else {
            var page = try await center.output(of: id, stream: only)
            try page.parts.forEach(show)
            // The cursor moves as long as there is something, wanted or not.
            var cursor: Cursor?
            while !page.done, page.next != cursor {
                cursor = page.next
                page = try await center.output(of: id, stream: only, after: cursor)
                try page.parts.forEach(show)
            }
            return
        }
        for try await event in center.followOutput(of: id, stream: only) {
            if case .output(let piece) = event { try show(piece) }
        }
        var outcome = ExecOutcome()
        let task = try await center.task(id)
        outcome.add(task)
        if outcome.status != .success {
            CommandContext.current.terminal.note("\(task.id) \(ExecReport.reason(of: task))")
            throw outcome.status
        }
    }

    private func show(_ piece: OutputPiece) throws {
        let terminal = CommandContext.current.terminal
        if output.json { return terminal.print(try JSONLines.text(piece)) }
        if piece.dropped > 0 { terminal.note("… \(Wording.count(piece.dropped)) bytes dropped …") }
        switch piece.stream {
        case .stdout: terminal.write(piece.bytes)
        case .stderr: terminal.writeError(piece.bytes)
        }
    }
}
