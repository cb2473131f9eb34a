/* SPDX-License-Identifier: MIT */
#include "parse/formats.h"

#include "base/diag.h"
#include "base/memory.h"
#include "mail/event.h"

#include <stdlib.h>

/* No session and no retry of a message takes longer, unless a pack says so:
 * seconds. */
enum { REMEMBERS = 86400 };

/* Report a fault of the pattern ${def} of the pack in ${file}. */
#define PATTERN_ERROR(file, def, ...)                                          \
    pack_error((file), "id", (def)->id, __VA_ARGS__)

static struct span *spans_of(char *const *texts, unsigned n)
{
    struct span *spans = memory_zalloc(n, sizeof(*spans));
    for (unsigned i = 0; i < n; i++) {
        spans[i] = span_of(texts[i]);
    }
    return spans;
}

/* Which field each named group of ${re} gives; the unknown name, if any. */
static const char *map_groups(const struct regex *re, uint8_t *group_field)
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
    const char *unknown = map_groups(p->re, p->group_field);
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

static bool compile_pattern(const struct pack_file *file,
    const struct pattern_def *def, enum pattern_role role, struct pattern *p)
{
    p->def = def;
    p->role = role;
    p->starts = spans_of(def->starts, def->starts_count);
    p->has = spans_of(def->has, def->has_count);
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

static bool compile_role(struct format *f, const struct pattern_def *defs,
    unsigned n, enum pattern_role role)
{
    bool ok = true;
    for (unsigned i = 0; i < n; i++) {
        struct pattern *p = &f->patterns[f->n_patterns++];
        ok = compile_pattern(f->file, &defs[i], role, p) && ok;
    }
    return ok;
}

static bool compile_patterns(struct format *f)
{
    const struct format_pack *pack = f->pack;
    size_t n =
        (size_t)pack->lines_count + pack->ignore_count + pack->parts_count;
    f->patterns = memory_zalloc(n, sizeof(*f->patterns));
    bool ok = compile_role(f, pack->lines, pack->lines_count, ROLE_LINE);
    ok = compile_role(f, pack->ignore, pack->ignore_count, ROLE_IGNORE) && ok;
    return compile_role(f, pack->parts, pack->parts_count, ROLE_PART) && ok;
}

/* The values of one field, in their order, behind those of the fields
 * before it. */
static void add_values(struct format *f, enum field field, size_t *n)
{
    f->first_value[field] = *n;
    for (unsigned i = 0; i < f->pack->values_count; i++) {
        const struct value_def *def = &f->pack->values[i];
        if (strcmp(def->field, field_name(field)) == 0) {
            f->values[(*n)++] = (struct field_value){
                span_of(def->from), event_word(span_of(def->to))};
        }
    }
}

static bool compile_values(struct format *f)
{
    f->values = memory_zalloc(f->pack->values_count, sizeof(*f->values));
    for (unsigned i = 0; i < f->pack->values_count; i++) {
        const struct value_def *def = &f->pack->values[i];
        enum field ignored;
        if (!field_parse(span_of(def->field), &ignored)) {
            pack_error(
                f->file, "from", def->from, "unknown field \"%s\"", def->field);
            return false;
        }
    }
    size_t n = 0;
    for (int field = 0; field < FIELD_COUNT; field++) {
        add_values(f, (enum field)field, &n);
    }
    f->first_value[FIELD_COUNT] = n;
    return true;
}

static struct regex *compile_text(
    const struct pack_file *file, const char *key, const char *text)
{
    char why[256];
    struct regex *re =
        regex_compile(span_of(text), REGEX_ANCHORED, why, sizeof(why));
    if (re == NULL) {
        pack_error(file, key, text, "%s", why);
    }
    return re;
}

static bool compile_programs(struct format *f)
{
    const struct format_pack *pack = f->pack;
    f->programs = memory_zalloc(pack->programs_count, sizeof(*f->programs));
    for (unsigned i = 0; i < pack->programs_count; i++) {
        f->programs[i] = compile_text(f->file, "-", pack->programs[i]);
        if (f->programs[i] == NULL) {
            return false;
        }
    }
    return true;
}

/* The expression under ${key}, if there is one. */
static bool compile_optional(const struct format *f, const char *key,
    const char *text, struct regex **re)
{
    *re = text != NULL ? compile_text(f->file, key, text) : NULL;
    return text == NULL || *re != NULL;
}

static bool compile_envelope(struct format *f)
{
    const struct format_pack *pack = f->pack;
    f->recognise = spans_of(pack->recognise, pack->recognise_count);
    f->continues = pack->continuation != NULL;
    f->has_twins = pack->twins != NULL;
    f->queue_id_has_blank =
        pack->queue_id != NULL && strchr(pack->queue_id, ' ') != NULL;
    bool ok = compile_programs(f) &&
              compile_optional(f, "queue_id", pack->queue_id, &f->queue_id) &&
              compile_optional(f, "record", pack->record, &f->record) &&
              compile_optional(f, "prefix", pack->prefix, &f->prefix) &&
              compile_optional(f, "join", pack->join, &f->join);
    const char *unknown = map_groups(f->record, f->record_field);
    if (ok && unknown != NULL) {
        pack_error(
            f->file, "record", pack->record, "unknown field \"%s\"", unknown);
    }
    return ok && unknown == NULL;
}

static bool compile_shape(struct format *f)
{
    const char *shape = f->pack->shape;
    f->shape = strcmp(shape, "syslog") == 0 ? SHAPE_SYSLOG
               : strcmp(shape, "line") == 0 ? SHAPE_LINE
               : strcmp(shape, "csv") == 0  ? SHAPE_CSV
               : strcmp(shape, "json") == 0 ? SHAPE_JSON
                                            : SHAPE_UNKNOWN;
    const char *fault = NULL;
    if (f->shape == SHAPE_UNKNOWN) {
        fault = "unknown shape";
    } else if (f->shape == SHAPE_LINE && f->pack->record == NULL) {
        fault = "needs record:";
    } else if ((f->shape == SHAPE_CSV || f->shape == SHAPE_JSON) &&
               f->pack->recognise_count == 0) {
        fault = "needs recognise:";
    }
    if (fault != NULL) {
        pack_error(f->file, "shape", shape, "%s", fault);
    }
    return fault == NULL;
}

/* Does what one line means hang on others in this pack? */
static bool looks_back(const struct format *f)
{
    bool does = f->continues || f->has_twins || f->join != NULL;
    for (size_t i = 0; i < f->n_patterns && !does; i++) {
        const struct pattern *p = &f->patterns[i];
        does = p->memory != MEMORY_NONE || p->repeats != NO_FIELD;
    }
    return does;
}

static bool compile_format(struct format *f, const struct pack_file *file)
{
    f->file = file;
    f->pack = format_pack_load(file);
    if (f->pack == NULL) {
        return false;
    }
    f->name = span_of(f->pack->name);
    bool ok = compile_shape(f);
    ok = compile_envelope(f) && ok;
    ok = compile_values(f) && ok;
    ok = compile_patterns(f) && ok;
    f->remembers = f->pack->remembers != 0 ? f->pack->remembers : REMEMBERS;
    f->looks_back = ok && looks_back(f);
    for (size_t i = 0; ok && i < f->n_patterns; i++) {
        plain_plan(f, &f->patterns[i]);
    }
    return ok;
}

static void compile_nth(void *context, size_t i)
{
    struct formats *all = context;
    struct format *f = &all->formats[i];
    f->sound = compile_format(f, &all->files.files[i]);
}

static bool compile_all(struct formats *all)
{
    bool ok = true;
    all->n_formats = all->files.n_files;
    all->formats = memory_zalloc(all->n_formats, sizeof(*all->formats));
    pack_list_each(&all->files, compile_nth, all);
    for (size_t i = 0; i < all->n_formats; i++) {
        ok = ok && all->formats[i].sound;
    }
    return ok;
}

struct formats *formats_load(const char *site_dir)
{
    struct formats *all = memory_zalloc(1, sizeof(*all));
    if (!pack_list_find(&all->files, "formats", site_dir) ||
        !compile_all(all)) {
        formats_free(all);
        return NULL;
    }
    return all;
}

struct formats *formats_load_text(const char *name, const char *yaml)
{
    struct formats *all = memory_zalloc(1, sizeof(*all));
    all->files.files = memory_zalloc(1, sizeof(struct pack_file));
    all->files.n_files = 1;
    all->files.files[0] = (struct pack_file){memory_copy(span_of(name)),
        {memory_copy(span_of(yaml)), strlen(yaml)}, true};
    if (!compile_all(all)) {
        formats_free(all);
        return NULL;
    }
    return all;
}

bool formats_pattern_applies(const struct pattern *p, struct span program)
{
    if (p->def->programs_count == 0 || program.len == 0) {
        return true;
    }
    for (unsigned i = 0; i < p->def->programs_count; i++) {
        if (span_equal(span_of(p->def->programs[i]), program)) {
            return true;
        }
    }
    return false;
}

static void free_format(struct format *f)
{
    for (size_t i = 0; i < f->n_patterns; i++) {
        free(f->patterns[i].starts);
        free(f->patterns[i].has);
        free(f->patterns[i].keys);
        free(f->patterns[i].where);
        free(f->patterns[i].columns);
        regex_free(f->patterns[i].re);
    }
    free(f->patterns);
    for (unsigned i = 0; f->programs != NULL && i < f->pack->programs_count;
         i++) {
        regex_free(f->programs[i]);
    }
    free(f->programs);
    free(f->values);
    free(f->recognise);
    regex_free(f->record);
    regex_free(f->prefix);
    regex_free(f->join);
    regex_free(f->queue_id);
    format_pack_free(f->pack);
}

void formats_free(struct formats *f)
{
    if (f == NULL) {
        return;
    }
    for (size_t i = 0; i < f->n_formats; i++) {
        free_format(&f->formats[i]);
    }
    free(f->formats);
    pack_list_reset(&f->files);
    free(f);
}
