import ElvesCore
import NIOCore

/// The members of a JSON body. Unknown ones are refused; a member that is `null` counts as absent.
struct Fields: Sendable {
    private let object: JSONObject
    /// What stands before a name in errors, such as `retries.`.
    private var path = ""

    /// - Parameter isOptional: whether no body at all is an empty object.
    init(_ body: ByteBuffer, known: [String], isOptional: Bool = false) throws(ElvesError) {
        if isOptional, body.readableBytes == 0 {
            try self.init(JSONObject(), known: known)
            return
        }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: Array(body.readableBytesView))
        } catch {
            throw ElvesError(.elvesJsonInvalid, error)
        }
        guard let object = value.object else {
            throw ElvesError(.openapiRequestMalformed, "the body is a JSON \(value.kind), not an object")
        }
        try self.init(object, known: known)
    }

    /// - Parameter path: how the object is called in errors; empty for the body itself.
    private init(_ object: JSONObject, known: [String], path: String = "") throws(ElvesError) {
        self.object = object
        self.path = path
        if let stranger = object.first(where: { !known.contains($0.name) })?.name {
            let near = Suggestion.phrase(for: stranger, in: known)
            let all = "; there are: \(known.joined(separator: ", "))"
            throw wrong(stranger, "there is no field \"\(path + stranger)\"\(near.isEmpty ? all : near)")
        }
    }

    /// Any value; nil only when the member is absent.
    func value(_ name: String) -> JSONValue? { object[name] }

    /// A text; nil when absent.
    func text(_ name: String) throws(ElvesError) -> String? {
        guard let value = present(name) else { return nil }
        guard let text = value.string else { throw kind(name, "a string", value) }
        return text
    }

    /// A text that must be there and not be empty.
    func required(_ name: String) throws(ElvesError) -> String {
        guard let text = try text(name), !text.isEmpty else {
            throw wrong(name, "field \"\(path + name)\" is needed")
        }
        return text
    }

    /// A truth value; false when absent.
    func flag(_ name: String) throws(ElvesError) -> Bool {
        guard let value = present(name) else { return false }
        guard let flag = value.bool else { throw kind(name, "true or false", value) }
        return flag
    }

    /// A whole number within the range; nil when absent.
    func int(_ name: String, in range: ClosedRange<Int64>) throws(ElvesError) -> Int64? {
        guard let value = present(name) else { return nil }
        guard let number = value.int, range.contains(number) else {
            throw kind(name, "a whole number from \(range.lowerBound) to \(range.upperBound)", value)
        }
        return number
    }

    /// Seconds as milliseconds; nil when absent.
    /// - Parameter zero: what 0 means.
    func milliseconds(_ name: String, zero: String = "no limit") throws(ElvesError) -> Int64? {
        guard let value = present(name) else { return nil }
        guard let seconds = value.double, seconds >= 0, seconds <= 31 * 86_400 else {
            throw kind(name, "seconds from 0 (\(zero)) to 2678400 (31 days)", value)
        }
        return Int64((seconds * 1000).rounded())
    }

    /// A list of texts; empty when absent.
    func texts(_ name: String) throws(ElvesError) -> [String] {
        guard let value = present(name) else { return [] }
        let texts = value.array?.compactMap(\.string) ?? []
        guard let elements = value.array, elements.count == texts.count, !texts.contains("") else {
            throw kind(name, "a list of texts", value)
        }
        return texts
    }

    /// Names and texts; empty when absent.
    func map(_ name: String) throws(ElvesError) -> [String: String] {
        guard let value = present(name) else { return [:] }
        guard let object = value.object else { throw kind(name, "an object of texts", value) }
        guard object.count <= 32 else { throw wrong(name, "field \"\(name)\" has more than 32 members") }
        var map: [String: String] = [:]
        for member in object {
            guard let text = member.value.string, !member.name.isEmpty, member.name.utf8.count <= 63,
                text.utf8.count <= 256
            else {
                throw wrong(
                    name, "\"\(name)\" holds names of 1 to 63 bytes and texts of at most 256: see \"\(member.name)\"")
            }
            map[member.name] = text
        }
        return map
    }

    /// The members of an object; nil when absent.
    func fields(_ name: String, known: [String]) throws(ElvesError) -> Fields? {
        guard let value = present(name) else { return nil }
        guard let object = value.object else { throw kind(name, "an object", value) }
        return try Fields(object, known: known, path: "\(path)\(name).")
    }

    /// A list of objects; empty when absent.
    func list(_ name: String, atMost limit: Int, known: [String]) throws(ElvesError) -> [Fields] {
        guard let value = present(name) else { return [] }
        guard let elements = value.array else { throw kind(name, "a list of objects", value) }
        guard elements.count <= limit else {
            throw wrong(name, "field \"\(path + name)\" has \(elements.count) members; at most \(limit) are taken")
        }
        var list: [Fields] = []
        for (place, element) in elements.enumerated() {
            guard let object = element.object else { throw kind("\(name)[\(place)]", "an object", element) }
            list.append(try Fields(object, known: known, path: "\(path)\(name)[\(place)]."))
        }
        return list
    }

    private func present(_ name: String) -> JSONValue? {
        guard let value = object[name], !value.isNull else { return nil }
        return value
    }

    /// What an error says of a value that is not of the wanted kind.
    func kind(_ name: String, _ wanted: String, _ value: JSONValue) -> ElvesError {
        let found = value.array != nil || value.object != nil ? "a JSON \(value.kind)" : "\(value)"
        return wrong(name, "field \"\(path + name)\" is \(wanted), not \(found.prefix(80))")
    }

    func wrong(_ name: String, _ message: String) -> ElvesError {
        ElvesError(.openapiRequestField, message, details: ["field": path + name])
    }
}
