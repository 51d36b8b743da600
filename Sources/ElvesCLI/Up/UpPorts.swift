internal import ElvesCore
internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Ports that the components listen on, kept from one `elves up` to the next.
package struct UpPorts: Sendable, Hashable, Codable {
    /// Thrift port of each component.
    package var thrift: [String: Int]

    /// The kept ports, where they are free, else new ones.
    package static func choose(_ components: [String], in folder: DataFolder) throws -> UpPorts {
        let path = folder.path("ports.json")
        let kept = FileManager.default.contents(atPath: path)
            .flatMap { try? JSONDecoder().decode(UpPorts.self, from: $0) }
        var ports = UpPorts(thrift: [:])
        for component in components {
            let old = kept?.thrift[component]
            if let old, LoopbackPort.isFree(old) {
                ports.thrift[component] = old
            } else {
                ports.thrift[component] = try LoopbackPort.free(besides: Set(ports.thrift.values))
            }
        }
        if ports != kept { try folder.write(JSONEncoder().encode(ports), to: path) }
        return ports
    }
}

/// Ports of 127.0.0.1.
package enum LoopbackPort {
    /// Whether a server could listen there now.
    package static func isFree(_ port: Int) -> Bool { bound(port) != nil }

    /// A port where a server could listen now, and where the kernel puts no outgoing connection:
    /// it would take the port while a component is down for a moment.
    package static func free(besides taken: Set<Int>) throws -> Int {
        for port in (10_000..<firstOutgoing).shuffled() where !taken.contains(port) && isFree(port) { return port }
        throw Failure(.cliUpPort, "no free port on 127.0.0.1 from 10000 to \(firstOutgoing - 1)")
    }

    /// The first port of the range that the kernel takes outgoing connections from.
    private static var firstOutgoing: Int {
        let text = try? String(contentsOfFile: "/proc/sys/net/ipv4/ip_local_port_range", encoding: .utf8)
        let first = text?.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) } ?? 32_768
        return min(max(first, 11_000), 65_536)
    }

    private static func bound(_ port: Int) -> Int? {
        guard let number = UInt16(exactly: port) else { return nil }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = number.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && listen(descriptor, 1) == 0
                    && getsockname(descriptor, pointer, &length) == 0
            }
        }
        return result ? Int(UInt16(bigEndian: address.sin_port)) : nil
    }
}
