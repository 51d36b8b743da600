import ElvesClient
import Foundation

/// An app folder that a test brings.
struct TestApp: Sendable {
    let name: String
    let manifest: String
    let worker: String

    /// Writes it into a folder of apps.
    func write(to apps: URL) throws {
        let folder = apps.appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(manifest.utf8).write(to: folder.appending(path: "app.yaml"))
        try Data(worker.utf8).write(to: folder.appending(path: "worker.sh"))
    }

    /// What tests of execution need: workers that wait for files in a folder of the test's, `dir` of their parameter,
    /// and leave others there.
    static let deck = TestApp(
        name: "deck",
        manifest: """
            name: deck
            version: 1.0.0
            entry: [sh, worker.sh]
            functions:
              - name: say
              - name: stream
              - name: note
                idempotent: true
              - name: flaky
                idempotent: true
              - name: family
              - name: conf
              - name: door
                exclusive: door
            """, worker: worker)

    /// The same under another name.
    static let otherDeck = TestApp(
        name: "other", manifest: deck.manifest.replacing("name: deck", with: "name: other"), worker: worker)

    /// The same, one task at a time on a machine, and two that wait.
    static let narrowDeck = TestApp(
        name: "narrow",
        manifest: deck.manifest.replacing("name: deck", with: "name: narrow\nlimits: {running: 1, waiting: 2}"),
        worker: worker)

    private static let worker = #"""
        read -r request
        field() { value=${request#*\"$1\":\"}; printf %s "${value%%\"*}"; }
        dir=$(field dir)
        until_there() { while [ ! -e "$1" ]; do sleep 0.02; done; }
        case $ELVES_FUNCTION in
            # Speaks, waits for "go", speaks again.
            say)
                echo first; echo oops >&2; until_there "$dir/go"; echo second; printf 'no newline'
                printf '"said"' >&3 ;;
            # Writes text and bytes that are none until "go"; all of it also into "wrote".
            stream)
                i=0
                while [ ! -e "$dir/go" ]; do
                    i=$((i + 1)); echo "line $i äöü€😀"; head -c 2000 /dev/urandom; sleep 0.02
                done | tee "$dir/wrote" ;;
            # Leaves a line for each start.
            note) echo "$ELVES_TASK_ID" >> "$dir/starts"; sleep 0.5; printf '"noted"' >&3 ;;
            # The third start succeeds.
            flaky)
                echo started >> "$dir/tries"
                [ "$(wc -l < "$dir/tries")" -ge 3 ] || { printf '{"error": "not yet"}' >&3; exit 1; }
                printf '"at last"' >&3 ;;
            # A child, and one in a session of its own.
            family) (setsid sleep 600 &); sleep 600 & : > "$dir/$ELVES_TASK_ID"; wait ;;
            # Gives the call's file back, turned.
            conf)
                tac "$ELVES_FILES_DIR/app.conf" > "$ELVES_OUTPUT_DIR/turned.conf"
                wc -c < "$ELVES_FILES_DIR/app.conf" >&3 ;;
            # What only one may do at a time.
            door)
                mkdir "$dir/inside" || echo "$ELVES_TASK_ID" >> "$dir/met"
                echo "$ELVES_APP in $(date +%s%N)" >> "$dir/visits"; sleep 0.1
                echo "$ELVES_APP out $(date +%s%N)" >> "$dir/visits"; rmdir "$dir/inside" ;;
        esac
        """#
}

/// A folder in which a test and its workers leave each other files.
struct Marks: Sendable {
    let folder: URL

    init(_ running: RunningCenter, _ name: String = UUID().uuidString) throws {
        folder = running.folder.appending(path: "marks/\(name)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    var path: String { folder.path(percentEncoded: false) }
    /// The parameter that names it to a worker of `deck`.
    var param: JSONValue { ["dir": .string(path)] }
    /// The same for a command line.
    var option: String { "--param dir=\(path)" }

    func leave(_ name: String) throws { try Data().write(to: folder.appending(path: name)) }

    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }

    func bytes(_ name: String) -> [UInt8] { Array(FileManager.default.contents(atPath: path + "/" + name) ?? Data()) }

    func lines(_ name: String) -> [String] {
        String(decoding: bytes(name), as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
