import Synchronization

/// Says to a webhook's loop that the webhook is gone.
final class WebhookEnd: Sendable {
    private let flag = Atomic<Bool>(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }

    func set() { flag.store(true, ordering: .relaxed) }
}
