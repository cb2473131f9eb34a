/* SPDX-License-Identifier: MIT */
/* aggregate/journal.h - queue rows that are decided but not yet stored. */
#ifndef AGGREGATE_JOURNAL_H
#define AGGREGATE_JOURNAL_H

#include "aggregate/lives.h"
#include "base/intern.h"

/* What a queue row says; the names are those of the store. */
#define QUEUE_ROW_LIST(X)                                                      \
    X(UNKNOWN, "")                                                             \
    X(ARRIVAL, "arrival")                                                      \
    X(SENDER, "sender")                                                        \
    X(ATTEMPT, "attempt")                                                      \
    X(EXPIRE, "expire")                                                        \
    X(RELEASE, "release")
#define QUEUE_ROW_ENUM(name, text) QUEUE_ROW_##name,
enum queue_row_kind { QUEUE_ROW_LIST(QUEUE_ROW_ENUM) QUEUE_ROW_COUNT };

/** journal_kind_name(kind): As in the store. */
const char *journal_kind_name(enum queue_row_kind kind);

/** journal_kind_parse(s, kind): The reverse; false if ${s} is no such name. */
bool journal_kind_parse(struct span s, enum queue_row_kind *kind);

/* No reply belongs to the row or event. */
#define JOURNAL_NO_REPLY UINT32_MAX

/*
 * One row of the journal.  Open rows are the state at the end of the source
 * so far, replaced with each step; the others stay.  Its texts are
 * borrowed.
 */
struct queue_row {
    struct span host;
    struct span queue_id;
    int64_t time; /* microseconds since 1970, UTC */
    int64_t seq;  /* order of the events of this source */
    enum queue_row_kind kind;
    bool open;
    bool counted;                 /* its sender was known in this source */
    enum event_kind event;        /* of an attempt */
    enum direction direction;     /* of an attempt or expire */
    enum disposition disposition; /* of an attempt */
    struct span sender_domain;    /* SPAN_NONE: unknown */
    uint64_t recipient;           /* hash of the address; 0: none */
    struct span recipient_domain;
    struct span provider;
    uint32_t reply; /* as given to correlator_add(), or _NO_REPLY */
    int64_t n;      /* how many times it happened */
};

/* A row as numbers of the correlator's names. */
struct journal_row {
    struct life_key key;
    uint32_t sender; /* if has_sender */
    int64_t time;
    int64_t seq;
    int64_t n;
    uint64_t recipient;
    uint32_t domain;
    uint32_t provider;
    uint32_t reply;
    uint8_t kind;
    uint8_t event;
    uint8_t direction;
    uint8_t disposition;
    bool has_sender;
    bool has_recipient; /* domain and provider mean something */
    bool counted;
};

struct journal {
    struct journal_row *rows;
    size_t n;
    size_t cap;
};

/** journal_of_life(life, kind): A row that says the arrival or the sender of
 * ${life}. */
struct journal_row journal_of_life(
    const struct life *life, enum queue_row_kind kind);

/** journal_of_waiting(life, w): A row that says the last word on ${w}. */
struct journal_row journal_of_waiting(
    const struct life *life, const struct waiting *w);

/* The texts of the numbers in rows. */
struct journal_names {
    const struct intern *hosts;
    const struct intern *names; /* domains and providers */
};

/** journal_spell(row, names, open): ${row} with its texts, borrowed from it
 * and from ${names}. */
struct queue_row journal_spell(
    const struct journal_row *row, struct journal_names names, bool open);

/** journal_add(j, row): Append a copy of ${row}. */
void journal_add(struct journal *j, const struct journal_row *row);

/** journal_bytes(j): Memory in use. */
size_t journal_bytes(const struct journal *j);

/** journal_reset(j): Empty ${j} and give the memory back. */
void journal_reset(struct journal *j);

#endif
