/// What the REST API refuses before anyone else is asked.
extension ErrorCode {
    /// No credentials.
    package static let openapiAuthMissing = ErrorCode(
        "openapi.auth.missing", "No credentials", 401, .caller, elves2: .missingSignParam,
        hint: "Send a bearer token, or sign the request: docs/reference/rest.md.")
    /// Credentials that cannot be read.
    package static let openapiAuthMalformed = ErrorCode(
        "openapi.auth.malformed", "Credentials that cannot be read", 401, .caller, elves2: .authIdIllegal,
        hint: "Check the form of the Authorization header: docs/reference/rest.md.")
    /// Unknown signature type.
    package static let openapiAuthSignType = ErrorCode(
        "openapi.auth.signType", "Unknown signature type", 401, .caller, elves2: .signType,
        hint: "Use HMAC-SHA256, or MD5 with a key made for it.")
    /// The key does not accept MD5.
    package static let openapiAuthLegacy = ErrorCode(
        "openapi.auth.legacy", "The key does not accept MD5", 401, .caller, elves2: .signType,
        hint: "Sign with HMAC-SHA256, or make a key with legacy_md5.")
    /// A signature of the wrong length.
    package static let openapiAuthSignLength = ErrorCode(
        "openapi.auth.signLength", "A signature of the wrong length", 401, .caller, elves2: .signLength,
        hint: "MD5 has 32 hex digits, HMAC-SHA256 has 64.")
    /// Wrong signature.
    package static let openapiAuthSignature = ErrorCode(
        "openapi.auth.signature", "Wrong signature", 401, .caller, elves2: .signError,
        hint: "Compare the signed text and the secret: elves exec --curl prints a right one.")
    /// A nonce that was used before.
    package static let openapiAuthNonceRepeated = ErrorCode(
        "openapi.auth.nonceRepeated", "A nonce that was used before", 401, .caller, elves2: .signError,
        hint: "Make a new nonce, and a new signature, for every call.")
    /// The key requires a nonce.
    package static let openapiAuthNonceMissing = ErrorCode(
        "openapi.auth.nonceMissing", "The key requires a nonce", 401, .caller, elves2: .missingSignParam,
        hint: "Add a nonce parameter of random text, and sign it too.")
    /// A nonce from before the start.
    package static let openapiAuthNonceForgotten = ErrorCode(
        "openapi.auth.nonceForgotten", "A nonce from before the start", 401, .caller, elves2: .signTimeout,
        hint: "Sign the call again with the time of now: earlier nonces are not remembered.")
    /// A timestamp that is no number.
    package static let openapiAuthTimestamp = ErrorCode(
        "openapi.auth.timestamp", "A timestamp that is no number", 401, .caller, elves2: .timestamp,
        hint: "Send Unix seconds, as `date +%s` prints them.")
    /// A timestamp outside the window.
    package static let openapiAuthWindow = ErrorCode(
        "openapi.auth.window", "A timestamp outside the window", 401, .caller, elves2: .signTimeout,
        hint: "Set the clock: it must be within 180 s of the server's.")
    /// Unknown key.
    package static let openapiAuthKeyUnknown = ErrorCode(
        "openapi.auth.keyUnknown", "Unknown key", 401, .caller, elves2: .authIdNotFound,
        hint: "Check auth_id: elves key list shows the keys.")
    /// The key was revoked.
    package static let openapiAuthKeyRevoked = ErrorCode(
        "openapi.auth.keyRevoked", "The key was revoked", 401, .caller, elves2: .authIdNotFound,
        hint: "Ask for a new key: elves key create.")
    /// Unknown token.
    package static let openapiAuthToken = ErrorCode(
        "openapi.auth.token", "Unknown token", 401, .caller, elves2: .authIdNotFound,
        hint: "Check the token; it was shown once, when the key was made.")
    /// The key has no right to this.
    package static let openapiAuthDenied = ErrorCode(
        "openapi.auth.denied", "The key has no right to this", 403, .caller, elves2: .permissionDenied,
        hint: "Use a key whose scope covers it: elves key create.")
    /// Only an admin key may do this.
    package static let openapiAuthAdminOnly = ErrorCode(
        "openapi.auth.adminOnly", "Only an admin key may do this", 403, .caller, elves2: .permissionDenied,
        hint: "Use a key made with --admin.")
    /// The keys could not be refreshed for too long.
    package static let openapiAuthKeysStale = ErrorCode(
        "openapi.auth.keysStale", "The keys could not be refreshed for too long", 503, .operator, retryable: true,
        hint: "The supervisor has been out of reach for 10 minutes: start it, or mend the link.")
    /// The supervisor is not enabled.
    package static let openapiModuleSupervisor = ErrorCode(
        "openapi.module.supervisor", "The supervisor is not enabled", 501, .operator, elves2: .noSupervisor,
        hint: "Start elves-supervisor and name it in the configuration of openapi.")
    /// Cron is not enabled.
    package static let openapiModuleCron = ErrorCode(
        "openapi.module.cron", "Cron is not enabled", 501, .operator, elves2: .noCron,
        hint: "Start elves-cron and name it in the configuration of openapi.")
    /// Queues are not enabled.
    package static let openapiModuleQueue = ErrorCode(
        "openapi.module.queue", "Queues are not enabled", 501, .operator, elves2: .noQueue,
        hint: "Start elves-queue and name it in the configuration of openapi.")
    /// The scheduler is not enabled.
    package static let openapiModuleScheduler = ErrorCode(
        "openapi.module.scheduler", "The scheduler is not enabled", 501, .operator, elves2: .sendFailed,
        hint: "Start elves-scheduler and name it in the configuration of openapi.")
    /// Heartbeat is not enabled.
    package static let openapiModuleHeartbeat = ErrorCode(
        "openapi.module.heartbeat", "Heartbeat is not enabled", 501, .operator, elves2: .agentNotFound,
        hint: "Start elves-heartbeat and name it in the configuration of openapi.")
    /// The parameter ip is missing or wrong.
    package static let openapiRequestIp = ErrorCode(
        "openapi.request.ip", "The parameter ip is missing or wrong", 400, .caller, elves2: .ip,
        hint: "Give the ip of an agent that the key may reach.")
    /// The parameter param is not JSON.
    package static let openapiRequestParam = ErrorCode(
        "openapi.request.param", "The parameter param is not JSON", 400, .caller, elves2: .param,
        hint: "Give JSON text, such as {\"name\":\"Ada\"}, or leave it out.")
    /// The parameter app is missing or wrong.
    package static let openapiRequestApp = ErrorCode(
        "openapi.request.app", "The parameter app is missing or wrong", 400, .caller, elves2: .app,
        hint: "Give the name of an app: letters, digits, - and _.")
    /// The parameter mode is wrong.
    package static let openapiRequestMode = ErrorCode(
        "openapi.request.mode", "The parameter mode is wrong", 400, .caller, elves2: .mode,
        hint: "Use P or NP.")
    /// The parameter rule is missing or wrong.
    package static let openapiRequestRule = ErrorCode(
        "openapi.request.rule", "The parameter rule is missing or wrong", 400, .caller, elves2: .rule,
        hint: "Give a Quartz cron rule, such as 0 0/5 * * * ?.")
    /// The parameter queue_id is missing or wrong.
    package static let openapiRequestQueueId = ErrorCode(
        "openapi.request.queueId", "The parameter queue_id is missing or wrong", 400, .caller, elves2: .queueId,
        hint: "Give the id that queue/create answered.")
    /// The parameter func is missing or wrong.
    package static let openapiRequestFunction = ErrorCode(
        "openapi.request.function", "The parameter func is missing or wrong", 400, .caller, elves2: .function,
        hint: "Give the name of a function of the app.")
    /// The parameter timeout is not a number.
    package static let openapiRequestTimeout = ErrorCode(
        "openapi.request.timeout", "The parameter timeout is not a number", 400, .caller, elves2: .timeout,
        hint: "Give whole seconds, 0 or more.")
    /// The parameter cron_id is missing or wrong.
    package static let openapiRequestCronId = ErrorCode(
        "openapi.request.cronId", "The parameter cron_id is missing or wrong", 400, .caller, elves2: .cronId,
        hint: "Give the 16 digits that cron/add answered.")
    /// A request body that cannot be read.
    package static let openapiRequestMalformed = ErrorCode(
        "openapi.request.malformed", "A request body that cannot be read", 400, .caller, elves2: .param,
        hint: "Send one JSON object in UTF-8.")
    /// A field is missing or wrong.
    package static let openapiRequestField = ErrorCode(
        "openapi.request.field", "A field is missing or wrong", 400, .caller, elves2: .param,
        hint: "Correct the named field: docs/reference/rest.md.")
    /// A query parameter is wrong.
    package static let openapiRequestQuery = ErrorCode(
        "openapi.request.query", "A query parameter is wrong", 400, .caller, elves2: .param,
        hint: "Correct the named parameter: docs/reference/rest.md.")
    /// A body of an unknown kind.
    package static let openapiRequestMediaType = ErrorCode(
        "openapi.request.mediaType", "A body of an unknown kind", 415, .caller,
        hint: "Send application/json; packages are application/zip.")
    /// A request body over the limit.
    package static let openapiRequestTooLong = ErrorCode(
        "openapi.request.tooLong", "A request body over the limit", 413, .caller, elves2: .param,
        hint: "A body holds at most 4 MiB, a package 256 MiB.")
    /// Too many parameters.
    package static let openapiRequestParameters = ErrorCode(
        "openapi.request.parameters", "Too many parameters", 413, .caller, elves2: .param,
        hint: "A query and a form hold at most 1,000 parameters together; put data into param.")
    /// A signed package without its digest.
    package static let openapiRequestDigestMissing = ErrorCode(
        "openapi.request.digestMissing", "A signed package without its digest", 400, .caller,
        hint: "Send Content-Digest: sha-256=:BASE64: with a package over 4 MiB, or use a bearer token.")
    /// The body is not what its digest says.
    package static let openapiRequestDigestWrong = ErrorCode(
        "openapi.request.digestWrong", "The body is not what its digest says", 400, .caller,
        hint: "Compute Content-Digest over the bytes that are sent: sha-256=:BASE64:.")
    /// A param over the limit.
    package static let openapiRequestParamTooLong = ErrorCode(
        "openapi.request.paramTooLong", "A param over the limit", 413, .caller, elves2: .param,
        hint: "A param holds at most 1 MiB: put large data where the app can fetch it.")
    /// Request headers over the limit.
    package static let openapiRequestHeadTooLong = ErrorCode(
        "openapi.request.headTooLong", "Request headers over the limit", 431, .caller,
        hint: "Send shorter headers and a shorter path.")
    /// The request came too slowly.
    package static let openapiRequestSlow = ErrorCode(
        "openapi.request.slow", "The request came too slowly", 408, .caller, retryable: true,
        hint: "Send the whole request at once.")
    /// The param does not fit the function.
    package static let openapiRequestParamSchema = ErrorCode(
        "openapi.request.paramSchema", "The param does not fit the function", 422, .caller, elves2: .param,
        hint: "Compare it with the function's parameters: elves app list APP.")
    /// No such path.
    package static let openapiRouteUnknown = ErrorCode(
        "openapi.route.unknown", "No such path", 404, .caller,
        hint: "See docs/reference/rest.md, or /openapi.json.")
    /// The path does not take that method.
    package static let openapiRouteMethod = ErrorCode(
        "openapi.route.method", "The path does not take that method", 405, .caller,
        hint: "Use a method that the Allow header names.")
    /// Unknown app.
    package static let openapiAppUnknown = ErrorCode(
        "openapi.app.unknown", "Unknown app", 404, .caller, elves2: .appNotFound,
        hint: "Try: elves app list.")
    /// Unknown function.
    package static let openapiFunctionUnknown = ErrorCode(
        "openapi.function.unknown", "Unknown function", 404, .caller, elves2: .function,
        hint: "The app's manifest names its functions: elves app list APP.")
    /// Unknown agent.
    package static let openapiAgentUnknown = ErrorCode(
        "openapi.agent.unknown", "Unknown agent", 404, .caller, elves2: .agentNotFound,
        hint: "Try: elves agents.")
    /// The targets hit no agent.
    package static let openapiTargetNone = ErrorCode(
        "openapi.target.none", "The targets hit no agent", 404, .caller, elves2: .ip,
        hint: "Try the selector with: elves agents --on TARGETS.")
    /// A task runs on exactly one agent.
    package static let openapiTargetSeveral = ErrorCode(
        "openapi.target.several", "A task runs on exactly one agent", 400, .caller, elves2: .ip,
        hint: "Name one agent, or create a batch.")
    /// An idempotency key that was used for another request.
    package static let openapiIdempotencyConflict = ErrorCode(
        "openapi.idempotency.conflict", "An idempotency key that was used for another request", 409, .caller,
        hint: "Use a new key for a new request.")
    /// The first request with this key is still running.
    package static let openapiIdempotencyRunning = ErrorCode(
        "openapi.idempotency.running", "The first request with this key is still running",
        409, .caller, retryable: true,
        hint: "Wait, and send the same request again.")
    /// An idempotency key that cannot be used.
    package static let openapiIdempotencyInvalid = ErrorCode(
        "openapi.idempotency.invalid", "An idempotency key that cannot be used", 400, .caller,
        hint: "Use 1 to 255 printable ASCII characters.")
    /// Too many connections.
    package static let openapiConnectionsFull = ErrorCode(
        "openapi.connections.full", "Too many connections", 503, .operator, retryable: true,
        hint: "Close idle connections, or raise the limit.")
    /// Too many calls with this key.
    package static let openapiRate = ErrorCode(
        "openapi.rate", "Too many calls with this key", 429, .caller, retryable: true,
        hint: "Wait as long as Retry-After says.")

    static let openapi: [ErrorCode] = [
        openapiAuthMissing, openapiAuthMalformed, openapiAuthSignType, openapiAuthLegacy, openapiAuthSignLength,
        openapiAuthSignature, openapiAuthNonceRepeated, openapiAuthNonceMissing, openapiAuthNonceForgotten,
        openapiAuthTimestamp, openapiAuthWindow, openapiAuthKeyUnknown, openapiAuthKeyRevoked, openapiAuthToken,
        openapiAuthDenied, openapiAuthAdminOnly, openapiAuthKeysStale, openapiModuleSupervisor, openapiModuleCron,
        openapiModuleQueue, openapiModuleScheduler, openapiModuleHeartbeat, openapiRequestIp, openapiRequestParam,
        openapiRequestApp, openapiRequestMode, openapiRequestRule, openapiRequestQueueId, openapiRequestFunction,
        openapiRequestTimeout, openapiRequestCronId, openapiRequestMalformed, openapiRequestField, openapiRequestQuery,
        openapiRequestMediaType, openapiRequestTooLong, openapiRequestParameters, openapiRequestDigestMissing,
        openapiRequestDigestWrong, openapiRequestParamTooLong, openapiRequestHeadTooLong, openapiRequestSlow,
        openapiRequestParamSchema, openapiRouteUnknown, openapiRouteMethod, openapiAppUnknown, openapiFunctionUnknown,
        openapiAgentUnknown, openapiTargetNone, openapiTargetSeveral, openapiIdempotencyConflict,
        openapiIdempotencyRunning, openapiIdempotencyInvalid, openapiConnectionsFull, openapiRate,
    ]
}
