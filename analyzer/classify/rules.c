/* SPDX-License-Identifier: MIT */
/*
 * Rules are data; what is made from them is made late: each expression is
 * compiled when the pre-filter first names its rule.
 */
#include "classify/rules.h"

#include "base/diag.h"
#include "base/memory.h"
#include "classify/conditions.h"
#include "classify/rules_schema.h"
#include "pattern/lazyregex.h"

#include <stdio.h>
#include <stdlib.h>

enum { ORDER_SITE = 0, ORDER_BUILT_IN = 50 };

/* One file: its pack, and what libcyaml made of it. */
struct source_file {
    const struct pack_file *pack;
    struct rules_file *data;
    int order;
};

/* What becomes known of a rule while it is used. */
struct lazy {
    struct lazyregex regex[RULES_N_REGEX];
    atomic_bool limit_reported;
};

struct entry {
    const struct rule *rule;
    const struct source_file *file;
    struct span cause;
    struct span detail;
    const struct detail_entry *detail_entry;
    struct conditions conditions;
    struct lazy *lazy;
};

struct field_entry {
    const struct rules_field *field;
    const struct source_file *file;
    struct lazyregex regex;
};

struct rules {
    struct pack_list packs;
    struct source_file *files;
    size_t n_files;
    struct entry *entries;
    struct lazy *lazy;
    size_t n_entries;
    struct field_entry *fields;
    size_t n_fields;
    struct parts *parts;
};

static int by_order(const void *a, const void *b)
{
    const struct source_file *x = a;
    const struct source_file *y = b;
    if (x->order != y->order) {
        return x->order < y->order ? -1 : 1;
    }
    if (x->pack->site != y->pack->site) {
        return x->pack->site ? -1 : 1;
    }
    return strcmp(x->pack->name, y->pack->name);
}

/* A list of packs being read, and what became of each. */
struct loading {
    const struct pack_list *packs;
    void **data; /* NULL: could not be read */
};

static void load_file(void *context, size_t i)
{
    struct loading *l = context;
    void *data = NULL;
    if (pack_load(&l->packs->files[i], &rules_schema_file, &data)) {
        l->data[i] = data;
    }
}

static void add_file(
    struct rules *r, const struct pack_file *pack, struct rules_file *data)
{
    struct source_file *f = &r->files[r->n_files++];
    *f = (struct source_file){
        pack, data, pack->site ? ORDER_SITE : ORDER_BUILT_IN};
    f->order = data->order != NULL ? *data->order : f->order;
    r->n_entries += data->n_rules;
    r->n_fields += data->n_fields;
}

static bool load_files(struct rules *r, const char *site_dir)
{
    if (!pack_list_find(&r->packs, "replies", site_dir)) {
        return false;
    }
    size_t n = r->packs.n_files;
    r->files = memory_zalloc(n + 1, sizeof(*r->files));
    struct loading l = {&r->packs, memory_zalloc(n + 1, sizeof(*l.data))};
    pack_list_each(&r->packs, load_file, &l);
    bool ok = true;
    for (size_t i = 0; i < n; i++) {
        if (l.data[i] != NULL) {
            add_file(r, &r->packs.files[i], l.data[i]);
        }
        ok = ok && l.data[i] != NULL;
    }
    free(l.data);
    if (r->n_files > 1) {
        qsort(r->files, r->n_files, sizeof(*r->files), by_order);
    }
    return ok;
}

static bool read_entry(const struct knowledge *k, struct entry *e)
{
    const struct pack_file *pack = e->file->pack;
    bool ok = true;
    if (!knowledge_split(k, span_of(e->rule->cause), &e->cause, &e->detail)) {
        pack_error(pack, "id", e->rule->id, "there is no cause \"%s\"",
            e->rule->cause);
        ok = false;
    }
    e->detail_entry = knowledge_detail(k, e->cause, e->detail);
    const char *bad = conditions_read(e->rule, &e->conditions);
    if (bad != NULL) {
        pack_error(pack, "id", e->rule->id,
            "\"%s\" is no direction, stage, reply code or status, or one too "
            "many",
            bad);
        ok = false;
    }
    return ok;
}

static bool read_entries(struct rules *r, const struct knowledge *k)
{
    r->entries = memory_zalloc(r->n_entries + 1, sizeof(*r->entries));
    r->lazy = memory_zalloc(r->n_entries + 1, sizeof(*r->lazy));
    size_t n = 0;
    bool ok = true;
    for (size_t i = 0; i < r->n_files; i++) {
        const struct source_file *f = &r->files[i];
        for (unsigned j = 0; j < f->data->n_rules; j++) {
            struct entry *e = &r->entries[n];
            e->rule = &f->data->rules[j];
            e->file = f;
            e->lazy = &r->lazy[n++];
            ok &= read_entry(k, e);
        }
    }
    return ok;
}

static void read_fields(struct rules *r)
{
    r->fields = memory_zalloc(r->n_fields + 1, sizeof(*r->fields));
    size_t n = 0;
    for (size_t i = 0; i < r->n_files; i++) {
        for (unsigned j = 0; j < r->files[i].data->n_fields; j++) {
            r->fields[n].field = &r->files[i].data->fields[j];
            r->fields[n++].file = &r->files[i];
        }
    }
}

static int by_id(const void *a, const void *b)
{
    const struct entry *x = *(const struct entry *const *)a;
    const struct entry *y = *(const struct entry *const *)b;
    int cmp = strcmp(x->rule->id, y->rule->id);
    return cmp != 0 ? cmp : x < y ? -1 : x > y;
}

static bool ids_are_unique(const struct rules *r)
{
    const struct entry **sorted =
        memory_zalloc(r->n_entries + 1, sizeof(*sorted));
    for (size_t i = 0; i < r->n_entries; i++) {
        sorted[i] = &r->entries[i];
    }
    qsort(sorted, r->n_entries, sizeof(*sorted), by_id);
    bool ok = true;
    for (size_t i = 1; i < r->n_entries; i++) {
        const struct entry *a = sorted[i - 1];
        const struct entry *b = sorted[i];
        if (strcmp(a->rule->id, b->rule->id) == 0) {
            pack_error(b->file->pack, "id", b->rule->id,
                "the id is used in %s too", a->file->pack->name);
            ok = false;
        }
    }
    free(sorted);
    return ok;
}

static bool site_compiles(const struct rules *r)
{
    bool ok = true;
    for (size_t i = 0; i < r->n_fields; i++) {
        ok &= !r->fields[i].file->pack->site || rules_field_regex(r, i) != NULL;
    }
    for (size_t i = 0; i < r->n_entries; i++) {
        const struct entry *e = &r->entries[i];
        for (int which = 0; e->file->pack->site && which < RULES_N_REGEX;
             which++) {
            rules_regex(r, i, (enum rules_regex)which);
            ok &= !lazyregex_is_faulty(&e->lazy->regex[which]);
        }
    }
    return ok;
}

static size_t count_examples(const struct rules *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_entries; i++) {
        n += r->entries[i].rule->n_examples;
    }
    return n;
}

/* The examples of all rules are the samples of what replies look like; with
 * each goes a placeholder, as templates have them in place of names. */
static struct parts *make_parts(const struct rules *r)
{
    struct parts_source *sources =
        memory_zalloc(r->n_entries + 1, sizeof(*sources));
    static const struct span placeholders[] = {SPAN_INIT("<{address}>"),
        SPAN_INIT("[{ip}]"), SPAN_INIT(" {host} "), SPAN_INIT(" {id} "),
        SPAN_INIT(" {n} ")};
    enum { N_PLACEHOLDERS = sizeof(placeholders) / sizeof(placeholders[0]) };
    struct span *samples =
        memory_zalloc(2 * count_examples(r) + 1, sizeof(*samples));
    size_t n_samples = 0;
    for (size_t i = 0; i < r->n_entries; i++) {
        const struct rule *rule = r->entries[i].rule;
        sources[i] = (struct parts_source){rule->match, rule->unless};
        for (unsigned j = 0; j < rule->n_examples; j++) {
            samples[n_samples++] = span_of(rule->examples[j]);
            samples[n_samples] = placeholders[n_samples / 2 % N_PLACEHOLDERS];
            n_samples++;
        }
    }
    struct parts *p = parts_create(sources, r->n_entries, samples, n_samples);
    free(samples);
    free(sources);
    return p;
}

struct rules *rules_load(const struct knowledge *k, const char *site_dir)
{
    struct rules *r = memory_zalloc(1, sizeof(*r));
    bool ok = load_files(r, site_dir);
    ok = read_entries(r, k) && ok;
    read_fields(r);
    if (!ids_are_unique(r) || !site_compiles(r) || !ok) {
        rules_free(r);
        return NULL;
    }
    r->parts = make_parts(r);
    return r;
}

void rules_free(struct rules *r)
{
    if (r == NULL) {
        return;
    }
    parts_free(r->parts);
    for (size_t i = 0; r->lazy != NULL && i < r->n_entries; i++) {
        for (int which = 0; which < RULES_N_REGEX; which++) {
            lazyregex_reset(&r->lazy[i].regex[which]);
        }
    }
    for (size_t i = 0; i < r->n_files; i++) {
        pack_unload(&rules_schema_file, r->files[i].data);
    }
    for (size_t i = 0; r->fields != NULL && i < r->n_fields; i++) {
        lazyregex_reset(&r->fields[i].regex);
    }
    free(r->fields);
    free(r->lazy);
    free(r->entries);
    free(r->files);
    pack_list_reset(&r->packs);
    free(r);
}

size_t rules_count(const struct rules *r)
{
    return r->n_entries;
}

const struct rule *rules_at(const struct rules *r, size_t i)
{
    return r->entries[i].rule;
}

size_t rules_find(const struct rules *r, struct span id)
{
    size_t i = 0;
    while (
        i < r->n_entries && !span_equal(span_of(r->entries[i].rule->id), id)) {
        i++;
    }
    return i;
}

const char *rules_file(const struct rules *r, size_t i)
{
    return r->entries[i].file->pack->name;
}

unsigned rules_line(const struct rules *r, size_t i)
{
    return pack_line(r->entries[i].file->pack, "id", r->entries[i].rule->id);
}

struct span rules_cause(const struct rules *r, size_t i)
{
    return r->entries[i].cause;
}

struct span rules_detail(const struct rules *r, size_t i)
{
    return r->entries[i].detail;
}

const struct detail_entry *rules_detail_entry(const struct rules *r, size_t i)
{
    return r->entries[i].detail_entry;
}

static const char *expression(const struct rule *rule, enum rules_regex which)
{
    return which == RULES_MATCH    ? rule->match
           : which == RULES_UNLESS ? rule->unless
                                   : rule->extract;
}

const struct regex *rules_regex(
    const struct rules *r, size_t i, enum rules_regex which)
{
    const struct entry *e = &r->entries[i];
    const char *text = expression(e->rule, which);
    if (text == NULL) {
        return NULL;
    }
    char why[LAZYREGEX_WHY_LEN];
    const struct regex *re = lazyregex_get(&e->lazy->regex[which], text, why);
    if (why[0] != '\0') {
        pack_error(e->file->pack, "id", e->rule->id, "%s", why);
    }
    return re;
}

size_t rules_compile_all(const struct rules *r)
{
    size_t n_faulty = 0;
    for (size_t i = 0; i < r->n_fields; i++) {
        n_faulty += rules_field_regex(r, i) == NULL;
    }
    for (size_t i = 0; i < r->n_entries; i++) {
        for (int which = 0; which < RULES_N_REGEX; which++) {
            rules_regex(r, i, (enum rules_regex)which);
            n_faulty += lazyregex_is_faulty(&r->lazy[i].regex[which]);
        }
    }
    return n_faulty;
}

size_t rules_n_fields(const struct rules *r)
{
    return r->n_fields;
}

const struct rules_field *rules_field(const struct rules *r, size_t i)
{
    return r->fields[i].field;
}

bool rules_field_is_common(const struct rules *r, size_t i)
{
    return r->fields[i].file->data->n_rules == 0;
}

bool rules_field_is_for(const struct rules *r, size_t i, size_t rule)
{
    return rule < r->n_entries && r->entries[rule].file == r->fields[i].file;
}

const struct regex *rules_field_regex(const struct rules *r, size_t i)
{
    char why[LAZYREGEX_WHY_LEN];
    struct field_entry *e = &r->fields[i];
    const struct regex *re = lazyregex_get(&e->regex, e->field->match, why);
    if (why[0] != '\0') {
        pack_error(e->file->pack, "id", e->field->id, "%s", why);
    }
    return re;
}

void rules_field_error(
    const struct rules *r, size_t i, const char *what, const char *text)
{
    const struct field_entry *e = &r->fields[i];
    pack_error(e->file->pack, "id", e->field->id, "%s: %.300s", what, text);
}

bool rules_applies(
    const struct rules *r, size_t i, const struct rules_facts *facts)
{
    return conditions_hold(&r->entries[i].conditions, facts);
}

void rules_report_limit(const struct rules *r, size_t i)
{
    const struct entry *e = &r->entries[i];
    if (!atomic_exchange(&e->lazy->limit_reported, true)) {
        diag_warn("%s:%u: %s: gave up on a reply that takes too many steps; "
                  "the next rules decide",
            e->file->pack->name, rules_line(r, i), e->rule->id);
    }
}

const struct parts *rules_parts(const struct rules *r)
{
    return r->parts;
}

size_t rules_n_always(const struct rules *r)
{
    return parts_n_always(r->parts);
}
