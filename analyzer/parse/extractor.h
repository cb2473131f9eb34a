/* SPDX-License-Identifier: MIT */
/* parse/extractor.h - a message and its patterns to an event. */
#ifndef PARSE_EXTRACTOR_H
#define PARSE_EXTRACTOR_H

#include "mail/event.h"
#include "parse/dispatch.h"
#include "parse/record.h"

enum extract_result {
    EXTRACT_UNKNOWN = 0, /* no pattern claims the message */
    EXTRACT_IGNORED,     /* one does, and it says nothing of mail's fate */
    EXTRACT_EVENT
};

/*
 * The patterns that apply to lines of one program, made once for each tag.
 */
struct program {
    const struct format *format; /* NULL: no known MTA writes this */
    struct span name;       /* "smtpd"; empty if the tag tells only the MTA */
    struct dispatch lines;  /* roles line and ignore */
    struct dispatch relays; /* parts of relay */
    struct dispatch texts;  /* parts of text */
    struct program *next;   /* the same tag in another pack; NULL: none */
};

/* Memory for one thread's extractions. */
struct extractor;

/** extractor_create(): End it with extractor_free(). */
struct extractor *extractor_create(void);

/**
 * extractor_run(x, program, message, event):
 * Find the pattern of ${program} that claims ${message}, and fill all that it
 * gives into ${event} (time, host, mta and repeat are the caller's).  Spans
 * borrow from ${message}, the pack or ${x}.
 */
enum extract_result extractor_run(struct extractor *x,
    const struct program *program, struct span message, struct event *event);

/**
 * extractor_run_record(x, program, record, event):
 * The same for a record of shape csv or json.  The record's own envelope is
 * what extractor_field() says of stamp, host and program.
 */
enum extract_result extractor_run_record(struct extractor *x,
    const struct program *program, const struct record *record,
    struct event *event);

/**
 * extractor_more(x, event):
 * After EXTRACT_EVENT: one message may tell of several recipients.  Fill
 * ${event}, which still holds the one before, with the next; false if there
 * is none.
 */
bool extractor_more(struct extractor *x, struct event *event);

/** extractor_field(x, f): The field ${f} of what was read last. */
struct span extractor_field(const struct extractor *x, enum field f);

/** extractor_claimed_by(x): The pattern that claimed what was read last, or
 * NULL. */
const struct pattern *extractor_claimed_by(const struct extractor *x);

/** extractor_line(x, host, now): The next line is of ${host}, and what is
 * kept between lines is kept apart for each, and of ${now} (microseconds). */
void extractor_line(struct extractor *x, struct span host, int64_t now);

/** extractor_keeping(x): What is kept between lines, ${x}'s own. */
struct keeping *extractor_keeping(struct extractor *x);

/** extractor_reset(x): Another source begins: forget what was kept. */
void extractor_reset(struct extractor *x);

/**
 * extractor_claims(x, program, pattern, message):
 * Does ${pattern} by itself claim ${message}?  For checks of packs.
 */
bool extractor_claims(struct extractor *x, const struct program *program,
    const struct pattern *pattern, struct span message);

/**
 * extractor_run_part(x, program, part, text, event):
 * Let ${part} alone take ${text} apart, then the parts of ${program}'s pack
 * what that yields; false if it does not claim it.  For checks of packs.
 */
bool extractor_run_part(struct extractor *x, const struct program *program,
    const struct pattern *part, struct span text, struct event *event);

/** extractor_free(x): NULL does nothing. */
void extractor_free(struct extractor *x);

#endif
