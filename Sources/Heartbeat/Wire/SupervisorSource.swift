import AgentLinks
import ElvesContracts
import ElvesCore
package import Thrift

/// The supervisor as source of the catalog and of package files.
package struct SupervisorSource: CatalogSource, FileSource {
    private let client: SupervisorServiceClient

    /// Creates a source over a connection.
    package init(_ caller: any ThriftCaller) {
        client = SupervisorServiceClient(caller)
    }

    package func changes(after: Int64, waitMs: Int64) async throws -> CatalogChange {
        CatalogChange(
            try await client.catalogChanges(
                after: after, waitMs: waitMs, options: CallOptions(timeout: .milliseconds(waitMs + 5_000))))
    }

    package func read(_ digest: [UInt8], offset: Int64, length: Int) async throws -> [UInt8] {
        do {
            return try await client.readFile(digest: digest, offset: offset, length: Int32(length))
        } catch let fault as Fault {
            throw ElvesError(fault)
        } catch {
            throw ElvesError(
                .channelUnreachable, "the file cannot be fetched from the supervisor: \(error)", cause: error)
        }
    }
}

extension CatalogChange {
    init(_ changes: CatalogChanges) {
        self.init(
            generation: changes.generation, complete: changes.complete, entries: changes.apps.map(CatalogEntry.init))
    }
}

extension CatalogEntry {
    init(_ app: CatalogApp) {
        self.init(
            app: app.info.app, live: app.live.map(LiveVersion.init), bindings: app.info.bindings.map(\.targets),
            removed: app.removed)
    }
}

extension LiveVersion {
    init(_ version: AppVersion) {
        let content = DesiredApp(manifest: version.manifest, tree: version.tree)
        self.init(
            app: version.app, version: version.version, treeDigest: version.tree.digest,
            files: version.tree.files.map { PackageFile(digest: $0.digest, size: $0.size) },
            content: content.encoded(as: .compact))
    }
}
