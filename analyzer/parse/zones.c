/* SPDX-License-Identifier: MIT */
#include "parse/zones.h"

#include "base/diag.h"
#include "base/memory.h"
#include "pattern/pack.h"

#include <fnmatch.h>
#include <stdlib.h>

struct rule {
    char *pattern;
    struct zone *zone;
};

struct zones {
    struct zone *usual;
    struct rule *rules;
    size_t n_rules;
};

/* timezones.yaml */
struct entry_def {
    char *path;
    char *zone;
};

struct timezones_def {
    struct entry_def *entries;
    unsigned entries_count;
};

static const cyaml_schema_field_t entry_schema[] = {
    CYAML_FIELD_STRING_PTR(
        "path", CYAML_FLAG_POINTER, struct entry_def, path, 1, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR(
        "zone", CYAML_FLAG_POINTER, struct entry_def, zone, 1, CYAML_UNLIMITED),
    CYAML_FIELD_END};
static const cyaml_schema_value_t entry_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct entry_def, entry_schema)};
static const cyaml_schema_field_t timezones_schema[] = {
    CYAML_FIELD_SEQUENCE("timezones", CYAML_FLAG_POINTER, struct timezones_def,
        entries, &entry_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_END};
static const cyaml_schema_value_t timezones_value = {CYAML_VALUE_MAPPING(
    CYAML_FLAG_POINTER, struct timezones_def, timezones_schema)};

static bool add_rule(struct zones *z, struct span pattern, const char *name)
{
    struct zone *zone = zone_open(name);
    if (zone == NULL) {
        return false;
    }
    z->rules = memory_grow(z->rules, z->n_rules + 1, sizeof(*z->rules));
    z->rules[z->n_rules++] = (struct rule){memory_copy(pattern), zone};
    return true;
}

/* "ZONE" or "PATTERN=ZONE" */
static bool add_word(struct zones *z, struct span word)
{
    size_t eq = span_find(word, SPAN_LITERAL("="));
    bool has_pattern = eq < word.len;
    char *name = memory_copy(has_pattern ? span_skip(word, eq + 1) : word);
    bool ok = true;
    if (has_pattern) {
        ok = add_rule(z, span_first(word, eq), name);
    } else if (z->usual != NULL) {
        diag_error("--tz: a second zone (%s) needs a pattern", name);
        ok = false;
    } else {
        z->usual = zone_open(name);
        ok = z->usual != NULL;
    }
    free(name);
    return ok;
}

static bool add_spec(struct zones *z, const char *spec)
{
    struct span rest = span_of(spec);
    while (rest.len > 0) {
        size_t comma = span_find(rest, SPAN_LITERAL(","));
        if (!add_word(z, span_trim(span_first(rest, comma)))) {
            return false;
        }
        rest = span_skip(rest, comma < rest.len ? comma + 1 : comma);
    }
    return true;
}

static bool add_file(struct zones *z, const struct pack_file *file)
{
    void *data = NULL;
    if (!pack_load(file, &timezones_value, &data)) {
        return false;
    }
    const struct timezones_def *def = data;
    bool ok = true;
    for (unsigned i = 0; i < def->entries_count && ok; i++) {
        const struct entry_def *e = &def->entries[i];
        ok = add_rule(z, span_of(e->path), e->zone);
        if (!ok) {
            pack_error(file, "path", e->path, "no such time zone");
        }
    }
    pack_unload(&timezones_value, data);
    return ok;
}

struct zones *zones_open(const char *spec, const char *site_dir)
{
    struct zones *z = memory_zalloc(1, sizeof(*z));
    struct pack_list list;
    bool ok = spec == NULL || add_spec(z, spec);
    if (ok && z->usual == NULL) {
        z->usual = zone_open(NULL);
    }
    ok = pack_list_file(&list, "timezones.yaml", site_dir) && ok;
    for (size_t i = 0; i < list.n_files && ok; i++) {
        ok = add_file(z, &list.files[i]);
    }
    pack_list_reset(&list);
    if (!ok) {
        zones_free(z);
        return NULL;
    }
    return z;
}

const struct zone *zones_of(const struct zones *z, const char *path)
{
    for (size_t i = 0; i < z->n_rules; i++) {
        if (fnmatch(z->rules[i].pattern, path, 0) == 0) {
            return z->rules[i].zone;
        }
    }
    return z->usual;
}

void zones_free(struct zones *z)
{
    if (z == NULL) {
        return;
    }
    for (size_t i = 0; i < z->n_rules; i++) {
        zone_free(z->rules[i].zone);
        free(z->rules[i].pattern);
    }
    free(z->rules);
    zone_free(z->usual);
    free(z);
}
