/* SPDX-License-Identifier: MIT */
/* pattern/pack.h - data files of patterns/: finding and loading them. */
#ifndef PATTERN_PACK_H
#define PATTERN_PACK_H

#include "base/span.h"

#include <cyaml/cyaml.h>

/*
 * A pack is one YAML file, either compiled in or from a site's directory.
 * Its bytes stay valid as long as the list it stands in.
 */
struct pack_file {
    char *name;        /* for messages: "patterns/formats/postfix.yaml" */
    struct span bytes; /* terminated by a NUL beyond its length */
    bool site;         /* from the site's directory */
};

struct pack_list {
    struct pack_file *files; /* sorted by base name, site files last */
    size_t n_files;
};

/**
 * pack_list_find(list, folder, site_dir):
 * Fill ${list} with the YAML files of ${folder} ("formats") that were compiled
 * in and those in ${site_dir}/${folder} (NULL: none).  A site's file takes
 * the place of a built-in one of the same base name.  Return false, having
 * reported why, if a file cannot be read.  End with pack_list_reset().
 */
bool pack_list_find(
    struct pack_list *list, const char *folder, const char *site_dir);

/**
 * pack_list_file(list, path, site_dir):
 * The same for one file, ${path} ("taxonomy.yaml") under patterns/ or, if it
 * is there, under ${site_dir}.
 */
bool pack_list_file(
    struct pack_list *list, const char *path, const char *site_dir);

/** pack_list_path(list, path): Fill ${list} with the one file ${path}, which
 * need not be a pack; false, having reported why, if it cannot be read. */
bool pack_list_path(struct pack_list *list, const char *path);

/**
 * pack_list_each(list, work, context):
 * Call ${work} with ${context} and the number of each file of ${list}, side
 * by side on several threads; but for a site's files, whose faults are to be
 * told in their order: they come last, one by one.
 */
void pack_list_each(const struct pack_list *list,
    void (*work)(void *context, size_t i), void *context);

/** pack_list_reset(list): Give back what ${list} holds. */
void pack_list_reset(struct pack_list *list);

/**
 * pack_load(file, schema, data):
 * Read ${file} as ${schema} (a libcyaml pointer schema) into ${data}.  Return
 * false, having reported "name:line: what", if it does not fit.  The caller
 * gives ${data} back with pack_unload() and the same schema.
 */
bool pack_load(const struct pack_file *file,
    const struct cyaml_schema_value *schema, void **data);

/** pack_unload(schema, data): Free what pack_load() made.  NULL is fine. */
void pack_unload(const struct cyaml_schema_value *schema, void *data);

/**
 * pack_line(file, key, value):
 * The number of the line of ${file} that says "${key}: ${value}", else of the
 * first that holds ${value}, as lists within one line do, else 1; for messages
 * about an entry that was read.
 */
unsigned pack_line(
    const struct pack_file *file, const char *key, const char *value);

/**
 * pack_error(file, key, value, format, ...):
 * Report "name:line: what" for the entry whose ${key} is ${value}.
 */
void pack_error(const struct pack_file *file, const char *key,
    const char *value, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
