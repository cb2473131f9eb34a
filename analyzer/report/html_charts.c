/* SPDX-License-Identifier: MIT */
/*
 * A chart's times are one unbroken row of steps: an hour without mail is a
 * gap to be seen, not left out.  Failures without any are 0, rates without
 * mail null.
 */
#include "report/html_charts.h"

#include "base/memory.h"
#include "report/escape.h"

#include <inttypes.h>
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
    step = step > 0 && step < 86400 ? 3600 : 86400;
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
        "{\"id\":\"%s-%s\",\"kind\":\"%s\",\"step\":%" PRId64 ",\"times\":[",
        kind, direction, kind, axis->step);
    for (size_t i = 0; i < axis->n; i++) {
        buffer_addf(out, i > 0 ? ",%" PRId64 : "%" PRId64,
            axis->from + (int64_t)i * axis->step);
    }
    buffer_add_string(out, "],\"series\":[");
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

static void add_stacked(struct buffer *out, const struct gather *g,
    const char *direction, const struct axis *axis)
{
    struct layer layers[MOST_SERIES];
    size_t n = find_layers(
        gather_table(g, "timeline_causes"), direction, axis, layers);
    begin_chart(out, "stacked", direction, axis);
    for (size_t i = 0; i < n; i++) {
        buffer_add_string(out, i > 0 ? ",{\"name\":" : "{\"name\":");
        add_cause_title(out, g, layers[i].cause);
        buffer_add_string(out, ",\"cause\":");
        escape_json(out, layers[i].cause);
        buffer_add_string(out, ",\"values\":[");
        for (size_t k = 0; k < axis->n; k++) {
            buffer_addf(out, k > 0 ? ",%.0f" : "%.0f", layers[i].values[k]);
        }
        buffer_add_string(out, "]}");
        free(layers[i].values);
    }
    buffer_add_string(out, "]}");
}

static void add_rate(struct buffer *out, const struct gather *g,
    const char *direction, const struct axis *axis)
{
    const struct table *t = gather_table(g, "timeline");
    double *rates = memory_zalloc(axis->n, sizeof *rates);
    for (size_t i = 0; i < axis->n; i++) {
        rates[i] = -1;
    }
    size_t column = table_find(t, "failure_rate");
    for (size_t row = gather_next_row(t, direction, 0); row < table_n_rows(t);
         row = gather_next_row(t, direction, row + 1)) {
        size_t i = place(axis, table_integer(t, row, "time"));
        const struct cell *cell = table_cell(t, row, column);
        if (i < axis->n && cell->type == CELL_REAL) {
            rates[i] = cell->real;
        }
    }
    begin_chart(out, "rate", direction, axis);
    buffer_add_string(
        out, "{\"name\":\"Failure rate\",\"cause\":\"\",\"values\":[");
    for (size_t i = 0; i < axis->n; i++) {
        buffer_add_string(out, i > 0 ? "," : "");
        if (rates[i] < 0) {
            buffer_add_string(out, "null");
        } else {
            buffer_addf(out, "%.5g", rates[i]);
        }
    }
    buffer_add_string(out, "]}]}");
    free(rates);
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
        add_stacked(out, g, directions[i], &axis);
        buffer_add_char(out, ',');
        add_rate(out, g, directions[i], &axis);
        is_first = false;
    }
    buffer_add_string(out, "]}");
}

void html_charts_canvas(struct buffer *out, const char *direction)
{
    buffer_addf(out,
        "<figure class=\"chart\" hidden>\n"
        "<figcaption>Failed attempts by cause</figcaption>\n"
        "<div class=\"plot tall\"><canvas id=\"stacked-%s\" role=\"img\" "
        "aria-label=\"Failed %s attempts over time by cause; the numbers "
        "stand in the table below\"></canvas></div>\n"
        "<figcaption>Failure rate</figcaption>\n"
        "<div class=\"plot\"><canvas id=\"rate-%s\" role=\"img\" "
        "aria-label=\"Rate of %s failures over time; the numbers stand in the "
        "table below\"></canvas></div>\n</figure>\n",
        direction, direction, direction, direction);
}
