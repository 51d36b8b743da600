import Testing
import Thrift

/// Random values of random schemas: our bytes are libthrift's bytes, and each reads the other's.
@Suite(.timeLimit(FuzzOptions.timeLimit)) struct DifferentialFuzzTests {
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func bytesEqualLibthrifts(seed: UInt64) throws {
        let peer = try PeerPrograms.cppCodec()
        var random = SeededGenerator(seed: seed)
        for round in 0..<150 * FuzzOptions.factor {
            let shape = Shape.randomStructure(depth: 5, using: &random)
            let value = shape.value(using: &random)
            let words = value.words().joined(separator: " ")
            for encoding in ThriftEncoding.both {
                let ours = value.encoded(as: encoding)
                let place: Comment = "seed \(seed), round \(round), \(encoding)"
                try #require(try peer.ask("write \(encoding.word) \(words)") == ours.hex, place)
                let theirs = try peer.ask("read \(encoding.word) \(ours.hex)")
                let read = try Dynamic.decoded(ours, as: encoding)
                try #require(read.words(forReading: true).joined(separator: " ") == theirs, place)
                try #require(theirs == value.words(forReading: true).joined(separator: " "), place)
            }
        }
    }
}
