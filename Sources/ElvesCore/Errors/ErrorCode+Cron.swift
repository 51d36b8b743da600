/// Schedules.
extension ErrorCode {
    /// Unknown cron job.
    package static let cronUnknown = ErrorCode(
        "cron.unknown", "Unknown cron job", 404, .caller, elves2: .cronNotFound,
        hint: "Check the id that cron/add answered.")

    static let cron: [ErrorCode] = [cronUnknown]
}
