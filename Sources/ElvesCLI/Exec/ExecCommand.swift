package import ArgumentParser
internal import ElvesClient
internal import Foundation

/// `elves exec`.
package struct ExecCommand: AsyncParsableCommand {
    /// What help says.
    package static let configuration = CommandConfiguration(
        commandName: "exec", abstract: "Run a function of an app on agents and show how it ended.",
        discussion: """
            TARGETS is an ip, a name, a comma list of them, a label selector such as
            'zone=bj,role in (web,api),!canary', @file with one target a line, or '*'.

              elves exec hello greet --on 127.0.0.1 --param name=Ada
              elves exec nginx reload --on zone=bj,role=web --exclude web-07 --timeout 30
              elves exec nginx version --on '*' --json | jq .result
              elves exec nginx deploy --on role=web --file ./nginx.conf --follow
              elves exec backup run --on db-1 --async --start-by 2h --label a=b

            --follow shows what workers write as they write it: `web-1 | …` what web-1 wrote to standard \
            output, `web-1 ! …` to standard error; of one target alone as it is. Ctrl-C then says how to \
            stop what goes on; a second one leaves.

            Exit codes: 0 all succeeded, 1 some failed, 2 wrong use, 3 unreachable or unknown, 4 denied.
            """)

    @Argument(help: "The app.") var app: String?
    @Argument(help: "The function.") var function: String?
    @Option(help: ArgumentHelp("Where to run it.", valueName: "TARGETS")) var on: String?
    @Option(help: ArgumentHelp("Where not to run it, in the same words.", valueName: "TARGETS"))
    var exclude: String?
    @Option(
        help: ArgumentHelp(
            "JSON, name=value (repeatable), @file, or - for standard input.", valueName: "PARAM"))
    var param: [String] = []
    @Option(help: ArgumentHelp("Seconds a worker may run; without it the app's own.", valueName: "S"))
    var timeout: Double?
    @Option(help: ArgumentHelp("Agents at once, at most.", valueName: "N")) var concurrency: Int?
    @Flag(inversion: .prefixedNo, help: "Wait for the ends, or only print the id.") var wait = true
    @Flag(name: .customLong("async"), help: "Do not wait: print the id and end. The same as --no-wait.")
    var isAsync = false
    @Flag(help: "Show what the workers write as they write it, of at most 256 targets.") var follow = false
    @Flag(help: "With --follow: the first Ctrl-C stops what runs.")
    var killOnInterrupt = false
    @OptionGroup var call: CallOptions
    @Flag(help: "Print the request as a signed curl command and send nothing.") var curl = false
    @Flag(name: .shortAndLong, help: "Do not ask, however many targets.") var yes = false
    @Option(
        help: ArgumentHelp("Run a batch again where it did not succeed.", valueName: "BATCH"))
    var retryFailed: String?
    @OptionGroup var output: JSONOption
    @OptionGroup var place: CenterOptions

    /// No arguments.
    package init() {}

    /// Checks what the parser cannot.
    package func validate() throws {
        if retryFailed == nil {
            guard app != nil, function != nil else { throw ValidationError("Give an app and a function of it.") }
            guard on != nil else { throw ValidationError("Give targets: --on TARGETS.") }
        } else {
            guard app == nil, function == nil, on == nil, param.isEmpty else {
                throw ValidationError("--retry-failed takes app, function, targets and param from the batch.")
            }
            if curl { throw ValidationError("--curl shows one request; --retry-failed needs several.") }
            guard call.isEmpty else {
                throw ValidationError(
                    "--retry-failed takes \(CallOptions.names) from the batch, as far as it had them.")
            }
        }
        if follow, isAsync || !wait { throw ValidationError("--follow waits for the ends: leave --async out.") }
        if killOnInterrupt, !follow { throw ValidationError("--kill-on-interrupt goes with --follow.") }
        if curl, !call.file.isEmpty { throw ValidationError("--curl sends nothing, so it cannot upload a --file.") }
        try call.validate()
        if let timeout, !(timeout >= 0 && timeout < 1e9) { throw ValidationError("--timeout is seconds, 0 or more.") }
        if let concurrency, concurrency < 1 { throw ValidationError("--concurrency is 1 or more.") }
    }

    /// Runs it.
    package func run() async throws {
        let context = CommandContext.current
        let (center, settings) = try place.connect()
        let run = ExecRun(
            context: context, center: center, json: output.json, wait: wait && !isAsync, yes: yes,
            follow: follow, killOnInterrupt: killOnInterrupt)
        let status: CommandStatus
        if let retryFailed {
            status = try await run.retry(batch: retryFailed, timeout: timeout, concurrency: concurrency)
        } else {
            var request = try request(context)
            if curl { return try printCurl(request, settings, context) }
            request.files = try await call.provideFiles(to: center)
            status = try await run.start(request)
        }
        if status != .success { throw status }
    }

    private func request(_ context: CommandContext) throws -> ExecRequest {
        ExecRequest(
            app: app ?? "", function: function ?? "", targets: try TargetText.expand(on ?? ""),
            exclude: try exclude.map(TargetText.expand),
            param: try Parameter.parse(param) { context.terminal.readAll() }, timeout: timeout,
            concurrency: concurrency, labels: try call.labels(), startBy: try call.startBySeconds(),
            retries: call.retryRule, maxFailures: try call.failureLimit())
    }

    private func printCurl(_ request: ExecRequest, _ settings: Settings, _ context: CommandContext) throws {
        let signer = ElvesCenter(url: settings.url, credentials: settings.signing ?? settings.credentials)
        let call =
            request.isSingle
            ? try ElvesCenter.creating(request.task, wait: .seconds(60)) : try ElvesCenter.creating(request.batch)
        context.terminal.print(CurlCommand.text(signer.signed(call)))
        if settings.signing != nil {
            context.terminal.note("Signed now: good for one call within 3 minutes.")
        } else {
            context.terminal.note("No secret is known here, so this carries the bearer token: keep it to yourself.")
        }
    }
}
