/* SPDX-License-Identifier: MIT */
#include "base/diag.h"

#include "base/span.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

enum { MESSAGE_LEN = 2048 };

static _Atomic int current_level = DIAG_NORMAL;

void diag_set_level(enum diag_level level)
{
    atomic_store(&current_level, (int)level);
}

enum diag_level diag_level(void)
{
    return (enum diag_level)atomic_load(&current_level);
}

/* One fputs() a message, so that lines of two threads never mix. */
static void say(const char *format, va_list args)
{
    char text[MESSAGE_LEN];
    char safe[MESSAGE_LEN * 4 + 32];
    vsnprintf(text, sizeof(text), format, args);
    char *out = safe;
    out += snprintf(out, 16, "smtpscope: ");
    for (const char *p = text; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        if (span_is_c1(p)) {
            out += snprintf(out, 9, "\\xc2\\x%02x", (unsigned char)*++p);
        } else if (c < 0x20 || c == 0x7f) {
            out += snprintf(out, 5, "\\x%02x", c);
        } else {
            *out++ = *p;
        }
    }
    *out++ = '\n';
    *out = '\0';
    fputs(safe, stderr);
}

void diag_error(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(format, args);
    va_end(args);
}

void diag_warn(const char *format, ...)
{
    if (diag_level() < DIAG_NORMAL) {
        return;
    }
    va_list args;
    va_start(args, format);
    say(format, args);
    va_end(args);
}

void diag_info(const char *format, ...)
{
    if (diag_level() < DIAG_VERBOSE) {
        return;
    }
    va_list args;
    va_start(args, format);
    say(format, args);
    va_end(args);
}
