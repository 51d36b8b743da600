/// The version of every program of this package.
package enum ElvesVersion {
    /// Semantic version.
    package static let current = "0.1.0"
}
