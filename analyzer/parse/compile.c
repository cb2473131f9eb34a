/* SPDX-License-Identifier: MIT */
#include "parse/compile.h"

#include "base/memory.h"
#include "mail/event.h"

#include <stdlib.h>

/* Report a fault of the pattern ${def} of the pack in ${file}. */
#define PATTERN_ERROR(file, def, ...)                                          \
    pack_error((file), "id", (def)->id, __VA_ARGS__)

struct span *compile_spans(char *const *texts, unsigned n)
{
    struct span *spans = memory_zalloc(n, sizeof(*spans));
    for (unsigned i = 0; i < n; i++) {
        spans[i] = span_of(texts[i]);
    }
    return spans;
}

const char *compile_groups(const struct regex *re, uint8_t *group_field)
{
    memset(group_field, NO_FIELD, MAX_PATTERN_GROUPS);
    for (unsigned n = 1; re != NULL && n <= regex_n_groups(re); n++) {
        const char *name = regex_group_name(re, n);
        enum field f;
        if (name == NULL) {
            continue;
        }
        if (!field_parse(span_of(name), &f)) {
            return name;
        }
        group_field[n] = (uint8_t)f;
    }
    return NULL;
}

/* "left=right" */
static bool split_pair(const char *text, struct span *left, struct span *right)
{
    struct span s = span_of(text);
    size_t eq = span_find(s, SPAN_LITERAL("="));
    *left = span_first(s, eq);
    *right = eq < s.len ? span_skip(s, eq + 1) : SPAN_NONE;
    return eq < s.len;
}

/* "name=value|value" or "name!=value|value" */
static bool split_condition(const char *text, struct pattern_condition *c)
{
    bool ok = split_pair(text, &c->name, &c->values);
    c->negated = c->name.len > 0 && c->name.ptr[c->name.len - 1] == '!';
    c->name.len -= c->negated ? 1 : 0;
    return ok;
}

static bool compile_records(const struct pack_file *file, struct pattern *p)
{
    const struct pattern_def *def = p->def;
    p->where = memory_zalloc(def->where_count, sizeof(*p->where));
    p->columns = memory_zalloc(def->columns_count, sizeof(*p->columns));
    for (unsigned i = 0; i < def->where_count; i++) {
        if (!split_condition(def->where[i], &p->where[i])) {
            PATTERN_ERROR(file, def, "\"%s\" is not name=value", def->where[i]);
            return false;
        }
    }
    for (unsigned i = 0; i < def->columns_count; i++) {
        struct span field;
        if (!split_pair(def->columns[i], &field, &p->columns[i].template) ||
            !field_parse(field, &p->columns[i].field)) {
            PATTERN_ERROR(
                file, def, "\"%s\" is not field={column}", def->columns[i]);
            return false;
        }
    }
    return true;
}

/* What begins with a line is told by one of its fields. */
static bool compile_begins(const struct pack_file *file, struct pattern *p)
{
    enum field f = FIELD_key;
    bool ok =
        p->def->begins == NULL ||
        (p->role == ROLE_LINE && field_parse(span_of(p->def->begins), &f));
    p->begins = p->def->begins != NULL ? (uint8_t)f : NO_FIELD;
    if (!ok) {
        PATTERN_ERROR(file, p->def, "begins: is a field of a line");
    }
    return ok;
}

static bool compile_memory(const struct pack_file *file, struct pattern *p)
{
    const char *word = p->def->remember;
    if (!compile_begins(file, p)) {
        return false;
    }
    if (word == NULL) {
        return true;
    }
    p->memory = strcmp(word, "set") == 0      ? MEMORY_SET
                : strcmp(word, "add") == 0    ? MEMORY_ADD
                : strcmp(word, "get") == 0    ? MEMORY_GET
                : strcmp(word, "take") == 0   ? MEMORY_TAKE
                : strcmp(word, "push") == 0   ? MEMORY_PUSH
                : strcmp(word, "shift") == 0  ? MEMORY_SHIFT
                : strcmp(word, "next") == 0   ? MEMORY_NEXT
                : strcmp(word, "forget") == 0 ? MEMORY_FORGET
                                              : MEMORY_NONE;
    if (p->memory == MEMORY_NONE) {
        PATTERN_ERROR(file, p->def,
            "remember: is \"set\", \"add\", \"get\", \"take\", "
            "\"push\", \"shift\", \"next\" or \"forget\"");
    }
    return p->memory != MEMORY_NONE;
}

/* The field that ${name} names, NO_FIELD for NULL, for parts alone. */
static bool compile_noted(const struct pack_file *file, const struct pattern *p,
    const char *name, uint8_t *to)
{
    enum field f;
    *to = NO_FIELD;
    if (name == NULL) {
        return true;
    }
    if (p->role != ROLE_PART || !field_parse(span_of(name), &f)) {
        PATTERN_ERROR(
            file, p->def, "note, repeats: parts say them, of a field");
        return false;
    }
    *to = (uint8_t)f;
    return true;
}

static bool compile_each(const struct pack_file *file, struct pattern *p)
{
    const struct pattern_def *def = p->def;
    enum field f;
    p->each = NO_FIELD;
    p->between = span_of(def->between != NULL ? def->between : ", ");
    p->separator = span_of(def->separator != NULL ? def->separator : ",");
    for (unsigned i = 0; i < def->translate_count; i++) {
        if (strlen(def->translate[i]) != 2) {
            PATTERN_ERROR(file, def, "translate: \"%s\" is not two bytes",
                def->translate[i]);
            return false;
        }
    }
    if (def->each == NULL) {
        return true;
    }
    if (!field_parse(span_of(def->each), &f)) {
        PATTERN_ERROR(file, def, "each: names no field");
        return false;
    }
    p->each = (uint8_t)f;
    return true;
}

/* "key=field" */
static bool compile_keys(const struct pack_file *file, struct pattern *p)
{
    p->keys = memory_zalloc(p->def->keys_count, sizeof(*p->keys));
    for (unsigned i = 0; i < p->def->keys_count; i++) {
        struct span field;
        struct pattern_key *k = &p->keys[i];
        if (!split_pair(p->def->keys[i], &k->key, &field) ||
            !field_parse(field, &k->field)) {
            PATTERN_ERROR(
                file, p->def, "\"%s\" is not key=field", p->def->keys[i]);
            return false;
        }
    }
    return true;
}

static bool compile_match(const struct pack_file *file, struct pattern *p)
{
    char why[256];
    if (p->def->match != NULL) {
        p->re = regex_compile(
            span_of(p->def->match), REGEX_ANCHORED, why, sizeof(why));
    }
    if (p->def->match != NULL && p->re == NULL) {
        PATTERN_ERROR(file, p->def, "%s", why);
        return false;
    }
    const char *unknown = compile_groups(p->re, p->group_field);
    for (unsigned n = 1; n < MAX_PATTERN_GROUPS; n++) {
        p->n_groups = p->group_field[n] != NO_FIELD ? (uint8_t)n : p->n_groups;
    }
    if (unknown != NULL) {
        PATTERN_ERROR(file, p->def, "unknown field \"%s\"", unknown);
    }
    return unknown == NULL;
}

static bool compile_queue_id(const struct pack_file *file, struct pattern *p)
{
    const char *need = p->def->queue_id;
    if (need == NULL) {
        return true;
    }
    if (strcmp(need, "required") == 0) {
        p->queue_id = QUEUE_ID_REQUIRED;
    } else if (strcmp(need, "none") == 0) {
        p->queue_id = QUEUE_ID_NONE;
    } else {
        PATTERN_ERROR(file, p->def, "queue_id: is \"required\" or \"none\"");
        return false;
    }
    return true;
}

#define SET_FIELD(name)                                                        \
    if (set->name != NULL) {                                                   \
        p->set[FIELD_##name] = event_word(span_of(set->name));                 \
        p->set_fields[p->n_set++] = FIELD_##name;                              \
    }

/* What the pack format asks of every pattern beyond its shape; reads of:. */
static bool check_pattern(const struct pack_file *file, struct pattern *p)
{
    const struct pattern_def *def = p->def;
    const char *fault = NULL;
    if (def->samples_count == 0) {
        fault = "has no sample";
    } else if (def->starts_count == 0 && def->has_count == 0 &&
               def->match == NULL && def->where_count == 0) {
        fault = "needs starts, has, match or where";
    } else if ((p->role == ROLE_PART) != (def->of != NULL)) {
        fault = "of: goes with parts, and only there";
    } else if (def->of != NULL && !field_parse(span_of(def->of), &p->of)) {
        fault = "of: names no field";
    }
    if (fault != NULL) {
        PATTERN_ERROR(file, def, "%s", fault);
    }
    return fault == NULL;
}

bool compile_pattern(const struct pack_file *file,
    const struct pattern_def *def, enum pattern_role role, struct pattern *p)
{
    p->def = def;
    p->role = role;
    p->starts = compile_spans(def->starts, def->starts_count);
    p->has = compile_spans(def->has, def->has_count);
    p->split = span_of(def->split);
    const struct field_texts *set = def->set;
    if (set != NULL) {
        FIELD_LIST(SET_FIELD)
    }
    return check_pattern(file, p) && compile_queue_id(file, p) &&
           compile_match(file, p) && compile_keys(file, p) &&
           compile_records(file, p) && compile_memory(file, p) &&
           compile_noted(file, p, def->note, &p->note) &&
           compile_noted(file, p, def->repeats, &p->repeats) &&
           compile_each(file, p);
}

void compile_reset(struct pattern *p)
{
    free(p->starts);
    free(p->has);
    free(p->keys);
    free(p->where);
    free(p->columns);
    regex_free(p->re);
}
