/* SPDX-License-Identifier: MIT */
/* input/decoder_ahead: a second thread that decodes must not show. */
#include "input/decoder_ahead.h"

#include "base/limits.h"
#include "base/memory.h"
#include "input_fixture.h"
#include "input_packers.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

static struct input_fixture files;

static void open_files(void)
{
    input_fixture_open(&files);
}

static void close_files(void)
{
    input_fixture_close(&files);
}

TestSuite(decoder_ahead, .init = open_files, .fini = close_files);

/* Who decodes for whoever reads. */
struct hand {
    struct decoder *decoder;
    atomic_bool done;
    atomic_int n_rooms;
};

static void *work(void *context)
{
    struct hand *h = context;
    while (!atomic_load(&h->done)) {
        if (!decoder_ahead_work(h->decoder)) {
            sched_yield();
        }
    }
    return NULL;
}

static void count_room(void *context)
{
    struct hand *h = context;
    atomic_fetch_add(&h->n_rooms, 1);
}

/* The two decoders, the second of which has a hand, say the same now. */
static void expect_same(
    const struct decoder *a, const struct decoder *b, const char *what)
{
    const char *said[2] = {decoder_damage(a), decoder_damage(b)};
    cr_expect_eq(said[0] == NULL, said[1] == NULL, "%s", what);
    if (said[0] != NULL && said[1] != NULL) {
        cr_expect_str_eq(said[0], said[1], "%s", what);
    }
    cr_expect_eq(decoder_note(a), decoder_note(b), "%s", what);
    cr_expect_eq(decoder_offset(a), decoder_offset(b), "%s", what);
    /* liblzma has threads of its own, which take what they find time for */
    if (strcmp(decoder_container(a), "xz") != 0) {
        cr_expect_eq(decoder_compressed_offset(a), decoder_compressed_offset(b),
            "%s", what);
    }
    cr_expect_eq(decoder_read_failed(a), decoder_read_failed(b), "%s", what);
}

/* Read ${bytes} in blocks of ${cap} bytes both ways. */
static void compare(struct span bytes, size_t cap, const char *what)
{
    const char *path = input_fixture_write(&files, "in", bytes);
    struct decoder *alone = decoder_open(path);
    struct hand hand = {.decoder = decoder_open(path)};
    pthread_t thread;
    char *want = memory_alloc(cap);
    char *got = memory_alloc(cap);
    size_t n = 0;
    decoder_ahead_begin(hand.decoder, count_room, &hand);
    cr_assert_eq(pthread_create(&thread, NULL, work, &hand), 0);
    do {
        n = decoder_read(alone, want, cap);
        cr_assert_eq(decoder_read(hand.decoder, got, cap), n, "%s", what);
        cr_assert_eq(memcmp(got, want, n), 0, "%s", what);
        /* blocks of another size end elsewhere */
        if (cap == LIMIT_BLOCK_LEN || n < cap) {
            expect_same(alone, hand.decoder, what);
        }
    } while (n == cap);
    cr_expect_eq(decoder_read(hand.decoder, got, cap), 0, "%s", what);
    atomic_store(&hand.done, true);
    pthread_join(thread, NULL);
    free(want);
    free(got);
    decoder_close(alone);
    decoder_close(hand.decoder);
}

Test(decoder_ahead, reads_the_same)
{
    static const size_t caps[] = {LIMIT_BLOCK_LEN, 300001};
    struct buffer log;
    buffer_init(&log, INPUT_FIXTURE_LIMIT);
    input_fixture_log(&log, 9 * LIMIT_BLOCK_LEN);
    struct span bytes = {log.bytes, log.len};
    for (int i = 0; i < N_DAMAGED; i++) {
        struct buffer file;
        buffer_init(&file, INPUT_FIXTURE_LIMIT);
        input_packers[i].pack(&file, bytes);
        for (size_t k = 0; k < sizeof(caps) / sizeof(caps[0]); k++) {
            struct span whole = {file.bytes, file.len};
            compare(whole, caps[k], input_packers[i].name);
            compare(span_first(whole, whole.len / 2), caps[k], "cut off");
            file.bytes[file.len / 3] ^= 0x55;
            compare(whole, caps[k], "damaged");
            file.bytes[file.len / 3] ^= 0x55;
        }
        buffer_free(&file);
    }
    buffer_free(&log);
}

/* As many blocks as there is room for, and then one for each that was read. */
Test(decoder_ahead, stops_when_it_is_far_ahead)
{
    struct buffer log;
    buffer_init(&log, INPUT_FIXTURE_LIMIT);
    input_fixture_log(&log, 9 * LIMIT_BLOCK_LEN);
    struct hand hand = {.decoder = decoder_open(input_fixture_write(
                            &files, "in", (struct span){log.bytes, log.len}))};
    char *block = memory_alloc(LIMIT_BLOCK_LEN);
    cr_expect_not(decoder_ahead_work(hand.decoder), "not begun");
    decoder_ahead_begin(hand.decoder, count_room, &hand);
    int n = 0;
    while (decoder_ahead_work(hand.decoder)) {
        n++;
    }
    cr_expect(n > 1 && n < 9, "%d", n);
    cr_expect_eq(decoder_compressed_offset(hand.decoder), 0);
    decoder_read(hand.decoder, block, LIMIT_BLOCK_LEN);
    cr_expect_eq(decoder_compressed_offset(hand.decoder), LIMIT_BLOCK_LEN);
    cr_expect_eq(atomic_load(&hand.n_rooms), 1);
    cr_expect(decoder_ahead_work(hand.decoder));
    cr_expect_not(decoder_ahead_work(hand.decoder));
    free(block);
    decoder_close(hand.decoder);
    buffer_free(&log);
}
