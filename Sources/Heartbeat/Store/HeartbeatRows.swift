import AgentLinks
import ElvesCore
import Foundation
import GRDB

/// An agent as a row.
enum AgentRow {
    static let select = """
        SELECT id, ip, name, version, labels, facts, apps, desired_generation, last_beat_at, first_seen_at FROM agent
        """
    static let insert = """
        INSERT OR REPLACE INTO agent
        (id, ip, name, version, labels, facts, apps, desired_generation, last_beat_at, first_seen_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    static func arguments(_ record: AgentRecord) -> StatementArguments {
        let report = record.report
        return [
            record.agent.id.rawValue, record.agent.ip, report.name, report.version, text(report.labels),
            text(report.facts), text(report.apps), report.desiredGeneration, record.lastBeatAt, record.firstSeenAt,
        ]
    }

    static func decode(_ row: Row) -> AgentRecord? {
        guard let id = ElvesID(rawValue: row[0]) else { return nil }
        let report = AgentReport(
            name: row[2], version: row[3], labels: map(row[4]), facts: map(row[5]), apps: apps(row[6]),
            desiredGeneration: row[7])
        return AgentRecord(
            agent: AgentIdentity(id: id, ip: row[1]), report: report, lastBeatAt: row[8], firstSeenAt: row[9])
    }

    private static func text(_ map: [String: String]) -> String {
        var object = JSONObject()
        for (name, value) in map.sorted(by: { $0.key < $1.key }) { object[name] = .string(value) }
        return JSONValue.object(object).text()
    }

    private static func map(_ text: String) -> [String: String] {
        let object = (try? JSONValue(parsing: text))?.object ?? JSONObject()
        return object.reduce(into: [:]) { $0[$1.name] = $1.value.string }
    }

    /// Each app as `[app, version, digest in hex, problem]`.
    private static func text(_ apps: [InstalledApp]) -> String {
        JSONValue.array(
            apps.map {
                .array([.string($0.app), .string($0.version), .string(Hex.encode($0.treeDigest)), .string($0.problem)])
            }
        ).text()
    }

    private static func apps(_ text: String) -> [InstalledApp] {
        ((try? JSONValue(parsing: text))?.array ?? []).compactMap { item in
            guard let app = item[0]?.string, let version = item[1]?.string, let hex = item[2]?.string,
                let problem = item[3]?.string
            else { return nil }
            return InstalledApp(app: app, version: version, treeDigest: Hex.decode(hex) ?? [], problem: problem)
        }
    }
}

/// An app of the catalog as a row.
enum CatalogRow {
    static let select = "SELECT app, removed, bindings, version, tree_digest, files, content FROM catalog_app"
    static let insert = """
        INSERT OR REPLACE INTO catalog_app (app, removed, bindings, version, tree_digest, files, content)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """

    static func arguments(_ entry: CatalogEntry) -> StatementArguments {
        [
            entry.app, entry.removed, JSONValue.array(entry.bindings.map { .string($0) }).text(), entry.live?.version,
            entry.live.map { Data($0.treeDigest) }, entry.live.map { files($0.files) },
            entry.live.map { Data($0.content) },
        ]
    }

    static func decode(_ row: Row) -> CatalogEntry {
        let bindings = (try? JSONValue(parsing: row[2] as String))?.array ?? []
        let version: String? = row[3]
        let live = version.map { version in
            LiveVersion(
                app: row[0], version: version, treeDigest: Array(row[4] as Data), files: files(row[5] as Data),
                content: Array(row[6] as Data))
        }
        return CatalogEntry(app: row[0], live: live, bindings: bindings.compactMap(\.string), removed: row[1])
    }

    /// Forty bytes a file: its digest, then its size, little end first.
    private static func files(_ files: [PackageFile]) -> Data {
        files.reduce(into: Data(capacity: files.count * 40)) { data, file in
            data.append(contentsOf: file.digest)
            withUnsafeBytes(of: file.size.littleEndian) { data.append(contentsOf: $0) }
        }
    }

    private static func files(_ data: Data) -> [PackageFile] {
        let bytes = Array(data)
        return stride(from: 0, to: bytes.count - 39, by: 40).map { start in
            let size = bytes[start + 32..<start + 40].reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
            return PackageFile(digest: Array(bytes[start..<start + 32]), size: size)
        }
    }
}
