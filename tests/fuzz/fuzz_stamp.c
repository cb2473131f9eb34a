/* SPDX-License-Identifier: MIT */
/* Time stamps of one source, one a line, and the envelopes they begin. */
#include "parse/duration.h"
#include "parse/syslog.h"

#include <stdlib.h>

static struct zone *zone;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static bool within(struct span part, struct span whole)
{
    return part.len == 0 || (part.ptr >= whole.ptr &&
                                part.ptr + part.len <= whole.ptr + whole.len);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    zone = zone_open("America/New_York");
    return zone != NULL ? 0 : -1;
}

/* The same bytes as a stamp, and as a line with its envelope. */
static void read_line(struct stamp_reader *r, struct span line)
{
    struct stamp_reader other = *r;
    struct syslog_line got = {.time = 0};
    int64_t time = 0;
    size_t n = stamp_read(r, line, &time);
    check(n <= line.len);
    check(n == 0 || r->last == time / 1000000);
    check(stamp_years_over(r) >= 0);
    if (syslog_split(&other, line, &got)) {
        struct span inner;
        check(within(got.host, line) && within(got.tag, line) &&
              within(got.message, line));
        check(syslog_repeated(got.message, &inner) >= 1);
        check(within(inner, got.message));
        char out[64];
        struct span plain = syslog_unescape(got.message, out, sizeof(out));
        check(plain.len <= got.message.len);
    }
    check(duration_parse(line) >= -1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct span rest = {(const char *)data, len};
    struct stamp_reader r;
    stamp_init(&r, zone, INT64_C(1798761600), 0);
    while (rest.len > 0) {
        size_t end = span_find(rest, SPAN_LITERAL("\n"));
        read_line(&r, span_first(rest, end));
        rest = span_skip(rest, end < rest.len ? end + 1 : end);
    }
    return 0;
}
