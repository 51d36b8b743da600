import Testing
import Thrift

/// Generated code against generated code of other libraries: what one writes the other reads as the same.
@Suite(.timeLimit(PeerPrograms.timeLimit)) struct CodecConformanceTests {
    private static let seed: UInt64 = 20_260_117

    @Test func defaultsEqualLibthrifts() throws {
        let peer = try PeerPrograms.cppCodec()
        for (name, value) in FixtureTypes.defaults {
            for encoding in ThriftEncoding.both {
                let theirs = try peer.ask("default \(name) \(encoding.word)")
                #expect(value.encoded(as: encoding).hex == theirs, "\(name) in \(encoding)")
            }
        }
    }

    /// Python leaves out what has no default, so that ours is compared with what our reader makes of theirs.
    @Test func defaultsEqualPythons() throws {
        let peer = try PeerPrograms.pythonCodec()
        for (name, value) in FixtureTypes.defaults where name != "Requireds" {
            for encoding in ThriftEncoding.both {
                let theirs = try Array(hex: peer.ask("default \(name) \(encoding.word)"))
                let read = try FixtureTypes.recoded(theirs, type(of: value), from: encoding, to: encoding)
                #expect(read == value.encoded(as: encoding), "\(name) in \(encoding)")
            }
        }
        // All fields of this one have a default, so nothing is left to our reader: Python writes each itself.
        let written = try Dynamic.decoded(Array(hex: peer.ask("default Defaults binary")), as: .binary)
        let ours = try Dynamic.decoded(Defaults().encoded(as: .binary), as: .binary)
        guard case .structure(let theirFields) = written, case .structure(let ourFields) = ours else {
            Issue.record("not a struct")
            return
        }
        #expect(Set(theirFields.map(\.id)) == Set(ourFields.map(\.id)))
    }

    @Test(arguments: PeerPrograms.Library.allCases) func constantsEqualTheirs(library: PeerPrograms.Library) throws {
        let peer = try library.codec()
        #expect(FixtureConstants.all.map(\.name).sorted() == (try PeerPrograms.schema().constants).sorted())
        for (name, value) in FixtureConstants.all {
            let ours = Dynamic.structure([.init(id: 1, value: value)]).ordered
            for encoding in ThriftEncoding.both {
                let theirs = try Array(hex: peer.ask("constant \(name) \(encoding.word)"))
                #expect(try Dynamic.decoded(theirs, as: encoding).ordered == ours, "\(name) in \(encoding)")
            }
        }
    }

    @Test func randomValuesAreWrittenAsLibthriftWritesThem() throws {
        try compare(with: PeerPrograms.cppCodec(), rounds: 40)
    }

    @Test func randomValuesAreReadAsPythonReadsThem() throws {
        try compare(with: PeerPrograms.pythonCodec(), rounds: 15, ordered: false)
    }

    @Test func anAbsentRequiredFieldFailsOnBothSides() throws {
        let peer = try PeerPrograms.cppCodec()
        let whole = Requireds(number: 1, text: "t", flags: [true])
        for encoding in ThriftEncoding.both {
            guard case .structure(let fields) = try Dynamic.decoded(whole.encoded(as: encoding), as: encoding) else {
                Issue.record("not a struct")
                return
            }
            for missing in fields.indices {
                var some = fields
                some.remove(at: missing)
                let bytes = Dynamic.structure(some).encoded(as: encoding)
                let error = #expect(throws: ThriftError.self) { try Requireds(decoding: bytes, as: encoding) }
                #expect(error?.code == .missingField)
                #expect(throws: PeerPrograms.Failure.self) {
                    try peer.ask("decode Requireds \(encoding.word) binary \(bytes.hex)")
                }
            }
        }
    }

    /// Both sides decode the same random bytes and encode what they understood, in both protocols.
    private func compare(with peer: PeerProcess, rounds: Int, ordered: Bool = true) throws {
        let schema = try PeerPrograms.schema()
        var random = SeededGenerator(seed: Self.seed)
        for (name, type) in FixtureTypes.all {
            for round in 0..<rounds {
                let bytes = try schema.value(of: name, using: &random)
                for from in ThriftEncoding.both {
                    for to in ThriftEncoding.both {
                        let sent = bytes.encoded(as: from)
                        let answer = try peer.ask("decode \(name) \(from.word) \(to.word) \(sent.hex)")
                        let ours = try FixtureTypes.recoded(sent, type, from: from, to: to)
                        // Libraries without an order of their own are compared after our reader ordered them.
                        let theirs =
                            ordered
                            ? Array(hex: answer)
                            : try FixtureTypes.recoded(Array(hex: answer), type, from: to, to: to)
                        #expect(ours == theirs, "\(name), seed \(Self.seed), round \(round), \(from) to \(to)")
                        if ours != theirs { return }
                    }
                }
            }
        }
    }
}
