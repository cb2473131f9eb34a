/* SPDX-License-Identifier: MIT */
/*
 * Most mail goes to the same few names, and each look-up walks over all of a
 * name.  A name has one place that its hash chooses, and takes it from the one
 * that had it before.
 */
#include "classify/provider_memo.h"

#include "base/memory.h"

#include <stdlib.h>

enum { N_PLACES = 512 /* a power of two */, NAME_LEN = 54 };

struct place {
    const struct provider_entry *provider; /* NULL: nobody's */
    bool known;
    uint8_t len;
    char name[NAME_LEN];
};

struct provider_memo {
    const struct provider_table *table;
    struct place relays[N_PLACES];
    struct place domains[N_PLACES];
};

struct provider_memo *provider_memo_create(const struct provider_table *t)
{
    struct provider_memo *m = memory_zalloc(1, sizeof(*m));
    m->table = t;
    return m;
}

typedef const struct provider_entry *look_up(
    const struct provider_table *t, struct span name);

static const struct provider_entry *find(const struct provider_table *t,
    struct place *places, struct span name, look_up *ask)
{
    if (name.len == 0 || name.len > NAME_LEN) {
        return ask(t, name);
    }
    struct place *p = &places[span_hash(name) & (N_PLACES - 1)];
    if (!p->known || !span_equal((struct span){p->name, p->len}, name)) {
        p->provider = ask(t, name);
        p->known = true;
        p->len = (uint8_t)name.len;
        memcpy(p->name, name.ptr, name.len);
    }
    return p->provider;
}

const struct provider_entry *provider_memo_by_relay(
    struct provider_memo *m, struct span host)
{
    return find(m->table, m->relays, host, providers_by_relay);
}

const struct provider_entry *provider_memo_by_domain(
    struct provider_memo *m, struct span domain)
{
    return find(m->table, m->domains, domain, providers_by_domain);
}

void provider_memo_free(struct provider_memo *m)
{
    free(m);
}
