internal import Foundation

/// The app that fault runs call: each of its workers says by itself when it began and ended.
enum FaultApp {
    static let name = "marks"

    /// Writes it below `root/apps`; its marks go to `root/marks`, which no fault touches.
    static func write(to root: String) throws {
        let folder = root + "/apps/\(name)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(manifest.utf8).write(to: URL(filePath: folder + "/app.yaml"))
        try Data(worker(root + "/marks").utf8).write(to: URL(filePath: folder + "/worker.sh"))
    }

    /// Reads what the workers wrote.
    static func marks(in root: String, agents: [FaultyAgent]) throws -> [Evidence.Mark] {
        guard let text = try? String(contentsOfFile: root + "/marks", encoding: .utf8) else { return [] }
        return try text.split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            let marker = words.count == 3 ? words[1].split(separator: ".") : []
            guard marker.count == 2, let kind = Evidence.Mark.Kind(rawValue: String(words[0])),
                let attempt = Int(marker[1])
            else { throw BenchFailure("a worker's mark cannot be read: \(line)") }
            let agent = agents.first { words[2].hasPrefix($0.root + "/") }?.name ?? String(words[2])
            return Evidence.Mark(agent: agent, task: String(marker[0]), attempt: attempt, kind: kind)
        }
    }

    private static let manifest = """
        name: marks
        version: 1.0.0
        entry: [sh, worker.sh]
        functions:
          - name: mark
            idempotent: true
          - name: flaky
            idempotent: true
          - name: slow
            timeout: 30
          - name: tree
            timeout: 1
          - name: loud
            timeout: 30
        """

    /// A mark is one short line, appended by one write.
    private static func worker(_ marks: String) -> String {
        """
        mark() { echo "$1 $ELVES_TASK $ELVES_STATE_DIR" >> '\(marks)'; }
        mark begin
        case $ELVES_FUNCTION in
            slow) sleep 1.$((0x$(echo "$ELVES_TASK_ID" | tail -c 3) % 10)) ;;
            tree) trap '' TERM; (setsid sleep 300 &) ; sleep 300 & while :; do sleep 300; done ;;
            flaky) case $ELVES_TASK in *.1|*.2) printf '{"error": "not yet"}' >&3; mark end; exit 1 ;; esac ;;
            loud) i=0; while [ $i -lt 2000 ]; do i=$((i+1)); echo "line $i of a worker that says much, and more than it has to"; done ;;
        esac
        mark end
        printf '"done"' >&3

        """
    }
}
