#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension CertificateAuthority {
    /// The 4 or 16 bytes of an IPv4 or IPv6 address.
    static func address(_ text: String) throws -> [UInt8] {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: four) { Array($0) } }
        var six = in6_addr()
        if inet_pton(AF_INET6, text, &six) == 1 { return withUnsafeBytes(of: six) { Array($0) } }
        throw Failure(description: "\"\(text)\" is no IP address; write it as in 10.0.0.1 or fd00::1")
    }
}
