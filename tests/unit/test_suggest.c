/* SPDX-License-Identifier: MIT */
#include "classify/kernel.h"
#include "classify/suggest.h"

#include <criterion/criterion.h>

enum { MOST_MEMBERS = 3, MOST_RUNS = 4 };

static const struct {
    const char *name;
    const char *members[MOST_MEMBERS];
    bool joins[MOST_MEMBERS];
    const char *want[MOST_RUNS]; /* the runs; NULL: no more */
} kernels[] = {
    {"one member, cut at what varies",
        {"no zorp for {address} on port 25 today"}, {true},
        {"no zorp for", "on port", "today"}},
    {"case does not matter", {"No Zorp Here", "no zorp here"}, {true, true},
        {"No Zorp Here"}},
    {"a word that differs parts runs",
        {"no zorp for alice on this host", "no zorp for bob on this host"},
        {true, true}, {"no zorp for", "on this host"}},
    {"a word put in parts runs", {"no zorp for you", "no zorp left for you"},
        {true, true}, {"no zorp", "for you"}},
    {"marks between words part them too",
        {"no zorp, for you", "no zorp for you"}, {true, true},
        {"no zorp", "for you"}},
    {"too little in common", {"no zorp for you here", "no mail today"},
        {true, false}, {"no zorp for you here"}},
};

Test(kernel, keeps_what_all_share)
{
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
        struct wording words[MOST_MEMBERS];
        struct kernel k;
        for (size_t j = 0; j < MOST_MEMBERS && kernels[i].members[j]; j++) {
            wording_read(arena, span_of(kernels[i].members[j]), &words[j]);
            if (j == 0) {
                kernel_init(&k, arena, &words[0]);
                continue;
            }
            cr_expect_eq(kernel_narrow(&k, &words[j]), kernels[i].joins[j],
                "%s", kernels[i].name);
        }
        struct kernel_run runs[KERNEL_MAX_RUNS];
        struct wording_weights *weights = wording_weights_create(words, 1);
        size_t n = kernel_runs(&k, weights, runs);
        for (size_t j = 0; j < MOST_RUNS && kernels[i].want[j] != NULL; j++) {
            cr_assert(j < n, "%s: %zu", kernels[i].name, n);
            cr_expect(span_equal(kernel_text(&k, &runs[j]),
                          span_of(kernels[i].want[j])),
                "%s: %.*s", kernels[i].name, (int)kernel_text(&k, &runs[j]).len,
                kernel_text(&k, &runs[j]).ptr);
        }
        cr_expect(n == MOST_RUNS || kernels[i].want[n] == NULL, "%s: %zu",
            kernels[i].name, n);
        wording_weights_free(weights);
    }
    arena_free(arena);
}

Test(wording, rare_words_count_most)
{
    static const char *const texts[] = {"mail from zorp refused",
        "mail from you refused", "mail to zorp", "mail for all", "mail"};
    struct arena *arena = arena_create();
    struct wording w[5];
    for (size_t i = 0; i < 5; i++) {
        wording_read(arena, span_of(texts[i]), &w[i]);
    }
    struct wording_weights *weights = wording_weights_create(w, 5);
    double same = wording_similarity(weights, &w[0], &w[0]);
    double refused = wording_similarity(weights, &w[0], &w[1]);
    double common = wording_similarity(weights, &w[0], &w[3]);
    cr_expect(same > 0.999 && same < 1.001, "%f", same);
    cr_expect(refused > common && refused < same, "%f %f", refused, common);
    wording_weights_free(weights);
    arena_free(arena);
}

/* What was met: the two of one family, one that a rule understands. */
static const struct {
    enum direction direction;
    int code;
    const char *template;
    int64_t attempts;
} met[] = {
    {DIRECTION_OUTBOUND, 554, "zorp of {address} frobbed", 3},
    {DIRECTION_OUTBOUND, 550, "zorp of {address} frobbed twice", 9},
    {DIRECTION_OUTBOUND, 554, "zorp of {address} frobbed", 4},
    {DIRECTION_OUTBOUND, 550, "User unknown", 100},
    {DIRECTION_INBOUND, 450, "glorp for {host} only", 1},
};

Test(suggest, families_by_attempts)
{
    struct knowledge *k = knowledge_load(NULL);
    struct rules *r = rules_load(k, NULL);
    struct suggest *s = suggest_create(r, k);
    for (size_t i = 0; i < sizeof(met) / sizeof(met[0]); i++) {
        struct reply_facts facts = {.direction = met[i].direction,
            .code = met[i].code,
            .template = span_of(met[i].template)};
        suggest_add(s, &facts, met[i].attempts);
    }
    size_t n = 0;
    const struct suggestion *list = suggest_make(s, 10, &n);
    cr_assert_eq(n, 2, "%zu", n);
    cr_expect(span_equal(list[0].match, SPAN_LITERAL("zorp of.+frobbed")));
    cr_expect_eq(list[0].attempts, 16);
    cr_expect_eq(list[0].n_templates, 2, "equal ones are joined");
    cr_expect_eq(list[0].codes.n_codes, 2);
    cr_expect_eq(list[0].codes.conditions.direction, DIRECTION_UNKNOWN);
    cr_expect_eq(list[1].codes.conditions.direction, DIRECTION_INBOUND);
    cr_expect(span_equal(list[1].examples[0],
        SPAN_LITERAL("450 glorp for mail.example.net only")));
    struct suggest_counts counts = suggest_counts(s);
    cr_expect_eq(counts.attempts, 17);
    cr_expect_eq(counts.n_unlike, 0);
    suggest_free(s);
    rules_free(r);
    knowledge_free(k);
}
