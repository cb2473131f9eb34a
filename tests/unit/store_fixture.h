/* SPDX-License-Identifier: MIT */
/* tests/unit/store_fixture.h - events, sources and stores for the tests. */
#ifndef TESTS_UNIT_STORE_FIXTURE_H
#define TESTS_UNIT_STORE_FIXTURE_H

#include "store/dump.h"
#include "store/resolve.h"
#include "store/write.h"

/* One event, in words; NULL where a line would not say it. */
struct script {
    int64_t second;
    const char *host;
    const char *kind;        /* as in packs: arrival, outcome, ... */
    const char *disposition; /* delivered, ...; NULL: none */
    const char *queue_id;
    const char *sender; /* "" is the null sender */
    const char *recipient;
    const char *reply; /* text; "listed ..." names a DNSBL */
    bool inbound;
    int64_t repeat; /* 0 is 1 */
    int64_t delay;  /* milliseconds; 0: unknown */
};

enum { STORE_FIXTURE_PATH_LEN = 128, STORE_FIXTURE_LINE_LEN = 512 };

/** store_fixture_line(s, n, out): The line that ${s}, the ${n}th, stands for
 * (STORE_FIXTURE_LINE_LEN bytes); no two lines are the same. */
void store_fixture_line(const struct script *s, size_t n, char *out);

/** store_fixture_event(s, line, v): The event and verdict of ${s}; they
 * borrow from it and from ${line}. */
struct event store_fixture_event(
    const struct script *s, const char *line, struct verdict *v);

/** store_fixture_path(out): A path in a new directory for a database
 * (STORE_FIXTURE_PATH_LEN bytes); ends with store_fixture_remove(). */
void store_fixture_path(char *out);
void store_fixture_remove(const char *path);

/** store_fixture_open(path): A new, empty store at a path of its own. */
struct store *store_fixture_open(char *path);

/** store_fixture_close(s, path): End both. */
void store_fixture_close(struct store *s, const char *path);

/* A part of a script that is one source. */
struct store_fixture_part {
    const struct script *script; /* the whole */
    size_t from;
    size_t to;
    size_t step;  /* lines in each write step; 0: all in one */
    int64_t salt; /* nonzero: another source with the same lines */
};

/** store_fixture_ingest(s, part): Write ${part} to ${s}; false on failure.
 * What of it is already there is not read again. */
bool store_fixture_ingest(struct store *s, const struct store_fixture_part *p);

/** store_fixture_count(t, c, part): Only count the lines of ${part}. */
void store_fixture_count(
    struct tally *t, struct correlator *c, const struct store_fixture_part *p);

/** store_fixture_dump(s): Resolve, and return the dump, on the heap. */
char *store_fixture_dump(struct store *s);

/** store_fixture_value(s, sql): The number that ${sql} gives. */
int64_t store_fixture_value(struct store *s, const char *sql);

/** store_fixture_random(state, n): A number below ${n} of a fixed sequence. */
uint32_t store_fixture_random(uint64_t *state, uint32_t n);

/** store_fixture_mail(seed, script, n): Fill ${script} with ${n} events of
 * many messages: IDs used again, several recipients, retries, expiries. */
void store_fixture_mail(uint64_t seed, struct script *script, size_t n);

#endif
