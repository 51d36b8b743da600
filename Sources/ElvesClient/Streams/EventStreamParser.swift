/// Takes Server-Sent Events apart (WHATWG HTML, "Server-sent events"), whatever the pieces that they come in.
struct EventStreamParser {
    /// One event.
    struct Message: Sendable, Hashable {
        var name: String
        var data: String
    }

    /// Bytes of one line, at most: the center's are far shorter.
    static let longestLine = 16 << 20

    /// What to name as `Last-Event-ID`; nil before the first.
    private(set) var lastID: String?
    /// The id that counts from the end of the event that names it on.
    private var nextID: String?
    private var rest: [UInt8] = []
    private var name = ""
    private var data: [String] = []
    private var isAfterReturn = false
    private(set) var messages: [Message] = []

    /// Begins behind that event.
    init(after lastID: String? = nil) {
        self.lastID = lastID
        nextID = lastID
    }

    /// Whether a line has grown past any measure.
    var isBroken: Bool { rest.count > Self.longestLine }

    /// Takes the next event off the front.
    mutating func next() -> Message? { messages.isEmpty ? nil : messages.removeFirst() }

    /// Forgets what was begun: the connection ended in the middle of it.
    mutating func reset() {
        nextID = lastID
        rest = []
        name = ""
        data = []
        isAfterReturn = false
    }

    /// Takes in bytes as they come.
    mutating func feed(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            defer { isAfterReturn = byte == UInt8(ascii: "\r") }
            switch byte {
            case UInt8(ascii: "\n") where isAfterReturn: continue
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                let line = String(decoding: rest, as: UTF8.self)
                rest.removeAll(keepingCapacity: true)
                take(line)
            default: rest.append(byte)
            }
        }
    }

    private mutating func take(_ line: String) {
        guard !line.isEmpty else { return dispatch() }
        let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        let field = line[..<colon]
        var value = line[colon...].dropFirst()
        if value.utf8.first == UInt8(ascii: " ") { value = value.dropFirst() }
        switch field {
        case "event": name = String(value)
        case "data": data.append(String(value))
        case "id" where !value.utf8.contains(0): nextID = String(value)
        default: break
        }
    }

    private mutating func dispatch() {
        defer {
            name = ""
            data = []
        }
        lastID = nextID
        guard !data.isEmpty else { return }
        messages.append(Message(name: name.isEmpty ? "message" : name, data: data.joined(separator: "\n")))
    }
}
