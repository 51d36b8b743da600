extension ElvesCenter {
    /// Uploads a content for calls to name, at most 64 MiB.
    public func upload(_ content: [UInt8]) async throws(CenterError) -> Blob {
        try await ask(
            Call(
                .post, ["api", "v3", "blobs"], body: content, contentType: "application/octet-stream",
                headers: [("Content-Digest", RequestSigner.contentDigest(of: content))], patience: .seconds(600)))
    }

    /// The content of that SHA-256, 64 hex digits; nil when the center does not have it.
    public func blob(_ digest: String) async throws(CenterError) -> Blob? {
        do {
            return try await ask(Call(.get, ["api", "v3", "blobs", digest]), as: Blob.self)
        } catch .problem(let problem) where problem.code == "scheduler.blob.unknown" {
            return nil
        }
    }

    /// Makes sure that the center has a content: uploads it unless it is there.
    public func provide(_ content: [UInt8]) async throws(CenterError) -> Blob {
        if let blob = try await blob(RequestSigner.digest(of: content)) { return blob }
        return try await upload(content)
    }
}
