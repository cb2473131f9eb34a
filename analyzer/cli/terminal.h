/* SPDX-License-Identifier: MIT */
/* cli/terminal.h - text for people: width, wrapping, colour. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdio.h>

#include "base/span.h"

/** terminal_width(out): Columns of ${out}'s terminal, of $COLUMNS, or 80; at
 * least 40, at most 100 so that lines stay readable. */
int terminal_width(FILE *out);

/** terminal_colour(out): True if ${out} is a terminal that may be coloured:
 * not if NO_COLOR is set (no-color.org) or TERM is "dumb". */
bool terminal_colour(FILE *out);

/** terminal_wrap(out, text, indent, width):
 * Print ${text} to ${out}, broken at blanks into lines of at most ${width}
 * columns, every line but the first indented by ${indent} columns (the caller
 * has already printed that much of the first).  Blank lines in ${text} stay;
 * single newlines are blanks.  Ends with a newline. */
void terminal_wrap(FILE *out, struct span text, int indent, int width);

/** terminal_heading(out, text): Print the line ${text}, bold in colour. */
void terminal_heading(FILE *out, const char *text);

#endif
