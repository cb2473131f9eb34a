/* SPDX-License-Identifier: MIT */
/*
 * Severity follows from what somebody can do about it now: how many attempts
 * fail beyond the usual, which part of the mail they are, who has to act, and
 * whether it goes on.  docs/FINDINGS.md has the table.
 */
#include "findings/grade.h"

#include "findings/ours.h"
#include "findings/sentence.h"

#include <inttypes.h>
#include <stdio.h>

enum { DAY = 86400, ID_LEN = 17 };

static enum finding_severity lowered(enum finding_severity s)
{
    return s > SEVERITY_INFO ? s - 1 : s;
}

/* On the way to a domain of ours the other side is ours, too. */
static bool is_to_us(const struct search *s, const struct finding *f)
{
    return f->scope == SCOPE_RECIPIENT_DOMAIN &&
           strcmp(f->direction, "outbound") == 0 &&
           ours_has_domain(s->settings, f->name);
}

/* Inbound, what we refuse is mostly what we mean to refuse. */
static bool is_our_task(
    const struct search *s, const struct finding *f, const char *side)
{
    if (f->kind == FINDING_CORRELATED || is_to_us(s, f)) {
        return true;
    }
    bool inbound = strcmp(f->direction, "inbound") == 0;
    return !inbound && strcmp(side, "addressee") != 0 &&
           strcmp(side, "nobody") != 0 && strcmp(side, "none") != 0;
}

void grade_finding(struct search *s, struct finding *f, const char *side)
{
    const struct findings_settings *wanted = s->settings;
    bool large = f->excess >= wanted->warning_excess;
    bool wide = f->tried > 0 && f->excess >= wanted->critical_share * f->tried;
    bool broad = f->kind == FINDING_CORRELATED || f->scope == SCOPE_EVERYTHING;
    f->severity = SEVERITY_NOTICE;
    if (is_our_task(s, f, side)) {
        if (large && wide && broad) {
            f->severity = SEVERITY_CRITICAL;
        } else if (large || f->kind == FINDING_CORRELATED) {
            f->severity = SEVERITY_WARNING;
        }
    } else if (!large) {
        f->severity = SEVERITY_INFO;
    }
    if (is_to_us(s, f)) {
        search_note(s, f, "This domain is ours: so is the server that fails");
    }
    if (f->until != 0) {
        f->severity = lowered(f->severity);
    }
}

void grade_listing(const struct search *s, struct finding *f)
{
    const struct findings_settings *wanted = s->settings;
    bool wide = f->excess >= wanted->critical_share * f->tried &&
                f->excess >= wanted->warning_excess;
    f->severity = f->until != 0 ? SEVERITY_NOTICE
                  : wide        ? SEVERITY_CRITICAL
                                : SEVERITY_WARNING;
}

void grade_recovery(struct search *s, struct finding *f)
{
    int64_t last_run = s->end - DAY;
    bool trouble = f->kind == FINDING_SHIFT || f->kind == FINDING_LISTING ||
                   f->kind == FINDING_CORRELATED;
    if (trouble && f->until != 0 && f->since < last_run &&
        f->until >= last_run) {
        f->was = f->kind;
        f->kind = FINDING_RECOVERED;
        f->severity = SEVERITY_INFO;
        f->headline = search_text(s, "Over: %s", f->headline);
    }
}

static bool fits(const char *wanted, const char *is)
{
    return wanted == NULL || strcmp(wanted, is) == 0;
}

static bool fits_cause(const char *wanted, const struct finding *f)
{
    size_t len = strlen(f->cause);
    if (wanted == NULL) {
        return true;
    }
    return strncmp(wanted, f->cause, len) == 0 &&
           (wanted[len] == '\0' ||
               (wanted[len] == '.' &&
                   strcmp(wanted + len + 1, f->detail) == 0));
}

static bool is_muted_by(const struct findings_mute *m, const struct finding *f)
{
    char id[ID_LEN];
    snprintf(id, sizeof id, "%016" PRIx64, f->id);
    bool named = m->name == NULL || strcmp(m->name, f->name) == 0 ||
                 strcmp(m->name, f->dnsbl) == 0 ||
                 strcmp(m->name, f->address) == 0;
    return named && fits(m->id, id) &&
           fits(m->kind, finding_kind_name(f->kind)) &&
           fits(m->scope, finding_scope_name(f->scope)) &&
           fits_cause(m->cause, f);
}

void grade_mute(struct search *s, struct finding *f)
{
    const struct findings_settings *wanted = s->settings;
    int64_t now = wanted->now != 0 ? wanted->now : s->end;
    for (size_t i = 0; i < wanted->n_mutes && f->muted[0] == '\0'; i++) {
        const struct findings_mute *m = &wanted->mutes[i];
        if (now < m->until && is_muted_by(m, f)) {
            f->muted = search_keep(s, m->reason);
        }
    }
}
