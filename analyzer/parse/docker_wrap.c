/* SPDX-License-Identifier: MIT */
/*
 * Nearly all lines come whole and are handed out where they lie in the record;
 * only parts are copied.  A container that stops in the middle of a line
 * leaves a part that its next start continues: docker does not tell these
 * apart, so neither does this.
 */
#include "parse/docker_wrap.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "base/memory.h"

#include <stdlib.h>

enum { STDOUT, STDERR, N_STREAMS };

enum { TIME_LEN = 64 };

struct stream {
    struct buffer text; /* of a line whose end has not come */
    bool pending;       /* there is such a line, maybe an empty one */
    char time[TIME_LEN];
    size_t time_len;
};

struct docker_wrap {
    struct stream streams[N_STREAMS];
};

struct docker_wrap *docker_wrap_create(void)
{
    struct docker_wrap *d = memory_zalloc(1, sizeof(*d));
    for (int i = 0; i < N_STREAMS; i++) {
        buffer_init(&d->streams[i].text, LIMIT_LINE_LEN);
    }
    return d;
}

void docker_wrap_reset(struct docker_wrap *d)
{
    for (int i = 0; i < N_STREAMS; i++) {
        d->streams[i].pending = false;
    }
}

void docker_wrap_free(struct docker_wrap *d)
{
    if (d == NULL) {
        return;
    }
    for (int i = 0; i < N_STREAMS; i++) {
        buffer_free(&d->streams[i].text);
    }
    free(d);
}

/* The number of the stream that ${r} names, or N_STREAMS. */
static int stream_number(const struct record *r)
{
    struct span name = record_find(r, SPAN_LITERAL("stream"));
    if (span_equal(name, SPAN_LITERAL("stdout"))) {
        return STDOUT;
    }
    return span_equal(name, SPAN_LITERAL("stderr")) ? STDERR : N_STREAMS;
}

bool docker_wrap_recognise(const struct record *r)
{
    return stream_number(r) != N_STREAMS &&
           span_is_known(record_find(r, SPAN_LITERAL("log"))) &&
           span_is_known(record_find(r, SPAN_LITERAL("time")));
}

/* Take a line feed off the end of ${s}; false if there is none. */
static bool take_newline(struct span *s)
{
    if (!span_ends(*s, SPAN_LITERAL("\n"))) {
        return false;
    }
    s->len--;
    return true;
}

static struct span without_return(struct span s)
{
    s.len -= span_ends(s, SPAN_LITERAL("\r"));
    return s;
}

static void add_part(struct stream *s, struct span part, struct span time)
{
    if (!s->pending) {
        s->pending = true;
        buffer_reset(&s->text);
        s->time_len = time.len < TIME_LEN ? time.len : TIME_LEN;
        memcpy(s->time, time.ptr, s->time_len);
    }
    buffer_add(&s->text, part);
}

/* The line that has come together in ${s}. */
static enum docker_wrap_result finish(
    struct stream *s, struct docker_wrap_line *out)
{
    s->pending = false;
    if (s->text.overflowed) {
        return DOCKER_WRAP_OVERLONG;
    }
    out->text = without_return(buffer_span(&s->text));
    out->time = (struct span){s->time, s->time_len};
    return DOCKER_WRAP_LINE;
}

enum docker_wrap_result docker_wrap_read(
    struct docker_wrap *d, const struct record *r, struct docker_wrap_line *out)
{
    if (!docker_wrap_recognise(r)) {
        return DOCKER_WRAP_UNKNOWN;
    }
    struct stream *s = &d->streams[stream_number(r)];
    struct span text = record_find(r, SPAN_LITERAL("log"));
    struct span time = record_find(r, SPAN_LITERAL("time"));
    bool ended = take_newline(&text);
    if (ended && !s->pending) {
        *out = (struct docker_wrap_line){without_return(text), time};
        return DOCKER_WRAP_LINE;
    }
    add_part(s, text, time);
    return ended ? finish(s, out) : DOCKER_WRAP_PART;
}

bool docker_wrap_rest(struct docker_wrap *d, struct docker_wrap_line *out)
{
    for (int i = 0; i < N_STREAMS; i++) {
        struct stream *s = &d->streams[i];
        if (s->pending && finish(s, out) == DOCKER_WRAP_LINE) {
            return true;
        }
    }
    return false;
}
