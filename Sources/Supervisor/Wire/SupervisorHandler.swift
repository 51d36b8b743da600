package import ElvesContracts
internal import ElvesCore
package import Thrift

/// `SupervisorService` of the wire over the domain's service.
package struct SupervisorHandler: SupervisorServiceHandler {
    private let service: SupervisorService

    /// A handler for the service.
    package init(_ service: SupervisorService) { self.service = service }

    // MARK: Apps

    package func apps(context: CallContext) async throws -> [AppInfo] {
        try await answer { try await service.apps().map(AppInfo.init) }
    }

    package func app(app: String, context: CallContext) async throws -> AppInfo {
        try await answer { AppInfo(try await service.app(app)) }
    }

    package func appVersion(app: String, version: String, context: CallContext) async throws -> AppVersion {
        try await answer { AppVersion(try await service.version(app, version)) }
    }

    package func activate(app: String, version: String, context: CallContext) async throws -> AppInfo {
        try await answer { AppInfo(try await service.activate(app, version)) }
    }

    package func bind(app: String, targets: String, context: CallContext) async throws -> AppInfo {
        try await answer { AppInfo(try await service.bind(app, targets)) }
    }

    package func unbind(app: String, targets: String, context: CallContext) async throws -> AppInfo {
        try await answer { AppInfo(try await service.unbind(app, targets)) }
    }

    package func remove(app: String, context: CallContext) async throws {
        try await answer { try await service.remove(app) }
    }

    package func catalogChanges(after: Int64, waitMs: Int64, context: CallContext) async throws -> CatalogChanges {
        try await answer {
            let changes = try await service.catalogChanges(after: after, waiting: patience(waitMs, context))
            return CatalogChanges(
                generation: changes.generation, complete: changes.complete, apps: changes.items.map(CatalogApp.init))
        }
    }

    // MARK: Packages

    package func beginPush(upload: PackageUpload, context: CallContext) async throws -> String {
        try await answer { try await service.beginPush(filename: upload.filename, size: upload.size) }
    }

    package func pushChunk(upload: String, offset: Int64, bytes: [UInt8], context: CallContext) async throws {
        try await answer { try await service.pushChunk(upload, at: offset, bytes) }
    }

    package func finishPush(upload: String, context: CallContext) async throws -> PushResult {
        try await answer {
            let caller = context.header.caller ?? context.peer.instance
            let (added, activated) = try await service.finishPush(upload, by: caller)
            return PushResult(version: AppVersion(added.version), activated: activated)
        }
    }

    package func abortPush(upload: String, context: CallContext) async throws {
        await service.abortPush(upload)
    }

    package func readFile(
        digest: [UInt8], offset: Int64, length: Int32, context: CallContext
    ) async throws -> [UInt8] {
        try await answer { try await service.readFile(digest, at: offset, length: Int(length)) }
    }

    // MARK: Keys

    package func createKey(request: KeyRequest, context: CallContext) async throws -> NewKey {
        try await answer { NewKey(try await service.createKey(KeyDraft(request))) }
    }

    package func keys(context: CallContext) async throws -> [KeyInfo] {
        try await answer { try await service.keys().map(KeyInfo.init) }
    }

    package func revokeKey(id: String, context: CallContext) async throws -> KeyInfo {
        try await answer { KeyInfo(try await service.revokeKey(id)) }
    }

    package func keyChanges(after: Int64, waitMs: Int64, context: CallContext) async throws -> KeyChanges {
        try await answer {
            let changes = try await service.keyChanges(after: after, waiting: patience(waitMs, context))
            return KeyChanges(
                generation: changes.generation, complete: changes.complete,
                keys: changes.items.map(ElvesContracts.KeyRecord.init))
        }
    }

    // MARK: Calls

    /// How long to wait: what was asked for, but not until the caller has given up.
    private func patience(_ waitMs: Int64, _ context: CallContext) -> Duration {
        let asked = Duration.milliseconds(max(0, min(waitMs, 3_600_000)))
        guard let deadline = context.deadline else { return asked }
        let left = deadline - .now
        return max(.zero, min(asked, left - max(.milliseconds(100), left / 4)))
    }

    /// Errors as the interface declares them.
    private func answer<T: Sendable>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch {
            let known = ElvesError(wrapping: error)
            throw Fault(
                code: known.code.code, message: known.message, hint: known.hint, retryable: known.isRetryable,
                details: known.details)
        }
    }
}
