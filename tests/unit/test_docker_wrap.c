/* SPDX-License-Identifier: MIT */
/* parse/docker_wrap: lines out of docker's JSON files. */
#include "parse/docker_wrap.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "parse/json_record.h"

#include <criterion/criterion.h>

#define LOG(text, stream, time)                                                \
    "{\"log\":\"" text "\",\"stream\":\"" stream "\",\"time\":\"" time "\"}"

static enum docker_wrap_result read_line(struct docker_wrap *d,
    struct json_record *j, struct record *r, struct span line,
    struct docker_wrap_line *out)
{
    *out = (struct docker_wrap_line){SPAN_NONE, SPAN_NONE};
    cr_assert(json_record_read(j, line, r));
    return docker_wrap_read(d, r, out);
}

/* The rows are one source, in order. */
Test(docker_wrap, lines)
{
    static const struct {
        const char *name;
        const char *line;
        enum docker_wrap_result result;
        struct span text;
        const char *time;
    } rows[] = {
        {"whole", LOG("a b\\n", "stdout", "2026-11-23T12:16:49.61Z"),
            DOCKER_WRAP_LINE, SPAN_INIT("a b"), "2026-11-23T12:16:49.61Z"},
        {"empty", LOG("\\n", "stderr", "1"), DOCKER_WRAP_LINE, SPAN_INIT(""),
            "1"},
        {"of a terminal", LOG("a\\r\\n", "stdout", "1"), DOCKER_WRAP_LINE,
            SPAN_INIT("a"), "1"},
        {"line feed inside", LOG("a\\nb\\n", "stdout", "1"), DOCKER_WRAP_LINE,
            SPAN_INIT("a\nb"), "1"},
        {"NUL", LOG("a\\u0000\\n", "stdout", "1"), DOCKER_WRAP_LINE,
            SPAN_INIT("a\0"), "1"},
        {"with attributes",
            "{\"log\":\"a\\n\",\"stream\":\"stdout\",\"attrs\":{\"tag\":\"x\"},"
            "\"time\":\"1\"}",
            DOCKER_WRAP_LINE, SPAN_INIT("a"), "1"},
        {"part", LOG("one ", "stdout", "1"), DOCKER_WRAP_PART, {NULL, 0}, ""},
        {"part of the other", LOG("uno ", "stderr", "2"), DOCKER_WRAP_PART,
            {NULL, 0}, ""},
        {"empty part", LOG("", "stdout", "3"), DOCKER_WRAP_PART, {NULL, 0}, ""},
        {"second part", LOG("two ", "stdout", "4"), DOCKER_WRAP_PART, {NULL, 0},
            ""},
        {"end of the other", LOG("dos\\n", "stderr", "5"), DOCKER_WRAP_LINE,
            SPAN_INIT("uno dos"), "2"},
        {"end", LOG("three\\n", "stdout", "6"), DOCKER_WRAP_LINE,
            SPAN_INIT("one two three"), "1"},
        {"whole again", LOG("x\\n", "stdout", "7"), DOCKER_WRAP_LINE,
            SPAN_INIT("x"), "7"},
        {"cut within CRLF", LOG("x\\r", "stdout", "8"), DOCKER_WRAP_PART,
            {NULL, 0}, ""},
        {"its LF", LOG("\\n", "stdout", "9"), DOCKER_WRAP_LINE, SPAN_INIT("x"),
            "8"},
        {"other JSON", "{\"type\":\"Delivery\"}", DOCKER_WRAP_UNKNOWN,
            {NULL, 0}, ""},
        {"no log", "{\"stream\":\"stdout\",\"time\":\"1\"}",
            DOCKER_WRAP_UNKNOWN, {NULL, 0}, ""},
        {"no time", "{\"log\":\"a\\n\",\"stream\":\"stdout\"}",
            DOCKER_WRAP_UNKNOWN, {NULL, 0}, ""},
        {"no stream", "{\"log\":\"a\\n\",\"time\":\"1\"}", DOCKER_WRAP_UNKNOWN,
            {NULL, 0}, ""},
        {"another stream", LOG("a\\n", "stdin", "1"), DOCKER_WRAP_UNKNOWN,
            {NULL, 0}, ""},
    };
    struct docker_wrap *d = docker_wrap_create();
    struct json_record *j = json_record_create();
    struct record r;
    record_init(&r);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct docker_wrap_line out;
        enum docker_wrap_result got =
            read_line(d, j, &r, span_of(rows[i].line), &out);
        cr_expect_eq(got, rows[i].result, "%s: %d", rows[i].name, (int)got);
        cr_expect(span_equal(out.text, rows[i].text), "%s: %.*s", rows[i].name,
            (int)out.text.len, out.text.ptr);
        cr_expect(span_equal(out.time, span_of(rows[i].time)), "%s: %.*s",
            rows[i].name, (int)out.time.len, out.time.ptr);
    }
    struct docker_wrap_line rest;
    cr_expect_not(docker_wrap_rest(d, &rest));
    record_free(&r);
    json_record_free(j);
    docker_wrap_free(d);
    docker_wrap_free(NULL);
}

Test(docker_wrap, rest)
{
    struct docker_wrap *d = docker_wrap_create();
    struct json_record *j = json_record_create();
    struct docker_wrap_line out;
    struct record r;
    record_init(&r);
    read_line(d, j, &r, SPAN_LITERAL(LOG("err", "stderr", "1")), &out);
    read_line(d, j, &r, SPAN_LITERAL(LOG("out\\r", "stdout", "2")), &out);
    cr_expect(docker_wrap_rest(d, &out));
    cr_expect(span_equal(out.text, SPAN_LITERAL("out")));
    cr_expect(span_equal(out.time, SPAN_LITERAL("2")));
    cr_expect(docker_wrap_rest(d, &out));
    cr_expect(span_equal(out.text, SPAN_LITERAL("err")));
    cr_expect_not(docker_wrap_rest(d, &out));

    read_line(d, j, &r, SPAN_LITERAL(LOG("a", "stdout", "1")), &out);
    docker_wrap_reset(d);
    cr_expect_not(docker_wrap_rest(d, &out));
    read_line(d, j, &r, SPAN_LITERAL(LOG("b\\n", "stdout", "2")), &out);
    cr_expect(span_equal(out.text, SPAN_LITERAL("b")));
    record_free(&r);
    json_record_free(j);
    docker_wrap_free(d);
}

/* Feed ${n} parts of 16 KiB, as docker cuts them, and a last empty one. */
static enum docker_wrap_result feed_parts(struct docker_wrap *d,
    struct json_record *j, struct record *r, size_t n,
    struct docker_wrap_line *out)
{
    struct buffer b;
    buffer_init(&b, LIMIT_LINE_LEN);
    buffer_add_string(&b, "{\"log\":\"");
    for (int i = 0; i < 16384; i++) {
        buffer_add_char(&b, 'x');
    }
    buffer_add_string(&b, "\",\"stream\":\"stdout\",\"time\":\"1\"}");
    for (size_t i = 0; i < n; i++) {
        cr_expect_eq(
            read_line(d, j, r, buffer_span(&b), out), DOCKER_WRAP_PART);
    }
    buffer_free(&b);
    return read_line(d, j, r, SPAN_LITERAL(LOG("\\n", "stdout", "2")), out);
}

Test(docker_wrap, limit)
{
    struct docker_wrap *d = docker_wrap_create();
    struct json_record *j = json_record_create();
    struct docker_wrap_line out;
    struct record r;
    record_init(&r);
    size_t most = LIMIT_LINE_LEN / 16384;
    cr_expect_eq(feed_parts(d, j, &r, most, &out), DOCKER_WRAP_LINE);
    cr_expect_eq(out.text.len, LIMIT_LINE_LEN);
    cr_expect_eq(feed_parts(d, j, &r, most + 3, &out), DOCKER_WRAP_OVERLONG);
    cr_expect_eq(feed_parts(d, j, &r, 1, &out), DOCKER_WRAP_LINE);
    cr_expect_eq(out.text.len, 16384);

    /* A time that is none is cut, not trusted. */
    read_line(d, j, &r,
        SPAN_LITERAL(LOG("a", "stdout",
            "0123456789012345678901234567890123456789012345678901234567890123"
            "456789")),
        &out);
    read_line(d, j, &r, SPAN_LITERAL(LOG("\\n", "stdout", "2")), &out);
    cr_expect_eq(out.time.len, 64);
    record_free(&r);
    json_record_free(j);
    docker_wrap_free(d);
}
