/* SPDX-License-Identifier: MIT */
/* Lines of a log through the parser, with the built-in packs. */
#include "parse/parser.h"

#include <stdlib.h>

static struct formats *formats;
static struct zone *zone;
static struct parser *parser;

static void begin(void)
{
    struct parser_options options = {
        .formats = formats, .zone = zone, .anchor = INT64_C(1798761600)};
    if (parser == NULL) {
        parser = parser_create(&options);
    } else {
        parser_restart(parser, &options);
    }
}

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* All of a span can be read, so that the sanitizer sees where it lies. */
static void touch(struct span s)
{
    static volatile unsigned char sum;
    for (size_t i = 0; i < s.len; i++) {
        sum = (unsigned char)(sum + (unsigned char)s.ptr[i]);
    }
}

static void check_event(const struct event *e)
{
    check(e->kind > EVENT_UNKNOWN && e->kind < EVENT_KIND_COUNT);
    check(e->repeat >= 1 && e->delay >= -1);
    check(e->reply.code == 0 || (e->reply.code >= 200 && e->reply.code < 600));
    const struct span spans[] = {e->host, e->mta, e->program, e->queue_id,
        e->sender, e->recipient, e->peer, e->peer_ip, e->reply.text,
        e->reply.raw, e->line};
    for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
        touch(spans[i]);
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    formats = formats_load(NULL);
    zone = zone_open("Europe/Berlin");
    return formats != NULL && zone != NULL ? 0 : -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct span rest = {(const char *)data, len};
    begin();
    while (rest.len > 0) {
        size_t end = span_find(rest, SPAN_LITERAL("\n"));
        struct parsed_line got;
        parser_line(parser, span_first(rest, end), &got);
        /* unset: part of a record that has several lines */
        check(got.class < LINE_CLASS_COUNT);
        touch(got.message);
        touch(got.program);
        if (got.class == LINE_EVENT) {
            check_event(&got.event);
        }
        rest = span_skip(rest, end < rest.len ? end + 1 : end);
    }
    check(parser_years_over(parser) >= 0);
    return 0;
}
