/* SPDX-License-Identifier: MIT */
/*
 * Logs that the store had and that were met again are left alone if the
 * archive is corrupt: it says nothing about the copy that they came from.
 */
#include "pipeline/proof.h"

#include "base/memory.h"

#include <stdlib.h>

static void append(
    struct source_state **list, size_t *n, const struct job_outcome *o)
{
    *list = memory_grow(*list, *n + 1, sizeof(**list));
    (*list)[(*n)++] =
        (struct source_state){.id = o->source, .consumed = o->consumed};
}

void proof_add(struct proof *p, const struct job_outcome *o)
{
    if (o->source == 0) {
        return;
    }
    if (o->news == INTAKE_NEW || o->news == INTAKE_GROWN) {
        append(&p->taken, &p->n_taken, o);
    } else if (o->proves) {
        append(&p->met, &p->n_met, o);
    }
}

static bool judge(struct store *store, const struct source_state *list,
    size_t n, const char *damage)
{
    bool ok = store_begin(store);
    for (size_t i = 0; ok && i < n; i++) {
        ok = sources_judge(store, &list[i], damage);
    }
    ok = ok && store_commit(store);
    if (!ok) {
        store_rollback(store);
    }
    return ok;
}

int64_t proof_conclude(struct proof *p, struct run *run, const char *corrupt)
{
    const struct source_state *list = corrupt != NULL ? p->taken : p->met;
    size_t n = corrupt != NULL ? p->n_taken : p->n_met;
    int64_t marked = 0;
    if (n > 0) {
        run_lock_store(run);
        bool ok = judge(run->options->store, list, n, corrupt);
        run_unlock_store(run, ok);
        marked = corrupt != NULL ? list[0].id : 0;
    }
    free(p->taken);
    free(p->met);
    *p = (struct proof){.n_taken = 0};
    return marked;
}
