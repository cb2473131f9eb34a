/* SPDX-License-Identifier: MIT */
/* parse/compiled.h - what a format pack is when it is ready to match. */
#ifndef PARSE_COMPILED_H
#define PARSE_COMPILED_H

#include "mail/event.h"
#include "parse/field.h"
#include "parse/format_pack.h"
#include "pattern/regex.h"

/*
 * All of it is immutable after formats_load() and shared by threads.  The
 * structs are open to the parse layer (and to `patterns list`), not for
 * anybody to write to.
 */

enum { MAX_PATTERN_GROUPS = 32, NO_FIELD = 255 };

enum queue_id_need { QUEUE_ID_ANY = 0, QUEUE_ID_REQUIRED, QUEUE_ID_NONE };

enum pattern_role { ROLE_LINE = 0, ROLE_PART, ROLE_IGNORE };

enum pattern_memory {
    MEMORY_NONE = 0,
    MEMORY_SET,
    MEMORY_ADD, /* as set, and the text behind the one that is kept */
    MEMORY_GET,
    MEMORY_TAKE,
    MEMORY_PUSH,  /* queue the fields */
    MEMORY_SHIFT, /* get those that were queued first */
    MEMORY_NEXT,  /* drop those, and push */
    MEMORY_FORGET /* drop what is kept */
};

enum format_shape {
    SHAPE_UNKNOWN = 0,
    SHAPE_SYSLOG, /* messages in syslog's envelope */
    SHAPE_LINE,   /* lines with a stamp and no more envelope */
    SHAPE_CSV,    /* values under a header */
    SHAPE_JSON    /* an object a line */
};

/* The value of ${name} is, or is not, one of ${values}, which "|" separates. */
struct pattern_condition {
    struct span name;
    struct span values;
    bool negated;
};

struct pattern_column {
    enum field field;
    struct span template; /* see parse/compose.h */
};

struct pattern_key {
    struct span key;
    enum field field;
};

/* What is known of events beforehand: see parse/plain.h. */
struct plain {
    bool applies; /* else the rest says nothing */
    enum event_kind kind;
    enum direction direction;
    enum disposition disposition;
    enum stage stage;
};

struct pattern {
    const struct pattern_def *def;
    enum pattern_role role;
    enum queue_id_need queue_id;
    enum field of; /* parts */
    struct span *starts;
    struct span *has;
    struct span split;                       /* SPAN_NONE: none */
    struct regex *re;                        /* NULL: none */
    uint8_t group_field[MAX_PATTERN_GROUPS]; /* NO_FIELD: unnamed */
    uint8_t n_groups;                        /* up to the last named one */
    struct pattern_key *keys;
    struct span between; /* pairs */
    struct pattern_condition *where;
    struct pattern_column *columns;
    uint8_t each; /* field, or NO_FIELD */
    struct span separator;
    enum pattern_memory memory;
    uint8_t begins;  /* field, or NO_FIELD; what it names begins here */
    uint8_t note;    /* parts: field, or NO_FIELD; see parse/keeping.h */
    uint8_t repeats; /* likewise */
    struct span set[FIELD_COUNT];    /* SPAN_NONE: not set */
    uint8_t set_fields[FIELD_COUNT]; /* those that are, n_set of them */
    uint8_t n_set;
    struct plain plain;
};

struct field_value {
    struct span from;
    struct span to;
};

struct format {
    const struct pack_file *file;
    struct format_pack *pack;
    struct span name;
    enum format_shape shape;
    struct span *recognise;
    struct regex *record;
    uint8_t record_field[MAX_PATTERN_GROUPS];
    struct regex *prefix;
    struct regex *join;
    bool continues;    /* lines without a stamp belong to the one before */
    bool has_twins;    /* in syslog: see parse/twins.h */
    int64_t remembers; /* seconds for which a line may hang on earlier ones */
    bool looks_back;   /* what a line means may hang on lines before it */
    bool sound;        /* it was read and compiled without a fault */
    struct regex **programs;
    struct regex *queue_id;
    bool queue_id_has_blank;  /* it takes in the blank behind the ID */
    struct pattern *patterns; /* lines, then ignore, then parts */
    size_t n_patterns;
    struct field_value
        *values; /* by field: those of f are values[first_value[f]] to
                    values[first_value[f + 1] - 1] */
    size_t first_value[FIELD_COUNT + 1];
};

#endif
