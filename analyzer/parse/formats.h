/* SPDX-License-Identifier: MIT */
/* parse/formats.h - the format packs, compiled and ready to match. */
#ifndef PARSE_FORMATS_H
#define PARSE_FORMATS_H

#include "parse/compiled.h"

struct formats {
    struct pack_list files;
    struct format *formats;
    size_t n_formats;
};

/**
 * formats_load(site_dir):
 * Load and compile every pack that is compiled in or in ${site_dir}/formats
 * (NULL: none).  Return NULL, having reported each fault as "file:line: what",
 * if one of them is wrong.  The caller ends it with formats_free().
 */
struct formats *formats_load(const char *site_dir);

/**
 * formats_load_text(name, yaml):
 * The same for one pack given as text.
 */
struct formats *formats_load_text(const char *name, const char *yaml);

/**
 * formats_pattern_applies(p, program):
 * Does ${p} speak of lines that ${program} writes?  An unknown (empty) program
 * is taken to be any.
 */
bool formats_pattern_applies(const struct pattern *p, struct span program);

/** formats_free(f): NULL does nothing. */
void formats_free(struct formats *f);

#endif
