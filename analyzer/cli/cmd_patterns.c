/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/buffer.h"
#include "base/diag.h"
#include "base/limits.h"
#include "classify/coverage.h"
#include "classify/rules_check.h"
#include "classify/suggest.h"
#include "cli/causes.h"
#include "cli/commands.h"
#include "cli/proposals.h"
#include "cli/rows.h"
#include "cli/session.h"
#include "cli/spelling.h"
#include "cli/textlines.h"
#include "parse/format_check.h"
#include "store/replies.h"

enum { PLACE_LEN = 512, CAUSES_LEN = 1 << 20 };

static const char *const columns[] = {"kind", "name", "cause", "place"};

/* "file:line: rule (detail): WHAT other (detail): text" for each pair. */
static void say_pairs(const struct rules *r, const struct coverage_pair *list,
    size_t n, const char *what)
{
    for (size_t i = 0; i < n; i++) {
        diag_info("%s:%u: %s (%s): %s %s (%s): %.200s",
            rules_file(r, list[i].rule), rules_line(r, list[i].rule),
            rules_at(r, list[i].rule)->id, rules_at(r, list[i].rule)->cause,
            what, rules_at(r, list[i].other)->id,
            rules_at(r, list[i].other)->cause, list[i].text);
    }
}

static void print_causes(const struct session *session)
{
    const struct rules *r = session->rules;
    for (unsigned i = 0; i < knowledge_n_causes(session->knowledge); i++) {
        const struct cause_entry *cause =
            knowledge_cause_at(session->knowledge, i);
        size_t n = 0;
        for (size_t j = 0; j < rules_count(r); j++) {
            n += rules_cause(r, j).ptr == cause->name;
        }
        printf("%s: %zu rules\n", cause->name, n);
    }
}

/* What the rules cover; where they are in doubt is said when verbose. */
static void print_coverage(const struct session *session)
{
    struct coverage c;
    coverage_find(session->rules, session->knowledge, &c);
    for (size_t i = 0; i < c.n_layers; i++) {
        const struct coverage_layer *layer = &c.layers[i];
        printf("%s: %zu rules, %zu samples, %zu counter-samples\n", layer->file,
            layer->n_rules, layer->n_examples, layer->n_counterexamples);
    }
    print_causes(session);
    printf("%zu rules without counter-sample near another cause, %zu samples "
           "that a later rule of the file fits too, %zu alternatives that can "
           "never match\n",
        c.n_close, c.n_claims, c.n_dead);
    say_pairs(session->rules, c.close, c.n_close, "has no counter-sample near");
    say_pairs(session->rules, c.claims, c.n_claims, "its sample also fits");
    say_pairs(session->rules, c.dead, c.n_dead, "always comes after");
    coverage_reset(&c);
}

static enum status check(
    const struct session *session, const struct settings *settings)
{
    (void)settings;
    struct format_check_result formats = {0};
    struct rules_check rules = {0};
    format_check_run(session->formats, &formats);
    bool proven = rules_check_run(session->rules, session->knowledge, &rules);
    printf("%zu formats with %zu patterns and %zu samples: %zu faults\n",
        session->formats->n_formats, formats.n_patterns, formats.n_samples,
        formats.n_faults);
    printf("%zu rules with %zu samples and %zu counter-samples: %zu faults\n",
        rules.n_rules, rules.n_examples, rules.n_counterexamples,
        rules.n_faulty + rules.n_lost + rules.n_taken + rules.n_never +
            rules.n_unread);
    print_coverage(session);
    return proven && formats.n_faults == 0 ? STATUS_DONE : STATUS_CONFIG;
}

static bool put_row(struct rows *rows, const char *kind, struct span name,
    const char *cause, const char *place)
{
    rows_put(rows, span_of(kind));
    rows_put(rows, name);
    rows_put(rows, span_of(cause));
    rows_put(rows, span_of(place));
    return rows_end(rows);
}

static enum status list(
    const struct session *session, const struct settings *settings)
{
    (void)settings;
    char place[PLACE_LEN];
    bool fine = true;
    struct rows *rows = rows_create(
        stdout, NULL, columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; fine && i < session->formats->n_formats; i++) {
        const struct format *format = &session->formats->formats[i];
        fine = put_row(rows, "format", format->name, NULL, format->file->name);
    }
    size_t n = rules_count(session->rules);
    for (size_t i = 0; fine && i < n; i++) {
        const struct rule *rule = rules_at(session->rules, i);
        snprintf(place, sizeof(place), "%s:%u", rules_file(session->rules, i),
            rules_line(session->rules, i));
        fine = put_row(rows, "rule", span_of(rule->id), rule->cause, place);
    }
    rows_free(rows);
    return fine ? STATUS_DONE : STATUS_IO;
}

/* Write what is in ${page} and end it. */
static enum status print_page(struct buffer *page)
{
    struct span s = buffer_span(page);
    bool fine = fwrite(s.ptr, 1, s.len, stdout) == s.len;
    buffer_free(page);
    return fine ? STATUS_DONE : STATUS_IO;
}

static enum status causes(
    const struct session *session, const struct settings *settings)
{
    (void)settings;
    struct buffer page;
    buffer_init(&page, CAUSES_LEN);
    causes_write(&page, session->knowledge, session->rules);
    return print_page(&page);
}

static void take_row(void *context, const struct replies_row *row)
{
    struct reply_facts facts = {.direction = row->direction,
        .stage = row->stage,
        .code = row->code,
        .status = row->enhanced,
        .logged = row->logged,
        .template = row->template};
    suggest_add(context, &facts, row->attempts);
}

static bool take_database(struct suggest *s, const char *path)
{
    struct store *store = store_open(path, STORE_READ);
    bool ok = store != NULL && replies_read(store, take_row, s);
    return store_close(store) && ok;
}

static bool take_file(struct suggest *s, const char *path)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *in = standard ? stdin : fopen(path, "r");
    if (in == NULL) {
        diag_error("%s: %s", path, strerror(errno));
        return false;
    }
    struct buffer line;
    buffer_init(&line, LIMIT_LINE_LEN);
    while (textlines_next(in, &line)) {
        suggest_add_text(s, buffer_span(&line));
    }
    buffer_free(&line);
    bool ok = ferror(in) == 0;
    if (!ok) {
        diag_error("%s: %s", path, strerror(errno));
    }
    if (!standard) {
        fclose(in);
    }
    return ok;
}

static enum status print_suggestions(struct suggest *s, size_t most)
{
    size_t n = 0;
    struct buffer page;
    buffer_init(&page, LIMIT_REPORT_LEN);
    const struct suggestion *list = suggest_make(s, most, &n);
    size_t n_written = proposals_write(&page, list, n);
    struct suggest_counts counts = suggest_counts(s);
    diag_warn("%zu rules for %" PRId64 " of %" PRId64
              " attempts that are not understood (%zu templates in %zu "
              "families, %zu of them without a text of their own)",
        n_written, counts.proposed, counts.attempts, counts.n_unknown,
        counts.n_families, counts.n_unlike);
    if (counts.n_left_out > 0) {
        diag_warn(
            "%zu rarer kinds of replies were not looked at", counts.n_left_out);
    }
    return print_page(&page);
}

static enum status suggest(
    const struct session *session, const struct settings *settings)
{
    struct suggest *s = suggest_create(session->rules, session->knowledge);
    bool ok = settings->from != NULL ? take_file(s, settings->from)
                                     : take_database(s, settings->database);
    enum status status =
        ok ? print_suggestions(s, (size_t)settings->limit) : STATUS_IO;
    suggest_free(s);
    return status;
}

/* The words that the command takes, and what they do. */
static const struct {
    const char *name;
    enum status (*run)(
        const struct session *session, const struct settings *settings);
    unsigned parts; /* of the session */
} words[] = {
    {"check", check, SESSION_RULES | SESSION_FORMATS},
    {"list", list, SESSION_RULES | SESSION_FORMATS},
    {"causes", causes, SESSION_RULES},
    {"suggest", suggest, SESSION_RULES},
};
enum { N_WORDS = sizeof(words) / sizeof(words[0]) };

static enum status unknown_word(const char *word)
{
    struct spelling near;
    spelling_init(&near, span_of(word));
    for (int i = 0; i < N_WORDS; i++) {
        spelling_offer(&near, words[i].name);
    }
    if (near.best != NULL) {
        diag_error("patterns: unknown word \"%s\"; did you mean \"%s\"?", word,
            near.best);
    } else {
        diag_error(
            "patterns: unknown word \"%s\"; it takes check, list, causes or "
            "suggest",
            word);
    }
    return STATUS_USAGE;
}

enum status cmd_patterns_run(const struct settings *settings)
{
    struct session session;
    const char *word = settings->operands[0];
    int i = 0;
    while (i < N_WORDS && strcmp(word, words[i].name) != 0) {
        i++;
    }
    if (i == N_WORDS) {
        return unknown_word(word);
    }
    enum status status = session_open(&session, settings, words[i].parts);
    if (status == STATUS_DONE) {
        status = words[i].run(&session, settings);
    }
    session_close(&session);
    return status;
}
