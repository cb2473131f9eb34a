/* SPDX-License-Identifier: MIT */
#include "aggregate/correlator.h"

#include "base/limits.h"
#include "store_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* An event, what is said of it, and the rows of the journal at the end. */
struct line_row {
    struct script script;
    const char *sender; /* wanted; "?" unknown */
    const char *expired;
};

#define ARRIVAL(id)                                                            \
    {                                                                          \
        .second = 1, .host = "h", .kind = "arrival", .queue_id = id            \
    }
#define SENDER(id, address)                                                    \
    {                                                                          \
        .second = 2, .host = "h", .kind = "sender", .queue_id = id,            \
        .sender = address                                                      \
    }
#define OUTCOME(id, what, address)                                             \
    {                                                                          \
        .second = 3, .host = "h", .kind = "outcome", .disposition = what,      \
        .queue_id = id, .recipient = address                                   \
    }
#define EXPIRE(id)                                                             \
    {                                                                          \
        .second = 4, .host = "h", .kind = "outcome", .disposition = "expired", \
        .queue_id = id                                                         \
    }
#define RELEASE(id)                                                            \
    {                                                                          \
        .second = 5, .host = "h", .kind = "release", .queue_id = id            \
    }

struct case_row {
    const char *name;
    struct line_row lines[8];
    const char *journal; /* kind[!] of each row, ! for open ones */
};

static const struct case_row rows[] = {
    {"whole life",
        {{ARRIVAL("A"), "?", ""}, {SENDER("A", "u@S.example"), "s.example", ""},
            {OUTCOME("A", "delivered", "x@d"), "s.example", ""},
            {RELEASE("A"), "?", ""}},
        ""},
    {"null sender",
        {{ARRIVAL("A"), "?", ""}, {SENDER("A", ""), "", ""},
            {OUTCOME("A", "bounced", "x@d"), "", ""}, {RELEASE("A"), "?", ""}},
        ""},
    {"no beginning",
        {{OUTCOME("A", "deferred", "x@d"), "?", ""}, {RELEASE("A"), "?", ""}},
        "attempt release "},
    {"arrival but no sender is decided",
        {{ARRIVAL("A"), "?", ""}, {OUTCOME("A", "bounced", "x@d"), "?", ""},
            {RELEASE("A"), "?", ""}},
        ""},
    {"sender but no arrival",
        {{SENDER("A", "u@s"), "s", ""},
            {OUTCOME("A", "bounced", "x@d"), "s", ""}, {RELEASE("A"), "?", ""}},
        "release "},
    {"still open",
        {{ARRIVAL("A"), "?", ""}, {SENDER("A", "u@s"), "s", ""},
            {OUTCOME("A", "deferred", "x@d"), "s", ""},
            {OUTCOME("A", "delivered", "y@d"), "s", ""}},
        "arrival! sender! attempt! "},
    {"open without arrival keeps every word",
        {{SENDER("A", "u@s"), "s", ""},
            {OUTCOME("A", "deferred", "x@d"), "s", ""},
            {OUTCOME("A", "delivered", "y@d"), "s", ""},
            {OUTCOME("A", "delivered", "x@d"), "s", ""}},
        "sender! attempt! attempt! "},
    {"expired",
        {{ARRIVAL("A"), "?", ""}, {SENDER("A", "u@s"), "s", ""},
            {OUTCOME("A", "deferred", "x@D1"), "s", ""},
            {OUTCOME("A", "deferred", "y@d2"), "s", ""},
            {OUTCOME("A", "delivered", "y@d2"), "s", ""},
            {EXPIRE("A"), "s", "d1 "}, {EXPIRE("A"), "s", ""},
            {RELEASE("A"), "?", ""}},
        ""},
    {"expired without a beginning",
        {{SENDER("A", "u@s"), "s", ""},
            {OUTCOME("A", "deferred", "x@d"), "s", ""}, {EXPIRE("A"), "s", ""},
            {RELEASE("A"), "?", ""}},
        "attempt expire release "},
    {"the ID is used again",
        {{ARRIVAL("A"), "?", ""}, {SENDER("A", "u@s"), "s", ""},
            {RELEASE("A"), "?", ""}, {OUTCOME("A", "bounced", "x@d"), "?", ""},
            {ARRIVAL("A"), "?", ""}, {SENDER("A", "u@t"), "t", ""},
            {OUTCOME("A", "bounced", "x@d"), "t", ""}, {RELEASE("A"), "?", ""}},
        "attempt "},
    {"an arrival ends an older life",
        {{SENDER("A", "u@s"), "s", ""}, {ARRIVAL("A"), "?", ""},
            {OUTCOME("A", "bounced", "x@d"), "?", ""}, {RELEASE("A"), "?", ""}},
        "release "},
    {"IDs are apart",
        {{SENDER("A", "u@s"), "s", ""}, {SENDER("B", "u@t"), "t", ""},
            {OUTCOME("A", "bounced", "x@d"), "s", ""},
            {OUTCOME("B", "bounced", "x@d"), "t", ""}, {RELEASE("A"), "?", ""},
            {RELEASE("B"), "?", ""}},
        "release release "},
};

static bool note_row(void *context, const struct queue_row *r)
{
    char *text = context;
    strcat(text, journal_kind_name(r->kind));
    strcat(text, r->open ? "! " : " ");
    return true;
}

static struct correlation add(struct correlator *c, const struct script *s)
{
    struct verdict v;
    struct correlation out;
    struct event e = store_fixture_event(s, "line", &v);
    correlator_add(c, &e, v.provider, CORRELATOR_NO_REPLY, &out);
    return out;
}

static void run_line(struct correlator *c, const struct case_row *row, size_t i)
{
    const struct line_row *l = &row->lines[i];
    struct correlation out = add(c, &l->script);
    bool unknown = strcmp(l->sender, "?") == 0;
    cr_assert_eq(out.sender_known, !unknown, "%s, line %zu", row->name, i);
    cr_assert(span_equal(out.sender_domain, span_of(l->sender)),
        "%s, line %zu: %.*s", row->name, i, (int)out.sender_domain.len,
        out.sender_domain.ptr);
    char expired[256] = "";
    for (size_t k = 0; k < out.n_expired; k++) {
        strncat(expired, out.expired[k].domain.ptr, out.expired[k].domain.len);
        strcat(expired, " ");
    }
    cr_assert_str_eq(expired, l->expired, "%s, line %zu", row->name, i);
}

Test(correlator, lives)
{
    struct correlator *c = correlator_create();
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
        correlator_reset(c);
        for (size_t i = 0; i < 8 && rows[r].lines[i].sender != NULL; i++) {
            run_line(c, &rows[r], i);
        }
        char journal[512] = "";
        cr_assert(correlator_each_row(c, note_row, journal));
        cr_assert_str_eq(journal, rows[r].journal, "%s", rows[r].name);
    }
    correlator_free(c);
    correlator_free(NULL);
}

/* Long IDs do not meet. */
Test(correlator, long_queue_ids)
{
    static const char *const long_ids[] = {"12345678901234567890123456789012a",
        "12345678901234567890123456789012b", "1q2w3e-0000000abcd-QWER"};
    struct correlator *c = correlator_create();
    for (size_t i = 0; i < 3; i++) {
        char sender[16];
        snprintf(sender, sizeof(sender), "u@s%zu", i);
        struct script s = SENDER(long_ids[i], sender);
        add(c, &s);
    }
    for (size_t i = 0; i < 3; i++) {
        struct script s = OUTCOME(long_ids[i], "bounced", "x@d");
        struct correlation out = add(c, &s);
        cr_assert(out.sender_known);
        cr_assert_eq(out.sender_domain.ptr[1], (char)('0' + (int)i));
    }
    correlator_free(c);
}

struct counts {
    size_t n_open;
    size_t n_closed;
};

static bool count_row(void *context, const struct queue_row *r)
{
    struct counts *n = context;
    *(r->open ? &n->n_open : &n->n_closed) += 1;
    return true;
}

/* Millions of IDs that never end take bounded memory, and none is lost: each
 * is open or in the journal. */
Test(correlator, too_many_open_ids_go_to_the_journal)
{
    enum { MORE = 5000 };
    struct correlator *c = correlator_create();
    size_t n = LIMIT_OPEN_QUEUE_ENTRIES + MORE;
    for (size_t i = 0; i < n; i++) {
        char id[16];
        snprintf(id, sizeof(id), "%zX", i);
        struct script s = SENDER(id, "u@s");
        add(c, &s);
    }
    cr_assert_eq(correlator_open_entries(c), LIMIT_OPEN_QUEUE_ENTRIES);
    cr_assert_eq(correlator_evicted(c), MORE);
    struct counts rows_of = {0, 0};
    correlator_each_row(c, count_row, &rows_of);
    cr_assert_eq(rows_of.n_open, LIMIT_OPEN_QUEUE_ENTRIES);
    cr_assert_eq(rows_of.n_closed, MORE);
    correlator_written(c);
    rows_of = (struct counts){0, 0};
    correlator_each_row(c, count_row, &rows_of);
    cr_assert_eq(rows_of.n_closed, 0);
    correlator_free(c);
}

/* A message with endless recipients neither slows the rest nor loses any. */
Test(correlator, too_many_recipients_go_to_the_journal)
{
    enum { N = 100000 };
    struct correlator *c = correlator_create();
    struct script arrival = ARRIVAL("A");
    add(c, &arrival);
    for (size_t i = 0; i < N; i++) {
        char address[32];
        snprintf(address, sizeof(address), "u%zu@d%zu", i, i);
        struct script s = OUTCOME("A", "deferred", address);
        add(c, &s);
    }
    struct counts rows_of = {0, 0};
    correlator_each_row(c, count_row, &rows_of);
    cr_assert_eq(rows_of.n_closed + rows_of.n_open, N + 1);
    correlator_free(c);
}
