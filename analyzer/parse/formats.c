/* SPDX-License-Identifier: MIT */
#include "parse/formats.h"

#include "base/diag.h"
#include "base/memory.h"
#include "mail/event.h"
#include "parse/compile.h"
#include "parse/plain.h"

#include <stdlib.h>

/* No session and no retry of a message takes longer, unless a pack says so:
 * seconds. */
enum { REMEMBERS = 86400 };

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
    f->recognise = compile_spans(pack->recognise, pack->recognise_count);
    f->continues = pack->continuation != NULL;
    f->has_twins = pack->twins != NULL;
    f->queue_id_has_blank =
        pack->queue_id != NULL && strchr(pack->queue_id, ' ') != NULL;
    bool ok = compile_programs(f) &&
              compile_optional(f, "queue_id", pack->queue_id, &f->queue_id) &&
              compile_optional(f, "record", pack->record, &f->record) &&
              compile_optional(f, "prefix", pack->prefix, &f->prefix) &&
              compile_optional(f, "join", pack->join, &f->join);
    const char *unknown = compile_groups(f->record, f->record_field);
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
        compile_reset(&f->patterns[i]);
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
