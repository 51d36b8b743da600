package import ElvesCore
internal import Glibc
internal import ServiceCore
package import ThriftNIO

/// What an agent is told: flags over environment (`ELVES_AGENT_…`) over a file of `key = value` lines.
package struct AgentConfiguration: Sendable {
    /// A setting: its name and what it is for. The reference in docs/components/agent.md is this list.
    package static let keys: [(name: String, meaning: String)] = [
        ("root", "the agent's folder; everything it keeps is in there"),
        ("name", "the machine's name for people; default: its host name"),
        ("scheduler", "host:port of elves-scheduler"),
        ("heartbeat", "host:port of elves-heartbeat"),
        ("certificate", "PEM file of the agent's certificate chain"),
        ("key", "PEM file of its private key; nobody else may read it"),
        ("authority", "PEM file of the authority that signs the center's certificates"),
        ("labels", "key=value,…: what selectors match"),
        ("python", "interpreter of ELVES 2.0 apps; default: the first of python, python3"),
        ("path", "PATH of workers"),
        ("max_running", "tasks that run at once; default 64"),
        ("max_waiting", "tasks that wait for a place; default 1000"),
        ("default_timeout", "seconds, when neither caller nor manifest says; default 90"),
        ("grace", "seconds between TERM and KILL; default 5"),
        ("journal_bytes", "bytes of results that the center has not recorded, at most; default 67108864"),
        ("umask", "file mode bits that workers' files are made without, in octal; default 022"),
        ("locale", "LANG of workers; default C.UTF-8"),
        ("cgroup", "folder of the version 2 cgroup that workers' groups are made in, or off; default: the agent's own"),
        ("output_bytes", "of a worker's output that are copied for the center, such as 8MiB, the default; 0: none"),
        ("output_total", "bytes of such copies on this machine; default 256MiB"),
        ("end_bytes", "of tasks' ends on disk that no agent has taken, such as 1GiB, the default; 0: in memory only"),
        ("memory_handback", "on or off: whether idle processes give memory back; default on"),
        ("log_level", "trace, debug, info, notice, warning, error; default info"),
        ("log_format", "text or json; default: text on a terminal"),
    ]

    package var root: String
    package var name: String
    package var scheduler: ThriftAddress
    package var heartbeat: ThriftAddress
    package var certificate: String
    package var key: String
    package var authority: String
    package var labels: [String: String]
    package var python: String?
    package var path: String
    package var maxRunning: Int
    package var maxWaiting: Int
    package var defaultTimeout: Duration
    package var grace: Duration
    package var journalBytes: Int
    package var umask: UInt32
    package var locale: String
    /// nil: below the agent's own group; `off`, or the folder of a group.
    package var cgroup: String?
    package var outputBytes: Int64
    package var outputTotal: Int64
    /// nil: as the runner has it.
    package var endBytes: Int64?
    package var handsBackMemory: Bool
    package var logLevel: String
    package var logFormat: String?

    /// Reads settings that were merged by `Settings`.
    package init(_ settings: Settings) throws(ElvesError) {
        root = try settings.absolute("root")
        name = settings["name"] ?? MachineFacts.hostname
        scheduler = try settings.address("scheduler")
        heartbeat = try settings.address("heartbeat")
        certificate = try settings.absolute("certificate")
        key = try settings.absolute("key")
        authority = try settings.absolute("authority")
        labels = try settings.pairs("labels")
        python = settings["python"]
        path = settings["path"] ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        maxRunning = try settings.number("max_running", 1...100_000) ?? 64
        maxWaiting = try settings.number("max_waiting", 0...1_000_000) ?? 1000
        defaultTimeout = .seconds(try settings.number("default_timeout", 1...86_400) ?? 90)
        grace = try settings.number("grace", 0...3600).map { .seconds($0) } ?? OrderHook.Settings().grace
        journalBytes = try settings.number("journal_bytes", 1 << 20...1 << 40) ?? 64 << 20
        umask = try settings.octal("umask", 0...0o777) ?? OrderHook.Settings().umask
        locale = try settings.name("locale") ?? OrderHook.Settings().locale
        cgroup = try settings.pathOrOff("cgroup")
        outputBytes = try settings.size("output_bytes") ?? 8 << 20
        outputTotal = try settings.size("output_total") ?? 256 << 20
        endBytes = try settings.size("end_bytes")
        handsBackMemory = try settings.word("memory_handback", ["on", "off"]) != "off"
        logLevel = try settings.word("log_level", ["trace", "debug", "info", "notice", "warning", "error"]) ?? "info"
        logFormat = try settings.word("log_format", ["text", "json"])
    }
}
