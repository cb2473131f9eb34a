/* SPDX-License-Identifier: MIT */
/* cli/textlines.h - the lines of a text that a person gives. */
#ifndef CLI_TEXTLINES_H
#define CLI_TEXTLINES_H

#include <stdio.h>

#include "base/buffer.h"

/**
 * textlines_next(in, line):
 * Read the next line of ${in} without its LF or CRLF into ${line}; what
 * exceeds the limit of ${line} is left out, so that a line stays one whatever
 * its length.  False at the end, and on failure, which ferror() tells.
 */
bool textlines_next(FILE *in, struct buffer *line);

#endif
