/* SPDX-License-Identifier: MIT */
/* TIOCGWINSZ is not in POSIX.1-2008, though every system has it. */
#define _GNU_SOURCE
#include "cli/terminal.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_DEFAULT = 80, WIDTH_MIN = 40, WIDTH_MAX = 100 };

int terminal_width(FILE *out)
{
    int64_t width = 0;
    struct winsize size;
    const char *columns = getenv("COLUMNS");
    if (isatty(fileno(out)) && ioctl(fileno(out), TIOCGWINSZ, &size) == 0 &&
        size.ws_col > 0) {
        width = size.ws_col;
    } else if (columns == NULL || !span_number(span_of(columns), &width)) {
        width = WIDTH_DEFAULT;
    }
    width = width > WIDTH_MAX ? WIDTH_MAX : width;
    return width < WIDTH_MIN ? WIDTH_MIN : (int)width;
}

bool terminal_colour(FILE *out)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    return isatty(fileno(out)) && (no_color == NULL || *no_color == '\0') &&
           term != NULL && strcmp(term, "dumb") != 0;
}

/* Columns a word takes: its UTF-8 characters. */
static int columns_of(struct span word)
{
    int n = 0;
    for (size_t i = 0; i < word.len; i++) {
        n += ((unsigned char)word.ptr[i] & 0xc0) != 0x80;
    }
    return n;
}

static size_t blank_length(struct span text, size_t *newlines)
{
    size_t n = 0;
    *newlines = 0;
    while (n < text.len && (text.ptr[n] == ' ' || text.ptr[n] == '\n')) {
        *newlines += text.ptr[n] == '\n';
        n++;
    }
    return n;
}

static size_t word_length(struct span text)
{
    size_t n = 0;
    while (n < text.len && text.ptr[n] != ' ' && text.ptr[n] != '\n') {
        n++;
    }
    return n;
}

void terminal_wrap(FILE *out, struct span text, int indent, int width)
{
    size_t newlines = 0;
    int column = indent;
    text = span_skip(text, blank_length(text, &newlines));
    while (text.len > 0) {
        struct span word = span_first(text, word_length(text));
        int columns = columns_of(word);
        if (newlines > 1) {
            fprintf(out, "\n\n%*s", indent, "");
            column = indent;
        } else if (column > indent && column + 1 + columns > width) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            fputc(' ', out);
            column++;
        }
        fwrite(word.ptr, 1, word.len, out);
        column += columns;
        text = span_skip(text, word.len);
        text = span_skip(text, blank_length(text, &newlines));
    }
    fputc('\n', out);
}

void terminal_heading(FILE *out, const char *text)
{
    bool colour = terminal_colour(out);
    fprintf(out, "%s%s%s\n", colour ? "\033[1m" : "", text,
        colour ? "\033[0m" : "");
}
