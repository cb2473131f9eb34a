/* SPDX-License-Identifier: MIT */
#include "store_fixture.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { N_LINES = 48, N_SEEDS = 6, N_RANDOM = 40 };

static char *dump_of_one(const struct script *script, size_t n)
{
    char path[STORE_FIXTURE_PATH_LEN];
    struct store *s = store_fixture_open(path);
    struct store_fixture_part whole = {script, 0, n, 0, 0};
    cr_assert(store_fixture_ingest(s, &whole));
    char *text = store_fixture_dump(s);
    store_fixture_close(s, path);
    return text;
}

/* The dump of the parts between ${cuts} (the last is the end), in the order
 * that ${order} gives. */
static char *dump_of_parts(const struct script *script, const size_t *cuts,
    size_t n_parts, const size_t *order)
{
    char path[STORE_FIXTURE_PATH_LEN];
    struct store *s = store_fixture_open(path);
    for (size_t i = 0; i < n_parts; i++) {
        size_t part = order[i];
        struct store_fixture_part p = {
            script, part == 0 ? 0 : cuts[part - 1], cuts[part], 0, 0};
        cr_assert(store_fixture_ingest(s, &p));
    }
    char *text = store_fixture_dump(s);
    store_fixture_close(s, path);
    return text;
}

static void expect_same(
    const char *got, const char *want, uint64_t seed, const size_t *cuts)
{
    cr_assert_str_eq(got, want, "seed %llu, cut at %zu and %zu",
        (unsigned long long)seed, cuts[0], cuts[1]);
}

Test(resolve, two_parts_in_any_order_give_the_same_dump)
{
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        struct script script[N_LINES];
        store_fixture_mail(seed, script, N_LINES);
        char *want = dump_of_one(script, N_LINES);
        for (size_t cut = 1; cut < N_LINES; cut++) {
            size_t cuts[] = {cut, N_LINES};
            size_t order[] = {cut % 2, 1 - cut % 2};
            char *got = dump_of_parts(script, cuts, 2, order);
            expect_same(got, want, seed, cuts);
            free(got);
        }
        free(want);
    }
}

Test(resolve, three_parts_in_any_order_give_the_same_dump)
{
    static const size_t orders[][3] = {
        {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    uint64_t state = 7;
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        struct script script[N_LINES];
        store_fixture_mail(seed + 100, script, N_LINES);
        char *want = dump_of_one(script, N_LINES);
        for (int i = 0; i < N_RANDOM; i++) {
            size_t a = 1 + store_fixture_random(&state, N_LINES - 2);
            size_t b = 1 + store_fixture_random(&state, N_LINES - 2);
            size_t cuts[] = {a < b ? a : b, a < b ? b : a, N_LINES};
            cuts[1] += a == b ? 1 : 0;
            char *got = dump_of_parts(
                script, cuts, 3, orders[store_fixture_random(&state, 6)]);
            expect_same(got, want, seed + 100, cuts);
            free(got);
        }
        free(want);
    }
}

/* Steps, restarts between them, growth: how a source got in leaves no mark. */
Test(resolve, steps_and_growth_leave_no_mark)
{
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        struct script script[N_LINES];
        store_fixture_mail(seed + 200, script, N_LINES);
        char *want = dump_of_one(script, N_LINES);
        for (size_t step = 1; step < 12; step += 3) {
            char path[STORE_FIXTURE_PATH_LEN];
            struct store *s = store_fixture_open(path);
            struct store_fixture_part part = {script, 0, 20, step, 0};
            cr_assert(store_fixture_ingest(s, &part));
            cr_assert(resolve_run(s));
            part.to = N_LINES;
            cr_assert(store_fixture_ingest(s, &part));
            cr_assert(store_fixture_ingest(s, &part), "again");
            char *got = store_fixture_dump(s);
            size_t cuts[] = {step, 20};
            expect_same(got, want, seed + 200, cuts);
            cr_assert_eq(
                store_fixture_value(s, "SELECT count(*) FROM source"), 1);
            free(got);
            store_fixture_close(s, path);
        }
        free(want);
    }
}

/* What the dump of ${script} says in the lines that begin with ${table}. */
static bool says(const char *dump, const char *line)
{
    return strstr(dump, line) != NULL;
}

Test(resolve, bounced_four_files_later)
{
    static const struct script script[] = {
        {1700000000, "mx1", "arrival", NULL, "A1", NULL, NULL, NULL, false, 0,
            0},
        {1700000000, "mx1", "sender", NULL, "A1", "a@one.example", NULL, NULL,
            false, 0, 0},
        {1700000001, "mx1", "outcome", "deferred", "A1", NULL, "x@w.example",
            "try later", false, 0, 0},
        {1700100000, "mx1", "outcome", "deferred", "A1", NULL, "x@w.example",
            "try later", false, 0, 0},
        {1700200000, "mx1", "outcome", "bounced", "A1", NULL, "x@w.example",
            "gone", false, 0, 0},
        {1700200000, "mx1", "release", NULL, "A1", NULL, NULL, NULL, false, 0,
            0},
        /* the ID again, without a beginning: not the old sender's */
        {1700300000, "mx1", "outcome", "bounced", "A1", NULL, "y@w.example",
            "gone", false, 0, 0},
    };
    static const size_t order[] = {4, 1, 0, 3, 2};
    static const size_t cuts[] = {2, 3, 4, 6, 7};
    char *got = dump_of_parts(script, cuts, 5, order);
    cr_assert(says(got, "failure\t1700197200\tmx1\tone.example\tw."
                        "example\texample\toutbound"
                        "\trcpt\t550\t\t\tgone\t1\t0\t0\n"),
        "%s", got);
    cr_assert(says(got, "failure\t1700298000\tmx1\t?\tw."
                        "example\texample\toutbound\trcpt\t550"
                        "\t\t\tgone\t1\t0\t0\n"),
        "%s", got);
    free(got);
}

Test(resolve, expired_in_another_file)
{
    static const struct script script[] = {
        {1700000000, "mx1", "arrival", NULL, "A1", NULL, NULL, NULL, false, 0,
            0},
        {1700000000, "mx1", "sender", NULL, "A1", "a@one.example", NULL, NULL,
            false, 0, 0},
        {1700000001, "mx1", "outcome", "deferred", "A1", NULL, "x@w.example",
            "try later", false, 0, 0},
        {1700000002, "mx1", "outcome", "deferred", "A1", NULL, "y@v.example",
            "try later", false, 0, 0},
        {1700090000, "mx1", "outcome", "delivered", "A1", NULL, "y@v.example",
            NULL, false, 0, 0},
        {1700400000, "mx1", "outcome", "expired", "A1", "a@one.example", NULL,
            NULL, false, 0, 0},
        {1700400000, "mx1", "release", NULL, "A1", NULL, NULL, NULL, false, 0,
            0},
    };
    static const size_t order[] = {2, 1, 0};
    static const size_t cuts[] = {4, 5, 7};
    char *got = dump_of_parts(script, cuts, 3, order);
    cr_assert(says(got, "traffic\t1700398800\toutbound\tmx1\tw.example\t"
                        "example\t0\t0\t0\t1\t0\t"),
        "%s", got);
    cr_assert(says(got, "sender_traffic\t1700398800\toutbound\tmx1\t"
                        "one.example\t0\t0\t0\t1\t0\t0\n"),
        "%s", got);
    cr_assert_not(says(got, "traffic\t1700398800\toutbound\tmx1\tv.example"));
    free(got);
}

/* A copy, whole or cut elsewhere, under another name and with other lines in
 * front, counts nothing twice. */
Test(resolve, copies_count_once)
{
    struct script script[N_LINES];
    store_fixture_mail(300, script, N_LINES);
    char *want = dump_of_one(script, N_LINES);
    for (size_t cut = 0; cut < N_LINES; cut += 5) {
        char path[STORE_FIXTURE_PATH_LEN];
        struct store *s = store_fixture_open(path);
        struct store_fixture_part whole = {script, 0, N_LINES, 0, 0};
        struct store_fixture_part first = {script, 0, cut, 0, 1};
        struct store_fixture_part second = {script, cut, N_LINES, 0, 2};
        cr_assert(cut == 0 || store_fixture_ingest(s, &first));
        cr_assert(store_fixture_ingest(s, &whole));
        cr_assert(store_fixture_ingest(s, &second));
        char *got = store_fixture_dump(s);
        /* lines are counted as they lie there: not compared */
        cr_assert_eq(
            strncmp(got, want, (size_t)(strstr(want, "line_count") - want)), 0,
            "cut at %zu\n%s\nwant\n%s", cut, got, want);
        free(got);
        store_fixture_close(s, path);
    }
    free(want);
}
