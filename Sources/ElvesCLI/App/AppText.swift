internal import ElvesClient

/// How apps read to people.
enum AppText {
    static func table(_ apps: [AppRecord]) -> TextTable {
        var table = TextTable(["APP", "LIVE", "VERSIONS", "BOUND TO", "SUMMARY"])
        for app in apps {
            table.add([
                app.app, app.liveVersion ?? "", app.versions.joined(separator: ", "),
                app.bindings.map(\.targets).joined(separator: " + "), app.summary,
            ])
        }
        return table
    }

    static func lines(_ app: AppRecord) -> [String] {
        var lines = ["app       \(app.app)"]
        if !app.summary.isEmpty { lines.append("summary   \(app.summary)") }
        lines.append("live      \(app.liveVersion.flatMap { $0.isEmpty ? nil : $0 } ?? "-")")
        lines.append("versions  \(app.versions.joined(separator: ", "))")
        lines.append("bound to  \(bound(app))")
        guard let functions = app.functions, !functions.isEmpty else { return lines }
        var table = TextTable(["FUNCTION", "TIMEOUT", "IDEMPOTENT", "SUMMARY"])
        for function in functions {
            let timeout = function.timeoutMilliseconds ?? 0
            table.add([
                function.name, timeout > 0 ? Wording.span(milliseconds: timeout) : "",
                function.idempotent == true ? "yes" : "no", function.summary ?? "",
            ])
        }
        return lines + [""] + table.lines
    }

    static func bindings(_ app: AppRecord) -> String { "\(app.app) is bound to \(bound(app))" }

    static func bound(_ app: AppRecord) -> String {
        app.bindings.isEmpty ? "no agent" : app.bindings.map(\.targets).joined(separator: " + ")
    }
}
