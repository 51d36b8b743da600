import NIOCore
import Testing
import Thrift

@testable import ThriftNIO

/// Bytes that nobody should send: no crash, no hang, no memory past the limits.
@Suite(.timeLimit(FuzzOptions.timeLimit)) struct MalformedInputTests {
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func mutatedBytesAreReadOrRefused(seed: UInt64) throws {
        var fuzzer = Fuzzer(seed: seed)
        let before = try ProcessMemory(startingAnew: true)
        for _ in 0..<FuzzOptions.malformedInputs / 4 { fuzzer.round() }
        let after = try ProcessMemory()
        #expect(after.residentPeak - before.residentPeak < 64 << 20)
        #expect(after.addressesPeak - before.addressesPeak < 2 << 30)
        #expect(fuzzer.tally.unstable == [])
        #expect(fuzzer.tally.accepted > 0)
        // The limits themselves were met, not only broken bytes.
        for code in [ThriftError.Code.tooLarge, .invalidData, .truncated] {
            #expect(fuzzer.tally.refused[code.description, default: 0] > 0, "\(code)")
        }
    }

    @Test func elementsThatGrowInMemoryAreCountedAgainstABudget() {
        // Each byte of the list is an empty struct, which takes a hundred times that in memory.
        for encoding in ThriftEncoding.both {
            var writer = ThriftWriter(encoding)
            let outer = writer.beginStruct()
            writer.field(.list, 10)
            writer.beginList(of: .struct, count: 4_000_000)
            let stops = [UInt8](repeating: 0, count: 4_000_000)
            stops.withUnsafeBytes { writer.putRaw($0) }
            writer.endStruct(outer)
            let error = #expect(throws: ThriftError.self) {
                try Containers(decoding: writer.bytes(), as: encoding)
            }
            #expect(error?.code == .tooLarge)
            #expect(error?.message.contains("containers take more than") == true)
        }
    }

    /// A few bytes that announce two thousand million elements or bytes: no room is made for them before they
    /// are seen to be missing. Made, it would be 16 GiB of addresses for the list of i64 alone.
    @Test(arguments: ThriftEncoding.both)
    func whatIsOnlyAnnouncedTakesNoMemory(encoding: ThriftEncoding) throws {
        let lists: [ThriftType] = [.bool, .byte, .i16, .i32, .i64, .double, .string, .string, .i32, .struct]
        let sets: [ThriftType] = [.bool, .byte, .i16, .i32, .i64, .double, .string, .string, .i32]
        let maps: [(ThriftType, ThriftType)] = [
            (.bool, .bool), (.byte, .i16), (.i16, .i32), (.i32, .i64), (.i64, .double), (.double, .string),
            (.string, .string), (.string, .i32), (.i32, .struct),
        ]
        var inputs: [[UInt8]] = []
        func field(_ id: Int, _ type: ThriftType, _ header: (inout ThriftWriter) -> Void) {
            var writer = ThriftWriter(encoding)
            _ = writer.beginStruct()
            writer.field(type, Int16(id))
            header(&writer)
            inputs.append(writer.bytes() + [1, 1, 1, 1])
        }
        let count = Int(Int32.max)
        for (index, type) in lists.enumerated() { field(1 + index, .list) { $0.beginList(of: type, count: count) } }
        for (index, type) in sets.enumerated() { field(11 + index, .set) { $0.beginList(of: type, count: count) } }
        for (index, types) in maps.enumerated() {
            field(20 + index, .map) { $0.beginMap(key: types.0, value: types.1, count: count) }
        }
        let before = try ProcessMemory(startingAnew: true)
        for input in inputs {
            let error = #expect(throws: ThriftError.self) { try Containers(decoding: input, as: encoding) }
            #expect(error?.code == .tooLarge && error?.message.contains("cannot fit into") == true, "\(input)")
            let skipped = #expect(throws: ThriftError.self) { try Empty(decoding: input, as: encoding) }
            #expect(skipped?.code == .tooLarge, "skipped: \(input)")
        }
        // Text and bytes: fields 7 and 8 of Scalars. A message's name is text, too.
        let size: [UInt8] = encoding == .binary ? [0x7F, 0xFF, 0xFF, 0xFF] : [0xFF, 0xFF, 0xFF, 0xFF, 0x07]
        for id in [7, 8] as [Int16] {
            var writer = ThriftWriter(encoding)
            _ = writer.beginStruct()
            writer.field(.string, id)
            let error = #expect(throws: ThriftError.self) {
                try Scalars(decoding: writer.bytes() + size + [1], as: encoding)
            }
            #expect(error?.code == .tooLarge)
        }
        let opening: [UInt8] = encoding == .binary ? [0x80, 1, 0, 1] : [0x82, 0x21, 1]
        let message = #expect(throws: ThriftError.self) { try ThriftMessage(parsing: opening + size + [1]) }
        #expect(message?.code == .tooLarge)
        let after = try ProcessMemory()
        #expect(after.residentPeak - before.residentPeak < 64 << 20)
        #expect(after.addressesPeak - before.addressesPeak < 2 << 30)
    }

    /// A frame's length is believed only as far as its bytes have come.
    @Test func aFrameThatIsOnlyAnnouncedTakesNoMemory() throws {
        let before = try ProcessMemory(startingAnew: true)
        var cutters = (0..<200).map { _ in FrameCutter(limit: 16 << 20) }
        for index in cutters.indices {
            try cutters[index].cut(ByteBuffer(bytes: [0x00, 0xFF, 0xFF, 0xFF, 1])) { _ in Issue.record("a frame") }
        }
        #expect(cutters.allSatisfy { $0.isInsideFrame })
        let after = try ProcessMemory()
        #expect(after.addressesPeak - before.addressesPeak < 1 << 30, "200 frames of 16 MiB would be 3 GiB")
    }

    @Test func announcedSizesAreComparedWithTheBytesLeft() {
        // field 7 of Containers: a list of 2^31-1 strings, and nothing after it
        let error = #expect(throws: ThriftError.self) {
            try Containers(decoding: [15, 0, 7, 11, 0x7F, 0xFF, 0xFF, 0xFF], as: .binary)
        }
        #expect(error?.code == .tooLarge)
        let negative = #expect(throws: ThriftError.self) {
            try Containers(decoding: [15, 0, 7, 11, 0xFF, 0xFF, 0xFF, 0xFF], as: .binary)
        }
        #expect(negative?.code == .invalidData)
    }

    @Test(arguments: ThriftEncoding.both)
    func nestingEndsAtTheLimit(encoding: ThriftEncoding) throws {
        func nested(_ levels: Int) -> [UInt8] {
            var writer = ThriftWriter(encoding)
            // left.left.left…: each level one struct
            var outers: [Int16] = []
            for _ in 0..<levels - 1 {
                outers.append(writer.beginStruct())
                writer.field(.struct, 2)
            }
            writer.endStruct(writer.beginStruct())
            for outer in outers.reversed() { writer.endStruct(outer) }
            return writer.bytes()
        }
        _ = try Node(decoding: nested(64), as: encoding)
        let error = #expect(throws: ThriftError.self) { try Node(decoding: nested(65), as: encoding) }
        #expect(error?.code == .tooDeep)
        // Also where the reader only skips.
        let skipped = #expect(throws: ThriftError.self) { try Empty(decoding: nested(100_000), as: encoding) }
        #expect(skipped?.code == .tooDeep)
    }

    @Test func framesComeOutAsTheyWentInHoweverTheStreamIsCut() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            let frames = (0..<random.below(6)).map { _ in random.bytes(limit: 40) }
            var stream: [UInt8] = []
            for frame in frames {
                withUnsafeBytes(of: UInt32(frame.count).bigEndian) { stream += Array($0) }
                stream += frame
            }
            var cutter = FrameCutter(limit: 4096)
            var got: [[UInt8]] = []
            while !stream.isEmpty {
                let count = min(stream.count, 1 + random.below(9))
                try cutter.cut(ByteBuffer(bytes: stream.prefix(count))) { got.append($0) }
                stream.removeFirst(count)
            }
            #expect(got == frames)
            #expect(!cutter.isInsideFrame)
        }
    }

    @Test func aFrameAboveTheLimitIsRefusedByItsLengthAlone() {
        var cutter = FrameCutter(limit: 4096)
        #expect(throws: ThriftError.self) {
            try cutter.cut(ByteBuffer(bytes: [0xFF, 0xFF, 0xFF, 0xFF])) { _ in Issue.record("a frame") }
        }
    }

    @Test func everyFrameGetsAnAnswerThatParses() async throws {
        let router = ThriftRouter([PeerProcessor(EchoHandler())])
        var random = SeededGenerator(seed: 11)
        var served = 0
        for _ in 0..<FuzzOptions.malformedInputs / 20 {
            var writer = ThriftWriter(random.oneIn(2) ? .binary : .compact)
            let method = PeerMethods.all[random.below(PeerMethods.all.count)]
            writer.writeCall(method, sequence: random.integer(), header: CallHeader(deadlineMs: 9)) { writer in
                writer.field(.struct, 1)
                Samples.newer.write(to: &writer)
            }
            var frame = Array(writer.bytes().dropFirst(4))
            for _ in 0..<random.below(4) { frame[random.below(frame.count)] = UInt8(truncatingIfNeeded: random.next()) }
            guard let message = try? ThriftMessage(parsing: frame) else { continue }
            let answer = await router.answer(frame, message: message, peer: .local, caller: NoCaller())
            guard let answer else { continue }
            served += 1
            let reply = try ThriftMessage(parsing: Array(answer.dropFirst(4)))
            #expect(reply.sequence == message.sequence)
            #expect(reply.type == .reply || reply.type == .exception)
        }
        #expect(served > 0)
    }
}
