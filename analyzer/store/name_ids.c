/* SPDX-License-Identifier: MIT */
#include "store/name_ids.h"

#include "base/memory.h"

#include <stdlib.h>

/* Look up those of ${texts} that ${*ids} lacks; it has the first ${*n}. */
static bool find_new(struct names *names, enum names_table table,
    const struct intern *texts, int64_t **ids, uint32_t *n)
{
    uint32_t count = intern_count(texts);
    if (count > *n) {
        *ids = memory_grow(*ids, count, sizeof(**ids));
    }
    for (; *n < count; (*n)++) {
        int64_t id = names_id(names, table, intern_text(texts, *n));
        if (id == 0) {
            return false;
        }
        (*ids)[*n] = id;
    }
    return true;
}

bool name_ids_find(
    struct name_ids *ids, struct names *names, const struct tally_view *view)
{
    if (ids->names != view->names) {
        name_ids_reset(ids);
        ids->names = view->names;
    }
    return find_new(
               names, NAMES_HOST, view->hosts, &ids->hosts, &ids->n_hosts) &&
           find_new(names, NAMES_DOMAIN, view->domains, &ids->domains,
               &ids->n_domains) &&
           find_new(names, NAMES_PROVIDER, view->providers, &ids->providers,
               &ids->n_providers);
}

void name_ids_reset(struct name_ids *ids)
{
    free(ids->hosts);
    free(ids->domains);
    free(ids->providers);
    *ids = (struct name_ids){.hosts = NULL};
}
