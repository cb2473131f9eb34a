/* SPDX-License-Identifier: MIT */
/*
 * All samples of one metric stand together behind its HELP and TYPE lines, so
 * a table is written column by column.  A value that is not known is left
 * out: there is no sample that says so.
 */
#include "report/prometheus_out.h"

#include "findings/findings.h"
#include "report/escape.h"
#include "report/format.h"

#include <inttypes.h>

static const char *unit_of(enum column_kind kind)
{
    switch (kind) {
    case COLUMN_SHARE:
        return "_ratio";
    case COLUMN_SECONDS:
        return "_seconds";
    case COLUMN_BYTES:
        return "_bytes";
    case COLUMN_TIME:
        return "_timestamp_seconds";
    default:
        return "";
    }
}

static bool is_metric(const struct column *column)
{
    return column->role != COLUMN_KEY &&
           (column->kind == COLUMN_TIME || table_kind_is_number(column->kind));
}

/* "smtpscope_latency_p90_seconds"; a unit that the column's name has is not
 * said again. */
static void add_name(
    struct buffer *out, const struct table *t, const struct column *column)
{
    const char *unit = unit_of(column->kind);
    buffer_addf(out, "smtpscope_%s_%s", table_name(t), column->name);
    if (!span_ends(
            span_of(column->name), span_of(*unit != '\0' ? unit + 1 : "_"))) {
        buffer_add_string(out, unit);
    }
}

static void add_help(struct buffer *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\\' || *p == '\n') {
            buffer_add_char(out, '\\');
        }
        buffer_add_char(out, *p == '\n' ? 'n' : *p);
    }
    buffer_add_char(out, '\n');
}

static void add_label(
    struct buffer *out, const char *name, struct span value, bool is_first)
{
    buffer_addf(out, "%s%s=", is_first ? "{" : ",", name);
    escape_prometheus(out, value);
}

static void add_labels(struct buffer *out, const struct table *t, size_t row)
{
    struct buffer value;
    bool is_first = true;
    buffer_init(&value, (size_t)64 * 1024);
    for (size_t i = 0; i < table_n_columns(t); i++) {
        const struct column *column = table_column(t, i);
        if (column->role == COLUMN_KEY) {
            buffer_reset(&value);
            format_machine(&value, table_cell(t, row, i), column->kind);
            add_label(out, column->name, buffer_span(&value), is_first);
            is_first = false;
        }
    }
    buffer_add_string(out, is_first ? " " : "} ");
    buffer_free(&value);
}

static void add_samples(struct buffer *out, const struct table *t, size_t i)
{
    const struct column *column = table_column(t, i);
    for (size_t row = 0; row < table_n_rows(t); row++) {
        const struct cell *cell = table_cell(t, row, i);
        if (cell->type == CELL_INTEGER || cell->type == CELL_REAL) {
            add_name(out, t, column);
            add_labels(out, t, row);
            /* as a number, times too */
            format_machine(out, cell, COLUMN_COUNT);
            buffer_add_char(out, '\n');
        }
    }
}

static void prometheus_table(
    struct buffer *out, const struct table *table, size_t width)
{
    (void)width;
    for (size_t i = 0; i < table_n_columns(table); i++) {
        const struct column *column = table_column(table, i);
        if (is_metric(column)) {
            buffer_add_string(out, "# HELP ");
            add_name(out, table, column);
            buffer_addf(out, " %s: ", table_title(table));
            add_help(out, column->about);
            buffer_add_string(out, "# TYPE ");
            add_name(out, table, column);
            buffer_add_string(out, " gauge\n");
            add_samples(out, table, i);
        }
    }
}

/* --- findings ----------------------------------------------------------- */

static bool is_open(const struct finding *f)
{
    return f->until == 0 && f->muted[0] == '\0' && f->kind != FINDING_FACT &&
           f->kind != FINDING_RECOVERED;
}

/* What another one explains, or sums up, is no second trouble. */
static bool is_head(const struct findings *f, const struct finding *one)
{
    const struct finding *root = findings_by_id(f, one->root);
    return one->root == 0 || root == NULL || !is_open(root);
}

static void add_severities(struct buffer *out, const struct findings *f)
{
    static const enum finding_severity severities[] = {
        SEVERITY_INFO, SEVERITY_NOTICE, SEVERITY_WARNING, SEVERITY_CRITICAL};
    buffer_add_string(out,
        "# HELP smtpscope_findings Findings that go on, are not muted, and "
        "that no other one explains.\n"
        "# TYPE smtpscope_findings gauge\n");
    for (size_t s = 0; s < sizeof severities / sizeof severities[0]; s++) {
        size_t n = 0;
        for (size_t i = 0; i < f->n; i++) {
            n += is_open(&f->items[i]) && is_head(f, &f->items[i]) &&
                 f->items[i].severity == severities[s];
        }
        buffer_addf(out, "smtpscope_findings{severity=\"%s\"} %zu\n",
            finding_severity_name(severities[s]), n);
    }
}

static void add_finding(struct buffer *out, const struct finding *f)
{
    const struct {
        const char *name;
        const char *value;
    } labels[] = {{"kind", finding_kind_name(f->kind)},
        {"severity", finding_severity_name(f->severity)},
        {"scope", finding_scope_name(f->scope)}, {"name", f->name},
        {"direction", f->direction}, {"cause", f->cause}, {"detail", f->detail},
        {"dnsbl", f->dnsbl}};
    buffer_addf(out, "smtpscope_finding_excess{id=\"%016" PRIx64 "\"", f->id);
    if (f->root != 0) {
        buffer_addf(out, ",root=\"%016" PRIx64 "\"", f->root);
    } else {
        add_label(out, "root", SPAN_LITERAL(""), false);
    }
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        add_label(out, labels[i].name, span_of(labels[i].value), false);
    }
    buffer_addf(out, "} %.10g\n", f->excess);
}

void prometheus_out_findings(struct buffer *out, const struct findings *f)
{
    add_severities(out, f);
    buffer_add_string(out,
        "# HELP smtpscope_finding_excess Each that goes on and is not "
        "muted: what was observed beyond what was usual.\n"
        "# TYPE smtpscope_finding_excess gauge\n");
    for (size_t i = 0; i < f->n; i++) {
        if (is_open(&f->items[i])) {
            add_finding(out, &f->items[i]);
        }
    }
}

static void prometheus_nothing(struct buffer *out, size_t n)
{
    (void)out;
    (void)n;
}

const struct renderer prometheus_out = {
    .name = "prometheus",
    .suffix = ".prom",
    .is_complete = true,
    .table = prometheus_table,
    .begin = prometheus_nothing,
    .between = "",
    .end = prometheus_nothing,
};
