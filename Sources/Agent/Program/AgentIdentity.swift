package import ElvesCore
internal import NIOSSL
package import Thrift
internal import ThriftNIO

/// Who this agent is: what its certificate says.
package struct AgentIdentity: Sendable {
    package let peer: PeerIdentity
    package let id: ElvesID

    /// Reads the first certificate of a PEM file.
    package init(certificate path: String) throws(ElvesError) {
        let named: PeerIdentity
        do {
            guard let certificate = try NIOSSLCertificate.fromPEMFile(path).first else {
                throw ElvesError(.agentEnrolIdentity, "\(path) holds no certificate")
            }
            named = try PeerIdentity(certificate: certificate)
        } catch let error as ElvesError {
            throw error
        } catch {
            throw ElvesError(.agentEnrolIdentity, "cannot use the certificate \(path): \(error)")
        }
        guard named.role == "agent", let id = ElvesID(text: named.instance) else {
            throw ElvesError(
                .agentEnrolIdentity, "the certificate \(path) names \(named), not agent/<16 hex digits>")
        }
        peer = named
        self.id = id
    }
}
