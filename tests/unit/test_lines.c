/* SPDX-License-Identifier: MIT */
/* input/lines: whole lines, exact offsets, and each consumed byte hashed. */
#include "input/lines.h"

#include "input_fixture.h"

#include "base/limits.h"
#include "base/memory.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define MAX_LINE LIMIT_LINE_LEN
#define BLOCK LIMIT_BLOCK_LEN

struct reader {
    struct decoder *decoder;
    struct identity *identity;
    struct lines *lines;
};

static struct input_fixture files;

static void open_files(void)
{
    input_fixture_open(&files);
}

static void close_files(void)
{
    input_fixture_close(&files);
}

TestSuite(lines, .init = open_files, .fini = close_files);

static struct reader open_reader(struct span bytes, bool gzip)
{
    struct buffer packed;
    buffer_init(&packed, INPUT_FIXTURE_LIMIT);
    if (gzip) {
        input_fixture_gzip(
            &packed, bytes, (struct input_fixture_gzip){.level = 1});
        bytes = buffer_span(&packed);
    }
    struct reader r;
    r.decoder = decoder_open(input_fixture_write(&files, "in", bytes));
    cr_assert_not_null(r.decoder);
    r.identity = identity_create();
    r.lines = lines_create(r.decoder, r.identity);
    buffer_free(&packed);
    return r;
}

static void close_reader(struct reader *r)
{
    lines_free(r->lines);
    identity_free(r->identity);
    decoder_close(r->decoder);
}

/* The identity has seen just the first ${len} of ${bytes}. */
static void check_identity(
    struct reader *r, struct span bytes, uint64_t len, const char *name)
{
    lines_settle(r->lines);
    unsigned char have[IDENTITY_DIGEST_LEN];
    unsigned char want[IDENTITY_DIGEST_LEN];
    identity_content(r->identity, have);
    identity_digest(span_first(bytes, (size_t)len), want);
    cr_expect_eq(lines_offset(r->lines), len, "%s: offset", name);
    cr_expect_eq(identity_offset(r->identity), len, "%s: hashed", name);
    cr_expect_arr_eq(have, want, IDENTITY_DIGEST_LEN, "%s: digest", name);
}

/* Small inputs; the lines come joined by "|". */
static const struct row {
    const char *name;
    struct span input;
    struct span want;
    bool unterminated;
} rows[] = {
    {"nothing", SPAN_INIT(""), SPAN_INIT(""), false},
    {"a line", SPAN_INIT("a\n"), SPAN_INIT("a|"), false},
    {"empty lines", SPAN_INIT("\n\na\n\n"), SPAN_INIT("||a||"), false},
    {"CRLF", SPAN_INIT("a\r\n\r\nb\r\n"), SPAN_INIT("a||b|"), false},
    {"CR inside, two CR", SPAN_INIT("a\rb\r\r\n"), SPAN_INIT("a\rb\r|"), false},
    {"no end", SPAN_INIT("a\nb"), SPAN_INIT("a|b|"), true},
    {"only a CR at the end", SPAN_INIT("a\nb\r"), SPAN_INIT("a|b\r|"), true},
    {"NUL", SPAN_INIT("a\0b\n\0\n"), SPAN_INIT("a\0b|\0|"), false},
    {"not UTF-8", SPAN_INIT("\xff\xfe\n\xc3\n"), SPAN_INIT("\xff\xfe|\xc3|"),
        false},
};

static void check_row(const struct row *row, bool gzip)
{
    struct reader r = open_reader(row->input, gzip);
    struct buffer got;
    buffer_init(&got, INPUT_FIXTURE_LIMIT);
    struct span line;
    bool unterminated = false;
    while (lines_next(r.lines, &line)) {
        cr_expect_not(unterminated, "%s: only the last one", row->name);
        unterminated = lines_unterminated(r.lines);
        buffer_add(&got, line);
        buffer_add_char(&got, '|');
    }
    cr_expect(span_equal(buffer_span(&got), row->want), "%s: %s", row->name,
        buffer_string(&got));
    cr_expect_eq(unterminated, row->unterminated, "%s", row->name);
    cr_expect_not(lines_next(r.lines, &line), "%s: over is over", row->name);
    check_identity(&r, row->input, row->input.len, row->name);
    buffer_free(&got);
    close_reader(&r);
}

Test(lines, rows)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check_row(&rows[i], false);
        check_row(&rows[i], true);
    }
}

/* Long inputs: a first line of ${first} bytes, then one of ${second}, each
 * followed by its end, then "tail" and ${last_end}. */
static const struct long_row {
    const char *name;
    size_t first;
    const char *end;
    size_t second;
    const char *last_end;
    size_t n_overlong;
} long_rows[] = {
    {"longest", MAX_LINE, "\n", 3, "\n", 0},
    {"longest, CRLF", MAX_LINE, "\r\n", 3, "\n", 0},
    {"one too many", MAX_LINE + 1, "\n", 3, "\n", 1},
    {"one too many, CRLF", MAX_LINE + 1, "\r\n", 3, "\n", 1},
    {"much too long", 3 * BLOCK + 17, "\n", 3, "\n", 1},
    {"ends with its block", BLOCK - 1, "\n", 10, "\n", 0},
    {"CR and LF in two blocks", BLOCK - 1, "\r\n", 10, "\n", 0},
    {"longest over two blocks", BLOCK / 2, "\n", MAX_LINE, "\n", 0},
    {"longest, CRLF, over two blocks", BLOCK / 2, "\r\n", MAX_LINE, "\n", 0},
    {"too long over two blocks", BLOCK / 2, "\n", MAX_LINE + 1, "\n", 1},
    {"too long and CRLF in two blocks", 2 * BLOCK - 1, "\r\n", 5, "\n", 1},
    {"two too long", 2 * BLOCK, "\n", 5 * BLOCK, "\n", 2},
    {"too long, last one without end", MAX_LINE + 1, "\n", 5, "", 1},
};

static void add_run(struct buffer *b, char c, size_t n)
{
    char *run = memory_alloc(n);
    memset(run, c, n);
    buffer_add(b, (struct span){run, n});
    free(run);
}

static void check_long_row(const struct long_row *row)
{
    struct buffer input;
    buffer_init(&input, INPUT_FIXTURE_LIMIT);
    add_run(&input, 'x', row->first);
    buffer_add_string(&input, row->end);
    add_run(&input, 'y', row->second);
    buffer_add_string(&input, row->end);
    buffer_addf(&input, "tail%s", row->last_end);
    const size_t lens[] = {row->first, row->second, 4};
    struct reader r = open_reader(buffer_span(&input), true);
    struct span line;
    uint64_t skipped = 0;
    for (size_t i = 0; i < 3; i++) {
        if (lens[i] > MAX_LINE) {
            skipped += lens[i] + strlen(row->end);
            continue;
        }
        cr_assert(lines_next(r.lines, &line), "%s: line %zu", row->name, i);
        cr_expect_eq(line.len, lens[i], "%s: line %zu", row->name, i);
        cr_expect_eq(line.ptr[line.len - 1], "xyl"[i], "%s", row->name);
    }
    cr_expect_not(lines_next(r.lines, &line), "%s", row->name);
    cr_expect_eq(
        lines_unterminated(r.lines), row->last_end[0] == '\0', "%s", row->name);
    cr_expect_eq(lines_n_overlong(r.lines), row->n_overlong, "%s", row->name);
    cr_expect_eq(lines_overlong_bytes(r.lines), skipped, "%s", row->name);
    check_identity(&r, buffer_span(&input), input.len, row->name);
    close_reader(&r);
    buffer_free(&input);
}

Test(lines, long_lines)
{
    for (size_t i = 0; i < sizeof(long_rows) / sizeof(long_rows[0]); i++) {
        check_long_row(&long_rows[i]);
    }
}

/* A line that is too long and has no end is not consumed: the rest of it
 * would look like a line of its own when the file has grown. */
Test(lines, endless_line)
{
    static const size_t lens[] = {MAX_LINE + 1, MAX_LINE + 2, 5 * BLOCK};
    for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
        struct buffer input;
        buffer_init(&input, INPUT_FIXTURE_LIMIT);
        input_fixture_log(&input, 100000);
        size_t whole = input.len;
        add_run(&input, 'x', lens[i]);
        struct reader r = open_reader(buffer_span(&input), true);
        struct span line;
        size_t n = 0;
        while (lines_next(r.lines, &line)) {
            n++;
        }
        cr_expect_gt(n, 0);
        cr_expect_not(lines_next(r.lines, &line));
        cr_expect_eq(lines_n_overlong(r.lines), 0);
        check_identity(&r, buffer_span(&input), whole, "endless line");
        close_reader(&r);
        buffer_free(&input);
    }
}

Test(lines, decline)
{
    struct span input = SPAN_LITERAL("one\ntwo\nthr");
    struct reader r = open_reader(input, false);
    struct span line;
    cr_expect(lines_next(r.lines, &line));
    lines_decline(r.lines);
    cr_expect_eq(lines_offset(r.lines), 4, "a whole line stays consumed");
    cr_expect(lines_next(r.lines, &line));
    cr_expect(lines_next(r.lines, &line));
    cr_expect(span_equal(line, SPAN_LITERAL("thr")));
    cr_expect(lines_unterminated(r.lines));
    cr_expect_eq(lines_offset(r.lines), 11);
    lines_decline(r.lines);
    lines_decline(r.lines);
    cr_expect_not(lines_next(r.lines, &line));
    check_identity(&r, input, 8, "declined");
    close_reader(&r);
}

/* The next line of ${rest}, found the plain way. */
static bool plain_next(struct span *rest, struct span *line)
{
    const char *lf = rest->len > 0 ? memchr(rest->ptr, '\n', rest->len) : NULL;
    if (lf == NULL) {
        return false;
    }
    *line = (struct span){rest->ptr, (size_t)(lf - rest->ptr)};
    *rest = span_skip(*rest, line->len + 1);
    return true;
}

/* Read on to the end, comparing with the plain way. */
static void check_rest(struct reader *r, struct span rest, const char *name)
{
    uint64_t offset = lines_offset(r->lines);
    struct span line;
    struct span want;
    while (plain_next(&rest, &want)) {
        offset += want.len + 1;
        cr_assert(lines_next(r->lines, &line), "%s", name);
        cr_assert(
            span_equal(line, want), "%s: before %zu", name, (size_t)offset);
        cr_assert_eq(lines_offset(r->lines), offset, "%s", name);
    }
    cr_expect_not(lines_next(r->lines, &line), "%s", name);
}

/* Settle at arbitrary lines, and go on from there with another reader. */
Test(lines, stop_and_resume)
{
    struct buffer input;
    buffer_init(&input, INPUT_FIXTURE_LIMIT);
    input_fixture_log(&input, 1200000);
    struct span all = buffer_span(&input);
    static const size_t stops[] = {0, 1, 2, 100, 2500, 3000, 5000, 9000};
    for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
        struct reader r = open_reader(all, true);
        struct span line;
        for (size_t n = 0; n < stops[i]; n++) {
            cr_assert(lines_next(r.lines, &line));
        }
        uint64_t offset = lines_offset(r.lines);
        check_identity(&r, all, offset, "stopped");
        check_rest(&r, span_skip(all, (size_t)offset), "went on");
        check_identity(&r, all, all.len, "whole");
        close_reader(&r);
        r = open_reader(all, false);
        cr_expect(lines_skip_to(r.lines, offset));
        check_identity(&r, all, offset, "skipped");
        check_rest(&r, span_skip(all, (size_t)offset), "resumed");
        check_identity(&r, all, all.len, "resumed to the end");
        close_reader(&r);
    }
    buffer_free(&input);
}

Test(lines, skip_too_far)
{
    struct span input = SPAN_LITERAL("one\ntwo\n");
    struct reader r = open_reader(input, true);
    struct span line;
    cr_expect(lines_next(r.lines, &line));
    cr_expect_not(lines_skip_to(r.lines, 3), "passed already");
    cr_expect(lines_skip_to(r.lines, 4), "just there");
    cr_expect_not(lines_skip_to(r.lines, 9), "there is no more");
    check_identity(&r, input, 8, "all");
    close_reader(&r);
}

Test(lines, peek)
{
    struct buffer input;
    buffer_init(&input, INPUT_FIXTURE_LIMIT);
    input_fixture_log(&input, 900000);
    struct span all = buffer_span(&input);
    struct reader r = open_reader(all, true);
    struct span head = lines_peek(r.lines);
    cr_expect_geq(head.len, LIMIT_HEAD_LEN);
    cr_expect(span_starts(all, head));
    cr_expect_eq(lines_offset(r.lines), 0);
    check_rest(&r, all, "after a peek");
    cr_expect_eq(lines_peek(r.lines).len, 0);
    check_identity(&r, all, all.len, "after a peek");
    close_reader(&r);
    buffer_free(&input);
}

/* The lines before the damage come, and the last one is cut by it. */
Test(lines, damaged_file)
{
    struct buffer input;
    struct buffer packed;
    buffer_init(&input, INPUT_FIXTURE_LIMIT);
    buffer_init(&packed, INPUT_FIXTURE_LIMIT);
    input_fixture_log(&input, 600000);
    input_fixture_gzip(
        &packed, buffer_span(&input), (struct input_fixture_gzip){.level = 6});
    struct reader r =
        open_reader(span_first(buffer_span(&packed), packed.len / 2), false);
    struct span line;
    struct span want;
    struct span rest = buffer_span(&input);
    while (lines_next(r.lines, &line) && !lines_unterminated(r.lines)) {
        cr_assert(plain_next(&rest, &want));
        cr_assert(span_equal(line, want));
    }
    cr_expect_str_eq(decoder_damage(r.decoder), "unexpected end of file");
    cr_expect_gt(lines_offset(r.lines), input.len / 3);
    lines_decline(r.lines);
    check_identity(&r, buffer_span(&input), lines_offset(r.lines), "damaged");
    close_reader(&r);
    buffer_free(&input);
    buffer_free(&packed);
}

Test(lines, without_identity)
{
    struct decoder *d = decoder_open(
        input_fixture_write(&files, "in", SPAN_LITERAL("one\ntwo\n")));
    struct lines *l = lines_create(d, NULL);
    struct span line;
    cr_expect(lines_next(l, &line));
    cr_expect(lines_skip_to(l, 8));
    cr_expect_not(lines_next(l, &line));
    lines_settle(l);
    lines_free(l);
    lines_free(NULL);
    decoder_close(d);
}
