import ElvesCore
import HTTPTypes
import Hummingbird

/// What `/openapi.json` says of a route.
struct RouteDescription: Sendable {
    /// How a route is protected.
    enum Security: Sendable {
        case none, v2, v3
    }

    /// A parameter in the query, the form or the header; those in the path follow from the path.
    struct Parameter: Sendable {
        let name: String
        let text: String
        var schema: JSONValue = ["type": "string"]
        var isRequired = false
        /// Whether it may be given several times; its schema is then an array's.
        var isRepeatable = false
    }

    /// What a route takes as its body.
    enum Body: Sendable {
        /// JSON of a named schema.
        case json(String)
        /// JSON of a named schema, or nothing.
        case optionalJSON(String)
        /// A package.
        case zip
        /// A file's bytes.
        case bytes
        /// The query's parameters, as a form.
        case form
    }

    /// One answer.
    struct Outcome: Sendable {
        let status: Int
        let text: String
        /// Name of the schema of its JSON; nil without a body.
        var schema: String?
        /// Its media type; one that is not JSON has no schema.
        var type = "application/json"
        /// Media types that the same answer can have instead, each a text.
        var others: [String] = []
    }

    /// The operation's id.
    var id: String
    let tag: String
    let summary: String
    var security = Security.v3
    var query: [Parameter] = []
    var headers: [Parameter] = []
    var body: Body?
    var outcomes: [Outcome]
}

/// One call of the edge: what it is and what it does.
struct Route: Sendable {
    let method: HTTPRequest.Method
    /// With `{name}` for parts that vary.
    let path: String
    let description: RouteDescription
    /// Whether its requests count among those served at once; health is told however many there are.
    var isBounded = true
    let handle: @Sendable (Request, EdgeContext) async throws -> Response

    /// Whether a request's path is of this route, whatever the method.
    func takes(_ path: String) -> Bool {
        let ours = self.path.split(separator: "/")
        let theirs = path.split(separator: "/")
        return ours.count == theirs.count && zip(ours, theirs).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
}
