/* SPDX-License-Identifier: MIT */
/* Causes that are taken for each other: tests/pairs/pairs.tsv, at least a
 * dozen replies for each pair, by the wordings of several MTAs. */
#include "base/buffer.h"
#include "classify/classifier.h"
#include "cli/textlines.h"

#include <criterion/criterion.h>

enum { N_COLUMNS = 5, LINE_LEN = 4096, FEWEST = 12 };
enum column { PAIR, DIRECTION, STAGE, WANT, REPLY };

struct row {
    struct span columns[N_COLUMNS];
};

static void read_row(struct span line, struct row *row)
{
    for (int i = 0; i < N_COLUMNS; i++) {
        size_t end = span_find(line, SPAN_LITERAL("\t"));
        row->columns[i] = span_first(line, end);
        cr_assert_eq(
            end < line.len, i + 1 < N_COLUMNS, "%.*s", (int)line.len, line.ptr);
        line = span_skip(line, end < line.len ? end + 1 : end);
    }
}

static void judge_row(struct classifier *c, const struct row *row)
{
    struct event e;
    struct verdict v;
    enum direction direction = DIRECTION_UNKNOWN;
    enum stage stage = STAGE_UNKNOWN;
    cr_assert(direction_parse(row->columns[DIRECTION], &direction));
    cr_assert(row->columns[STAGE].len == 0 ||
              stage_parse(row->columns[STAGE], &stage));
    classifier_read_text(c, direction, row->columns[REPLY], &e);
    e.stage = stage;
    classifier_judge(c, &e, &v);
    char got[128];
    snprintf(got, sizeof(got), "%.*s.%.*s", (int)v.cause.len, v.cause.ptr,
        (int)v.detail.len, v.detail.ptr);
    cr_expect(span_equal(span_of(got), row->columns[WANT]),
        "%.*s, not %s by %.*s: %.*s", (int)row->columns[WANT].len,
        row->columns[WANT].ptr, got, (int)v.rule.len, v.rule.ptr,
        (int)row->columns[REPLY].len, row->columns[REPLY].ptr);
}

Test(neighbours, are_told_apart)
{
    struct knowledge *k = knowledge_load(NULL);
    struct rules *r = rules_load(k, NULL);
    struct classifier *c = classifier_create(r, k);
    FILE *f = fopen("tests/pairs/pairs.tsv", "r");
    struct buffer line;
    char pair[128] = "";
    size_t n = FEWEST;
    buffer_init(&line, LINE_LEN);
    cr_assert(f != NULL && textlines_next(f, &line));
    while (textlines_next(f, &line)) {
        struct row row;
        read_row(buffer_span(&line), &row);
        if (!span_equal(row.columns[PAIR], span_of(pair))) {
            cr_expect(n >= FEWEST, "%s has %zu replies", pair, n);
            snprintf(pair, sizeof(pair), "%.*s", (int)row.columns[PAIR].len,
                row.columns[PAIR].ptr);
            n = 0;
        }
        n++;
        judge_row(c, &row);
    }
    cr_expect(n >= FEWEST, "%s has %zu replies", pair, n);
    buffer_free(&line);
    fclose(f);
    classifier_free(c);
    rules_free(r);
    knowledge_free(k);
}
