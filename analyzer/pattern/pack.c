/* SPDX-License-Identifier: MIT */
/*
 * libcyaml checks the shape of a file against a schema, but keeps no line
 * numbers in what it returns.  Messages about the shape take theirs from
 * libcyaml's own report; messages about content find the entry again by its
 * id, which every entry has.
 */
#include "pattern/pack.h"

#include "base/buffer.h"
#include "base/diag.h"
#include "base/embedded.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/spread.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static bool is_yaml(const char *name)
{
    return name[0] != '.' && span_ends(span_of(name), SPAN_LITERAL(".yaml"));
}

/* A site's file replaces the built-in one of its name, else comes last. */
static void add_file(
    struct pack_list *list, const char *name, struct span bytes, bool site)
{
    struct pack_file *at = NULL;
    for (size_t i = 0; site && i < list->n_files; i++) {
        if (strcmp(base_name(list->files[i].name), base_name(name)) == 0) {
            at = &list->files[i];
            free(at->name);
        }
    }
    if (at == NULL) {
        list->files =
            memory_grow(list->files, list->n_files + 1, sizeof(*list->files));
        at = &list->files[list->n_files++];
    }
    *at = (struct pack_file){memory_copy(span_of(name)), bytes, site};
}

static bool read_all(FILE *f, const char *path, struct buffer *b)
{
    char block[8192];
    size_t n = 0;
    while ((n = fread(block, 1, sizeof(block), f)) > 0) {
        buffer_add(b, (struct span){block, n});
    }
    if (ferror(f)) {
        diag_error("%s: %s", path, strerror(errno));
        return false;
    }
    if (b->overflowed) {
        diag_error("%s: larger than %zu bytes", path, LIMIT_PACK_LEN);
        return false;
    }
    return true;
}

/* ${missing_ok}: no such file is no error. */
static bool add_site_file(
    struct pack_list *list, const char *path, bool missing_ok)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        if (missing_ok && errno == ENOENT) {
            return true;
        }
        diag_error("%s: %s", path, strerror(errno));
        return false;
    }
    struct buffer b;
    buffer_init(&b, LIMIT_PACK_LEN);
    bool ok = read_all(f, path, &b);
    fclose(f);
    if (ok) {
        struct span all = buffer_span(&b);
        add_file(list, path, (struct span){memory_copy(all), all.len}, true);
    }
    buffer_free(&b);
    return ok;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The sorted names of the YAML files in ${dir}; -1 if it cannot be read. */
static int list_dir(const char *dir, char ***names)
{
    DIR *d = opendir(dir);
    if (d == NULL) {
        return errno == ENOENT ? 0 : -1;
    }
    int n = 0;
    for (struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
        if (is_yaml(e->d_name)) {
            *names = memory_grow(*names, (size_t)n + 1, sizeof(**names));
            (*names)[n++] = memory_copy(span_of(e->d_name));
        }
    }
    closedir(d);
    if (n > 0) {
        qsort(*names, (size_t)n, sizeof(**names), by_name);
    }
    return n;
}

static bool add_site_folder(struct pack_list *list, const char *dir)
{
    char **names = NULL;
    int n = list_dir(dir, &names);
    if (n < 0) {
        diag_error("%s: %s", dir, strerror(errno));
        return false;
    }
    bool ok = true;
    for (int i = 0; i < n; i++) {
        struct buffer path;
        buffer_init(&path, 65536);
        buffer_addf(&path, "%s/%s", dir, names[i]);
        ok = ok && add_site_file(list, buffer_string(&path), false);
        buffer_free(&path);
        free(names[i]);
    }
    free(names);
    return ok;
}

bool pack_list_find(
    struct pack_list *list, const char *folder, const char *site_dir)
{
    *list = (struct pack_list){NULL, 0};
    struct buffer path;
    buffer_init(&path, 65536);
    buffer_addf(&path, "patterns/%s/", folder);
    const struct embedded_file *e = NULL;
    while ((e = embedded_next(buffer_string(&path), e)) != NULL) {
        add_file(list, e->path, e->bytes, false);
    }
    bool ok = true;
    if (site_dir != NULL) {
        buffer_reset(&path);
        buffer_addf(&path, "%s/%s", site_dir, folder);
        ok = add_site_folder(list, buffer_string(&path));
    }
    buffer_free(&path);
    return ok;
}

bool pack_list_file(
    struct pack_list *list, const char *path, const char *site_dir)
{
    *list = (struct pack_list){NULL, 0};
    struct buffer full;
    buffer_init(&full, 65536);
    buffer_addf(&full, "patterns/%s", path);
    const struct embedded_file *e = embedded_find(buffer_string(&full));
    if (e != NULL) {
        add_file(list, e->path, e->bytes, false);
    }
    bool ok = true;
    if (site_dir != NULL) {
        buffer_reset(&full);
        buffer_addf(&full, "%s/%s", site_dir, path);
        ok = add_site_file(list, buffer_string(&full), true);
    }
    buffer_free(&full);
    return ok;
}

bool pack_list_path(struct pack_list *list, const char *path)
{
    *list = (struct pack_list){NULL, 0};
    return add_site_file(list, path, false);
}

struct each {
    const struct pack_list *list;
    void (*work)(void *context, size_t i);
    void *context;
};

static void work_on_built_in(void *context, size_t i)
{
    struct each *e = context;
    if (!e->list->files[i].site) {
        e->work(e->context, i);
    }
}

void pack_list_each(const struct pack_list *list,
    void (*work)(void *context, size_t i), void *context)
{
    struct each e = {list, work, context};
    spread_over(list->n_files, work_on_built_in, &e);
    for (size_t i = 0; i < list->n_files; i++) {
        if (list->files[i].site) {
            work(context, i);
        }
    }
}

void pack_list_reset(struct pack_list *list)
{
    for (size_t i = 0; i < list->n_files; i++) {
        if (list->files[i].site) {
            free((void *)(uintptr_t)list->files[i].bytes.ptr);
        }
        free(list->files[i].name);
    }
    free(list->files);
    *list = (struct pack_list){NULL, 0};
}

/* What libcyaml said while one file was loaded. */
struct report {
    char what[256];
    int line;
};

/* libcyaml reports the fault first, then where it stood, innermost first. */
static void take_report(
    cyaml_log_t level, void *context, const char *format, va_list args)
{
    struct report *r = context;
    char text[512];
    vsnprintf(text, sizeof(text), format, args);
    text[strcspn(text, "\n")] = '\0';
    const char *line = strstr(text, "line: ");
    if (line == NULL) {
        line = strstr(text, "line ");
    }
    if (line != NULL && r->line == 0) {
        r->line = (int)strtol(line + strcspn(line, "0123456789"), NULL, 10);
    }
    if (level >= CYAML_LOG_ERROR && r->what[0] == '\0') {
        const char *what = strstr(text, "Load: ");
        what = what != NULL ? what + strlen("Load: ") : text;
        snprintf(r->what, sizeof(r->what), "%.255s", what);
    }
}

/* Is the value at the start of ${text}, be it quoted, ${value} (SPAN_NONE:
 * anything)? */
static bool holds(struct span text, struct span value)
{
    if (!span_is_known(value)) {
        return true;
    }
    text = span_trim(text);
    if (text.len > 0 && (text.ptr[0] == '"' || text.ptr[0] == '\'')) {
        text = span_skip(text, 1);
    }
    return span_starts(text, value) &&
           (text.len == value.len || strchr(" \"'#\r,}", text.ptr[value.len]));
}

/* Does ${line} say "key: value", be it indented, a list's item, or within
 * braces?  Key "-" is a list's item that is a text. */
static bool says(struct span line, struct span key, struct span value)
{
    struct span item = span_trim(line);
    if (span_equal(key, SPAN_LITERAL("-"))) {
        return span_starts(item, SPAN_LITERAL("- ")) &&
               holds(span_skip(item, 2), value);
    }
    bool braces = false;
    size_t comma = 0;
    do {
        item = span_skip(item, comma);
        while (item.len > 0 && strchr(" -{,", item.ptr[0]) != NULL) {
            braces = braces || item.ptr[0] == '{';
            item = span_skip(item, 1);
        }
        if (span_starts(item, key) && item.len > key.len &&
            item.ptr[key.len] == ':' &&
            holds(span_skip(item, key.len + 1), value)) {
            return true;
        }
        comma = span_find(item, SPAN_LITERAL(","));
    } while (braces && comma < item.len);
    return false;
}

/* The first line, not before line ${from}, that says so; 0 if there is none. */
static unsigned find_line(const struct pack_file *file, unsigned from,
    struct span key, struct span value)
{
    struct span rest = file->bytes;
    for (unsigned n = 1; rest.len > 0; n++) {
        size_t end = span_find(rest, SPAN_LITERAL("\n"));
        if (n >= from && says(span_first(rest, end), key, value)) {
            return n;
        }
        rest = span_skip(rest, end < rest.len ? end + 1 : end);
    }
    return 0;
}

/* The first line that holds ${text} anywhere, as lists within one line do; 0
 * if there is none. */
static unsigned find_text(const struct pack_file *file, struct span text)
{
    struct span rest = file->bytes;
    size_t at = span_find(rest, text);
    unsigned n = 1;
    if (at == rest.len) {
        return 0;
    }
    for (size_t i = 0; i < at; i++) {
        n += rest.ptr[i] == '\n';
    }
    return n;
}

unsigned pack_line(
    const struct pack_file *file, const char *key, const char *value)
{
    unsigned n = find_line(file, 1, span_of(key), span_of(value));
    if (n == 0 && value != NULL) {
        n = find_text(file, span_of(value));
    }
    return n > 0 ? n : 1;
}

/* The line that a report means.  Of a key that it refuses libcyaml knows only
 * where the value before it stood. */
static unsigned report_line(
    const struct report *r, const struct pack_file *file)
{
    unsigned line = r->line > 0 ? (unsigned)r->line : 1;
    const char *key = strstr(r->what, "key: ");
    key = key != NULL ? key : strstr(r->what, "seen: ");
    if (key == NULL) {
        return line;
    }
    struct span name = span_of(strchr(key, ' ') + 1);
    unsigned at = find_line(file, line, name, SPAN_NONE);
    return at > 0 ? at : line;
}

static cyaml_config_t make_config(struct report *r)
{
    return (cyaml_config_t){
        .log_fn = take_report,
        .log_ctx = r,
        .mem_fn = cyaml_mem,
        .log_level = CYAML_LOG_ERROR,
        .flags = CYAML_CFG_NO_ALIAS,
    };
}

bool pack_load(const struct pack_file *file,
    const struct cyaml_schema_value *schema, void **data)
{
    struct report r = {"", 0};
    cyaml_config_t config = make_config(&r);
    cyaml_err_t err = cyaml_load_data((const uint8_t *)file->bytes.ptr,
        file->bytes.len, &config, schema, data, NULL);
    if (err == CYAML_OK && *data == NULL) {
        diag_error("%s:1: is empty", file->name);
        return false;
    }
    if (err != CYAML_OK) {
        diag_error("%s:%u: %s", file->name, report_line(&r, file),
            r.what[0] != '\0' ? r.what : cyaml_strerror(err));
        return false;
    }
    return true;
}

void pack_unload(const struct cyaml_schema_value *schema, void *data)
{
    struct report r = {"", 0};
    cyaml_config_t config = make_config(&r);
    cyaml_free(&config, schema, data, 0);
}

void pack_error(const struct pack_file *file, const char *key,
    const char *value, const char *format, ...)
{
    char what[512];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    diag_error(
        "%s:%u: %s: %s", file->name, pack_line(file, key, value), value, what);
}
