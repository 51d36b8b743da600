internal import ElvesCore
internal import Foundation
internal import Identity

/// The certificate authority of a data folder and the certificates of everything that runs from it.
struct UpIdentities: Sendable {
    /// Issued anew at every start, so a center on one machine has nothing to renew by hand.
    static let validFor = Duration.seconds(2 * 365 * 86_400)

    let folder: DataFolder
    /// UTC milliseconds.
    let now: Int64

    /// The authority, made at the first start.
    func authority() throws -> CertificateAuthority {
        try folder.make("ca")
        let place = folder.path("ca")
        if CertificateAuthority.exists(in: place) { return try CertificateAuthority.load(from: place) }
        return try CertificateAuthority.create(in: place, now: now)
    }

    /// Certificate, key and authority of a component, as files.
    func issue(_ authority: CertificateAuthority, role: String, instance: String) throws -> IssuedIdentity.Files {
        try folder.make("identity", role)
        return try authority.issue(role: role, instance: instance, validFor: Self.validFor, now: now)
            .write(to: folder.path("identity", role))
    }

    /// Certificate, key and authority of the agent with that number and address, as files.
    func issue(_ authority: CertificateAuthority, agent number: Int, ip: String) throws -> IssuedIdentity.Files {
        try folder.make("identity", "agent-\(number)")
        let id = try agentID(number)
        return try authority.issue(role: "agent", instance: id, ip: ip, validFor: Self.validFor, now: now)
            .write(to: folder.path("identity", "agent-\(number)"))
    }

    /// An agent keeps its id as long as the data folder lives.
    private func agentID(_ number: Int) throws -> String {
        let path = folder.path("identity", "agent-\(number)", "id")
        if let text = try? String(contentsOfFile: path, encoding: .utf8) {
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        // Positive, and unlike any id that a center's generator makes later.
        let id = Int64.random(in: 1...Int64.max)
        let digits = String(id, radix: 16)
        let text = String(repeating: "0", count: 16 - digits.count) + digits
        try folder.write(Array((text + "\n").utf8), to: path)
        return text
    }
}
