/* SPDX-License-Identifier: MIT */
#include "cli/textlines.h"

bool textlines_next(FILE *in, struct buffer *line)
{
    int c = getc(in);
    if (c == EOF) {
        return false;
    }
    buffer_reset(line);
    for (; c != EOF && c != '\n'; c = getc(in)) {
        buffer_add_char(line, (char)c);
    }
    if (span_ends(buffer_span(line), SPAN_LITERAL("\r"))) {
        line->len--;
    }
    return true;
}
