package import ElvesClient
internal import ElvesCore
internal import Foundation

/// The value after `--param`.
package enum Parameter {
    /// One `--param` is JSON, `@file`, `-` for standard input, or `name=value`; several are `name=value`.
    ///
    /// A value that reads as JSON without loss (`3`, `true`, `{…}`, `"3"`) is that; any other is text,
    /// so `version=1.10` and `zip=007` stay as they are.
    package static func parse(_ texts: [String], standardInput: () -> [UInt8]) throws -> ElvesClient.JSONValue? {
        guard let first = texts.first else { return nil }
        if texts.count == 1 {
            if first == "-" { return try json(standardInput(), from: "standard input") }
            if first.hasPrefix("@") { return try json(file: String(first.dropFirst())) }
            if let value = try? ElvesClient.JSONValue(parsing: first) { return value }
        }
        var members: [String: ElvesClient.JSONValue] = [:]
        for text in texts {
            let (name, value) = try member(text)
            guard members.updateValue(value, forKey: name) == nil else {
                throw invalid("--param gives \(name) twice")
            }
        }
        return .object(members)
    }

    private static func member(_ text: String) throws -> (String, ElvesClient.JSONValue) {
        guard let equals = text.firstIndex(of: "="), isName(text[..<equals]) else {
            throw invalid(
                "--param \(text) is neither JSON nor name=value",
                hint: #"such as --param name=Ada or --param '{"name": "Ada"}'"#)
        }
        return (String(text[..<equals]), value(String(text[text.index(after: equals)...])))
    }

    private static func isName(_ text: Substring) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isLetter || $0.isNumber || "_-.".contains($0) }
    }

    private static func value(_ text: String) -> ElvesClient.JSONValue {
        guard let parsed = try? ElvesClient.JSONValue(parsing: text) else { return .string(text) }
        switch parsed {
        case .integer, .number: return parsed.text == text ? parsed : .string(text)
        default: return parsed
        }
    }

    private static func json(file path: String) throws -> ElvesClient.JSONValue {
        do {
            return try json(Array(Data(contentsOf: URL(filePath: path))), from: path)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                .cliFileUnreadable, "the parameter file \(path) cannot be read: \(error.localizedDescription)",
                status: .usage)
        }
    }

    private static func json(_ bytes: [UInt8], from source: String) throws -> ElvesClient.JSONValue {
        do {
            return try JSONDecoder().decode(ElvesClient.JSONValue.self, from: Data(bytes))
        } catch {
            throw invalid("the parameter from \(source) is not JSON")
        }
    }

    private static func invalid(_ detail: String, hint: String = "") -> Failure {
        Failure(.cliParamInvalid, detail, hint: hint, status: .usage)
    }
}
