/* SPDX-License-Identifier: MIT */
/* cli/standard.h - the three standard streams, opened and closed safely. */
#ifndef CLI_STANDARD_H
#define CLI_STANDARD_H

#include <stdbool.h>

#include "cli/status.h"

/** standard_open(): Make sure that descriptors 0 to 2 are taken, so that no
 * database is ever opened as standard output, and that SIGPIPE ends the
 * program when a reader went away; false if that fails. */
bool standard_open(void);

/**
 * standard_close(status):
 * Flush and close standard output.  Return ${status}, or STATUS_IO, having
 * reported it unless ${status} says so already, if something written there was
 * lost.
 */
enum status standard_close(enum status status);

#endif
