/* SPDX-License-Identifier: MIT */
/*
 * The file's own structure (cli/site_schema.h) stays as libcyaml made it, and
 * most texts are borrowed from there; what has to be turned into something
 * else is kept beside it.
 */
#include "cli/site.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "cli/moment.h"
#include "cli/site_check.h"
#include "mail/address.h"

struct site {
    struct pack_list files; /* one, or none */
    struct site_def *def;   /* NULL: nothing is said */
    struct arena *arena;    /* owns the lists and paths below */
    const char *database;   /* a path from here; NULL: not said */
    const char *patterns;
    const char *pseudonymise; /* a key, or "@" and such a path */
    int64_t keep_hours;       /* seconds; -1: not said */
    int64_t keep;
    int64_t stale_after;
    struct networks *networks; /* NULL: not said */
    const char **domains;      /* as domains are stored */
    struct findings_role *roles;
    struct findings_mute *mutes;
};

/* --- taking over --------------------------------------------------------- */

/* The seconds of ${text}, which was checked; -1 if nothing is said. */
static int64_t age_of(const char *text)
{
    int64_t seconds = -1;
    if (text != NULL) {
        moment_parse_age(text, &seconds);
    }
    return seconds;
}

static void take_domains(struct site *s)
{
    unsigned n = s->def->n_domains;
    s->domains = arena_alloc(s->arena, (n + 1) * sizeof(*s->domains));
    for (unsigned i = 0; i < n; i++) {
        char lower[DOMAIN_TEXT_LEN];
        struct span name = domain_normalise(span_of(s->def->domains[i]), lower);
        s->domains[i] = arena_copy(s->arena, name).ptr;
    }
}

static void take_mutes(struct site *s)
{
    unsigned n = s->def->n_mute;
    struct zone *zone = zone_open(s->def->tz);
    s->mutes = arena_alloc(s->arena, (n + 1) * sizeof(*s->mutes));
    for (unsigned i = 0; i < n; i++) {
        const struct site_mute_def *m = &s->def->mute[i];
        s->mutes[i] = (struct findings_mute){.id = m->id,
            .kind = m->kind,
            .scope = m->scope,
            .name = m->name,
            .cause = m->cause,
            .reason = m->reason};
        moment_parse(m->until, 0, zone, &s->mutes[i].until);
    }
    zone_free(zone);
}

static void take_roles(struct site *s)
{
    unsigned n = s->def->n_hosts;
    s->roles = arena_alloc(s->arena, (n + 1) * sizeof(*s->roles));
    for (unsigned i = 0; i < n; i++) {
        s->roles[i] = (struct findings_role){
            s->def->hosts[i].host, s->def->hosts[i].role};
    }
}

/* ${path} of the file, from here: relative ones begin at the file's folder. */
static const char *locate(const struct site *s, const char *path)
{
    const char *file = s->files.files[0].name;
    const char *slash = strrchr(file, '/');
    struct buffer full;
    if (path == NULL || path[0] == '/' || slash == NULL) {
        return path;
    }
    buffer_init(&full, 65536);
    buffer_add(&full, (struct span){file, (size_t)(slash - file) + 1});
    buffer_add_string(&full, path);
    const char *kept = arena_string(s->arena, buffer_string(&full));
    buffer_free(&full);
    return kept;
}

/* "@FILE" from here; any other key as it is. */
static const char *locate_key(const struct site *s, const char *key)
{
    struct buffer full;
    if (key == NULL || key[0] != '@') {
        return key;
    }
    buffer_init(&full, 65536);
    buffer_addf(&full, "@%s", locate(s, key + 1));
    const char *kept = arena_string(s->arena, buffer_string(&full));
    buffer_free(&full);
    return kept;
}

static void take_all(struct site *s)
{
    const struct site_def *d = s->def;
    s->database = locate(s, d->database);
    s->patterns = locate(s, d->patterns);
    s->pseudonymise = locate_key(s, d->pseudonymise);
    s->keep_hours = age_of(d->keep_hours);
    s->keep = age_of(d->keep);
    s->stale_after =
        age_of(d->findings != NULL ? d->findings->stale_after : NULL);
    s->networks =
        networks_create((const char *const *)d->networks, d->n_networks);
    take_domains(s);
    take_mutes(s);
    take_roles(s);
}

/* --- reading ------------------------------------------------------------ */

/* Does ${bytes} hold nothing but comments?  To libcyaml that is an error. */
static bool is_blank(struct span bytes)
{
    while (bytes.len > 0) {
        size_t end = span_find(bytes, SPAN_LITERAL("\n"));
        struct span line = span_trim(span_first(bytes, end));
        if (span_ends(line, SPAN_LITERAL("\r"))) {
            line.len--;
        }
        if (line.len > 0 && line.ptr[0] != '#' &&
            !span_equal(line, SPAN_LITERAL("---"))) {
            return false;
        }
        bytes = span_skip(bytes, end < bytes.len ? end + 1 : end);
    }
    return true;
}

static bool load(struct site *s)
{
    const struct pack_file *file = &s->files.files[0];
    void *data = NULL;
    if (is_blank(file->bytes)) {
        return true;
    }
    if (!pack_load(file, &site_schema, &data)) {
        return false;
    }
    s->def = data;
    if (!site_check(file, s->def)) {
        return false;
    }
    take_all(s);
    return true;
}

struct site *site_open(const char *path)
{
    struct site *s = memory_zalloc(1, sizeof(*s));
    s->arena = arena_create();
    s->keep = s->keep_hours = s->stale_after = -1;
    if (path == NULL && access(SITE_USUAL_PLACE, F_OK) != 0) {
        return s;
    }
    if (!pack_list_path(&s->files, path != NULL ? path : SITE_USUAL_PLACE) ||
        !load(s)) {
        site_free(s);
        return NULL;
    }
    return s;
}

void site_free(struct site *s)
{
    if (s == NULL) {
        return;
    }
    pack_unload(&site_schema, s->def);
    pack_list_reset(&s->files);
    arena_free(s->arena);
    networks_free(s->networks);
    free(s);
}

/* --- handing over ------------------------------------------------------- */

static bool is_open(const struct settings *settings, enum option_id id)
{
    return (settings->given & UINT64_C(1) << id) == 0;
}

static void apply_text(const struct settings *settings, enum option_id id,
    const char *value, const char **member)
{
    if (value != NULL && is_open(settings, id)) {
        *member = value;
    }
}

/* A flag on the command line can only say yes, too. */
static void apply_flag(const char *value, bool *member)
{
    *member = *member || (value != NULL && strcmp(value, "true") == 0);
}

static void apply_age(const struct settings *settings, enum option_id id,
    int64_t value, int64_t *member)
{
    if (value >= 0 && is_open(settings, id)) {
        *member = value;
    }
}

void site_apply(const struct site *s, struct settings *settings)
{
    settings->site = s;
    if (s->def == NULL) {
        return;
    }
    apply_text(settings, OPTION_DATABASE, s->database, &settings->database);
    apply_text(settings, OPTION_PATTERNS, s->patterns, &settings->patterns);
    if (is_open(settings, OPTION_ZONE) &&
        is_open(settings, OPTION_READER_ZONE)) {
        settings->zone = s->def->tz;
    }
    apply_age(
        settings, OPTION_KEEP_HOURS, s->keep_hours, &settings->keep_hours);
    apply_age(settings, OPTION_KEEP, s->keep, &settings->keep);
    apply_text(settings, OPTION_PSEUDONYMISE, s->pseudonymise,
        &settings->pseudonym_key);
    apply_flag(s->def->keep_addresses, &settings->keep_addresses);
    apply_flag(s->def->pseudonymise_domains, &settings->pseudonymise_domains);
}

static void set_number(double *member, const double *value)
{
    if (value != NULL) {
        *member = *value;
    }
}

static bool is_own_address(const void *networks, const char *address)
{
    return networks_hold(networks, span_of(address));
}

void site_findings(const struct site *s, struct findings_settings *w)
{
    if (s == NULL || s->def == NULL) {
        return;
    }
    const struct site_findings_def *f = s->def->findings;
    if (f != NULL) {
        set_number(&w->false_discovery, f->false_discovery);
        set_number(&w->min_excess, f->min_excess);
        set_number(&w->min_ratio, f->min_ratio);
        set_number(&w->warning_excess, f->warning_excess);
        set_number(&w->critical_share, f->critical_share);
        w->baseline_days = f->baseline_days != NULL ? llround(*f->baseline_days)
                                                    : w->baseline_days;
        w->stale_after = s->stale_after >= 0 ? s->stale_after : w->stale_after;
    }
    if (s->def->n_networks > 0) {
        w->is_own_address = is_own_address;
        w->networks = s->networks;
    }
    w->own_domains = s->domains;
    w->n_own_domains = s->def->n_domains;
    w->roles = s->roles;
    w->n_roles = s->def->n_hosts;
    w->mutes = s->mutes;
    w->n_mutes = s->def->n_mute;
}

const struct networks *site_networks(const struct site *s)
{
    return s != NULL ? s->networks : NULL;
}

const char *site_title(const struct site *s)
{
    return s != NULL && s->def != NULL && s->def->report != NULL
               ? s->def->report->title
               : NULL;
}

const char *site_report_title(const struct site *s, const char *name)
{
    if (s == NULL || s->def == NULL || s->def->report == NULL) {
        return NULL;
    }
    for (unsigned i = 0; i < s->def->report->n_titles; i++) {
        if (strcmp(s->def->report->titles[i].report, name) == 0) {
            return s->def->report->titles[i].title;
        }
    }
    return NULL;
}
