/// The body of every `/api/v2` answer: `{"flag":"true"|"false","error":"","result":…}`.
package enum Elves2Envelope {
    /// A call that worked; without a value the key `result` is absent.
    package static func success(_ result: JSONValue? = nil) -> JSONValue {
        var body: JSONObject = ["flag": "true", "error": ""]
        body["result"] = result
        return .object(body)
    }

    /// A call that failed; `error` is `[CODE]Text`.
    package static func failure(_ error: String) -> JSONValue {
        ["flag": "false", "error": .string(error)]
    }

    /// A call that failed, by the registry.
    package static func failure(_ error: ElvesError) -> JSONValue {
        failure(error.code.elves2.envelope)
    }
}
