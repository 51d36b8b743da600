package import Hummingbird

/// What accompanies a request through the edge.
package struct EdgeContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The trace that the request belongs to; the first middleware sets it.
    var trace: Trace?

    package init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
    }
}
