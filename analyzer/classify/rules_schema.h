/* SPDX-License-Identifier: MIT */
/* classify/rules_schema.h - the shape of a file of rules. */
#ifndef CLASSIFY_RULES_SCHEMA_H
#define CLASSIFY_RULES_SCHEMA_H

#include "classify/rules.h"
#include "pattern/pack.h"

/* What libcyaml makes of one file of replies/. */
struct rules_file {
    int *order; /* NULL: not given */
    struct rule *rules;
    unsigned n_rules;
    struct rules_field *fields;
    unsigned n_fields;
};

extern const struct cyaml_schema_value rules_schema_file;

#endif
