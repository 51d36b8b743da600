import ElvesCore
import Foundation
import StorageSQLite

/// Lists inside a row, as JSON text: nothing in SQL looks into them. And texts of workers.
enum StoredText {
    /// What selects a text that may hold NUL: as bytes, because GRDB ends a text at its first NUL.
    static func bytes(of column: String) -> String { "CAST(\(column) AS BLOB)" }

    /// A text that was selected as bytes.
    static func text(_ bytes: Data) -> String { String(decoding: bytes, as: UTF8.self) }

    static func of(_ labels: [String: String]) -> String {
        if labels.isEmpty { return "{}" }
        var object = JSONObject()
        for (name, value) in labels.sorted(by: { $0.key < $1.key }) { object[name] = .string(value) }
        return JSONValue.object(object).text()
    }

    static func labels(_ text: String) -> [String: String] {
        if text == "{}" { return [:] }
        return object(text).reduce(into: [:]) { $0[$1.name] = $1.value.string }
    }

    static func of(_ states: [TaskState: Int]) -> String {
        var object = JSONObject()
        for (state, count) in states.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            object[state.name] = .int(Int64(count))
        }
        return JSONValue.object(object).text()
    }

    static func states(_ text: String) -> [TaskState: Int] {
        object(text).reduce(into: [:]) { states, member in
            guard let state = TaskState(name: member.name), let count = member.value.int else { return }
            states[state] = Int(count)
        }
    }

    /// Binds a text with each hop as `[place, event, microseconds, rule]`.
    static func bind(_ hops: [TaskHop], to row: inout RowBinder) {
        var text: [UInt8] = []
        text.reserveCapacity(64 * hops.count + 2)
        text.append(UInt8(ascii: "["))
        for hop in hops {
            if text.count > 1 { text.append(UInt8(ascii: ",")) }
            text.append(UInt8(ascii: "["))
            quote(hop.place, in: &text)
            text.append(UInt8(ascii: ","))
            quote(hop.event, in: &text)
            text.append(UInt8(ascii: ","))
            text.append(contentsOf: String(hop.atMicros).utf8)
            text.append(UInt8(ascii: ","))
            quote(hop.rule, in: &text)
            text.append(UInt8(ascii: "]"))
        }
        text.append(UInt8(ascii: "]"))
        text.withUnsafeBufferPointer { row.bind(utf8: $0) }
    }

    private static func quote(_ string: String, in text: inout [UInt8]) {
        let isPlain = string.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        guard isPlain else {
            text.append(contentsOf: JSONValue.string(string).text().utf8)
            return
        }
        text.append(UInt8(ascii: "\""))
        text.append(contentsOf: string.utf8)
        text.append(UInt8(ascii: "\""))
    }

    static func hops(_ text: String) -> [TaskHop] {
        let list = (try? JSONValue(parsing: text))?.array ?? []
        return list.compactMap { item in
            guard let place = item[0]?.string, let event = item[1]?.string, let at = item[2]?.int,
                let rule = item[3]?.string
            else { return nil }
            return TaskHop(place: place, event: event, atMicros: at, rule: rule)
        }
    }

    /// As `[attempts, first delay, longest delay]`.
    static func of(_ rule: RetryRule) -> String {
        "[\(rule.attempts),\(rule.firstDelayMs),\(rule.longestDelayMs)]"
    }

    static func retryRule(_ text: String?) -> RetryRule? {
        guard let text, let list = try? JSONValue(parsing: text), let attempts = list[0]?.int,
            let first = list[1]?.int, let longest = list[2]?.int
        else { return nil }
        return RetryRule(
            attempts: Int32(clamping: attempts), firstDelayMs: first, longestDelayMs: longest)
    }

    /// Each file as `[name, digest in hex, size, mode]`; empty for none.
    static func of(_ files: [TaskFile]) -> String {
        if files.isEmpty { return "" }
        return JSONValue.array(
            files.map {
                .array([.string($0.name), .string(Hex.encode($0.digest)), .int($0.size), .int(Int64($0.mode))])
            }
        ).text()
    }

    static func files(_ text: String) -> [TaskFile] {
        if text.isEmpty { return [] }
        return ((try? JSONValue(parsing: text))?.array ?? []).compactMap { item in
            guard let name = item[0]?.string, let hex = item[1]?.string, let digest = Hex.decode(hex),
                let size = item[2]?.int, let mode = item[3]?.int
            else { return nil }
            return TaskFile(name: name, digest: digest, size: size, mode: Int32(clamping: mode))
        }
    }

    private static func object(_ text: String) -> JSONObject {
        (try? JSONValue(parsing: text))?.object ?? JSONObject()
    }
}
