/* SPDX-License-Identifier: MIT */
/* classify/knowledge_schema.h - the shapes of taxonomy.yaml and codes.yaml. */
#ifndef CLASSIFY_KNOWLEDGE_SCHEMA_H
#define CLASSIFY_KNOWLEDGE_SCHEMA_H

#include "classify/knowledge.h"
#include "pattern/pack.h"

/* What libcyaml makes of the two files. */
struct taxonomy_file {
    struct cause_entry *causes;
    unsigned causes_count;
    struct advice_entry *advice;
    unsigned advice_count;
    struct together_entry *together;
    unsigned together_count;
};

struct codes_file {
    struct code_entry *reply_codes;
    unsigned reply_codes_count;
    struct status_entry *status_codes;
    unsigned status_codes_count;
    struct class_entry *classes;
    unsigned classes_count;
    char **introductions;
    unsigned introductions_count;
};

extern const struct cyaml_schema_value knowledge_schema_taxonomy;
extern const struct cyaml_schema_value knowledge_schema_codes;

#endif
