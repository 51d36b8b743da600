#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

/* newlocale's mask is a macro that Swift does not see. */
static inline locale_t carchive_utf8_locale(void) {
    return newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}
