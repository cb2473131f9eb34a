/* SPDX-License-Identifier: MIT */
/*
 * Replies as people paste them.  They are taken for what others answered us,
 * unless they say otherwise: that is what is asked about.
 */
#include <errno.h>
#include <stdio.h>

#include "base/buffer.h"
#include "base/diag.h"
#include "base/limits.h"
#include "classify/classifier.h"
#include "cli/commands.h"
#include "cli/rows.h"
#include "cli/session.h"
#include "cli/textlines.h"
#include "report/escape.h"

enum { CODE_LEN = 16, PLACE_LEN = 512, MAX_MATCHES = 32 };

/* The last three only with --explain. */
static const char *const columns[] = {"cause", "detail", "reply_code",
    "enhanced_code", "rule", "reply", "place", "template", "also"};
enum { N_COLUMNS = 6, N_COLUMNS_EXPLAINED = 9 };

struct job {
    const struct session *session;
    struct classifier *classifier;
    struct rows *rows; /* NULL: as text for people */
    bool explains;
};

/* One reply, and what was found out about it. */
struct answer {
    struct span text;
    struct event event;
    struct verdict verdict;
    struct particulars particulars;
    uint32_t matches[MAX_MATCHES];
    size_t n_matches;
    char place[PLACE_LEN]; /* of the rule; "" if it stands nowhere */
    char code[CODE_LEN];   /* "" for none */
    char status[STATUS_TEXT_LEN];
};

static void find_place(const struct rules *rules, struct answer *a)
{
    size_t i = rules_find(rules, a->verdict.rule);
    if (i < rules_count(rules)) {
        snprintf(a->place, sizeof(a->place), "%s:%u", rules_file(rules, i),
            rules_line(rules, i));
    }
}

static void judge(const struct job *job, struct span text, struct answer *a)
{
    a->text = text;
    a->n_matches = 0;
    a->place[0] = a->code[0] = '\0';
    classifier_read_text(job->classifier, DIRECTION_OUTBOUND, text, &a->event);
    if (job->explains) {
        a->n_matches = classifier_explain(
            job->classifier, &a->event, a->matches, MAX_MATCHES);
    }
    classifier_judge(job->classifier, &a->event, &a->verdict);
    classifier_particulars(
        job->classifier, &a->event, &a->verdict, &a->particulars);
    find_place(job->session->rules, a);
    if (a->event.reply.code != 0) {
        snprintf(a->code, sizeof(a->code), "%d", a->event.reply.code);
    }
    status_format(event_status(&a->event), a->status);
}

static struct span span_or_none(const char *text)
{
    return *text != '\0' ? span_of(text) : SPAN_NONE;
}

/* The rules that match besides the one that decided. */
static void add_others(
    const struct job *job, const struct answer *a, struct buffer *out)
{
    const char *separator = "";
    for (size_t i = 0; i < a->n_matches; i++) {
        const struct rule *rule = rules_at(job->session->rules, a->matches[i]);
        if (!span_equal(span_of(rule->id), a->verdict.rule)) {
            buffer_addf(out, "%s%s (%s)", separator, rule->id, rule->cause);
            separator = ", ";
        }
    }
}

static void put_particulars(const struct job *job, const struct answer *a)
{
    rows_put_more(job->rows, "dnsbl", a->verdict.dnsbl);
    rows_put_more(job->rows, "address", a->verdict.address);
    for (int i = 0; i < PARTICULAR_COUNT; i++) {
        const char *name = particulars_name((enum particular)i);
        struct span value = a->particulars.values[i];
        if (i == PARTICULAR_RETRY_AFTER) {
            rows_put_more_number(job->rows, name, value);
        } else {
            rows_put_more(job->rows, name, value);
        }
    }
}

static bool put_row(const struct job *job, const struct answer *a)
{
    rows_put(job->rows, a->verdict.cause);
    rows_put(job->rows, a->verdict.detail);
    rows_put_number(job->rows, span_or_none(a->code));
    rows_put(job->rows, span_or_none(a->status));
    rows_put(job->rows, a->verdict.rule);
    rows_put(job->rows, a->text);
    if (job->explains) {
        struct buffer others;
        buffer_init(&others, LIMIT_LINE_LEN);
        add_others(job, a, &others);
        rows_put(job->rows, span_or_none(a->place));
        rows_put(job->rows, a->verdict.template);
        rows_put(job->rows, buffer_span(&others));
        buffer_free(&others);
    }
    put_particulars(job, a);
    return rows_end(job->rows);
}

static void add_line(struct buffer *out, const char *label, struct span value)
{
    if (value.len > 0) {
        buffer_addf(out, "  %-12s", label);
        escape_terminal(out, value);
        buffer_add_char(out, '\n');
    }
}

/* The same for people; every span may be text of a log. */
static bool print_answer(const struct job *job, const struct answer *a)
{
    struct buffer out;
    struct buffer value;
    buffer_init(&out, 16 * LIMIT_LINE_LEN);
    buffer_init(&value, LIMIT_LINE_LEN);
    escape_terminal(&out, a->text);
    buffer_addf(&out, "\n  %-12s%.*s.%.*s\n", "cause",
        (int)a->verdict.cause.len, a->verdict.cause.ptr,
        (int)a->verdict.detail.len, a->verdict.detail.ptr);
    buffer_addf(&value, "%s %s", a->code, a->status);
    add_line(&out, "codes", span_trim(buffer_span(&value)));
    add_line(&out, "rule", a->verdict.rule);
    add_line(&out, "place", span_of(a->place));
    add_line(&out, "template", a->verdict.template);
    buffer_reset(&value);
    add_others(job, a, &value);
    add_line(&out, "also fit", buffer_span(&value));
    add_line(&out, "dnsbl", a->verdict.dnsbl);
    add_line(&out, "address", a->verdict.address);
    for (int i = 0; i < PARTICULAR_COUNT; i++) {
        add_line(&out, particulars_name((enum particular)i),
            a->particulars.values[i]);
    }
    struct span text = buffer_span(&out);
    bool fine = fwrite(text.ptr, 1, text.len, stdout) == text.len;
    buffer_free(&value);
    buffer_free(&out);
    return fine;
}

static bool answer(const struct job *job, struct span text)
{
    struct answer a;
    judge(job, text, &a);
    return job->rows != NULL ? put_row(job, &a) : print_answer(job, &a);
}

static enum status answer_input(const struct job *job)
{
    struct buffer line;
    enum status status = STATUS_DONE;
    buffer_init(&line, LIMIT_LINE_LEN);
    while (status == STATUS_DONE && textlines_next(stdin, &line)) {
        status = answer(job, buffer_span(&line)) ? STATUS_DONE : STATUS_IO;
    }
    if (ferror(stdin)) {
        diag_error("standard input: %s", strerror(errno));
        status = STATUS_IO;
    }
    buffer_free(&line);
    return status;
}

static enum status answer_operands(
    const struct job *job, const struct settings *settings)
{
    for (size_t i = 0; i < settings->n_operands; i++) {
        if (!answer(job, span_of(settings->operands[i]))) {
            return STATUS_IO;
        }
    }
    return STATUS_DONE;
}

static enum status classify(
    const struct settings *settings, const struct session *session)
{
    struct job job = {.session = session,
        .classifier = classifier_create(session->rules, session->knowledge),
        .explains = settings->explain};
    if (!settings->explain || settings->format != NULL) {
        job.rows = rows_create(stdout, settings->format, columns,
            settings->explain ? N_COLUMNS_EXPLAINED : N_COLUMNS);
    }
    enum status status = settings->n_operands > 0
                             ? answer_operands(&job, settings)
                             : answer_input(&job);
    rows_free(job.rows);
    classifier_free(job.classifier);
    return status;
}

enum status cmd_classify_run(const struct settings *settings)
{
    struct session session;
    enum status status = session_open(&session, settings, SESSION_RULES);
    if (status == STATUS_DONE) {
        status = classify(settings, &session);
    }
    session_close(&session);
    return status;
}
