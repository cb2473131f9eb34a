/* SPDX-License-Identifier: MIT */
#include <time.h>

#include "base/limits.h"
#include "cli/commands.h"
#include "cli/glossary.h"
#include "cli/session.h"
#include "cli/site.h"
#include "cli/terminal.h"
#include "report/findings_json.h"
#include "report/findings_text.h"
#include "report/outfile.h"
#include "store/store.h"

/* The severity of --fail-on was met. */
static bool is_met(const struct settings *settings, const struct findings *f)
{
    return settings->fail_on != NULL &&
           findings_worst(f) >= finding_severity_parse(settings->fail_on);
}

static enum status write_findings(
    const struct settings *settings, const struct findings *f)
{
    struct buffer out;
    buffer_init(&out, LIMIT_REPORT_LEN);
    if (settings->format != NULL && strcmp(settings->format, "json") == 0) {
        findings_json_add(&out, f);
    } else {
        findings_text_add(&out, f, (size_t)terminal_width(stdout));
    }
    bool ok = outfile_write(settings->output, buffer_span(&out));
    buffer_free(&out);
    return !ok ? STATUS_IO : is_met(settings, f) ? STATUS_FOUND : STATUS_DONE;
}

static enum status find(const struct settings *settings, struct store *store,
    const struct lexicon *lexicon)
{
    struct findings_settings wanted;
    findings_settings_init(&wanted);
    wanted.since = settings->since;
    wanted.until = settings->until;
    wanted.now = (int64_t)time(NULL);
    site_findings(settings->site, &wanted);
    struct findings *f = findings_find(store_database(store), &wanted, lexicon);
    enum status status = f != NULL ? write_findings(settings, f) : STATUS_IO;
    findings_free(f);
    return status;
}

static enum status run(
    const struct settings *settings, const struct knowledge *k)
{
    struct store *store = store_open(settings->database, STORE_READ);
    if (store == NULL) {
        return STATUS_IO;
    }
    struct glossary *glossary = glossary_create(k);
    enum status status = find(settings, store, glossary_lexicon(glossary));
    glossary_free(glossary);
    return store_close(store) ? status : STATUS_IO;
}

enum status cmd_findings_run(const struct settings *settings)
{
    struct session session;
    enum status status = session_open(&session, settings, SESSION_KNOWLEDGE);
    if (status == STATUS_DONE) {
        status = run(settings, session.knowledge);
    }
    session_close(&session);
    return status;
}
