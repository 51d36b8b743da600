import ElvesContracts
import Testing
import Thrift

/// Bytes written down by hand from the two protocols' specifications.
@Suite struct CodecTests {
    private let hop = Hop(place: "é", event: "", atMicros: -2, rule: "r")

    @Test func binaryBytes() throws {
        let bytes: [UInt8] =
            [11, 0, 1, 0, 0, 0, 2, 0xC3, 0xA9]
            + [11, 0, 2, 0, 0, 0, 0]
            + [10, 0, 3, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE]
            + [11, 0, 4, 0, 0, 0, 1, 0x72, 0]
        #expect(hop.encoded(as: .binary) == bytes)
        #expect(try Hop(decoding: bytes, as: .binary) == hop)
    }

    @Test func compactBytes() throws {
        let bytes: [UInt8] = [0x18, 2, 0xC3, 0xA9, 0x18, 0, 0x16, 3, 0x18, 1, 0x72, 0]
        #expect(hop.encoded(as: .compact) == bytes)
        #expect(try Hop(decoding: bytes, as: .compact) == hop)
    }

    @Test func compactBoolsLiveInTheFieldHeader() throws {
        let function = AppFunction(name: "", summary: "", timeoutMs: 0, idempotent: true)
        #expect(function.encoded(as: .compact) == [0x18, 0, 0x18, 0, 0x16, 0, 0x11, 0x18, 0, 0])
    }

    @Test func mapsAreWrittenInTheOrderOfTheirKeysBytes() throws {
        // Swift's own order of strings is that of their canonical forms, where é comes before z.
        let fault = Fault(details: ["é": "3", "z": "2", "Z": "1", "": "0"])
        let bytes = fault.encoded(as: .compact)
        let keys = [[], [0x5A], [0x7A], [0xC3, 0xA9]] as [[UInt8]]
        let expected = keys.enumerated().flatMap { index, key -> [UInt8] in
            [UInt8(key.count)] + key + [1, 0x30 + UInt8(index)]
        }
        #expect(Array(bytes.suffix(expected.count + 1)) == expected + [0])
    }

    @Test(arguments: [ThriftEncoding.binary, .compact])
    func textThatIsNotUTF8IsRefused(encoding: ThriftEncoding) {
        for broken: [UInt8] in [[0xFF], Array("12345678".utf8) + [0xC3], [0xED, 0xA0, 0x80]] {
            var writer = ThriftWriter(encoding)
            let outer = writer.beginStruct()
            writer.field(.string, 1)
            writer.writeBinary(broken)
            writer.endStruct(outer)
            let error = #expect(throws: ThriftError.self) { try Hop(decoding: writer.bytes(), as: encoding) }
            #expect(error?.code == .invalidData)
        }
    }

    @Test(arguments: [ThriftEncoding.binary, .compact])
    func everyProperBeginningIsTruncated(encoding: ThriftEncoding) {
        let bytes = TaskResult(result: "r", hops: [hop]).encoded(as: encoding)
        for count in 0..<bytes.count {
            #expect(throws: ThriftError.self) { try TaskResult(decoding: Array(bytes.prefix(count)), as: encoding) }
        }
    }
}
