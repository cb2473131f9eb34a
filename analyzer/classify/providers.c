/* SPDX-License-Identifier: MIT */
/*
 * A relay tells more than a recipient's domain: companies keep their own
 * domain at Google or behind Proofpoint.  Both are suffix tables.
 */
#include "classify/providers.h"

#include "base/memory.h"
#include "pattern/pack.h"

#include <stdlib.h>

struct provider_file {
    struct provider_entry *providers;
    unsigned providers_count;
};

struct provider_table {
    struct provider_file *file;
    struct suffixes *relays;
    struct suffixes *domains;
};

static const cyaml_schema_value_t text_value = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CYAML_UNLIMITED)};

static const cyaml_schema_field_t entry_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct provider_entry,
        name, 1, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE_COUNT("relays", CYAML_FLAG_POINTER,
        struct provider_entry, relays, n_relays, &text_value, 0,
        CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE_COUNT("domains", CYAML_FLAG_POINTER,
        struct provider_entry, domains, n_domains, &text_value, 0,
        CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("postmaster",
        CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct provider_entry,
        postmaster, 0, CYAML_UNLIMITED),
    CYAML_FIELD_END};

static const cyaml_schema_value_t entry_value = {CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct provider_entry, entry_fields)};

static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_SEQUENCE("providers", CYAML_FLAG_POINTER, struct provider_file,
        providers, &entry_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_END};

static const cyaml_schema_value_t file_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct provider_file, file_fields)};

/* Add one entry's names to a table; the first that is there already is an
 * error. */
static bool add_all(struct suffixes *t, char **names, unsigned n,
    uint32_t value, const struct pack_file *pack, const char *owner)
{
    for (unsigned i = 0; i < n; i++) {
        if (!suffixes_add(t, span_of(names[i]), value)) {
            pack_error(
                pack, "name", owner, "\"%s\" stands there twice", names[i]);
            return false;
        }
    }
    return true;
}

static bool fill(struct provider_table *t, const struct pack_file *pack)
{
    bool ok = true;
    for (unsigned i = 0; i < t->file->providers_count; i++) {
        struct provider_entry *e = &t->file->providers[i];
        ok &= add_all(t->relays, e->relays, e->n_relays, i, pack, e->name);
        ok &= add_all(t->domains, e->domains, e->n_domains, i, pack, e->name);
    }
    return ok;
}

struct provider_table *providers_load(const char *site_dir)
{
    struct provider_table *t = memory_zalloc(1, sizeof(*t));
    t->relays = suffixes_create();
    t->domains = suffixes_create();
    struct pack_list packs;
    bool ok = pack_list_file(&packs, "providers.yaml", site_dir);
    void *data = NULL;
    if (ok && packs.n_files > 0) {
        ok = pack_load(&packs.files[0], &file_value, &data);
    }
    t->file = data;
    if (ok && t->file != NULL) {
        ok = fill(t, &packs.files[0]);
    }
    pack_list_reset(&packs);
    if (!ok) {
        providers_free(t);
        return NULL;
    }
    return t;
}

void providers_free(struct provider_table *t)
{
    if (t == NULL) {
        return;
    }
    suffixes_free(t->relays);
    suffixes_free(t->domains);
    pack_unload(&file_value, t->file);
    free(t);
}

static const struct provider_entry *find(const struct provider_table *t,
    const struct suffixes *names, struct span name)
{
    uint32_t i = 0;
    return suffixes_find(names, name, &i) > 0 ? &t->file->providers[i] : NULL;
}

const struct provider_entry *providers_by_relay(
    const struct provider_table *t, struct span host)
{
    return find(t, t->relays, host);
}

const struct provider_entry *providers_by_domain(
    const struct provider_table *t, struct span domain)
{
    return find(t, t->domains, domain);
}

const struct provider_entry *providers_by_name(
    const struct provider_table *t, struct span name)
{
    for (unsigned i = 0; t->file != NULL && i < t->file->providers_count; i++) {
        if (span_equal(span_of(t->file->providers[i].name), name)) {
            return &t->file->providers[i];
        }
    }
    return NULL;
}

void providers_add_names(const struct provider_table *t, struct suffixes *names)
{
    for (unsigned i = 0; t->file != NULL && i < t->file->providers_count; i++) {
        const struct provider_entry *e = &t->file->providers[i];
        for (unsigned j = 0; j < e->n_relays; j++) {
            suffixes_add(names, span_of(e->relays[j]), i);
        }
        for (unsigned j = 0; j < e->n_domains; j++) {
            suffixes_add(names, span_of(e->domains[j]), i);
        }
    }
}
