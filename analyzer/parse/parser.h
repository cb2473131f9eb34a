/* SPDX-License-Identifier: MIT */
/* parse/parser.h - the lines of one source to events. */
#ifndef PARSE_PARSER_H
#define PARSE_PARSER_H

#include "mail/event.h"
#include "mail/line_class.h"
#include "parse/formats.h"
#include "parse/keeping.h"
#include "parse/stamp.h"

struct parsed_line {
    enum line_class class;
    struct span mta;     /* the pack's name; empty for foreign lines */
    struct span program; /* which part of it; the tag of foreign lines */
    struct span message; /* without the envelope; all of a malformed line */
    struct event event;  /* of class event, and if unsure */
    bool unsure;         /* what it means hangs on an earlier source ... */
    uint64_t key;        /* ... and goes by this (keeping_key()) */
};

/* A line that was unsure, as it is kept: fields of the parsed line, and the
 * line of the event. */
struct parser_unsure {
    struct span mta;
    struct span program;
    struct span host;
    struct span message;
    uint64_t key;
    int64_t time;
    int64_t repeat;
};

struct parser_options {
    const struct formats *formats; /* outlive the parser */
    const struct zone *zone;
    int64_t anchor;     /* seconds UTC at which the source was last written */
    int years_back;     /* see stamp_years_over() */
    int64_t last_stamp; /* microseconds, of a resumed source; 0: a new one */
};

/* One source is read by one parser, in one thread. */
struct parser;

/** parser_create(options): End it with parser_free(). */
struct parser *parser_create(const struct parser_options *options);

/**
 * parser_restart(p, options):
 * Begin another source; cheaper than a new parser.
 */
void parser_restart(struct parser *p, const struct parser_options *options);

/**
 * parser_line(p, line, out):
 * Read ${line} (without its end).  Spans in ${out} borrow from ${line}, ${p}
 * and the packs until the next call.
 */
void parser_line(struct parser *p, struct span line, struct parsed_line *out);

/**
 * parser_is_exact(p):
 * True where every byte counts: the next line is part of a record that tells
 * the lengths of its values (journald's export format), so it must be given
 * with the CR it may end with.
 */
bool parser_is_exact(const struct parser *p);

/**
 * parser_looks_back(p):
 * True if what a later line of the source means may hang on what was read so
 * far: sessions, messages in pieces, records of several lines.  Who reads on
 * later must then give the parser the earlier lines again.
 */
bool parser_looks_back(const struct parser *p);

/**
 * parser_rest(p, out):
 * The source is at its end, and nothing will be added to it: put what began
 * and did not end in ${out}, a line of docker's or, malformed, an entry of
 * journald's; false if there is nothing (left).
 */
bool parser_rest(struct parser *p, struct parsed_line *out);

/**
 * parser_more(p, out):
 * A line may tell of several recipients: after LINE_EVENT, put the next event
 * of the same line in ${out}, which is as parser_line() left it; false if
 * there is none.
 */
bool parser_more(struct parser *p, struct parsed_line *out);

/**
 * parser_prime(p, head):
 * A source is resumed whose first bytes are ${head}: take from them what its
 * later lines need, the header of a CSV file.
 */
void parser_prime(struct parser *p, struct span head);

/** parser_last_stamp(p): Microseconds of the last line read; 0: none. */
int64_t parser_last_stamp(const struct parser *p);

/** parser_years_over(p): See stamp_years_over(). */
int parser_years_over(const struct parser *p);

/**
 * parser_sample(p, format, program, message, out):
 * Read ${message} as if ${program} of ${format} had written it, without an
 * envelope: for samples of packs.
 */
void parser_sample(struct parser *p, const struct format *format,
    struct span program, struct span message, struct parsed_line *out);

/** parser_keeping(p): What it remembers; its own. */
struct keeping *parser_keeping(struct parser *p);

/**
 * parser_again(p, line, out):
 * Read ${line} once more, with what parser_keeping(p) knows now; false if its
 * pack is there no more.
 */
bool parser_again(struct parser *p, const struct parser_unsure *line,
    struct parsed_line *out);

/** parser_claimed_by(p): The pattern that claimed the line read last (of
 * class event or ignored), for checks of packs; NULL: none. */
const struct pattern *parser_claimed_by(const struct parser *p);

/** parser_free(p): NULL does nothing. */
void parser_free(struct parser *p);

#endif
