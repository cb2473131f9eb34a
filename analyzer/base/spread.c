/* SPDX-License-Identifier: MIT */
#include "base/spread.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

enum { MAX_HELPERS = 3 };

struct spread {
    size_t n;
    atomic_size_t next; /* that nobody has taken yet */
    void (*work)(void *context, size_t i);
    void *context;
};

static void *take_all(void *arg)
{
    struct spread *s = arg;
    size_t i = 0;
    while ((i = atomic_fetch_add(&s->next, 1)) < s->n) {
        s->work(s->context, i);
    }
    return NULL;
}

static size_t n_helpers(size_t n)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t helpers = processors > 1 ? (size_t)processors - 1 : 0;
    helpers = helpers < MAX_HELPERS ? helpers : MAX_HELPERS;
    return n > helpers ? helpers : 0;
}

void spread_over(size_t n, void (*work)(void *context, size_t i), void *context)
{
    struct spread s = {.n = n, .work = work, .context = context};
    pthread_t helpers[MAX_HELPERS];
    size_t wanted = n_helpers(n);
    size_t started = 0;
    while (started < wanted &&
           pthread_create(&helpers[started], NULL, take_all, &s) == 0) {
        started++;
    }
    take_all(&s);
    for (size_t i = 0; i < started; i++) {
        pthread_join(helpers[i], NULL);
    }
}
