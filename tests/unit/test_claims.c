/* SPDX-License-Identifier: MIT */
/* pipeline/claims: streams that begin alike wait for each other. */
#include "pipeline/claims.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

enum { WORKERS = 4, ROUNDS = 2000, STREAMS = 3 };

struct worker {
    struct claims *claims;
    size_t number;
    atomic_int *readers; /* of each stream */
    atomic_int *clashes;
};

static const struct span first_lines[STREAMS] = {
    SPAN_INIT("Nov 23 12:16:49 mx a: x"), SPAN_INIT(""), {NULL, 0}};

/* The second and the third are the same: no bytes. */
static size_t stream_of(size_t line)
{
    return line == 2 ? 1 : line;
}

static void *work(void *context)
{
    struct worker *w = context;
    for (size_t round = 0; round < ROUNDS; round++) {
        size_t line = (round + w->number) % STREAMS;
        claims_take(w->claims, w->number, first_lines[line]);
        atomic_int *readers = &w->readers[stream_of(line)];
        if (atomic_fetch_add(readers, 1) != 0) {
            atomic_fetch_add(w->clashes, 1);
        }
        atomic_fetch_sub(readers, 1);
        claims_release(w->claims, w->number);
    }
    return NULL;
}

Test(claims, one_reader_a_stream, .timeout = 60)
{
    struct claims *claims = claims_create(WORKERS);
    struct worker workers[WORKERS];
    pthread_t threads[WORKERS];
    atomic_int readers[STREAMS] = {0};
    atomic_int clashes = 0;
    for (size_t i = 0; i < WORKERS; i++) {
        workers[i] = (struct worker){claims, i, readers, &clashes};
        cr_assert_eq(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (size_t i = 0; i < WORKERS; i++) {
        pthread_join(threads[i], NULL);
    }
    cr_expect_eq(atomic_load(&clashes), 0);
    claims_free(claims);
}

struct waiter {
    struct claims *claims;
    atomic_bool has_it;
};

static void *wait_for_it(void *context)
{
    struct waiter *w = context;
    claims_take(w->claims, 1, SPAN_LITERAL("line"));
    atomic_store(&w->has_it, true);
    claims_release(w->claims, 1);
    return NULL;
}

Test(claims, the_second_waits, .timeout = 60)
{
    struct waiter w = {claims_create(3), false};
    pthread_t thread;
    claims_take(w.claims, 0, SPAN_LITERAL("line"));
    claims_take(w.claims, 2, SPAN_LITERAL("other line")); /* no clash */
    cr_assert_eq(pthread_create(&thread, NULL, wait_for_it, &w), 0);
    const struct timespec moment = {0, 50 * 1000 * 1000};
    nanosleep(&moment, NULL);
    cr_expect_not(atomic_load(&w.has_it));
    claims_release(w.claims, 2);
    nanosleep(&moment, NULL);
    cr_expect_not(atomic_load(&w.has_it), "another stream's end");
    claims_release(w.claims, 0);
    pthread_join(thread, NULL);
    cr_expect(atomic_load(&w.has_it));
    claims_release(w.claims, 0); /* nothing claimed: nothing done */
    claims_free(w.claims);
    claims_free(NULL);
}
