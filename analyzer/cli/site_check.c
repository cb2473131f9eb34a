/* SPDX-License-Identifier: MIT */
/*
 * libcyaml has checked the shape when this begins: which keys there are, and
 * whether a number is one.  What the values mean is checked here, before any
 * work is done.
 */
#include "cli/site_check.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/diag.h"
#include "classify/networks.h"
#include "cli/moment.h"
#include "findings/finding.h"
#include "report/named.h"

/* Report what is wrong at the line "${key}: ${value}" (NULL: any value). */
static bool refuse(const struct pack_file *file, const char *key,
    const char *value, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static bool refuse(const struct pack_file *file, const char *key,
    const char *value, const char *format, ...)
{
    char what[512];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    diag_error("%s:%u: %s: %s", file->name, pack_line(file, key, value),
        strcmp(key, "-") != 0 ? key : value, what);
    return false;
}

static bool check_age(
    const struct pack_file *file, const char *key, const char *text)
{
    int64_t seconds = 0;
    return text == NULL || moment_parse_age(text, &seconds) ||
           refuse(file, key, text,
               "\"%s\" is no length of time (such as 90d, 24h, 13 months)",
               text);
}

static bool check_yes_no(
    const struct pack_file *file, const char *key, const char *text)
{
    return text == NULL || strcmp(text, "true") == 0 ||
           strcmp(text, "false") == 0 ||
           refuse(file, key, text, "\"%s\" is neither true nor false", text);
}

static bool check_number(const struct pack_file *file, const char *key,
    const double *value, double least, double most)
{
    return value == NULL || (*value >= least && *value <= most) ||
           refuse(file, key, NULL, "%g is not between %g and %g", *value, least,
               most);
}

static bool check_findings(
    const struct pack_file *file, const struct site_findings_def *f)
{
    return check_number(file, "baseline-days", f->baseline_days, 7, 365) &&
           check_number(file, "false-discovery", f->false_discovery, 0, 0.5) &&
           check_number(file, "min-excess", f->min_excess, 0, 1e9) &&
           check_number(file, "min-ratio", f->min_ratio, 1, 1000) &&
           check_number(file, "warning-excess", f->warning_excess, 0, 1e9) &&
           check_number(file, "critical-share", f->critical_share, 0, 1) &&
           check_age(file, "stale-after", f->stale_after);
}

static bool check_networks(
    const struct pack_file *file, const struct site_def *d)
{
    for (unsigned i = 0; i < d->n_networks; i++) {
        if (!networks_is_valid(d->networks[i])) {
            return refuse(file, "-", d->networks[i],
                "is no network (such as 192.0.2.0/24 or 2001:db8::/32)");
        }
    }
    return true;
}

static bool check_domains(
    const struct pack_file *file, const struct site_def *d)
{
    for (unsigned i = 0; i < d->n_domains; i++) {
        const char *text = d->domains[i];
        if (strpbrk(text, "@ /*") != NULL || strchr(text, '.') == NULL) {
            return refuse(file, "-", text, "is no domain");
        }
    }
    return true;
}

static bool check_titles(
    const struct pack_file *file, const struct site_report_def *r)
{
    for (unsigned i = 0; i < r->n_titles; i++) {
        const char *name = r->titles[i].report;
        if (!named_exists(name)) {
            return refuse(
                file, "report", name, "there is no report \"%s\"", name);
        }
    }
    return true;
}

static bool is_hexadecimal(const char *id)
{
    return strspn(id, "0123456789abcdef") == 16 && id[16] == '\0';
}

/* A date, not an age: a muted finding comes back on a day that is written
 * down. */
static bool is_date(const char *text)
{
    struct zone *utc = zone_open("UTC");
    int64_t moment = 0;
    bool fits = strlen(text) >= 10 && text[4] == '-' && text[7] == '-' &&
                moment_parse(text, 0, utc, &moment);
    zone_free(utc);
    return fits;
}

static bool check_mute(
    const struct pack_file *file, const struct site_mute_def *m)
{
    if (m->id == NULL && m->kind == NULL && m->scope == NULL &&
        m->name == NULL && m->cause == NULL) {
        return refuse(file, "reason", m->reason,
            "there is no id, kind, scope, name or cause with it; this would "
            "mute everything");
    }
    if (m->id != NULL && !is_hexadecimal(m->id)) {
        return refuse(file, "id", m->id,
            "\"%s\" is no id of a finding (16 hexadecimal digits)", m->id);
    }
    if (m->kind != NULL && finding_kind_parse(m->kind) == FINDING_UNKNOWN) {
        return refuse(
            file, "kind", m->kind, "there is no kind \"%s\"", m->kind);
    }
    if (m->scope != NULL && finding_scope_parse(m->scope) == SCOPE_UNKNOWN) {
        return refuse(
            file, "scope", m->scope, "there is no scope \"%s\"", m->scope);
    }
    return is_date(m->until) ||
           refuse(file, "until", m->until,
               "\"%s\" is no date (such as 2027-01-31)", m->until);
}

static bool check_mutes(const struct pack_file *file, const struct site_def *d)
{
    for (unsigned i = 0; i < d->n_mute; i++) {
        if (!check_mute(file, &d->mute[i])) {
            return false;
        }
    }
    return true;
}

static bool check_zone(const struct pack_file *file, const char *name)
{
    struct zone *zone = name != NULL ? zone_open(name) : NULL;
    zone_free(zone);
    return name == NULL || zone != NULL ||
           refuse(file, "tz", name, "there is no time zone \"%s\"", name);
}

bool site_check(const struct pack_file *file, const struct site_def *d)
{
    return check_zone(file, d->tz) &&
           check_yes_no(file, "keep-addresses", d->keep_addresses) &&
           check_yes_no(
               file, "pseudonymise-domains", d->pseudonymise_domains) &&
           check_age(file, "keep-hours", d->keep_hours) &&
           check_age(file, "keep", d->keep) && check_networks(file, d) &&
           check_domains(file, d) && check_mutes(file, d) &&
           (d->findings == NULL || check_findings(file, d->findings)) &&
           (d->report == NULL || check_titles(file, d->report));
}
