/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* sched_getaffinity */
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/diag.h"
#include "cli/commands.h"
#include "cli/confine.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "cli/site.h"
#include "pipeline/pipeline.h"
#include "store/refusals.h"

/* More readers than this only wait for the one writer. */
enum { MAX_WORKERS = 64 };

enum { SUMMARY_LEN = 512, KEY_LEN = 1024 };

/* The processors that this process may use. */
static size_t count_processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof(set), &set) == 0) {
        return (size_t)CPU_COUNT(&set);
    }
    return 1;
}

/* A file keeps two workers busy: one reads and another counts. */
static size_t count_workers(const struct settings *settings, size_t n_files)
{
    size_t n = (size_t)settings->jobs;
    n = n > 0 ? n : count_processors();
    n = n < 2 * n_files ? n : 2 * n_files;
    return n < MAX_WORKERS ? n : MAX_WORKERS;
}

static void show_progress(void *context, const struct pipeline_progress *p)
{
    progress_show(context, p->bytes_read, p->bytes_total, p->n_lines);
}

static void print_files(const struct pipeline_summary *sum)
{
    const struct {
        size_t n;
        const char *what;
    } kinds[] = {{sum->n_new, "new"}, {sum->n_grown, "grown"},
        {sum->n_unchanged, "unchanged"}, {sum->n_empty, "empty"},
        {sum->n_damaged, "damaged"}, {sum->n_failed, "unreadable"}};
    const char *separator = ": ";
    struct buffer b;
    buffer_init(&b, SUMMARY_LEN);
    buffer_addf(
        &b, "%zu %s", sum->n_files, sum->n_files == 1 ? "file" : "files");
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (kinds[i].n > 0) {
            buffer_addf(&b, "%s%zu %s", separator, kinds[i].n, kinds[i].what);
            separator = ", ";
        }
    }
    diag_warn("%s", buffer_string(&b));
    buffer_free(&b);
}

static void print_summary(
    const struct pipeline_summary *sum, const char *database, double seconds)
{
    char size[PROGRESS_SIZE_LEN];
    print_files(sum);
    diag_warn("%s: %" PRIu64 " lines (%s) with %" PRIu64
              " events taken in, %.1f s",
        database, sum->n_lines, progress_size(sum->n_bytes, size),
        sum->n_events, seconds);
    if (sum->n_overlong > 0) {
        diag_warn(
            "%" PRIu64 " lines were too long and left out", sum->n_overlong);
    }
    if (sum->n_overflow > 0) {
        diag_warn("%" PRId64 " times a name was one too many for its log, and "
                  "was counted as (other)",
            sum->n_overflow);
    }
}

/* Name the first, and how many more there are. */
struct repeats {
    struct buffer text;
    size_t n;
};

static void note_repeat(void *context, struct span log, struct span other)
{
    struct repeats *r = context;
    if (r->n++ == 0) {
        buffer_add(&r->text, log);
        buffer_addf(&r->text, " holds refusals only, at times of ");
        buffer_add(&r->text, other);
    }
}

/* Only where something is new: what counts twice was said before. */
static bool warn_of_repeats(
    struct store *store, const struct pipeline_summary *sum)
{
    if (sum->store_failed || sum->n_events == 0) {
        return true;
    }
    struct repeats r = {.n = 0};
    buffer_init(&r.text, (size_t)1 << 16);
    bool ok = refusals_find(store, note_repeat, &r);
    if (r.n > 1) {
        buffer_addf(&r.text, ", and so do %zu logs more", r.n - 1);
    }
    if (ok && r.n > 0) {
        diag_warn("%s: what a second log repeats, as Exim's rejectlog does, "
                  "counts twice: leave that log out",
            buffer_string(&r.text));
    }
    buffer_free(&r.text);
    return ok;
}

static enum status status_of(
    const struct path_list *paths, const struct pipeline_summary *sum)
{
    if (sum->store_failed) {
        return STATUS_IO;
    }
    if (sum->stopped) {
        return interrupt_status(
            "; what was written stays, and the next run goes on from there");
    }
    return sum->n_damaged + sum->n_failed + paths->n_errors + paths->n_skipped >
                   0
               ? STATUS_PARTIAL
               : STATUS_DONE;
}

/* The first line of the file ${path} to ${out}. */
static bool read_key(const char *path, char *out, size_t len)
{
    FILE *f = fopen(path, "r");
    size_t n = f != NULL ? fread(out, 1, len, f) : 0;
    struct span line = {out, n};
    line = span_first(line, span_find(line, SPAN_LITERAL("\n")));
    line.len -= span_ends(line, SPAN_LITERAL("\r"));
    const char *fault = NULL;
    if (f == NULL || ferror(f)) {
        fault = strerror(errno);
    } else if (n == 0) {
        fault = "holds no key";
    } else if (line.len == len) {
        fault = "the key is too long";
    } else if (memchr(out, '\0', line.len) != NULL) {
        fault = "the key is not text";
    }
    if (fault != NULL) {
        diag_error("%s: %s", path, fault);
    }
    if (f != NULL) {
        fclose(f);
    }
    out[fault == NULL ? line.len : 0] = '\0';
    return fault == NULL;
}

/* What the options say about addresses; NULL: mask them. */
static enum status read_privacy(
    const struct settings *settings, struct privacy **privacy)
{
    char line[KEY_LEN];
    const char *key = settings->pseudonym_key;
    *privacy = NULL;
    if ((key != NULL && settings->keep_addresses) ||
        (key == NULL && settings->pseudonymise_domains)) {
        diag_error(
            key != NULL
                ? "--keep-addresses and --pseudonymise exclude each other"
                : "--pseudonymise-domains needs --pseudonymise");
        return STATUS_USAGE;
    }
    if (settings->keep_addresses) {
        *privacy = privacy_keep();
    }
    if (key == NULL) {
        return STATUS_DONE;
    }
    if (key[0] == '@') {
        if (!read_key(key + 1, line, sizeof(line))) {
            return STATUS_IO;
        }
        key = line;
    }
    if (key[0] == '\0') {
        diag_error("--pseudonymise: the key is empty");
        return STATUS_USAGE;
    }
    *privacy =
        privacy_pseudonymise(span_of(key), settings->pseudonymise_domains);
    return STATUS_DONE;
}

static enum status ingest(const struct settings *settings,
    const struct session *session, const struct path_list *paths)
{
    struct privacy *privacy = NULL;
    enum status status = read_privacy(settings, &privacy);
    if (status != STATUS_DONE) {
        return status;
    }
    struct store *store = store_open(settings->database, STORE_WRITE);
    if (store == NULL) {
        privacy_free(privacy);
        return STATUS_IO;
    }
    struct progress *progress = progress_create(stderr);
    struct pipeline_summary sum = {0};
    struct pipeline_context context = {.formats = session->formats,
        .rules = session->rules,
        .knowledge = session->knowledge,
        .own = site_networks(settings->site),
        .zones = session->zones,
        .year = (int)settings->year,
        .stop = interrupt_flag()};
    struct pipeline_ingest_options options = {.paths = paths,
        .store = store,
        .n_workers = count_workers(settings, paths->n),
        .privacy = privacy,
        .progress = show_progress,
        .progress_context = progress};
    confine_process(paths, settings->database);
    pipeline_ingest(&context, &options, &sum);
    progress_clear(progress);
    print_summary(&sum, settings->database, progress_seconds(progress));
    progress_free(progress);
    bool ok = warn_of_repeats(store, &sum);
    bool closed = store_close(store) && ok;
    privacy_free(privacy);
    status = status_of(paths, &sum);
    return closed ? status : STATUS_IO;
}

enum status cmd_ingest_run(const struct settings *settings)
{
    struct session session;
    struct path_list *paths = NULL;
    interrupt_catch();
    enum status status =
        session_open(&session, settings, SESSION_RULES | SESSION_FORMATS);
    if (status == STATUS_DONE) {
        paths = paths_expand(
            (const char *const *)settings->operands, settings->n_operands);
        status =
            paths->n > 0 ? ingest(settings, &session, paths) : STATUS_PARTIAL;
    }
    paths_free(paths);
    session_close(&session);
    return status;
}
