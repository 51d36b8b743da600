/// The command line and `elves up`.
extension ErrorCode {
    /// Wrong use of a command.
    package static let cliUsage = ErrorCode(
        "cli.usage", "Wrong use of a command", 400, .caller,
        hint: "Try the command with --help.")
    /// No center is named.
    package static let cliUrlMissing = ErrorCode(
        "cli.url.missing", "No center is named", 400, .caller,
        hint: "Run elves up, or set ELVES_URL and ELVES_TOKEN.")
    /// No credentials.
    package static let cliCredentialsMissing = ErrorCode(
        "cli.credentials.missing", "No credentials", 401, .caller,
        hint: "Point --data at the folder of elves up, or set ELVES_TOKEN.")
    /// Credentials that cannot be read.
    package static let cliCredentialsUnreadable = ErrorCode(
        "cli.credentials.unreadable", "Credentials that cannot be read", 401, .caller,
        hint: "Check the file's form and owner; elves up writes it anew.")
    /// A configuration file that cannot be read.
    package static let cliConfigInvalid = ErrorCode(
        "cli.config.invalid", "A configuration file that cannot be read", 400, .caller,
        hint: "Correct the named line.")
    /// The center cannot be reached.
    package static let cliCenterUnreachable = ErrorCode(
        "cli.center.unreachable", "The center cannot be reached", 503, .operator, retryable: true,
        hint: "Check the url and that elves up runs: elves doctor.")
    /// An answer that makes no sense.
    package static let cliCenterAnswer = ErrorCode(
        "cli.center.answer", "An answer that makes no sense", 502, .elves,
        hint: "Compare the versions: elves version.")
    /// Many targets need a yes.
    package static let cliConfirmNeeded = ErrorCode(
        "cli.confirm.needed", "Many targets need a yes", 400, .caller,
        hint: "Look at them with elves agents --on TARGETS, then add --yes.")
    /// Stopped at your word.
    package static let cliConfirmRefused = ErrorCode(
        "cli.confirm.refused", "Stopped at your word", 400, .caller,
        hint: "Nothing was run.")
    /// A parameter that cannot be read.
    package static let cliParamInvalid = ErrorCode(
        "cli.param.invalid", "A parameter that cannot be read", 400, .caller,
        hint: "Use JSON, k=v, @file or - for standard input.")
    /// A file cannot be read.
    package static let cliFileUnreadable = ErrorCode(
        "cli.file.unreadable", "A file cannot be read", 400, .caller,
        hint: "Check the path and its permissions.")
    /// The file or folder is already there.
    package static let cliFileExists = ErrorCode(
        "cli.file.exists", "The file or folder is already there", 409, .caller,
        hint: "Choose another name, or remove it first.")
    /// Not an app's folder.
    package static let cliAppFolder = ErrorCode(
        "cli.app.folder", "Not an app's folder", 400, .caller,
        hint: "Name a folder with an app.yaml: elves app new NAME makes one.")
    /// No template in that language.
    package static let cliAppLanguage = ErrorCode(
        "cli.app.language", "No template in that language", 400, .caller,
        hint: "Use python, shell or swift.")
    /// The batch still runs.
    package static let cliBatchRunning = ErrorCode(
        "cli.batch.running", "The batch still runs", 409, .caller, retryable: true,
        hint: "Wait for its end, then retry what failed.")
    /// Nothing to retry.
    package static let cliBatchNothing = ErrorCode(
        "cli.batch.nothing", "Nothing to retry", 409, .caller,
        hint: "Every target of the batch succeeded.")
    /// The port is in use.
    package static let cliUpPort = ErrorCode(
        "cli.up.port", "The port is in use", 409, .operator,
        hint: "Choose another with --port, or stop what listens there.")
    /// A local address cannot be used.
    package static let cliUpAddress = ErrorCode(
        "cli.up.address", "A local address cannot be used", 500, .operator,
        hint: "elves up needs 127.0.0.1 and following on the loopback interface.")
    /// The data folder is in use.
    package static let cliUpRunning = ErrorCode(
        "cli.up.running", "The data folder is in use", 409, .operator,
        hint: "Another elves up runs there: stop it, or choose another --data.")
    /// A program is missing.
    package static let cliUpProgram = ErrorCode(
        "cli.up.program", "A program is missing", 500, .operator,
        hint: "Build or install all executables beside elves.")
    /// A component does not start.
    package static let cliUpComponent = ErrorCode(
        "cli.up.component", "A component does not start", 500, .operator, retryable: true,
        hint: "Its log in the data folder says why.")

    static let cli: [ErrorCode] = [
        cliUsage, cliUrlMissing, cliCredentialsMissing, cliCredentialsUnreadable, cliConfigInvalid,
        cliCenterUnreachable, cliCenterAnswer, cliConfirmNeeded, cliConfirmRefused, cliParamInvalid,
        cliFileUnreadable, cliFileExists, cliAppFolder, cliAppLanguage, cliBatchRunning, cliBatchNothing, cliUpPort,
        cliUpAddress,
        cliUpRunning, cliUpProgram, cliUpComponent,
    ]
}
