internal import ArgumentParser

/// What `elves app new` makes.
enum AppTemplate: String, CaseIterable, Sendable, ExpressibleByArgument {
    case python, shell, swift

    /// One file of a new app.
    struct File: Sendable {
        var path: String
        var text: String
        var isExecutable = false
    }

    /// The files of a new app, the manifest first.
    func files(app: String) -> [File] {
        [File(path: "app.yaml", text: manifest(app)), File(path: "README.md", text: readme(app))] + workers
    }

    private var entry: String {
        switch self {
        case .python: "[python3, worker.py]"
        case .shell: "[sh, worker.sh]"
        case .swift: "[./worker]"
        }
    }

    private var workers: [File] {
        switch self {
        case .python: PythonTemplate.files
        case .shell: ShellTemplate.files
        case .swift: SwiftTemplate.files
        }
    }

    private var test: String {
        switch self {
        case .python: "python3 test_worker.py"
        case .shell: "sh test.sh"
        case .swift: "make test"
        }
    }

    /// What the author does before the first run; nil when nothing.
    func preparation(_ folder: String) -> String? { self == .swift ? "make -C \(folder)" : nil }

    private func manifest(_ app: String) -> String {
        """
        name: \(app)
        version: 1.0.0
        summary: Greets people
        entry: \(entry)
        functions:
          - name: greet
            summary: Says hello to someone
            timeout: 30s
            idempotent: true
            param:
              properties:
                name: {type: string, description: Who is greeted}

        """
    }

    private func readme(_ app: String) -> String {
        """
        # \(app)

        An app for Elves. `app.yaml` says what it is and what can be called; the worker does the work.

            \(test)                              # its own test
            elves app lint .                                    # is the folder fit to be pushed?
            elves app run . greet --param name=Ada              # run it here, without a center
            elves app push . && elves app bind \(app) --on '*'    # on every agent
            elves exec \(app) greet --on '*' --param name=Ada

        For each call the agent starts the worker in this folder, with one JSON request on standard input:

            {"task": "0123456789abcdef", "app": "\(app)", "function": "greet",
             "param": {"name": "Ada"}, "timeout_ms": 30000}

        The worker writes its result, one JSON value, to descriptor 3 and exits with 0. Any other exit code
        means that it failed; a result `{"error": "…"}` then says why. What it prints is kept as its output.
        `ELVES_STATE_DIR` names a folder that stays when the app is updated. Files that came with a call lie in
        `ELVES_FILES_DIR`; what the worker leaves in `ELVES_OUTPUT_DIR` goes back to the caller.

        Before you push again, raise `version` in `app.yaml`.

        """
    }
}
