/// Why no Swift can be made of an IDL: what is wrong, where, and what would be right.
package struct GeneratorError: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    /// Creates an error.
    package init(_ description: String) {
        self.description = description
    }
}
