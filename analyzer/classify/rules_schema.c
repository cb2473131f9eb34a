/* SPDX-License-Identifier: MIT */
/* A table only: each field of a rule, and whether it may be left out. */
#include "classify/rules_schema.h"

#define TEXT(field)                                                            \
    CYAML_FIELD_STRING_PTR(                                                    \
        #field, CYAML_FLAG_POINTER, struct rule, field, 1, CYAML_UNLIMITED)
#define OPTIONAL_TEXT(field)                                                   \
    CYAML_FIELD_STRING_PTR(#field, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,   \
        struct rule, field, 1, CYAML_UNLIMITED)
#define TEXTS(field)                                                           \
    CYAML_FIELD_SEQUENCE_COUNT(#field,                                         \
        CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct rule, field,          \
        n_##field, &text_value, 0, CYAML_UNLIMITED)

static const cyaml_schema_value_t text_value = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CYAML_UNLIMITED)};

/* Every rule carries its proof: a file whose rule has no example is refused.
 */
static const cyaml_schema_field_t rule_fields[] = {TEXT(id), TEXT(cause),
    TEXT(match), OPTIONAL_TEXT(unless), OPTIONAL_TEXT(direction), TEXTS(stages),
    TEXTS(codes), TEXTS(status), OPTIONAL_TEXT(extract),
    CYAML_FIELD_SEQUENCE_COUNT("examples", CYAML_FLAG_POINTER, struct rule,
        examples, n_examples, &text_value, 1, CYAML_UNLIMITED),
    TEXTS(counterexamples), OPTIONAL_TEXT(source), CYAML_FIELD_END};

static const cyaml_schema_value_t rule_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct rule, rule_fields)};

static const cyaml_schema_field_t example_fields[] = {
    CYAML_FIELD_STRING_PTR("reply", CYAML_FLAG_POINTER,
        struct rules_field_example, reply, 1, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("want", CYAML_FLAG_POINTER,
        struct rules_field_example, want, 1, CYAML_UNLIMITED),
    CYAML_FIELD_END};

static const cyaml_schema_value_t example_value = {CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct rules_field_example, example_fields)};

static const cyaml_schema_field_t field_fields[] = {
    CYAML_FIELD_STRING_PTR(
        "id", CYAML_FLAG_POINTER, struct rules_field, id, 1, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("match", CYAML_FLAG_POINTER, struct rules_field,
        match, 1, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE_COUNT("examples", CYAML_FLAG_POINTER,
        struct rules_field, examples, n_examples, &example_value, 1,
        CYAML_UNLIMITED),
    CYAML_FIELD_END};

static const cyaml_schema_value_t field_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct rules_field, field_fields)};

static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_INT_PTR("order", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
        struct rules_file, order),
    CYAML_FIELD_SEQUENCE_COUNT("rules",
        CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct rules_file, rules,
        n_rules, &rule_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE_COUNT("fields",
        CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct rules_file, fields,
        n_fields, &field_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_END};

const struct cyaml_schema_value rules_schema_file = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct rules_file, file_fields)};
