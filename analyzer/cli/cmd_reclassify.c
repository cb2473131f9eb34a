/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>

#include "base/buffer.h"
#include "base/diag.h"
#include "base/limits.h"
#include "classify/classifier.h"
#include "cli/commands.h"
#include "cli/rows.h"
#include "cli/session.h"
#include "store/reclassify.h"

enum { NUMBER_LEN = 32 };

static const char *const columns[] = {"from", "to", "replies", "attempts"};

struct job {
    struct classifier *classifier;
    struct rows *rows;
    bool failed; /* to write */
};

static bool judge(
    void *context, const struct reclassify_reply *r, struct verdict *v)
{
    const struct job *job = context;
    struct reply_facts facts = {.direction = r->direction,
        .stage = r->stage,
        .code = r->code,
        .status = r->enhanced,
        .logged = r->logged,
        .template = r->template};
    classifier_judge_facts(job->classifier, &facts, v);
    return true;
}

static void put_cause(struct rows *rows, struct span cause, struct span detail)
{
    struct buffer text;
    buffer_init(&text, LIMIT_TEMPLATE_LEN);
    buffer_add(&text, cause);
    buffer_add_char(&text, '.');
    buffer_add(&text, detail);
    rows_put(rows, buffer_span(&text));
    buffer_free(&text);
}

static void put_count(struct rows *rows, int64_t n)
{
    char text[NUMBER_LEN];
    int len = snprintf(text, sizeof(text), "%" PRId64, n);
    rows_put_number(rows, (struct span){text, (size_t)len});
}

static void put_change(void *context, const struct reclassify_change *c)
{
    struct job *job = context;
    put_cause(job->rows, c->from_cause, c->from_detail);
    put_cause(job->rows, c->to_cause, c->to_detail);
    put_count(job->rows, c->replies);
    put_count(job->rows, c->attempts);
    job->failed = !rows_end(job->rows) || job->failed;
}

static enum status reclassify(
    const struct session *session, struct store *store)
{
    int64_t n_changed = 0;
    struct job job = {
        .classifier = classifier_create(session->rules, session->knowledge),
        .rows = rows_create(
            stdout, NULL, columns, sizeof(columns) / sizeof(columns[0]))};
    struct reclassify_calls calls = {
        .context = &job, .judge = judge, .changed = put_change};
    bool done = reclassify_run(store, &calls, &n_changed);
    if (done) {
        diag_warn("%s: %" PRId64 " replies have another verdict now",
            store_path(store), n_changed);
    }
    rows_free(job.rows);
    classifier_free(job.classifier);
    return done && !job.failed ? STATUS_DONE : STATUS_IO;
}

enum status cmd_reclassify_run(const struct settings *settings)
{
    struct session session;
    enum status status = session_open(&session, settings, SESSION_RULES);
    if (status == STATUS_DONE) {
        struct store *store = store_open(settings->database, STORE_UPDATE);
        status = store != NULL ? reclassify(&session, store) : STATUS_IO;
        status = store_close(store) ? status : STATUS_IO;
    }
    session_close(&session);
    return status;
}
