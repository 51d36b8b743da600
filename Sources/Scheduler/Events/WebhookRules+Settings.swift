/// Rules as an operator sets them.
extension WebhookRules {
    /// The defaults, and over them what is set.
    package init(number: SchedulerLimits.Number) throws {
        self.init()
        tries = try number("webhooks.tries", tries, 1...1_000)
        patienceMs = 3_600_000 * Int64(try number("webhooks.hours", 24, 1...720))
    }
}
