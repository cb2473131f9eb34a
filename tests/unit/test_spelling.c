/* SPDX-License-Identifier: MIT */
#include "cli/spelling.h"

#include <criterion/criterion.h>

Test(spelling, nearest)
{
    static const char *const words[] = {
        "ingest", "report", "events", "merge", "prune", "dump"};
    static const struct {
        const char *typed;
        const char *want;
    } rows[] = {
        {"ingst", "ingest"},   /* left out */
        {"inngest", "ingest"}, /* too many */
        {"repord", "report"},  /* replaced */
        {"eventsx", "events"}, /* at the end */
        {"megre", "merge"},    /* swapped */
        {"rep", "report"},     /* a beginning */
        {"dmp", "dump"},       /* short, and one letter off */
        {"", NULL},            /* nothing typed */
        {"x", NULL},           /* one letter is near to nothing */
        {"frobnicate", NULL},  /* far from all */
        {"anquetil-and-a-very-long-word-indeed", NULL}, /* beyond the limit */
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct spelling s;
        spelling_init(&s, span_of(rows[i].typed));
        for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++) {
            spelling_offer(&s, words[w]);
        }
        bool same = rows[i].want == NULL || s.best == NULL
                        ? s.best == rows[i].want
                        : strcmp(s.best, rows[i].want) == 0;
        cr_expect(same, "\"%s\": %s, not %s", rows[i].typed,
            s.best != NULL ? s.best : "none",
            rows[i].want != NULL ? rows[i].want : "none");
    }
}
