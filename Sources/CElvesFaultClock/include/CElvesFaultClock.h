#ifndef C_ELVES_FAULT_CLOCK_H
#define C_ELVES_FAULT_CLOCK_H

#include <stdint.h>

/// A library to preload into programs of a fault run: their wall clock is wrong by as much as a file says, and steps
/// when the file changes. Monotonic clocks and the timers on them stay right, as on a machine whose clock was set.
///
/// The variable ELVES_FAULT_CLOCK names the file: at least eight bytes, of which the first eight are a signed number
/// of seconds, in the machine's byte order. Whoever writes them, writes them at once.

/// Seconds by which this program's wall clock is ahead; 0 without a file.
int64_t elves_fault_clock_ahead(void);

#endif
