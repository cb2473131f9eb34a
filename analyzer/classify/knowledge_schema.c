/* SPDX-License-Identifier: MIT */
/* Tables only: each field of the files, its C member, and whether it may be
 * left out. */
#include "classify/knowledge_schema.h"

#define TEXT(field, type)                                                      \
    CYAML_FIELD_STRING_PTR(                                                    \
        #field, CYAML_FLAG_POINTER, type, field, 1, CYAML_UNLIMITED)
#define OPTIONAL_TEXT(field, type)                                             \
    CYAML_FIELD_STRING_PTR(#field, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,   \
        type, field, 0, CYAML_UNLIMITED)
#define TEXTS(field, type)                                                     \
    CYAML_FIELD_SEQUENCE_COUNT(#field,                                         \
        CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, field, n_##field,      \
        &text_value, 0, CYAML_UNLIMITED)

static const cyaml_schema_value_t text_value = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CYAML_UNLIMITED)};

static const cyaml_strval_t mark_names[] = {{"listed", MARK_LISTED},
    {"lookup_broken", MARK_LOOKUP_BROKEN}, {"block", MARK_BLOCK},
    {"greylisting", MARK_GREYLISTING}, {"own_trouble", MARK_OWN_TROUBLE},
    {"no_judgement", MARK_NO_JUDGEMENT}};

#define MARKS(type)                                                            \
    CYAML_FIELD_FLAGS("marks", CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, type,  \
        marks, mark_names, CYAML_ARRAY_LEN(mark_names))

static const cyaml_schema_field_t detail_fields[] = {
    TEXT(name, struct detail_entry), TEXT(title, struct detail_entry),
    TEXT(definition, struct detail_entry),
    TEXT(permanence, struct detail_entry), TEXT(side, struct detail_entry),
    OPTIONAL_TEXT(list, struct detail_entry), MARKS(struct detail_entry),
    TEXTS(advice, struct detail_entry), CYAML_FIELD_END};

static const cyaml_schema_value_t detail_value = {CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct detail_entry, detail_fields)};

static const cyaml_schema_field_t cause_fields[] = {
    TEXT(name, struct cause_entry), TEXT(title, struct cause_entry),
    TEXT(definition, struct cause_entry), MARKS(struct cause_entry),
    CYAML_FIELD_SEQUENCE_COUNT("details", CYAML_FLAG_POINTER,
        struct cause_entry, details, n_details, &detail_value, 1,
        CYAML_UNLIMITED),
    CYAML_FIELD_END};

static const cyaml_schema_value_t cause_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct cause_entry, cause_fields)};

static const cyaml_schema_field_t advice_fields[] = {
    TEXT(id, struct advice_entry),
    CYAML_FIELD_UINT("step", CYAML_FLAG_OPTIONAL, struct advice_entry, step),
    TEXT(title, struct advice_entry), TEXT(text, struct advice_entry),
    OPTIONAL_TEXT(command, struct advice_entry), CYAML_FIELD_END};

static const cyaml_schema_value_t advice_value = {CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct advice_entry, advice_fields)};

static const cyaml_schema_field_t together_fields[] = {
    TEXT(name, struct together_entry), TEXT(title, struct together_entry),
    TEXT(meaning, struct together_entry),
    TEXT(direction, struct together_entry),
    TEXTS(causes, struct together_entry),
    CYAML_FIELD_UINT(
        "own_words", CYAML_FLAG_OPTIONAL, struct together_entry, own_words),
    CYAML_FIELD_UINT("destinations", CYAML_FLAG_DEFAULT, struct together_entry,
        destinations),
    TEXTS(advice, struct together_entry), CYAML_FIELD_END};

static const cyaml_schema_value_t together_value = {CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct together_entry, together_fields)};

static const cyaml_schema_field_t taxonomy_fields[] = {
    CYAML_FIELD_SEQUENCE("causes", CYAML_FLAG_POINTER, struct taxonomy_file,
        causes, &cause_value, 1, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("advice", CYAML_FLAG_POINTER, struct taxonomy_file,
        advice, &advice_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("together", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
        struct taxonomy_file, together, &together_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_END};

const struct cyaml_schema_value knowledge_schema_taxonomy = {
    CYAML_VALUE_MAPPING(
        CYAML_FLAG_POINTER, struct taxonomy_file, taxonomy_fields)};

static const cyaml_schema_field_t code_fields[] = {
    CYAML_FIELD_INT("code", CYAML_FLAG_DEFAULT, struct code_entry, code),
    TEXT(title, struct code_entry), TEXT(meaning, struct code_entry),
    TEXT(source, struct code_entry), TEXTS(usual, struct code_entry),
    OPTIONAL_TEXT(verdict, struct code_entry), CYAML_FIELD_END};

static const cyaml_schema_value_t code_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct code_entry, code_fields)};

static const cyaml_schema_field_t status_fields[] = {
    TEXT(status, struct status_entry), TEXT(title, struct status_entry),
    TEXT(meaning, struct status_entry), TEXT(source, struct status_entry),
    TEXTS(usual, struct status_entry),
    OPTIONAL_TEXT(permanent, struct status_entry),
    OPTIONAL_TEXT(temporary, struct status_entry), CYAML_FIELD_END};

static const cyaml_schema_value_t status_value = {CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct status_entry, status_fields)};

static const cyaml_schema_field_t class_fields[] = {
    CYAML_FIELD_INT("class", CYAML_FLAG_DEFAULT, struct class_entry, class),
    TEXT(title, struct class_entry), TEXT(meaning, struct class_entry),
    CYAML_FIELD_END};

static const cyaml_schema_value_t class_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct class_entry, class_fields)};

static const cyaml_schema_field_t codes_fields[] = {
    CYAML_FIELD_SEQUENCE("reply_codes", CYAML_FLAG_POINTER, struct codes_file,
        reply_codes, &code_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("status_codes", CYAML_FLAG_POINTER, struct codes_file,
        status_codes, &status_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("classes", CYAML_FLAG_POINTER, struct codes_file,
        classes, &class_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("introductions",
        CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct codes_file,
        introductions, &text_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_END};

const struct cyaml_schema_value knowledge_schema_codes = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct codes_file, codes_fields)};
