/* SPDX-License-Identifier: MIT */
/* cli/interrupt.h - SIGINT and SIGTERM stop an ingest at a safe point. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <signal.h>

#include "cli/status.h"

/** interrupt_catch(): From now on the first SIGINT or SIGTERM only sets the
 * flag; a second one ends the program at once. */
void interrupt_catch(void);

/** interrupt_flag(): The flag: 0, or the number of the signal that came.
 * Static; long work asks for it and stops. */
const volatile sig_atomic_t *interrupt_flag(void);

/** interrupt_status(after): The exit status of a run that the flag stopped,
 * having reported that, and ${after} it. */
enum status interrupt_status(const char *after);

#endif
