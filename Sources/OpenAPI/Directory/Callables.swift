import ElvesCore

/// Checks a call of a function against the catalog, before anyone else is bothered with it.
///
/// In a center without a supervisor there is no catalog: the agent alone knows its apps, and any call may be tried.
struct Callables: Sendable {
    let catalog: Catalog?
    let limits: EdgeLimits

    /// Refuses an unknown app or function, and a param that the function does not take.
    /// - Parameter param: nil when the caller gave none: right where `null` or an empty object would be.
    func check(app: String, function: String, param: JSONValue?) throws(ElvesError) {
        guard let catalog else { return }
        let entry = try Self.entry(app, in: catalog)
        guard !entry.liveVersion.isEmpty else {
            throw ElvesError(
                .supervisorVersionNoneLive, "app \"\(app)\" has no live version",
                hint: "try: elves app activate \(app) VERSION", details: ["app": app])
        }
        guard !entry.functions.isEmpty else { return }
        guard let declared = entry.functions[function] else {
            throw ElvesError(
                .openapiFunctionUnknown,
                "app \"\(app)\" has no function \"\(function)\""
                    + Suggestion.phrase(for: function, in: entry.functions.keys),
                hint: "it has: \(entry.functions.keys.sorted().prefix(20).joined(separator: ", "))",
                details: ["app": app, "function": function])
        }
        if param == nil, declared.schema.violation(in: .null) == nil { return }
        if let violation = declared.schema.violation(in: param ?? .object([:])) {
            throw ElvesError(
                .openapiRequestParamSchema, "\(violation)",
                details: ["app": app, "function": function, "place": violation.place])
        }
    }

    /// The timeout that the function's manifest gives, in milliseconds; nil when it gives none.
    func declaredTimeoutMs(app: String, function: String) -> Int64? {
        guard let timeoutMs = catalog?[app]?.functions[function]?.timeoutMs, timeoutMs > 0 else { return nil }
        return timeoutMs
    }

    /// Whether the live version is known to call the function idempotent.
    func isIdempotent(app: String, function: String) -> Bool {
        catalog?[app]?.functions[function]?.isIdempotent == true
    }

    /// Refuses automatic retries of a function that its manifest does not call idempotent.
    func checkRetries(app: String, function: String) throws(ElvesError) {
        if isIdempotent(app: app, function: function) { return }
        throw ElvesError(
            .openapiRequestField,
            catalog == nil
                ? "without a supervisor no function is known to be idempotent, so none is retried by itself"
                : "the manifest does not call \(app) \(function) idempotent, so it is not retried by itself",
            hint: "leave retries out, or say `idempotent: true` in the app's manifest if running it twice is harmless",
            details: ["field": "retries"])
    }

    private static func entry(_ app: String, in catalog: Catalog) throws(ElvesError) -> CatalogEntry {
        if let entry = catalog[app] { return entry }
        guard catalog.isLoaded else {
            throw ElvesError(.elvesNotReady, "the list of apps is not loaded yet")
        }
        throw ElvesError(
            .openapiAppUnknown, "no app \"\(app)\"" + Suggestion.phrase(for: app, in: catalog.names),
            details: ["app": app])
    }

    /// The text that travels to the agent; refused when it is over the limit.
    func text(of param: JSONValue) throws(ElvesError) -> String {
        let text = param.text()
        try checkLength(text)
        return text
    }

    /// Refuses a param over the limit.
    func checkLength(_ param: String) throws(ElvesError) {
        guard param.utf8.count <= limits.param else {
            throw ElvesError(
                .openapiRequestParamTooLong, "param is \(param.utf8.count) bytes long; the limit is \(limits.param)",
                details: ["limit": String(limits.param)])
        }
    }
}
