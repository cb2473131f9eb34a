/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/diag.h"
#include "base/memory.h"
#include "cli/commands.h"
#include "cli/glossary.h"
#include "cli/session.h"
#include "cli/site.h"
#include "cli/spelling.h"
#include "cli/terminal.h"
#include "mail/address.h"
#include "report/report.h"
#include "store/store.h"

enum { MAX_REPORTS = 128 };

static enum status list_reports(void)
{
    char *name = NULL;
    char *next = NULL;
    while ((next = named_next(name)) != NULL) {
        puts(next);
        free(name);
        name = next;
    }
    free(name);
    return STATUS_DONE;
}

static void report_unknown(const char *word)
{
    struct spelling near;
    char *names[MAX_REPORTS];
    size_t n = 0;
    spelling_init(&near, span_of(word));
    while (n < MAX_REPORTS &&
           (names[n] = named_next(n > 0 ? names[n - 1] : NULL)) != NULL) {
        spelling_offer(&near, names[n++]);
    }
    if (near.best != NULL) {
        diag_error("no report \"%s\"; did you mean \"%s\"?", word, near.best);
    } else {
        diag_error(
            "no report \"%s\"; \"smtpscope report list\" shows them", word);
    }
    while (n > 0) {
        free(names[--n]);
    }
}

static bool fits(const struct settings *settings)
{
    for (size_t i = 0; i < settings->n_operands; i++) {
        if (!named_exists(settings->operands[i])) {
            report_unknown(settings->operands[i]);
            return false;
        }
    }
    bool is_html =
        settings->format != NULL && strcmp(settings->format, "html") == 0;
    if (settings->mail && (!is_html || settings->n_operands > 0)) {
        diag_error("--mail goes with -f html and no report's name");
        return false;
    }
    return true;
}

static enum status status_of(enum report_result result)
{
    return result == REPORT_DONE      ? STATUS_DONE
           : result == REPORT_MISUSED ? STATUS_USAGE
                                      : STATUS_IO;
}

static enum status write_reports(
    const struct settings *settings, struct report_request *request)
{
    enum status status = STATUS_IO;
    struct store *store = store_open(settings->database, STORE_READ);
    struct store *beside =
        store != NULL ? store_open(settings->database, STORE_READ) : NULL;
    if (beside != NULL) {
        request->beside = store_database(beside);
        status = status_of(report_write(store_database(store), request));
    }
    bool ok = store_close(beside);
    return store_close(store) && ok ? status : STATUS_IO;
}

/* In lower case, as domains are stored; the caller frees it. */
static char *stored_domain(const char *domain)
{
    char lower[DOMAIN_TEXT_LEN];
    return domain != NULL
               ? memory_copy(domain_normalise(span_of(domain), lower))
               : NULL;
}

static const char *title_of(const void *site, const char *name)
{
    return site_report_title(site, name);
}

static enum status run(
    const struct settings *settings, const struct knowledge *k)
{
    struct glossary *glossary = glossary_create(k);
    char *domain = stored_domain(settings->domain);
    struct named_filter against = {settings->compare_since,
        settings->compare_until, settings->direction, domain};
    struct findings_settings wanted;
    findings_settings_init(&wanted);
    /* Logs are missed only by whoever asks for everything up to now. */
    wanted.now = settings->until == INT64_MAX ? (int64_t)time(NULL) : 0;
    site_findings(settings->site, &wanted);
    struct report_request request = {.format = REPORT_TEXT,
        .filter = {settings->since, settings->until, settings->direction,
            domain},
        .against = settings->compare_word != NULL ? &against : NULL,
        .names = (const char *const *)settings->operands,
        .n_names = settings->n_operands,
        .output = settings->output,
        .title = site_title(settings->site),
        .title_of = title_of,
        .title_context = settings->site,
        .width = (size_t)terminal_width(stdout),
        .is_mail = settings->mail,
        .settings = &wanted,
        .lexicon = glossary_lexicon(glossary)};
    if (settings->format != NULL) {
        report_format_parse(settings->format, &request.format);
    }
    enum status status = write_reports(settings, &request);
    free(domain);
    glossary_free(glossary);
    return status;
}

enum status cmd_report_run(const struct settings *settings)
{
    struct session session;
    if (settings->n_operands == 1 &&
        strcmp(settings->operands[0], "list") == 0) {
        return list_reports();
    }
    if (!fits(settings)) {
        return STATUS_USAGE;
    }
    enum status status = session_open(&session, settings, SESSION_KNOWLEDGE);
    if (status == STATUS_DONE) {
        status = run(settings, session.knowledge);
    }
    session_close(&session);
    return status;
}
