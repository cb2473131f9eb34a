/* SPDX-License-Identifier: MIT */
/*
 * Times are RFC 3339 in UTC; what does not apply is null, so that every
 * finding has the same members.
 */
#include "report/findings_json.h"

#include "report/escape.h"
#include "report/format.h"

#include <inttypes.h>
#include <math.h>

static void add_key(struct buffer *out, const char *key)
{
    buffer_addf(out, "\"%s\": ", key);
}

/* "" is null. */
static void add_text(struct buffer *out, const char *key, const char *text)
{
    add_key(out, key);
    if (text[0] != '\0') {
        escape_json(out, span_of(text));
    } else {
        buffer_add_string(out, "null");
    }
}

static void add_time(struct buffer *out, const char *key, int64_t time)
{
    add_key(out, key);
    if (time != 0) {
        buffer_add_char(out, '"');
        format_time_utc(out, time);
        buffer_add_char(out, '"');
    } else {
        buffer_add_string(out, "null");
    }
}

static void add_number(struct buffer *out, const char *key, double value)
{
    add_key(out, key);
    buffer_addf(out, "%.10g", round(value * 1000) / 1000);
}

/* 0 is null. */
static void add_id(struct buffer *out, const char *key, uint64_t id)
{
    add_key(out, key);
    if (id != 0) {
        buffer_addf(out, "\"%016" PRIx64 "\"", id);
    } else {
        buffer_add_string(out, "null");
    }
}

static void add_texts(
    struct buffer *out, const char *key, const char *const *texts, size_t n)
{
    add_key(out, key);
    buffer_add_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        buffer_add_string(out, i > 0 ? ", " : "");
        escape_json(out, span_of(texts[i]));
    }
    buffer_add_char(out, ']');
}

static void next(struct buffer *out)
{
    buffer_add_string(out, ", ");
}

static void add_evidence(struct buffer *out, const struct finding_evidence *e)
{
    buffer_add_string(out, "\n      {");
    add_text(out, "template", e->template);
    next(out);
    add_text(out, "rule", e->rule);
    next(out);
    add_key(out, "reply_code");
    if (e->reply_code != 0) {
        buffer_addf(out, "%d", e->reply_code);
    } else {
        buffer_add_string(out, "null");
    }
    next(out);
    add_text(out, "enhanced_code", e->enhanced_code);
    next(out);
    add_number(out, "attempts", (double)e->attempts);
    next(out);
    add_texts(out, "samples", e->samples, e->n_samples);
    buffer_add_char(out, '}');
}

static void add_step(struct buffer *out, const struct finding_step *step)
{
    buffer_add_string(out, "\n      {");
    add_text(out, "title", step->title);
    next(out);
    add_text(out, "text", step->text);
    next(out);
    add_text(out, "command", step->command);
    next(out);
    add_text(out, "url", step->url);
    buffer_add_char(out, '}');
}

static void add_lists(struct buffer *out, const struct finding *f)
{
    add_texts(out, "notes", f->notes, f->n_notes);
    buffer_add_string(out, ",\n     \"evidence\": [");
    for (size_t i = 0; i < f->n_evidence; i++) {
        buffer_add_string(out, i > 0 ? "," : "");
        add_evidence(out, &f->evidence[i]);
    }
    buffer_add_string(out, "],\n     \"advice\": [");
    for (size_t i = 0; i < f->n_advice; i++) {
        buffer_add_string(out, i > 0 ? "," : "");
        add_step(out, &f->advice[i]);
    }
    buffer_add_char(out, ']');
}

static void add_numbers(struct buffer *out, const struct finding *f)
{
    add_time(out, "since", f->since);
    next(out);
    add_time(out, "until", f->until);
    next(out);
    add_time(out, "last_seen", f->last_seen);
    buffer_add_string(out, ",\n     ");
    add_text(out, "unit", f->unit);
    next(out);
    add_number(out, "observed", f->observed);
    next(out);
    add_number(out, "expected", f->expected);
    next(out);
    add_number(out, "excess", f->excess);
    next(out);
    add_number(out, "tried", f->tried);
    next(out);
    add_number(out, "confidence", f->confidence);
}

static void add_identity(struct buffer *out, const struct finding *f)
{
    add_id(out, "id", f->id);
    next(out);
    add_id(out, "root", f->root);
    next(out);
    add_text(out, "kind", finding_kind_name(f->kind));
    next(out);
    add_text(out, "severity", finding_severity_name(f->severity));
    buffer_add_string(out, ",\n     ");
    add_text(out, "headline", f->headline);
    buffer_add_string(out, ",\n     ");
    add_text(out, "scope", finding_scope_name(f->scope));
    next(out);
    add_text(out, "name", f->name);
    next(out);
    add_text(out, "direction", f->direction);
    next(out);
    add_text(out, "cause", f->cause);
    next(out);
    add_text(out, "detail", f->detail);
    next(out);
    add_text(out, "dnsbl", f->dnsbl);
    next(out);
    add_text(out, "address", f->address);
    next(out);
    add_text(out, "muted", f->muted);
}

void findings_json_add(struct buffer *out, const struct findings *f)
{
    buffer_add_string(out, "{");
    add_time(out, "since", f->since);
    next(out);
    add_time(out, "until", f->until);
    next(out);
    add_text(out, "worst", finding_severity_name(findings_worst(f)));
    buffer_add_string(out, ",\n  \"findings\": [");
    for (size_t i = 0; i < f->n; i++) {
        buffer_add_string(out, i > 0 ? ",\n    {" : "\n    {");
        add_identity(out, &f->items[i]);
        buffer_add_string(out, ",\n     ");
        add_numbers(out, &f->items[i]);
        buffer_add_string(out, ",\n     ");
        add_lists(out, &f->items[i]);
        buffer_add_char(out, '}');
    }
    buffer_add_string(out, "\n  ]}\n");
}
