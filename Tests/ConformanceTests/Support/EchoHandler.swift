import Synchronization
import Thrift

/// Serves the fixtures' Peer as peers/cpp/calls.cpp and peers/python/calls.py do.
final class EchoHandler: PeerHandler {
    private let count = Mutex<Int32>(0)

    struct Undeclared: Error {}

    func ping(context: CallContext) async throws {}

    func echo(everything: Everything, context: CallContext) async throws -> Everything { everything }

    func sum(numbers: [Int64], plus: Int64, context: CallContext) async throws -> Int64 {
        numbers.reduce(plus, &+)
    }

    func concat(left: String, right: String, context: CallContext) async throws -> String { left + right }

    func reversed(bytes: [UInt8], context: CallContext) async throws -> [UInt8] { bytes.reversed() }

    func choices(colors: Set<Color>, context: CallContext) async throws -> [String: Choice] {
        Dictionary(uniqueKeysWithValues: colors.map { ("\($0.rawValue)", .color($0)) })
    }

    func fail(how: Int32, context: CallContext) async throws -> Int32 {
        switch how {
        case 1: throw Oops(why: "tôld so", number: 11)
        case 2: throw Nope(color: .darkBlue)
        case 3: throw Undeclared()
        default: return how
        }
    }

    func failVoid(really: Bool, context: CallContext) async throws {
        if really { throw Oops() }
    }

    func tell(number: Int32, context: CallContext) async throws { count.withLock { $0 &+= number } }

    func told(context: CallContext) async throws -> Int32 { count.withLock { $0 } }

    func names(
        reader: Int32, field: Int32, writer: Int32, call: Int32, handler: Int32, options: Int32, context: Int32,
        reply: Int32, outer: Int32, context_: CallContext
    ) async throws -> Int32 {
        reader + field + writer + call + handler + options + context + reply + outer
    }

    func shorten(newer: Newer, context: CallContext) async throws -> Older {
        Older(kept: newer.kept, last: newer.last)
    }
}

/// For calls that never call back.
struct NoCaller: ThriftCaller {
    func call(
        _ method: MethodDescriptor, options: CallOptions, arguments: (inout ThriftWriter) -> Void
    ) async throws -> ThriftReply? {
        throw ThriftError(.notConnected, "there is no peer")
    }
}
