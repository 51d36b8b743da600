import ElvesCore
import HTTPTypes

/// Writes OpenAPI 3.1 from the route table.
enum OpenAPIDocument {
    /// The document of these routes.
    static func make(_ routes: [Route], version: String) -> JSONValue {
        var paths = JSONObject()
        for route in routes {
            var item = paths[route.path]?.object ?? JSONObject()
            item[route.method.rawValue.lowercased()] = operation(route)
            paths[route.path] = .object(item)
        }
        var schemas = JSONObject()
        for schema in SchemaNames.all { schemas[schema.name] = schema.value }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Elves", "version": .string(version),
                "summary": "Run functions of apps on a fleet of machines.",
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "paths": .object(paths),
            "components": ["schemas": .object(schemas), "securitySchemes": securitySchemes],
        ]
    }

    private static func operation(_ route: Route) -> JSONValue {
        let description = route.description
        var operation: JSONObject = [
            "operationId": .string(description.id), "summary": .string(description.summary),
            "tags": [.string(description.tag)],
        ]
        let isForm = if case .form = description.body { true } else { false }
        let parameters =
            pathParameters(route.path)
            + (isForm ? [] : description.query.map { parameter($0, in: "query") })
            + description.headers.map { parameter($0, in: "header") }
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        if let body = description.body { operation["requestBody"] = requestBody(body, description.query) }
        operation["responses"] = responses(description)
        operation["security"] = description.security == .v3 ? [["token": []], ["signature": []]] : []
        return .object(operation)
    }

    private static func pathParameters(_ path: String) -> [JSONValue] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { part in
            ["name": .string(String(part.dropFirst().dropLast())), "in": "path", "required": true, "schema": text]
        }
    }

    private static func parameter(_ parameter: RouteDescription.Parameter, in place: String) -> JSONValue {
        [
            "name": .string(parameter.name), "in": .string(place), "description": .string(parameter.text),
            "required": .bool(parameter.isRequired), "schema": parameter.schema,
        ]
    }

    private static func requestBody(
        _ body: RouteDescription.Body, _ parameters: [RouteDescription.Parameter]
    ) -> JSONValue {
        switch body {
        case .json(let name):
            return content("application/json", SchemaNames.ref(name))
        case .optionalJSON(let name):
            return content("application/json", SchemaNames.ref(name), isRequired: false)
        case .bytes:
            return content("application/octet-stream", ["type": "string", "format": "binary"])
        case .zip:
            return content("application/zip", ["type": "string", "contentMediaType": "application/zip"])
        case .form:
            var properties = JSONObject()
            for parameter in parameters { properties[parameter.name] = parameter.schema }
            let needed = parameters.filter(\.isRequired).map { JSONValue.string($0.name) }
            return content(
                "application/x-www-form-urlencoded",
                ["type": "object", "properties": .object(properties), "required": .array(needed)])
        }
    }

    private static func content(_ type: String, _ schema: JSONValue, isRequired: Bool = true) -> JSONValue {
        var content = JSONObject()
        content[type] = ["schema": schema]
        return ["required": .bool(isRequired), "content": .object(content)]
    }

    private static func responses(_ description: RouteDescription) -> JSONValue {
        var responses = JSONObject()
        for outcome in description.outcomes {
            let schema = outcome.type == "application/json" ? outcome.schema.map(SchemaNames.ref) : self.text
            responses[String(outcome.status)] = response(outcome.text, outcome.type, schema, others: outcome.others)
        }
        if description.security == .v3 {
            responses["default"] = response("What was wrong.", "application/problem+json", SchemaNames.ref("Problem"))
        }
        return .object(responses)
    }

    private static func response(
        _ text: String, _ type: String, _ schema: JSONValue?, others: [String] = []
    ) -> JSONValue {
        var response: JSONObject = [
            "description": .string(text),
            "headers": [
                "Elves-Trace": ["description": "W3C traceparent of the request.", "schema": self.text]
            ],
        ]
        if let schema {
            var content = JSONObject()
            content[type] = ["schema": schema]
            for other in others { content[other] = ["schema": self.text] }
            response["content"] = .object(content)
        }
        return .object(response)
    }

    private static let text: JSONValue = ["type": "string"]

    private static let securitySchemes: JSONValue = [
        "token": ["type": "http", "scheme": "bearer", "description": "The token that a new key was shown with."],
        "signature": [
            "type": "apiKey", "in": "header", "name": "Authorization",
            "description": """
            ELVES-HMAC-SHA256 auth_id=ID, timestamp=UNIX_SECONDS, nonce=TEXT, signature=HEX64; the signature is \
            HMAC-SHA256 of method, path, query, timestamp, nonce and the body's SHA-256, one a line.
            """,
        ],
    ]
}
