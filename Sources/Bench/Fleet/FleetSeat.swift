internal import ElvesCore
internal import Foundation
internal import Identity

/// Where one emulated agent lives: its folder, its certificate, its name and address.
struct FleetSeat: Sendable {
    let root: String
    let name: String
    let ip: String
    let files: IssuedIdentity.Files
    let scheduler: String
    let heartbeat: String

    /// Makes the folder and has the center's authority issue a certificate. `now`: UTC milliseconds; nil: now.
    init(
        number: Int, in folder: String, center: CenterFolder, authority: CertificateAuthority, now: Int64? = nil
    ) throws {
        ip = Self.address(number)
        name = "bench-\(number)"
        root = "\(folder)/\(number)"
        scheduler = center.scheduler
        heartbeat = center.heartbeat
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        let id = Hex.encode(0x0B00_0000_0000_0000 + UInt64(number))
        files = try authority.issue(
            role: "agent", instance: id, ip: ip, validFor: .seconds(86_400),
            now: now ?? Int64(Date.now.timeIntervalSince1970 * 1000)
        ).write(to: root)
    }

    /// Addresses of 127.64.0.0/10: they stand in certificates only.
    static func address(_ number: Int) -> String {
        "127.\(64 + number / 65_536).\(number / 256 % 256).\(number % 256)"
    }
}

/// The data folder of a running `elves up`.
struct CenterFolder: Sendable {
    let path: String
    let scheduler: String
    let heartbeat: String
    let url: URL
    let authID: String
    let secret: String
    let token: String

    private struct Ports: Decodable { let thrift: [String: Int] }
    private struct Credentials: Decodable {
        let url: String
        let auth_id: String
        let secret: String
        let token: String
    }

    init(_ path: String) throws {
        self.path = path
        let decoder = JSONDecoder()
        let ports = try decoder.decode(Ports.self, from: Data(contentsOf: URL(filePath: path + "/ports.json")))
        let credentials = try decoder.decode(
            Credentials.self, from: Data(contentsOf: URL(filePath: path + "/credentials.json")))
        func address(_ role: String) throws -> String {
            guard let port = ports.thrift[role] else { throw BenchFailure("\(path)/ports.json names no \(role)") }
            return "127.0.0.1:\(port)"
        }
        scheduler = try address("scheduler")
        heartbeat = try address("heartbeat")
        guard let url = URL(string: credentials.url) else {
            throw BenchFailure("\(path)/credentials.json has no url")
        }
        self.url = url
        authID = credentials.auth_id
        secret = credentials.secret
        token = credentials.token
    }

    var authority: CertificateAuthority {
        get throws { try CertificateAuthority.load(from: path + "/ca") }
    }
}
