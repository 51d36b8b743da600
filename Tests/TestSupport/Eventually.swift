/// A condition did not come to hold in time.
package struct NotYet: Error, CustomStringConvertible {
    package let description: String
}

/// Polls until `condition` holds; throws when it does not within `limit`.
package func eventually(
    _ what: String, within limit: Duration = .seconds(10), _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end else { throw NotYet(description: "not within \(limit): \(what)") }
        try await ContinuousClock().sleep(for: .milliseconds(10))
    }
}
