/* SPDX-License-Identifier: MIT */
#include "parse/format_pack.h"

#define TEXT_LIST(key, type, member)                                           \
    CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type,  \
        member, &text_value, 0, CYAML_UNLIMITED)
#define TEXT_OPTIONAL(key, type, member)                                       \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,      \
        type, member, 0, CYAML_UNLIMITED)
#define TEXT_REQUIRED(key, type, member)                                       \
    CYAML_FIELD_STRING_PTR(                                                    \
        key, CYAML_FLAG_POINTER, type, member, 1, CYAML_UNLIMITED)
#define LIST_OPTIONAL(key, type, member, value)                                \
    CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type,  \
        member, value, 0, CYAML_UNLIMITED)

static const cyaml_schema_value_t text_value = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED)};

#define FIELD_SCHEMA(name) TEXT_OPTIONAL(#name, struct field_texts, name),
static const cyaml_schema_field_t field_texts_schema[] = {
    FIELD_LIST(FIELD_SCHEMA) CYAML_FIELD_END};

#define WANT_SCHEMA(name) TEXT_OPTIONAL(#name, struct want_texts, name),
static const cyaml_schema_field_t want_texts_schema[] = {
    WANT_LIST(WANT_SCHEMA) CYAML_FIELD_END};

static const cyaml_schema_field_t sample_schema[] = {
    TEXT_OPTIONAL("program", struct sample_def, program),
    TEXT_REQUIRED("line", struct sample_def, line),
    CYAML_FIELD_MAPPING_PTR("want", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
        struct sample_def, want, want_texts_schema),
    CYAML_FIELD_END};
static const cyaml_schema_value_t sample_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct sample_def, sample_schema)};

static const cyaml_schema_field_t pattern_schema[] = {
    TEXT_REQUIRED("id", struct pattern_def, id),
    TEXT_OPTIONAL("of", struct pattern_def, of),
    TEXT_LIST("programs", struct pattern_def, programs),
    TEXT_OPTIONAL("queue_id", struct pattern_def, queue_id),
    TEXT_LIST("starts", struct pattern_def, starts),
    TEXT_LIST("has", struct pattern_def, has),
    TEXT_OPTIONAL("split", struct pattern_def, split),
    TEXT_OPTIONAL("match", struct pattern_def, match),
    TEXT_LIST("keys", struct pattern_def, keys),
    TEXT_OPTIONAL("between", struct pattern_def, between),
    TEXT_LIST("where", struct pattern_def, where),
    TEXT_LIST("columns", struct pattern_def, columns),
    TEXT_OPTIONAL("each", struct pattern_def, each),
    TEXT_OPTIONAL("separator", struct pattern_def, separator),
    TEXT_LIST("translate", struct pattern_def, translate),
    TEXT_OPTIONAL("remember", struct pattern_def, remember),
    TEXT_OPTIONAL("begins", struct pattern_def, begins),
    TEXT_OPTIONAL("note", struct pattern_def, note),
    TEXT_OPTIONAL("repeats", struct pattern_def, repeats),
    CYAML_FIELD_MAPPING_PTR("set", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
        struct pattern_def, set, field_texts_schema),
    LIST_OPTIONAL("samples", struct pattern_def, samples, &sample_value),
    CYAML_FIELD_END};
static const cyaml_schema_value_t pattern_value = {CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct pattern_def, pattern_schema)};

static const cyaml_schema_field_t value_schema[] = {
    TEXT_REQUIRED("field", struct value_def, field),
    TEXT_REQUIRED("from", struct value_def, from),
    CYAML_FIELD_STRING_PTR(
        "to", CYAML_FLAG_POINTER, struct value_def, to, 0, CYAML_UNLIMITED),
    CYAML_FIELD_END};
static const cyaml_schema_value_t value_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct value_def, value_schema)};

static const cyaml_schema_field_t pack_schema[] = {
    TEXT_REQUIRED("name", struct format_pack, name),
    TEXT_REQUIRED("title", struct format_pack, title),
    TEXT_OPTIONAL("versions", struct format_pack, versions),
    TEXT_OPTIONAL("source", struct format_pack, source),
    TEXT_REQUIRED("shape", struct format_pack, shape),
    TEXT_OPTIONAL("record", struct format_pack, record),
    TEXT_LIST("recognise", struct format_pack, recognise),
    TEXT_OPTIONAL("header", struct format_pack, header),
    TEXT_OPTIONAL("prefix", struct format_pack, prefix),
    TEXT_OPTIONAL("join", struct format_pack, join),
    TEXT_OPTIONAL("continuation", struct format_pack, continuation),
    TEXT_OPTIONAL("twins", struct format_pack, twins),
    CYAML_FIELD_UINT(
        "remembers", CYAML_FLAG_OPTIONAL, struct format_pack, remembers),
    TEXT_LIST("programs", struct format_pack, programs),
    TEXT_OPTIONAL("queue_id", struct format_pack, queue_id),
    LIST_OPTIONAL("lines", struct format_pack, lines, &pattern_value),
    LIST_OPTIONAL("parts", struct format_pack, parts, &pattern_value),
    LIST_OPTIONAL("ignore", struct format_pack, ignore, &pattern_value),
    LIST_OPTIONAL("values", struct format_pack, values, &value_value),
    CYAML_FIELD_END};
static const cyaml_schema_value_t pack_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct format_pack, pack_schema)};

struct format_pack *format_pack_load(const struct pack_file *file)
{
    void *data = NULL;
    return pack_load(file, &pack_value, &data) ? data : NULL;
}

void format_pack_free(struct format_pack *pack)
{
    pack_unload(&pack_value, pack);
}
