package import ElvesClient

/// A call as a curl command that works when pasted into a shell.
package enum CurlCommand {
    /// The command for a signed request.
    package static func text(_ request: HTTPRequest) -> String {
        var words = ["curl", "-sS"]
        if request.method != "GET" { words += ["-X", request.method] }
        words.append(quoted(request.url))
        for (name, value) in request.headers { words += ["-H", quoted("\(name): \(value)")] }
        if !request.body.isEmpty { words += ["--data-binary", quoted(String(decoding: request.body, as: UTF8.self))] }
        return words.joined(separator: " ")
    }

    /// The text as one word of a POSIX shell.
    package static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: #"'\''"#) + "'" }
}
