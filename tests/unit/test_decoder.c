/* SPDX-License-Identifier: MIT */
/* input/decoder: every container gives back what was put in. */
#define _XOPEN_SOURCE 700 /* sigaction, setitimer */
#include "input/decoder.h"

#include "input_fixture.h"
#include "input_outcome.h"
#include "input_packers.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { GZIP = 3 }; /* in input_packers */

static struct input_fixture files;

static void open_files(void)
{
    input_fixture_open(&files);
}

static void close_files(void)
{
    input_fixture_close(&files);
}

TestSuite(decoder, .init = open_files, .fini = close_files);

static void decode_bytes(struct span bytes, size_t cap, struct input_outcome *o)
{
    input_outcome_decode(input_fixture_write(&files, "in", bytes), cap, o);
}

static void fill_zeros(struct buffer *b, size_t len)
{
    static const char zeros[4096];
    while (len > 0) {
        size_t n = len < sizeof(zeros) ? len : sizeof(zeros);
        buffer_add(b, (struct span){zeros, n});
        len -= n;
    }
}

static const struct content {
    const char *name;
    void (*fill)(struct buffer *b, size_t len);
    size_t len;
} contents[] = {
    {"nothing", fill_zeros, 0},
    {"one byte", fill_zeros, 1},
    {"a line", input_fixture_log, 1},
    {"less than a block", input_fixture_log, 60000},
    {"many blocks", input_fixture_log, 1500000},
    {"zeros", fill_zeros, 2000000},
    {"noise", input_fixture_noise, 400000},
};
enum { N_CONTENTS = sizeof(contents) / sizeof(contents[0]) };

static void check_round_trip(
    const struct input_packer *p, const struct content *c, size_t cap)
{
    struct buffer want;
    struct buffer packed;
    buffer_init(&want, INPUT_FIXTURE_LIMIT);
    buffer_init(&packed, INPUT_FIXTURE_LIMIT);
    c->fill(&want, c->len);
    p->pack(&packed, buffer_span(&want));
    struct input_outcome o;
    decode_bytes(buffer_span(&packed), cap, &o);
    cr_expect(span_equal(buffer_span(&o.bytes), buffer_span(&want)),
        "%s of %s, blocks of %zu: other bytes", p->name, c->name, cap);
    cr_expect_str_eq(o.container, p->container, "%s of %s", p->name, c->name);
    cr_expect_str_empty(o.damage, "%s of %s: %s", p->name, c->name, o.damage);
    cr_expect_str_empty(o.note, "%s of %s: %s", p->name, c->name, o.note);
    cr_expect_eq(o.compressed_offset, packed.len, "%s", p->name);
    cr_expect_eq(o.size, (int64_t)packed.len, "%s", p->name);
    buffer_free(&want);
    buffer_free(&packed);
    buffer_free(&o.bytes);
}

Test(decoder, round_trip)
{
    static const size_t caps[] = {262144, 40000, 977};
    for (size_t p = 0; p < N_PACKERS; p++) {
        for (size_t c = 0; c < N_CONTENTS; c++) {
            for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++) {
                check_round_trip(&input_packers[p], &contents[c], caps[i]);
            }
        }
    }
}

/* Many streams behind each other, of lengths that put their seams at every
 * place of the blocks that are read. */
Test(decoder, many_streams)
{
    for (size_t p = 1; p < N_DAMAGED; p++) {
        struct buffer want;
        struct buffer packed;
        buffer_init(&want, INPUT_FIXTURE_LIMIT);
        buffer_init(&packed, INPUT_FIXTURE_LIMIT);
        for (size_t i = 0; i < 60; i++) {
            struct buffer part;
            buffer_init(&part, INPUT_FIXTURE_LIMIT);
            if (i % 3 == 0) {
                input_fixture_noise(&part, i * 331);
            } else {
                input_fixture_log(&part, i % 3 == 1 ? 0 : i * 97);
            }
            input_packers[p].pack(&packed, buffer_span(&part));
            buffer_add(&want, buffer_span(&part));
            buffer_free(&part);
        }
        struct input_outcome o;
        decode_bytes(buffer_span(&packed), 262144, &o);
        cr_expect(span_equal(buffer_span(&o.bytes), buffer_span(&want)),
            "%s: other bytes", input_packers[p].name);
        cr_expect_str_empty(
            o.damage, "%s: %s", input_packers[p].name, o.damage);
        cr_expect_str_empty(o.note, "%s: %s", input_packers[p].name, o.note);
        buffer_free(&want);
        buffer_free(&packed);
        buffer_free(&o.bytes);
    }
}

/* What may stand behind a stream. */
static const struct trailing {
    const char *name;
    struct span tail;
    const char *note;
} trailings[] = {
    {"zeros", SPAN_INIT("\0\0\0\0\0\0\0\0\0"), ""},
    {"garbage", SPAN_INIT("garbage\n"), "trailing garbage ignored"},
    {"zeros and garbage", SPAN_INIT("\0\0\0g"), "trailing garbage ignored"},
};

Test(decoder, trailing_bytes)
{
    for (size_t p = 1; p < N_PACKERS; p++) {
        for (size_t i = 0; i < sizeof(trailings) / sizeof(trailings[0]); i++) {
            const struct trailing *t = &trailings[i];
            struct buffer packed;
            buffer_init(&packed, INPUT_FIXTURE_LIMIT);
            input_packers[p].pack(&packed, SPAN_LITERAL("hello\nworld\n"));
            buffer_add(&packed, t->tail);
            struct input_outcome o;
            decode_bytes(buffer_span(&packed), 4096, &o);
            cr_expect(span_equal(buffer_span(&o.bytes),
                          SPAN_LITERAL("hello\nworld\n")),
                "%s, %s", input_packers[p].name, t->name);
            cr_expect_str_empty(
                o.damage, "%s, %s", input_packers[p].name, t->name);
            cr_expect_str_eq(
                o.note, t->note, "%s, %s", input_packers[p].name, t->name);
            buffer_free(&packed);
            buffer_free(&o.bytes);
        }
    }
}

Test(decoder, member_after_zeros)
{
    struct buffer packed;
    buffer_init(&packed, INPUT_FIXTURE_LIMIT);
    input_packers[GZIP].pack(&packed, SPAN_LITERAL("one\n"));
    fill_zeros(&packed, 512);
    input_packers[GZIP].pack(&packed, SPAN_LITERAL("two\n"));
    buffer_add_char(&packed, '\x1f');
    struct input_outcome o;
    decode_bytes(buffer_span(&packed), 4096, &o);
    cr_expect(span_equal(buffer_span(&o.bytes), SPAN_LITERAL("one\ntwo\n")));
    cr_expect_str_eq(o.damage, "unexpected end of file");
    buffer_free(&packed);
    buffer_free(&o.bytes);
}

Test(decoder, mtime_hint)
{
    struct buffer packed;
    buffer_init(&packed, INPUT_FIXTURE_LIMIT);
    input_fixture_gzip(&packed, SPAN_LITERAL("a\n"),
        (struct input_fixture_gzip){.level = 6, .mtime = 3000000000u});
    struct input_outcome o;
    decode_bytes(buffer_span(&packed), 4096, &o);
    cr_expect_eq(o.mtime_hint, 3000000000);
    buffer_free(&packed);
    buffer_free(&o.bytes);
}

/* By content, whatever looks like it at first. */
static const struct magic {
    struct span bytes;
    const char *container;
} magics[] = {
    {SPAN_INIT(""), "plain"},
    {SPAN_INIT("\x1f"), "plain"},
    {SPAN_INIT("BZh9 is no bzip2 stream\n"), "plain"},
    {SPAN_INIT("\x28\xb5\x2f"), "plain"},
    {SPAN_INIT("\xef\xbb\xbfNov  1"), "plain"},
    {SPAN_INIT("\0\0\0\0"), "plain"},
    {SPAN_INIT("\xfd"
               "7zXZ\0"),
        "xz"},
};

Test(decoder, magic)
{
    for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
        struct input_outcome o;
        decode_bytes(magics[i].bytes, 4096, &o);
        cr_expect_str_eq(o.container, magics[i].container, "row %zu", i);
        if (strcmp(magics[i].container, "plain") == 0) {
            cr_expect(span_equal(buffer_span(&o.bytes), magics[i].bytes),
                "row %zu", i);
        }
        buffer_free(&o.bytes);
    }
}

/* A frame that asks for a window of 2 GiB, written by hand (RFC 8878,
 * 3.1.1): where memory allows it, it is read. */
Test(decoder, zstd_largest_window)
{
    struct input_outcome o;
    decode_bytes(
        SPAN_LITERAL("\x28\xb5\x2f\xfd\x00\xa8\x19\x00\x00xyz"), 4096, &o);
    if (strcmp(o.damage, "not enough memory for the window") != 0) {
        cr_expect_str_empty(o.damage, "%s", o.damage);
        cr_expect(span_equal(buffer_span(&o.bytes), SPAN_LITERAL("xyz")));
    }
    buffer_free(&o.bytes);
}

Test(decoder, cannot_open)
{
    cr_expect_null(decoder_open(input_fixture_path(&files, "missing")));
    cr_expect_null(decoder_open(files.dir));
    decoder_close(NULL);
}

static void ignore_signal(int number)
{
    (void)number;
}

/* Write ${bytes} to the pipe ${fd} in dribs, slowly enough that the reader
 * is interrupted while it waits. */
static void dribble(int fd, struct span bytes)
{
    size_t turn = 0;
    while (bytes.len > 0) {
        size_t n = 1 + turn++ % 7;
        n = n < bytes.len ? n : bytes.len;
        if (write(fd, bytes.ptr, n) != (ssize_t)n) {
            _exit(1);
        }
        bytes = span_skip(bytes, n);
        nanosleep(&(struct timespec){0, 200000}, NULL);
    }
    _exit(0);
}

/* Short reads and signals, through a pipe on standard input. */
Test(decoder, pipe_in_dribs)
{
    struct buffer want;
    struct buffer packed;
    buffer_init(&want, INPUT_FIXTURE_LIMIT);
    buffer_init(&packed, INPUT_FIXTURE_LIMIT);
    input_fixture_log(&want, 4000);
    input_packers[GZIP].pack(&packed, buffer_span(&want));
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    pid_t child = fork();
    cr_assert_geq(child, 0);
    if (child == 0) {
        close(ends[0]);
        dribble(ends[1], buffer_span(&packed));
    }
    close(ends[1]);
    cr_assert_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    struct sigaction action = {.sa_handler = ignore_signal}; /* no restart */
    sigaction(SIGALRM, &action, NULL);
    struct itimerval each_ms = {{0, 1000}, {0, 1000}};
    setitimer(ITIMER_REAL, &each_ms, NULL);
    struct input_outcome o;
    input_outcome_decode("-", 4096, &o);
    setitimer(ITIMER_REAL, &(struct itimerval){{0, 0}, {0, 0}}, NULL);
    waitpid(child, NULL, 0);
    cr_expect(span_equal(buffer_span(&o.bytes), buffer_span(&want)));
    cr_expect_str_empty(o.damage);
    cr_expect_eq(o.size, -1);
    buffer_free(&want);
    buffer_free(&packed);
    buffer_free(&o.bytes);
}
