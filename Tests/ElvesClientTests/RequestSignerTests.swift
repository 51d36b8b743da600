import ElvesClient
import Testing

/// Expected values come from Python's hmac and hashlib over the text that rest.md describes.
@Suite struct RequestSignerTests {
    private let signer = RequestSigner(authID: "ops", secret: "top secret")

    @Test func signsMethodPathQueryTimeNonceAndBody() {
        let call = Call(
            .post, ["api", "v3", "tasks"], query: [("wait", "10")], body: Array(#"{"app":"hello"}"#.utf8))
        #expect(
            signer.authorization(for: call, timestamp: 1_700_000_000, nonce: "n-1")
                == "ELVES-HMAC-SHA256 auth_id=ops, timestamp=1700000000, nonce=n-1, "
                + "signature=9ec180f998cbb895b983cecdd392495cea4cf338419212e994a315f9befc79ce")
    }

    @Test func signsEmptyQueryNonceAndBody() {
        let signature = signer.signature(
            method: "GET", path: "/api/v3/apps", query: "", timestamp: 1_700_000_000, nonce: "", body: [])
        #expect(signature == "a869b4d75bf1c90ef67dc964bb015ed9cf58352cf96f0255b5268e970f59f25a")
    }
}
