internal import AppPackage
internal import ElvesCore

/// Refusals that every store words the same way.
enum StoreRules {
    static func unknownApp(_ name: String, among names: some Collection<String>) -> ElvesError {
        ElvesError(
            .supervisorAppUnknown, "no app \"\(name)\"" + Suggestion.phrase(for: name, in: names),
            details: ["app": name])
    }

    static func unknownVersion(_ app: AppState, _ version: String) -> ElvesError {
        let known = app.versions.isEmpty ? "none" : app.versions.suffix(5).joined(separator: ", ")
        return ElvesError(
            .supervisorVersionUnknown, "\(app.name) has no version \"\(version)\"; the newest it has are: \(known)",
            details: ["app": app.name, "version": version])
    }

    static func versionExists(_ version: VersionRecord) -> ElvesError {
        let (app, number) = (version.manifest.name, version.manifest.version)
        return ElvesError(
            .supervisorVersionExists, "\(app) \(number) is there with other content, and versions never change",
            details: ["app": app, "version": number])
    }

    static func unknownBinding(_ app: AppState, _ targets: String) -> ElvesError {
        let known = app.bindings.map { "\"\($0.targets)\"" }.joined(separator: ", ")
        return ElvesError(
            .supervisorBindingUnknown,
            "\(app.name) is not bound to \"\(targets)\"; it is bound to \(known.isEmpty ? "nothing" : known)",
            details: ["app": app.name, "targets": targets])
    }

    static func stillBound(_ app: AppState) -> ElvesError {
        let targets = app.bindings.map { "\"\($0.targets)\"" }.joined(separator: ", ")
        return ElvesError(
            .supervisorAppLive, "\(app.name) is bound to \(targets)",
            hint: "unbind it first: elves app unbind \(app.name) --on '\(app.bindings.first?.targets ?? "")'",
            details: ["app": app.name])
    }

    static func unknownKey(_ id: String, among ids: some Collection<String>) -> ElvesError {
        ElvesError(
            .supervisorKeyUnknown, "no key \"\(id)\"" + Suggestion.phrase(for: id, in: ids), details: ["key": id])
    }
}
