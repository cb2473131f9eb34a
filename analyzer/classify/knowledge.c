/* SPDX-License-Identifier: MIT */
/*
 * The tables that a person edits, checked against each other once, with an
 * index for what is asked often: reply codes by number, statuses by their
 * three numbers.
 */
#include "classify/knowledge.h"

#include "base/diag.h"
#include "base/memory.h"
#include "base/spread.h"
#include "classify/knowledge_schema.h"

#include <stdio.h>
#include <stdlib.h>

enum { N_CODES = 600 };

/* A status entry and what it stands for; class 0: any ("X"). */
struct status_index {
    struct status_code status;
    const struct status_entry *entry;
};

struct knowledge {
    struct taxonomy_file *taxonomy;
    struct codes_file *codes;
    struct dnsbl_table *dnsbls;
    struct provider_table *providers;
    struct suffixes *names;
    const struct code_entry *by_code[N_CODES];
    struct status_index *by_status; /* sorted */
};

static bool load_file(const char *path, const char *site_dir,
    const struct cyaml_schema_value *schema, struct pack_list *packs,
    void **data)
{
    *data = NULL;
    if (!pack_list_file(packs, path, site_dir)) {
        return false;
    }
    if (packs->n_files == 0) {
        diag_error("patterns/%s: not compiled in", path);
        return false;
    }
    return pack_load(&packs->files[0], schema, data);
}

/* Whether all ${n} of ${advice}, named by the entry ${name}, exist. */
static bool check_advice(const struct knowledge *k,
    const struct pack_file *pack, const char *name, char *const *advice,
    unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (knowledge_advice(k, span_of(advice[i])) == NULL) {
            pack_error(
                pack, "name", name, "advice \"%s\" does not exist", advice[i]);
            return false;
        }
    }
    return true;
}

static bool check_cause(const struct knowledge *k, const struct pack_file *pack,
    const struct cause_entry *cause)
{
    bool ok = true;
    if (knowledge_cause(k, span_of(cause->name)) != cause) {
        pack_error(pack, "name", cause->name, "is there twice");
        ok = false;
    }
    for (unsigned i = 0; i < cause->n_details; i++) {
        const struct detail_entry *d = &cause->details[i];
        ok &= check_advice(k, pack, d->name, d->advice, d->n_advice);
    }
    return ok;
}

/* Is ${name}, which may be NULL, a cause and detail that exist? */
static bool check_verdict(const struct knowledge *k,
    const struct pack_file *pack, const char *key, const char *entry,
    const char *name)
{
    struct span cause;
    struct span detail;
    if (name == NULL || knowledge_split(k, span_of(name), &cause, &detail)) {
        return true;
    }
    pack_error(pack, key, entry, "there is no cause \"%s\"", name);
    return false;
}

static bool check_together(const struct knowledge *k,
    const struct pack_file *pack, const struct together_entry *t)
{
    bool ok = check_advice(k, pack, t->name, t->advice, t->n_advice);
    for (unsigned i = 0; i < t->n_causes; i++) {
        ok &= check_verdict(k, pack, "name", t->name, t->causes[i]);
    }
    if (strcmp(t->direction, "outbound") != 0 &&
        strcmp(t->direction, "inbound") != 0) {
        pack_error(
            pack, "name", t->name, "\"%s\" is no direction", t->direction);
        ok = false;
    }
    return ok;
}

static bool load_taxonomy(struct knowledge *k, const char *site_dir)
{
    struct pack_list packs;
    void *data = NULL;
    bool ok = load_file(
        "taxonomy.yaml", site_dir, &knowledge_schema_taxonomy, &packs, &data);
    k->taxonomy = data;
    for (unsigned i = 0; ok && i < k->taxonomy->causes_count; i++) {
        ok &= check_cause(k, &packs.files[0], &k->taxonomy->causes[i]);
    }
    for (unsigned i = 0; ok && i < k->taxonomy->together_count; i++) {
        ok &= check_together(k, &packs.files[0], &k->taxonomy->together[i]);
    }
    pack_list_reset(&packs);
    return ok;
}

static bool index_code(struct knowledge *k, const struct pack_file *pack,
    const struct code_entry *e)
{
    char code[16];
    snprintf(code, sizeof(code), "%d", e->code);
    if (e->code < 200 || e->code >= N_CODES) {
        pack_error(pack, "code", code, "is no reply code");
        return false;
    }
    if (k->by_code[e->code] != NULL) {
        pack_error(pack, "code", code, "is there twice");
        return false;
    }
    k->by_code[e->code] = e;
    bool ok = check_verdict(k, pack, "code", code, e->verdict);
    for (unsigned i = 0; i < e->n_usual; i++) {
        ok &= check_verdict(k, pack, "code", code, e->usual[i]);
    }
    return ok;
}

static int by_status(const void *a, const void *b)
{
    struct status_code x = ((const struct status_index *)a)->status;
    struct status_code y = ((const struct status_index *)b)->status;
    if (x.subject != y.subject) {
        return x.subject < y.subject ? -1 : 1;
    }
    if (x.detail != y.detail) {
        return x.detail < y.detail ? -1 : 1;
    }
    return x.class < y.class ? -1 : x.class > y.class;
}

/* "X.1.1" or "5.7.1". */
static bool read_status(const char *text, struct status_code *status)
{
    char digits[STATUS_TEXT_LEN];
    size_t n = strlen(text);
    if (n == 0 || n >= sizeof(digits)) {
        return false;
    }
    memcpy(digits, text, n);
    bool any = text[0] == 'X';
    digits[0] = any ? '5' : text[0];
    if (status_parse((struct span){digits, n}, status) != n) {
        return false;
    }
    status->class = any ? 0 : status->class;
    return true;
}

static bool index_status(struct knowledge *k, const struct pack_file *pack,
    const struct status_entry *e, struct status_index *slot)
{
    slot->entry = e;
    if (!read_status(e->status, &slot->status)) {
        pack_error(pack, "status", e->status, "is no enhanced status code");
        return false;
    }
    bool ok = check_verdict(k, pack, "status", e->status, e->permanent) &&
              check_verdict(k, pack, "status", e->status, e->temporary);
    for (unsigned i = 0; i < e->n_usual; i++) {
        ok &= check_verdict(k, pack, "status", e->status, e->usual[i]);
    }
    return ok;
}

static bool index_codes(struct knowledge *k, const struct pack_file *pack)
{
    const struct codes_file *f = k->codes;
    bool ok = true;
    for (unsigned i = 0; i < f->reply_codes_count; i++) {
        ok &= index_code(k, pack, &f->reply_codes[i]);
    }
    size_t n = f->status_codes_count;
    k->by_status = memory_zalloc(n + 1, sizeof(*k->by_status));
    for (size_t i = 0; i < n; i++) {
        ok &= index_status(k, pack, &f->status_codes[i], &k->by_status[i]);
    }
    qsort(k->by_status, n, sizeof(*k->by_status), by_status);
    for (size_t i = 1; i < n; i++) {
        if (by_status(&k->by_status[i - 1], &k->by_status[i]) == 0) {
            pack_error(pack, "status", k->by_status[i].entry->status,
                "is there twice");
            ok = false;
        }
    }
    return ok;
}

static bool load_codes(struct knowledge *k, const char *site_dir)
{
    struct pack_list packs;
    void *data = NULL;
    bool ok = load_file(
        "codes.yaml", site_dir, &knowledge_schema_codes, &packs, &data);
    k->codes = data;
    ok = ok && index_codes(k, &packs.files[0]);
    pack_list_reset(&packs);
    return ok;
}

/* Tables that know nothing of each other. */
enum part { PART_CAUSES, PART_DNSBLS, PART_PROVIDERS, N_PARTS };

struct loading {
    struct knowledge *k;
    const char *site_dir;
    bool ok[N_PARTS];
};

static void load_part(void *context, size_t part)
{
    struct loading *l = context;
    struct knowledge *k = l->k;
    switch ((enum part)part) {
    case PART_CAUSES:
        l->ok[part] =
            load_taxonomy(k, l->site_dir) && load_codes(k, l->site_dir);
        break;
    case PART_DNSBLS:
        k->dnsbls = dnsbl_load(l->site_dir);
        l->ok[part] = k->dnsbls != NULL;
        break;
    case PART_PROVIDERS:
        k->providers = providers_load(l->site_dir);
        l->ok[part] = k->providers != NULL;
        break;
    case N_PARTS:
        break;
    }
}

/* Side by side; but a site's faults are to be told in their order. */
static bool load_parts(struct knowledge *k, const char *site_dir)
{
    struct loading l = {.k = k, .site_dir = site_dir};
    bool ok = true;
    if (site_dir == NULL) {
        spread_over(N_PARTS, load_part, &l);
    }
    for (size_t i = 0; ok && i < N_PARTS; i++) {
        if (site_dir != NULL) {
            load_part(&l, i);
        }
        ok = l.ok[i];
    }
    return ok;
}

struct knowledge *knowledge_load(const char *site_dir)
{
    struct knowledge *k = memory_zalloc(1, sizeof(*k));
    if (!load_parts(k, site_dir)) {
        knowledge_free(k);
        return NULL;
    }
    k->names = suffixes_create();
    dnsbl_add_names(k->dnsbls, k->names);
    providers_add_names(k->providers, k->names);
    return k;
}

void knowledge_free(struct knowledge *k)
{
    if (k == NULL) {
        return;
    }
    suffixes_free(k->names);
    providers_free(k->providers);
    dnsbl_free(k->dnsbls);
    free(k->by_status);
    pack_unload(&knowledge_schema_codes, k->codes);
    pack_unload(&knowledge_schema_taxonomy, k->taxonomy);
    free(k);
}

unsigned knowledge_n_causes(const struct knowledge *k)
{
    return k->taxonomy->causes_count;
}

const struct cause_entry *knowledge_cause_at(
    const struct knowledge *k, unsigned i)
{
    return &k->taxonomy->causes[i];
}

const struct cause_entry *knowledge_cause(
    const struct knowledge *k, struct span name)
{
    for (unsigned i = 0; i < k->taxonomy->causes_count; i++) {
        if (span_equal(span_of(k->taxonomy->causes[i].name), name)) {
            return &k->taxonomy->causes[i];
        }
    }
    return NULL;
}

const struct detail_entry *knowledge_detail(
    const struct knowledge *k, struct span cause, struct span detail)
{
    const struct cause_entry *c = knowledge_cause(k, cause);
    for (unsigned i = 0; c != NULL && i < c->n_details; i++) {
        if (span_equal(span_of(c->details[i].name), detail)) {
            return &c->details[i];
        }
    }
    return NULL;
}

unsigned knowledge_marks(
    const struct knowledge *k, struct span cause, struct span detail)
{
    const struct cause_entry *c = knowledge_cause(k, cause);
    const struct detail_entry *d = knowledge_detail(k, cause, detail);
    return d != NULL ? (unsigned)c->marks | (unsigned)d->marks : 0;
}

bool knowledge_marked(const struct knowledge *k, enum cause_mark mark,
    struct span *cause, struct span *detail)
{
    for (unsigned i = 0; i < knowledge_n_causes(k); i++) {
        const struct cause_entry *c = knowledge_cause_at(k, i);
        for (unsigned n = 0; n < c->n_details; n++) {
            if (((unsigned)c->details[n].marks & mark) != 0) {
                *cause = span_of(c->name);
                *detail = span_of(c->details[n].name);
                return true;
            }
        }
    }
    return false;
}

bool knowledge_split(const struct knowledge *k, struct span name,
    struct span *cause, struct span *detail)
{
    size_t dot = span_find(name, SPAN_LITERAL("."));
    if (dot == name.len) {
        return false;
    }
    const struct cause_entry *c = knowledge_cause(k, span_first(name, dot));
    const struct detail_entry *d =
        knowledge_detail(k, span_first(name, dot), span_skip(name, dot + 1));
    if (c == NULL || d == NULL) {
        return false;
    }
    *cause = span_of(c->name);
    *detail = span_of(d->name);
    return true;
}

const struct advice_entry *knowledge_advice(
    const struct knowledge *k, struct span id)
{
    for (unsigned i = 0; i < k->taxonomy->advice_count; i++) {
        if (span_equal(span_of(k->taxonomy->advice[i].id), id)) {
            return &k->taxonomy->advice[i];
        }
    }
    return NULL;
}

unsigned knowledge_n_advice(const struct knowledge *k)
{
    return k->taxonomy->advice_count;
}

const struct advice_entry *knowledge_advice_at(
    const struct knowledge *k, unsigned i)
{
    return &k->taxonomy->advice[i];
}

const struct code_entry *knowledge_reply_code(
    const struct knowledge *k, int code)
{
    return code >= 0 && code < N_CODES ? k->by_code[code] : NULL;
}

const struct status_entry *knowledge_status(
    const struct knowledge *k, struct status_code status)
{
    struct status_index key = {.status = status};
    for (int i = 0; i < 2; i++) {
        const struct status_index *hit = bsearch(&key, k->by_status,
            k->codes->status_codes_count, sizeof(key), by_status);
        if (hit != NULL) {
            return hit->entry;
        }
        key.status.class = 0;
    }
    return NULL;
}

const char *knowledge_status_verdict(
    const struct knowledge *k, struct status_code status)
{
    const struct status_entry *e = knowledge_status(k, status);
    if (e == NULL) {
        return NULL;
    }
    return status.class == 5   ? e->permanent
           : status.class == 4 ? e->temporary
                               : NULL;
}

const struct class_entry *knowledge_class(const struct knowledge *k, int digit)
{
    for (unsigned i = 0; i < k->codes->classes_count; i++) {
        if (k->codes->classes[i].class == digit) {
            return &k->codes->classes[i];
        }
    }
    return NULL;
}

char *const *knowledge_introductions(const struct knowledge *k, unsigned *n)
{
    *n = k->codes->introductions_count;
    return k->codes->introductions;
}

const struct dnsbl_table *knowledge_dnsbls(const struct knowledge *k)
{
    return k->dnsbls;
}

const struct provider_table *knowledge_providers(const struct knowledge *k)
{
    return k->providers;
}

const struct suffixes *knowledge_names(const struct knowledge *k)
{
    return k->names;
}

const struct together_entry *knowledge_together(
    const struct knowledge *k, struct span direction, struct span cause)
{
    for (unsigned i = 0; i < k->taxonomy->together_count; i++) {
        const struct together_entry *t = &k->taxonomy->together[i];
        for (unsigned j = 0; j < t->n_causes; j++) {
            if (span_equal(span_of(t->causes[j]), cause) &&
                span_equal(span_of(t->direction), direction)) {
                return t;
            }
        }
    }
    return NULL;
}
