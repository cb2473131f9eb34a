/* SPDX-License-Identifier: MIT */
/*
 * A chart's times are one unbroken row of steps: an hour without mail is a
 * gap to be seen, not left out.
 */
#include "report/html_charts.h"

#include "base/memory.h"
#include "findings/addresses.h"
#include "report/escape.h"
#include "report/html_findings.h"
#include "report/phrasing.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

/* More steps than this come from a damaged clock; the latest are drawn. */
enum { MOST_STEPS = 4000, MOST_SERIES = 32 };

/* The steps of one direction's charts. */
struct axis {
    int64_t from;
    int64_t step;
    size_t n;
};

/* One coloured layer. */
struct layer {
    struct span cause;
    double total;
    double *values;
};

/* --- axis --------------------------------------------------------------- */

static struct axis find_axis(const struct table *t, const char *direction)
{
    int64_t first = 0;
    int64_t last = 0;
    int64_t step = 0;
    bool is_first = true;
    for (size_t row = gather_next_row(t, direction, 0); row < table_n_rows(t);
         row = gather_next_row(t, direction, row + 1)) {
        int64_t time = table_integer(t, row, "time");
        if (!is_first && (step == 0 || time - last < step)) {
            step = time - last;
        }
        first = is_first ? time : first;
        last = time;
        is_first = false;
    }
    if (is_first) {
        return (struct axis){0, 0, 0};
    }
    /* of one step alone its beginning tells: a day begins at midnight */
    bool is_hours = step > 0 ? step < 86400 : last % 86400 != 0;
    step = is_hours ? 3600 : 86400;
    if ((last - first) / step >= MOST_STEPS) {
        first = last - step * (MOST_STEPS - 1);
    }
    return (struct axis){first, step, (size_t)((last - first) / step) + 1};
}

/* The step of ${time}; axis->n if it is outside. */
static size_t place(const struct axis *axis, int64_t time)
{
    if (time < axis->from) {
        return axis->n;
    }
    size_t i = (size_t)((time - axis->from) / axis->step);
    return i < axis->n ? i : axis->n;
}

/* --- layers ------------------------------------------------------------- */

static struct layer *layer_for(
    struct layer *layers, size_t *n, struct span cause, const struct axis *axis)
{
    for (size_t i = 0; i < *n; i++) {
        if (span_equal(layers[i].cause, cause)) {
            return &layers[i];
        }
    }
    if (*n == MOST_SERIES) {
        return NULL;
    }
    layers[*n] = (struct layer){
        .cause = cause, .values = memory_zalloc(axis->n, sizeof(double))};
    return &layers[(*n)++];
}

static int by_total(const void *a, const void *b)
{
    const struct layer *x = a;
    const struct layer *y = b;
    return (x->total < y->total) - (x->total > y->total);
}

static size_t find_layers(const struct table *t, const char *direction,
    const struct axis *axis, struct layer *layers)
{
    size_t n = 0;
    for (size_t row = gather_next_row(t, direction, 0); row < table_n_rows(t);
         row = gather_next_row(t, direction, row + 1)) {
        size_t i = place(axis, table_integer(t, row, "time"));
        struct layer *layer =
            layer_for(layers, &n, table_text(t, row, "cause"), axis);
        if (i < axis->n && layer != NULL) {
            double attempts = table_number(t, row, "attempts");
            layer->values[i] += attempts;
            layer->total += attempts;
        }
    }
    qsort(layers, n, sizeof *layers, by_total);
    return n;
}

/* --- JSON --------------------------------------------------------------- */

static void begin_chart(struct buffer *out, const char *kind,
    const char *direction, const struct axis *axis)
{
    buffer_addf(out,
        "{\"id\":\"%s-%s\",\"kind\":\"%s\",\"from\":%" PRId64
        ",\"step\":%" PRId64 ",\"n\":%zu",
        kind, direction, kind, axis->from, axis->step, axis->n);
}

static void add_values(
    struct buffer *out, const char *name, const double *values, size_t n)
{
    buffer_addf(out, "\"%s\":[", name);
    for (size_t i = 0; i < n; i++) {
        buffer_add_string(out, i > 0 ? "," : "");
        if (isnan(values[i])) {
            buffer_add_string(out, "null"); /* not known */
        } else {
            bool whole = values[i] == floor(values[i]);
            buffer_addf(out, whole ? "%.0f" : "%.1f", values[i]);
        }
    }
    buffer_add_char(out, ']');
}

/* The cause's title without its detail: what is before the colon. */
static void add_cause_title(
    struct buffer *out, const struct gather *g, struct span cause)
{
    const struct lexicon *lexicon = gather_lexicon(g);
    char name[128];
    if (cause.len >= sizeof name) {
        escape_json(out, cause);
        return;
    }
    memcpy(name, cause.ptr, cause.len);
    name[cause.len] = '\0';
    struct span title =
        span_of(lexicon_ask(lexicon, lexicon->cause_title, name, ""));
    escape_json(out, title.len > 0 ? title : cause);
}

/* --- failed attempts by cause ------------------------------------------- */

static void add_stacked(struct buffer *out, const struct gather *g,
    const char *direction, const struct axis *axis)
{
    struct layer layers[MOST_SERIES];
    size_t n = find_layers(
        gather_table(g, "timeline_causes"), direction, axis, layers);
    begin_chart(out, "stacked", direction, axis);
    buffer_add_string(out, ",\"series\":[");
    for (size_t i = 0; i < n; i++) {
        buffer_add_string(out, i > 0 ? ",{\"name\":" : "{\"name\":");
        add_cause_title(out, g, layers[i].cause);
        buffer_add_string(out, ",\"cause\":");
        escape_json(out, layers[i].cause);
        buffer_add_char(out, ',');
        add_values(out, "values", layers[i].values, axis->n);
        buffer_add_char(out, '}');
        free(layers[i].values);
    }
    buffer_add_string(out, "]}");
}

/* --- what became of mail ------------------------------------------------ */

/* Fill ${values} with the sum of two columns of the report "timeline". */
static void sum_columns(const struct gather *g, const char *direction,
    const struct axis *axis, const char *const columns[2], double *values)
{
    const struct table *t = gather_table(g, "timeline");
    memset(values, 0, axis->n * sizeof *values);
    for (size_t row = gather_next_row(t, direction, 0); row < table_n_rows(t);
         row = gather_next_row(t, direction, row + 1)) {
        size_t i = place(axis, table_integer(t, row, "time"));
        if (i < axis->n) {
            values[i] +=
                table_number(t, row, columns[0]) +
                (columns[1] != NULL ? table_number(t, row, columns[1]) : 0);
        }
    }
}

static void add_mail(struct buffer *out, const struct gather *g,
    const char *direction, const struct axis *axis)
{
    bool is_outbound = strcmp(direction, "outbound") == 0;
    const struct {
        const char *name;
        const char *key;
        const char *columns[2];
    } sets[] = {
        {is_outbound ? "Delivered" : "Accepted", "good", {"delivered", NULL}},
        {"Put off", "deferred", {"deferred", NULL}},
        {is_outbound ? "Failed for good" : "Refused for good", "failed",
            {is_outbound ? "bounced" : "rejected",
                is_outbound ? "expired" : NULL}},
    };
    double *values = memory_zalloc(axis->n, sizeof *values);
    begin_chart(out, "mail", direction, axis);
    buffer_add_string(out, ",\"series\":[");
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        sum_columns(g, direction, axis, sets[i].columns, values);
        buffer_addf(out, "%s{\"name\":\"%s\",\"key\":\"%s\",", i > 0 ? "," : "",
            sets[i].name, sets[i].key);
        add_values(out, "values", values, axis->n);
        buffer_add_char(out, '}');
    }
    buffer_add_string(out, "]}");
    free(values);
}

/* --- failures against what is usual ------------------------------------- */

/* What was usual, step by step of the axis. */
struct usual {
    double *expected;
    double *spread; /* squared half width of the band */
    size_t n_known;
};

static const struct finding_band *find_band(
    const struct gather *g, const char *direction)
{
    const struct findings *found = gather_findings(g);
    for (size_t i = 0; i < found->n_bands; i++) {
        if (strcmp(found->bands[i].direction, direction) == 0 &&
            strcmp(found->bands[i].measure, "failures") == 0) {
            return &found->bands[i];
        }
    }
    return NULL;
}

/* Steps of the band that are shorter than those of the axis are added up, the
 * squares of their widths too, as if they varied independently.  A step of
 * which some hour is not known is not known (not a number). */
static void add_up_band(const struct finding_band *band,
    const struct axis *axis, struct usual *usual)
{
    for (size_t k = 0; band != NULL && k < band->n_points; k++) {
        const struct finding_point *p = &band->points[k];
        size_t i = place(axis, p->time);
        if (i < axis->n) {
            double half = p->high - p->expected;
            bool known = p->expected >= 0;
            usual->expected[i] += known ? p->expected : NAN;
            usual->spread[i] += half * half;
            usual->n_known += known;
        }
    }
}

static void add_usual(struct buffer *out, const struct gather *g,
    const char *direction, const struct axis *axis)
{
    double *low = memory_zalloc(axis->n, sizeof *low);
    double *high = memory_zalloc(axis->n, sizeof *high);
    struct usual usual = {memory_zalloc(axis->n, sizeof(double)),
        memory_zalloc(axis->n, sizeof(double)), 0};
    add_up_band(find_band(g, direction), axis, &usual);
    for (size_t i = 0; i < axis->n; i++) {
        double half = sqrt(usual.spread[i]);
        double least = usual.expected[i] - half;
        low[i] = floor((least < 0 ? 0 : least) * 10) / 10;
        high[i] = floor((usual.expected[i] + half) * 10) / 10;
        usual.expected[i] = floor(usual.expected[i] * 10) / 10;
    }
    if (usual.n_known > 0) {
        buffer_add_char(out, ',');
        add_values(out, "expected", usual.expected, axis->n);
        buffer_add_char(out, ',');
        add_values(out, "low", low, axis->n);
        buffer_add_char(out, ',');
        add_values(out, "high", high, axis->n);
    }
    free(usual.expected);
    free(usual.spread);
    free(low);
    free(high);
}

/* Is it shaded by itself?  What sums up listings that are over may stand for
 * two single hours days apart: then each of them is. */
static bool is_marked(const struct findings *found, const struct finding *f)
{
    const struct finding *root = findings_by_id(found, f->root);
    if (phrasing_is_one_of(f, root)) {
        return root->until != 0;
    }
    return f->root == 0 && (f->until == 0 || !addresses_is_sum(f));
}

static void add_incidents(
    struct buffer *out, const struct gather *g, const char *direction)
{
    const struct findings *found = gather_findings(g);
    bool is_first = true;
    buffer_add_string(out, ",\"incidents\":[");
    for (size_t i = 0; i < found->n; i++) {
        const struct finding *f = &found->items[i];
        enum gather_place where = gather_place(g, f);
        if (strcmp(f->direction, direction) != 0 || !is_marked(found, f) ||
            (where != GATHER_OPEN && where != GATHER_EARLIER)) {
            continue;
        }
        buffer_addf(out,
            "%s{\"from\":%" PRId64 ",\"until\":%" PRId64
            ",\"number\":%d,\"severity\":\"%s\",\"title\":",
            is_first ? "" : ",", f->since,
            f->until != 0 ? f->until : found->until, html_findings_number(g, f),
            finding_severity_name(f->severity));
        escape_json(out, span_of(f->headline));
        buffer_add_char(out, '}');
        is_first = false;
    }
    buffer_add_char(out, ']');
}

static void add_failures(struct buffer *out, const struct gather *g,
    const char *direction, const struct axis *axis)
{
    struct layer layers[MOST_SERIES];
    size_t n = find_layers(
        gather_table(g, "timeline_causes"), direction, axis, layers);
    double *sums = memory_zalloc(axis->n, sizeof *sums);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < axis->n; k++) {
            sums[k] += layers[i].values[k];
        }
        free(layers[i].values);
    }
    begin_chart(out, "failures", direction, axis);
    buffer_addf(out, ",\"until\":%" PRId64 ",", gather_findings(g)->until);
    add_values(out, "observed", sums, axis->n);
    add_usual(out, g, direction, axis);
    add_incidents(out, g, direction);
    buffer_add_char(out, '}');
    free(sums);
}

void html_charts_data(struct buffer *out, const struct gather *g)
{
    static const char *const directions[] = {"outbound", "inbound"};
    bool is_first = true;
    buffer_add_string(out, "{\"charts\":[");
    for (size_t i = 0; i < 2; i++) {
        struct axis axis =
            find_axis(gather_table(g, "timeline"), directions[i]);
        if (axis.n == 0) {
            continue;
        }
        buffer_add_string(out, is_first ? "" : ",");
        add_failures(out, g, directions[i], &axis);
        buffer_add_char(out, ',');
        add_mail(out, g, directions[i], &axis);
        buffer_add_char(out, ',');
        add_stacked(out, g, directions[i], &axis);
        is_first = false;
    }
    buffer_add_string(out, "]}");
}

/* --- places to draw on -------------------------------------------------- */

static void add_canvas(struct buffer *out, const char *kind,
    const char *direction, const char *label)
{
    buffer_addf(out,
        "<div class=\"plot %s\"><canvas id=\"%s-%s\" role=\"img\" "
        "aria-label=\"%s, %s; the numbers stand in the table below\">"
        "</canvas></div>\n",
        kind, kind, direction, label, direction);
}

void html_charts_canvas(
    struct buffer *out, const char *kind, const char *direction)
{
    buffer_add_string(out, "<figure class=\"chart\" hidden>\n");
    if (strcmp(kind, "stacked") == 0) {
        buffer_add_string(
            out, "<figcaption>Failed attempts by cause</figcaption>\n");
        add_canvas(out, kind, direction, "Failed attempts over time by cause");
    } else {
        buffer_add_string(out,
            "<figcaption>Failed attempts; shades and numbers are findings"
            "</figcaption>\n");
        add_canvas(out, "failures", direction,
            "Failed attempts over time against what is usual");
        buffer_add_string(
            out, "<figcaption>What became of mail</figcaption>\n");
        add_canvas(out, "mail", direction, "What became of mail over time");
    }
    buffer_add_string(out, "</figure>\n");
}
