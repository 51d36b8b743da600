/// The two tags that an ELVES 2.0 worker prints.
package struct Elves2Tags: Sendable, Hashable {
    /// Content of `<ElvesWFlag>`; nil without it.
    package var flag: String?
    /// Content of `<ElvesWResult>`; nil without it.
    package var result: String?

    /// Reads a worker's standard output: greedy, over lines, whatever stands around and between.
    package init(_ output: String) {
        flag = Self.content(of: "ElvesWFlag", in: output)
        result = Self.content(of: "ElvesWResult", in: output)
    }

    /// Which tags are missing, for the error.
    package var missing: [String] {
        (flag == nil ? ["<ElvesWFlag>"] : []) + (result == nil ? ["<ElvesWResult>"] : [])
    }

    /// From the end of the first opening tag to the start of the last closing one.
    private static func content(of tag: String, in output: String) -> String? {
        let bytes = Array(output.utf8)
        let open = Array("<\(tag)>".utf8)
        let close = Array("</\(tag)>".utf8)
        guard let start = first(open, in: bytes).map({ $0 + open.count }),
            let end = last(close, in: bytes), end >= start
        else { return nil }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    private static func first(_ needle: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= needle.count else { return nil }
        return (0...(bytes.count - needle.count)).first { bytes[$0..<($0 + needle.count)].elementsEqual(needle) }
    }

    private static func last(_ needle: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= needle.count else { return nil }
        return (0...(bytes.count - needle.count)).last { bytes[$0..<($0 + needle.count)].elementsEqual(needle) }
    }
}
