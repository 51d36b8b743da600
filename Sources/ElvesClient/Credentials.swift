/// Who asks.
public enum Credentials: Sendable, Hashable {
    /// A key's bearer token.
    case token(String)
    /// A key's id and secret; every call is signed, and the secret stays here.
    case key(authID: String, secret: String)
}
