internal import CArchive

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Gives the current thread UTF-8 as its character set while it lives.
///
/// libarchive converts names to the thread's character set, which for a service is often plain ASCII.
final class UTF8Locale {
    private let own: locale_t?
    private let former: locale_t?

    init() {
        own = carchive_utf8_locale()
        former = own.flatMap { uselocale($0) }
    }

    deinit {
        guard let own else { return }
        _ = uselocale(former)
        freelocale(own)
    }
}
