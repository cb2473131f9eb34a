/* SPDX-License-Identifier: MIT */
/*
 * Text, page and mail must not tell the same trouble in three ways, so the
 * phrases stand here.
 */
#include "report/phrasing.h"

#include "findings/addresses.h"
#include "report/format.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

const char *phrasing_severity(const struct finding *f)
{
    switch (f->severity) {
    case SEVERITY_CRITICAL:
        return "Critical";
    case SEVERITY_WARNING:
        return "Warning";
    case SEVERITY_NOTICE:
        return "Notice";
    case SEVERITY_INFO:
    case SEVERITY_UNKNOWN:
        break;
    }
    return "Good to know";
}

void phrasing_add_stretch(struct buffer *out, int64_t from, int64_t until)
{
    enum { DAY_LEN = 11 }; /* "2026-11-16 " */
    struct buffer first;
    struct buffer last;
    buffer_init(&first, 64);
    buffer_init(&last, 64);
    format_time(&first, from);
    format_time(&last, until);
    buffer_add(out, buffer_span(&first));
    if (span_equal(buffer_span(&first), buffer_span(&last))) {
        goto done; /* it lasted no minute */
    }
    buffer_add_string(out, " to ");
    bool same_day = last.len > DAY_LEN && first.len > DAY_LEN &&
                    memcmp(first.bytes, last.bytes, DAY_LEN) == 0;
    buffer_add(out, span_skip(buffer_span(&last), same_day ? DAY_LEN : 0));
done:
    buffer_free(&first);
    buffer_free(&last);
}

/* Damage to a log neither goes on nor ends. */
static bool is_damage(const struct finding *f)
{
    return f->kind == FINDING_STALE && f->scope == SCOPE_SOURCE;
}

void phrasing_add_time(struct buffer *out, const struct finding *f)
{
    if (f->until != 0) {
        phrasing_add_stretch(out, f->since, f->until);
        return;
    }
    buffer_add_string(out, is_damage(f) ? "read up to " : "since ");
    format_time(out, f->since);
}

const char *phrasing_end(const struct finding *f)
{
    return f->until != 0 ? ", over" : is_damage(f) ? "" : ", going on";
}

void phrasing_add_when(struct buffer *out, const struct finding *f)
{
    phrasing_add_time(out, f);
    buffer_add_string(out, phrasing_end(f));
}

void phrasing_add_weight(struct buffer *out, const struct finding *f)
{
    bool is_attempts = strcmp(f->unit, "attempts") == 0;
    int64_t n = llround(f->observed);
    const char *said = is_attempts ? "attempt" : f->unit;
    if (n <= 0 || strstr(f->headline, said) != NULL) {
        return;
    }
    format_count(out, n);
    buffer_addf(out, " %s",
        !is_attempts ? f->unit
        : n == 1     ? "failed attempt"
                     : "failed attempts");
    if (f->expected >= 0.5 && f->kind != FINDING_FACT) {
        buffer_add_string(out, ", ");
        format_count(out, llround(f->expected));
        buffer_add_string(out, " would be usual");
    }
}

void phrasing_add_listing(struct buffer *out, const struct finding *f)
{
    int64_t n = llround(f->observed);
    buffer_addf(out, "%s%s", f->dnsbl, f->until == 0 ? " " : ", ");
    phrasing_add_time(out, f);
    buffer_add_string(out, f->until == 0 ? "" : phrasing_end(f));
    buffer_add_string(out, " (");
    format_count(out, n);
    buffer_add_string(out, n == 1 ? " attempt refused)" : " attempts refused)");
}

const char *phrasing_page(const struct finding *f)
{
    for (size_t i = 0; i < f->n_advice; i++) {
        if (*f->advice[i].url != '\0') {
            return f->advice[i].url;
        }
    }
    return "";
}

bool phrasing_is_one_of(const struct finding *f, const struct finding *root)
{
    return root != NULL && addresses_is_sum(root) && *f->dnsbl != '\0' &&
           strcmp(f->address, root->address) == 0;
}

void phrasing_add_facts(struct buffer *out, const struct finding *f)
{
    struct buffer weight;
    buffer_init(&weight, 4096);
    buffer_addf(out, "%s%s", f->direction, *f->direction != '\0' ? ", " : "");
    phrasing_add_when(out, f);
    phrasing_add_weight(&weight, f);
    buffer_add_string(out, weight.len > 0 ? "; " : "");
    buffer_add(out, buffer_span(&weight));
    buffer_free(&weight);
}

void phrasing_add_period(struct buffer *out, const struct named_filter *filter)
{
    struct named_filter wide = named_widen(filter);
    if (wide.since != INT64_MIN) {
        format_time(out, wide.since);
    }
    buffer_add_string(out, wide.since != INT64_MIN ? " to " : "up to ");
    format_time(out, wide.until);
}
