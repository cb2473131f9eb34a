/* SPDX-License-Identifier: MIT */
/* parse/format_pack.h - patterns/formats/NAME.yaml as it is written. */
#ifndef PARSE_FORMAT_PACK_H
#define PARSE_FORMAT_PACK_H

#include "parse/field.h"
#include "pattern/pack.h"

/*
 * The shape of a format pack; patterns/README.md says what each key means to
 * an author.  Strings belong to the pack.
 */

#define FIELD_TEXT_MEMBER(name) char *name;

/* Values of fields: constants of a pattern ("set"). */
struct field_texts {
    FIELD_LIST(FIELD_TEXT_MEMBER)
};

/* What a sample must give ("want"): event columns. */
#define WANT_LIST(X)                                                           \
    X(kind)                                                                    \
    X(direction)                                                               \
    X(disposition)                                                             \
    X(stage)                                                                   \
    X(queue_id)                                                                \
    X(sender)                                                                  \
    X(recipient)                                                               \
    X(peer)                                                                    \
    X(peer_ip)                                                                 \
    X(reply_code)                                                              \
    X(enhanced_code)                                                           \
    X(delay)                                                                   \
    X(reply)

struct want_texts {
    WANT_LIST(FIELD_TEXT_MEMBER)
};

struct sample_def {
    char *program;           /* NULL: the first of the pattern's programs */
    char *line;              /* the message part of a line */
    struct want_texts *want; /* NULL: claimed is enough */
};

struct pattern_def {
    char *id;
    char *of;        /* parts: the field that is taken apart */
    char **programs; /* none: every program of the pack */
    unsigned programs_count;
    char *queue_id; /* "required", "none" or NULL: either */
    char **starts;  /* one of them begins the text; none: any beginning */
    unsigned starts_count;
    char **has; /* each of them occurs in the text */
    unsigned has_count;
    char *split; /* pairs are what stands before it, and match is applied
                    to what follows */
    char *match; /* NULL: starts and has are enough */
    char **keys; /* "key=field": what to take out of the pairs */
    unsigned keys_count;
    char *between; /* what separates the pairs; NULL: ", " */
    char **where;  /* records: "name=value|value" or "name!=…", all true */
    unsigned where_count;
    char **columns; /* records: "field={name} …", see parse/compose.h */
    unsigned columns_count;
    char *each;       /* the field that lists several: an event for each */
    char *separator;  /* between them; NULL: "," */
    char **translate; /* two bytes each: in the text, this becomes that */
    unsigned translate_count;
    char *remember; /* "set": keep the fields under the key; "add": and the
                       text, behind the one kept; "get": fill in what is
                       kept; "take": and forget it; "push": queue the fields
                       for the line that does "shift"; "next": shift, and
                       push instead; "forget": drop what is kept; NULL:
                       none of it */
    char *begins;   /* field: nothing was said before of what it names */
    char *note;     /* parts: keep the text under this field */
    char *repeats;  /* parts: the text kept last takes this one's place */
    struct field_texts *set;
    struct sample_def *samples;
    unsigned samples_count;
};

struct value_def {
    char *field;
    char *from;
    char *to;
};

struct format_pack {
    char *name;
    char *title;
    char *versions;
    char *source;
    char *shape;      /* "syslog", "line", "csv" or "json" */
    char *record;     /* shape line: regex of the whole line */
    char **recognise; /* shapes csv and json: names that a record has */
    unsigned recognise_count;
    char *header; /* shape csv: the header that its samples stand under */
    char *prefix; /* regex of what is dropped from the message's beginning */
    char *join;   /* regex of "[part/parts] " before pieces of a message */
    char *continuation; /* "ignore": lines without a stamp that follow */
    char *twins;        /* "ignore": see parse/twins.h */
    unsigned remembers; /* seconds that a session or a message's retries may
                           take; 0: a day */
    char **programs;
    unsigned programs_count;
    char *queue_id;
    struct pattern_def *lines;
    unsigned lines_count;
    struct pattern_def *parts;
    unsigned parts_count;
    struct pattern_def *ignore;
    unsigned ignore_count;
    struct value_def *values;
    unsigned values_count;
};

/**
 * format_pack_load(file):
 * Read ${file}; NULL, having reported "file:line: what", if its shape is
 * wrong.  The caller ends it with format_pack_free().
 */
struct format_pack *format_pack_load(const struct pack_file *file);

/** format_pack_free(pack): NULL does nothing. */
void format_pack_free(struct format_pack *pack);

#endif
