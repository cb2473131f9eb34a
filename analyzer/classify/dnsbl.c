/* SPDX-License-Identifier: MIT */
/*
 * A reply names a list by its zone ("blocked using zen.spamhaus.org") or by
 * its common name ("listed at Spamhaus").  Zones are a suffix table; words
 * are found by their first letters, so that a text costs one pass however
 * many there are.
 */
#include "classify/dnsbl.h"

#include "base/memory.h"
#include "pattern/pack.h"

#include <libpsl.h>
#include <stdlib.h>

enum { BUCKET_BITS = 9, N_BUCKETS = 1 << BUCKET_BITS, WORD_HEAD_LEN = 3 };

struct dnsbl_file {
    struct dnsbl_entry *dnsbls;
    unsigned dnsbls_count;
};

struct word {
    struct span text;
    uint32_t head; /* its first bytes, see head_of() */
    unsigned entry;
    int next; /* in its bucket; -1: end */
};

struct dnsbl_table {
    struct dnsbl_file *file;
    struct suffixes *zones;
    struct word *words;
    size_t n_words;
    int buckets[N_BUCKETS];
};

static const cyaml_schema_value_t text_value = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CYAML_UNLIMITED)};

static const cyaml_schema_field_t entry_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct dnsbl_entry, name,
        1, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("operator", CYAML_FLAG_POINTER,
        struct dnsbl_entry, operator, 1, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE_COUNT("zones", CYAML_FLAG_POINTER, struct dnsbl_entry,
        zones, n_zones, &text_value, 1, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE_COUNT("words",
        CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct dnsbl_entry, words,
        n_words, &text_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("kind", CYAML_FLAG_POINTER, struct dnsbl_entry, kind,
        1, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("delist", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
        struct dnsbl_entry, delist, 0, CYAML_UNLIMITED),
    CYAML_FIELD_END};

static const cyaml_schema_value_t entry_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct dnsbl_entry, entry_fields)};

static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_SEQUENCE("dnsbls", CYAML_FLAG_POINTER, struct dnsbl_file,
        dnsbls, &entry_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_END};

static const cyaml_schema_value_t file_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct dnsbl_file, file_fields)};

/* The WORD_HEAD_LEN bytes at ${p} as a number; those that differ in a bit that
 * letters have their case in are the same. */
static uint32_t head_of(const char *p)
{
    uint32_t head = 0;
    memcpy(&head, p, WORD_HEAD_LEN);
    return head | 0x20202020u;
}

static unsigned bucket_of(uint32_t head)
{
    return (head * 0x9e3779b1u) >> (32 - BUCKET_BITS);
}

static bool add_word(struct dnsbl_table *t, const char *text, unsigned entry)
{
    struct span s = span_of(text);
    if (s.len < WORD_HEAD_LEN) {
        return false;
    }
    t->words = memory_grow(t->words, t->n_words + 1, sizeof(*t->words));
    uint32_t head = head_of(text);
    int *first = &t->buckets[bucket_of(head)];
    t->words[t->n_words] = (struct word){s, head, entry, *first};
    *first = (int)t->n_words++;
    return true;
}

static bool fill(struct dnsbl_table *t, const struct pack_file *pack)
{
    for (unsigned i = 0; i < t->file->dnsbls_count; i++) {
        const struct dnsbl_entry *e = &t->file->dnsbls[i];
        for (unsigned j = 0; j < e->n_zones; j++) {
            if (!suffixes_add(t->zones, span_of(e->zones[j]), i)) {
                pack_error(pack, "name", e->name,
                    "zone \"%s\" stands there twice", e->zones[j]);
                return false;
            }
        }
        for (unsigned j = 0; j < e->n_words; j++) {
            if (!add_word(t, e->words[j], i)) {
                pack_error(pack, "name", e->name,
                    "word \"%s\" is shorter than %d bytes", e->words[j],
                    WORD_HEAD_LEN);
                return false;
            }
        }
    }
    return true;
}

struct dnsbl_table *dnsbl_load(const char *site_dir)
{
    struct dnsbl_table *t = memory_zalloc(1, sizeof(*t));
    t->zones = suffixes_create();
    for (size_t i = 0; i < N_BUCKETS; i++) {
        t->buckets[i] = -1;
    }
    struct pack_list packs;
    bool ok = pack_list_file(&packs, "dnsbl.yaml", site_dir);
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
        dnsbl_free(t);
        return NULL;
    }
    return t;
}

void dnsbl_free(struct dnsbl_table *t)
{
    if (t == NULL) {
        return;
    }
    suffixes_free(t->zones);
    free(t->words);
    pack_unload(&file_value, t->file);
    free(t);
}

unsigned dnsbl_count(const struct dnsbl_table *t)
{
    return t->file != NULL ? t->file->dnsbls_count : 0;
}

const struct dnsbl_entry *dnsbl_by_zone(
    const struct dnsbl_table *t, struct span name, struct span *zone)
{
    uint32_t i = 0;
    size_t n = suffixes_find(t->zones, name, &i);
    if (n == 0) {
        return NULL;
    }
    const struct dnsbl_entry *e = &t->file->dnsbls[i];
    for (unsigned j = 0; zone != NULL && j < e->n_zones; j++) {
        struct span z = span_of(e->zones[j]);
        if (z.len == n &&
            span_equal_nocase(
                z, span_skip(
                       name, name.len - n - (name.ptr[name.len - 1] == '.')))) {
            *zone = z;
        }
    }
    return e;
}

static bool is_name_char(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           c == '-' || c == '.' || c == '_';
}

/* The run of name characters around ${dot}, without dots at its end, and in
 * ${end} where it ends with them. */
static struct span name_around(struct span text, size_t dot, size_t *end)
{
    size_t start = dot;
    while (start > 0 && is_name_char(text.ptr[start - 1])) {
        start--;
    }
    size_t to = dot + 1;
    while (to < text.len && is_name_char(text.ptr[to])) {
        to++;
    }
    *end = to;
    while (to > start && text.ptr[to - 1] == '.') {
        to--;
    }
    return (struct span){text.ptr + start, to - start};
}

/* The next run of name characters with a dot inside, from ${at} on. */
static struct span next_name(struct span text, size_t *at)
{
    while (*at < text.len) {
        const char *dot = memchr(text.ptr + *at, '.', text.len - *at);
        if (dot == NULL) {
            break;
        }
        struct span name = name_around(text, (size_t)(dot - text.ptr), at);
        if (name.len > 0 && memchr(name.ptr, '.', name.len) != NULL) {
            return name;
        }
    }
    *at = text.len;
    return SPAN_NONE;
}

/* The longest word of the table at ${s}, where a word begins. */
static const struct word *word_at(const struct dnsbl_table *t, struct span s)
{
    const struct word *best = NULL;
    if (s.len < WORD_HEAD_LEN) {
        return NULL;
    }
    uint32_t head = head_of(s.ptr);
    for (int i = t->buckets[bucket_of(head)]; i >= 0; i = t->words[i].next) {
        const struct word *w = &t->words[i];
        if (w->head == head && w->text.len <= s.len &&
            (best == NULL || w->text.len > best->text.len) &&
            span_equal_nocase(w->text, span_first(s, w->text.len)) &&
            (w->text.len == s.len || s.ptr[w->text.len] == '.' ||
                s.ptr[w->text.len] == '-' ||
                !is_name_char(s.ptr[w->text.len]))) {
            best = w;
        }
    }
    return best;
}

static const struct word *find_word(
    const struct dnsbl_table *t, struct span text)
{
    const struct word *best = NULL;
    bool inside = false;
    for (size_t i = 0; i < text.len; i++) {
        if (!inside) {
            const struct word *w = word_at(t, span_skip(text, i));
            if (w != NULL && (best == NULL || w->text.len > best->text.len)) {
                best = w;
            }
        }
        char c = text.ptr[i];
        inside = is_name_char(c) && c != '.' && c != '-' && c != '_';
    }
    return best;
}

static bool is_blocklist(const struct dnsbl_entry *e)
{
    return strcmp(e->kind, "allow") != 0;
}

struct span dnsbl_zone_in_text(const struct dnsbl_table *t, struct span text)
{
    size_t at = 0;
    for (struct span name = next_name(text, &at); span_is_known(name);
         name = next_name(text, &at)) {
        struct span zone = SPAN_NONE;
        const struct dnsbl_entry *e = dnsbl_by_zone(t, name, &zone);
        if (e != NULL && is_blocklist(e)) {
            return zone;
        }
    }
    return SPAN_NONE;
}

struct span dnsbl_word_in_text(const struct dnsbl_table *t, struct span text)
{
    const struct word *w = find_word(t, text);
    if (w == NULL || !is_blocklist(&t->file->dnsbls[w->entry])) {
        return SPAN_NONE;
    }
    return span_of(t->file->dnsbls[w->entry].zones[0]);
}

void dnsbl_add_names(const struct dnsbl_table *t, struct suffixes *names)
{
    const psl_ctx_t *psl = psl_builtin();
    for (unsigned i = 0; i < dnsbl_count(t); i++) {
        const struct dnsbl_entry *e = &t->file->dnsbls[i];
        for (unsigned j = 0; j < e->n_zones; j++) {
            suffixes_add(names, span_of(e->zones[j]), i);
            const char *registered =
                psl != NULL ? psl_registrable_domain(psl, e->zones[j]) : NULL;
            if (registered != NULL) {
                suffixes_add(names, span_of(registered), i);
            }
        }
        for (unsigned j = 0; j < e->n_words; j++) {
            if (strchr(e->words[j], '.') != NULL) {
                suffixes_add(names, span_of(e->words[j]), i);
            }
        }
    }
}
