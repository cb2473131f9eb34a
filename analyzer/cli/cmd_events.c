/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "cli/commands.h"
#include "cli/confine.h"
#include "cli/moment.h"
#include "cli/rows.h"
#include "cli/senders.h"
#include "cli/session.h"
#include "pipeline/pipeline.h"

enum { NUMBER_LEN = 32 };

/* "message repeated N times" gives N rows; nobody logs a line more often
 * than this, so a larger N is an attack on the disk. */
enum { MAX_REPEAT = 10000 };

static const char *const columns[] = {"time", "host", "mta", "queue_id",
    "direction", "disposition", "stage", "sender", "recipient", "peer",
    "peer_ip", "reply_code", "enhanced_code", "cause", "detail", "rule",
    "delay", "reply"};

struct taker {
    struct rows *rows;
    struct senders *senders;
    bool failed;
};

/* A name of the vocabulary; "" is what it calls unknown. */
static struct span name_span(const char *name)
{
    return *name != '\0' ? span_of(name) : SPAN_NONE;
}

static void put_number(struct rows *rows, int64_t value)
{
    char text[NUMBER_LEN];
    int len = snprintf(text, sizeof(text), "%" PRId64, value);
    rows_put_number(
        rows, value != 0 ? (struct span){text, (size_t)len} : SPAN_NONE);
}

/* Milliseconds as seconds, with as many decimals as they need. */
static void put_delay(struct rows *rows, int64_t delay)
{
    char text[NUMBER_LEN];
    if (delay < 0) {
        rows_put_number(rows, SPAN_NONE);
        return;
    }
    int len = snprintf(text, sizeof(text), "%" PRId64 ".%03d", delay / 1000,
        (int)(delay % 1000));
    while (text[len - 1] == '0') {
        len--;
    }
    len -= text[len - 1] == '.';
    rows_put_number(rows, (struct span){text, (size_t)len});
}

static void put_address(struct rows *rows, struct span address)
{
    bool is_null_sender = span_is_known(address) && address.len == 0;
    rows_put(rows, is_null_sender ? SPAN_LITERAL("<>") : address);
}

static void put_reply(struct rows *rows, const struct smtp_reply *reply)
{
    rows_put(rows, reply->raw.len > 0 ? reply->raw : reply->text);
}

static void put_event(struct rows *rows, const struct event *e,
    const struct verdict *v, struct span sender)
{
    char time[MOMENT_TEXT_LEN];
    char status[STATUS_TEXT_LEN];
    rows_put(rows, (struct span){time, moment_format(e->time, time)});
    rows_put(rows, e->host);
    rows_put(rows, e->mta);
    rows_put(rows, e->queue_id);
    rows_put(rows, name_span(direction_name(e->direction)));
    rows_put(rows, name_span(disposition_name(e->disposition)));
    rows_put(rows, name_span(stage_name(e->stage)));
    put_address(rows, sender);
    rows_put(rows, e->recipient);
    rows_put(rows, e->peer);
    rows_put(rows, e->peer_ip);
    put_number(rows, e->reply.code);
    status_format(event_status(e), status);
    rows_put(rows, name_span(status));
    bool is_failure = event_is_failure(e);
    rows_put(rows, is_failure ? v->cause : SPAN_NONE);
    rows_put(rows, is_failure ? v->detail : SPAN_NONE);
    rows_put(rows, is_failure ? v->rule : SPAN_NONE);
    put_delay(rows, e->delay);
    put_reply(rows, &e->reply);
}

/* What serves only the correlator, and probes, which are no mail. */
static bool is_shown(enum event_kind kind)
{
    return kind == EVENT_OUTCOME || kind == EVENT_ATTEMPT ||
           kind == EVENT_SUSPENDED || kind == EVENT_HOP;
}

static bool take(void *context, const struct event *e, const struct verdict *v)
{
    struct taker *t = context;
    struct span sender = senders_follow(t->senders, e);
    int64_t n = e->repeat < MAX_REPEAT ? e->repeat : MAX_REPEAT;
    for (int64_t i = 0; is_shown(e->kind) && !t->failed && i < n; i++) {
        put_event(t->rows, e, v, sender);
        t->failed = !rows_end(t->rows);
    }
    return !t->failed;
}

static enum status print_events(const struct settings *settings,
    const struct session *session, const struct path_list *paths)
{
    struct pipeline_summary sum;
    struct pipeline_context context = {.formats = session->formats,
        .rules = session->rules,
        .knowledge = session->knowledge,
        .zones = session->zones,
        .year = (int)settings->year};
    struct taker taker = {.rows = rows_create(stdout, settings->format, columns,
                              sizeof(columns) / sizeof(columns[0])),
        .senders = senders_create()};
    pipeline_events(&context, paths, take, &taker, &sum);
    senders_free(taker.senders);
    rows_free(taker.rows);
    if (taker.failed) {
        return STATUS_IO;
    }
    return sum.n_damaged + sum.n_failed + paths->n_errors + paths->n_skipped > 0
               ? STATUS_PARTIAL
               : STATUS_DONE;
}

enum status cmd_events_run(const struct settings *settings)
{
    struct session session;
    struct path_list *paths = NULL;
    enum status status =
        session_open(&session, settings, SESSION_RULES | SESSION_FORMATS);
    if (status == STATUS_DONE) {
        paths = paths_expand(
            (const char *const *)settings->operands, settings->n_operands);
        confine_process(paths, NULL);
        status = print_events(settings, &session, paths);
    }
    paths_free(paths);
    session_close(&session);
    return status;
}
