/* SPDX-License-Identifier: MIT */
/*
 * Every pattern of every format pack: the input is a change to one of the
 * packs' own samples, so that each run begins where the pattern matches.
 */
#include "base/memory.h"
#include "parse/parser.h"

#include <stdlib.h>

enum { MOST_SAMPLES = 4096, HEADER_LEN = 5 };

struct origin {
    const struct format *format;
    const struct sample_def *sample;
    struct span program;
};

static struct formats *formats;
static struct zone *zone;
static struct parser *parser;
static struct origin origins[MOST_SAMPLES];
static size_t n_origins;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void add_samples(const struct format *f, const struct pattern_def *def)
{
    for (unsigned i = 0; i < def->samples_count; i++) {
        const struct sample_def *sample = &def->samples[i];
        const char *program = sample->program;
        if (program == NULL && def->programs_count > 0) {
            program = def->programs[0];
        }
        check(n_origins < MOST_SAMPLES);
        origins[n_origins++] =
            (struct origin){f, sample, span_of(program != NULL ? program : "")};
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    formats = formats_load(NULL);
    zone = zone_open("Europe/Berlin");
    check(formats != NULL && zone != NULL);
    struct parser_options options = {
        .formats = formats, .zone = zone, .anchor = INT64_C(1798761600)};
    parser = parser_create(&options);
    for (size_t i = 0; i < formats->n_formats; i++) {
        const struct format *f = &formats->formats[i];
        for (size_t k = 0; k < f->n_patterns; k++) {
            add_samples(f, f->patterns[k].def);
        }
    }
    return 0;
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
    const struct span spans[] = {e->host, e->queue_id, e->sender, e->recipient,
        e->peer, e->peer_ip, e->reply.text, e->reply.raw, e->line};
    check(e->kind > EVENT_UNKNOWN && e->kind < EVENT_KIND_COUNT);
    check(e->repeat >= 1 && e->delay >= -1);
    for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
        touch(spans[i]);
    }
}

/* Bytes 0 and 1: which sample; 2: where it is cut open; 3: how much is taken
 * out; 4: not used; the rest is put in. */
static char *change(
    const struct origin *o, const uint8_t *data, size_t len, size_t *n)
{
    struct span line = span_of(o->sample->line);
    size_t at = data[2] * (line.len + 1) / 256;
    struct span before = span_first(line, at);
    struct span after = span_skip(line, at);
    after = span_skip(after, data[3] < after.len ? data[3] : after.len);
    size_t n_new = len - HEADER_LEN;
    *n = before.len + n_new + after.len;
    char *text = memory_alloc(*n);
    memcpy(text, before.ptr, before.len);
    memcpy(text + before.len, data + HEADER_LEN, n_new);
    memcpy(text + before.len + n_new, after.ptr, after.len);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len < HEADER_LEN) {
        return 0;
    }
    size_t n = 0;
    struct parsed_line got;
    const struct origin *o =
        &origins[((size_t)data[0] * 256 + data[1]) % n_origins];
    char *text = change(o, data, len, &n);
    parser_sample(parser, o->format, o->program, (struct span){text, n}, &got);
    check(got.class > LINE_UNSET && got.class < LINE_CLASS_COUNT);
    if (got.class == LINE_EVENT) {
        check_event(&got.event);
        while (parser_more(parser, &got)) {
            check_event(&got.event);
        }
    }
    free(text);
    return 0;
}
