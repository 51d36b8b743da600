import ElvesCore

/// Where the scheduler keeps events and webhooks, beside its records and in the same transactions.
package protocol EventStore: Sendable {
    /// Tells who waits what was committed.
    var feed: RecordFeed { get }

    /// Events after `after` in their order, at most `limit`.
    func events(after: Int64, limit: Int) async throws -> EventList
    /// Records events of the fleet, and how far heartbeat's were taken over.
    func record(_ events: [SchedulerEvent], cursor: FleetCursor) async throws
    /// How far heartbeat's events were taken over; nil before the first.
    func fleetCursor() async throws -> FleetCursor?
    /// One step of a retention run; answers how many events it deleted.
    func retainEvents(_ bounds: EventBounds) async throws -> Int

    /// Records a webhook, durably; answers with its id.
    func add(_ webhook: WebhookRecord) async throws -> Int64
    /// All webhooks, by id.
    func webhooks() async throws -> [WebhookRecord]
    /// Deletes a webhook and its deliveries; false when there is none of that id.
    func removeWebhook(_ id: Int64) async throws -> Bool
    /// How many deliveries each webhook has; those without any may be missing.
    func deliveryCounts() async throws -> [Int64: DeliveryCounts]

    /// Deliveries of a webhook that may be tried at `now`, those due longest first.
    func dueDeliveries(_ webhook: Int64, now: Int64, limit: Int) async throws -> [WebhookDelivery]
    /// When the next of a webhook's deliveries is due, UTC milliseconds; nil when none waits.
    func nextDelivery(_ webhook: Int64) async throws -> Int64?
    /// Notes what came of tries at `now`.
    func settle(_ words: [Int64: DeliveryWord], now: Int64) async throws
    /// Makes dead letters of a webhook's oldest deliveries beyond `keep` that wait, and deletes its oldest dead letters
    /// beyond `keepDead` and those of events before `deadBefore`, UTC milliseconds. Answers how many deliveries died.
    func trimDeliveries(
        _ webhook: Int64, keep: Int, problem: String, keepDead: Int, deadBefore: Int64
    ) async throws -> Int
    /// Dead letters of a webhook with ids below `before`, newest first.
    func deadLetters(_ webhook: Int64, before: Int64, limit: Int) async throws -> [WebhookDelivery]
    /// Lets a dead letter be tried again at `now`, as if for the first time; false when there is none of that id.
    func revive(_ delivery: Int64, now: Int64) async throws -> Bool
}
