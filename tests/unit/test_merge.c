/* SPDX-License-Identifier: MIT */
#include "store/merge.h"

#include "store_fixture.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { N_LINES = 90 };

struct database {
    char path[STORE_FIXTURE_PATH_LEN];
    struct store *store;
};

static void open_database(struct database *d)
{
    d->store = store_fixture_open(d->path);
}

static void close_database(struct database *d)
{
    store_fixture_close(d->store, d->path);
}

static void ingest(
    struct database *d, const struct script *script, size_t from, size_t to)
{
    struct store_fixture_part p = {script, from, to, 0, 0};
    cr_assert(store_fixture_ingest(d->store, &p));
}

static struct merge_counts merge(
    struct database *into, const struct database *other)
{
    struct merge_counts counts;
    cr_assert(merge_from(into->store, other->path, &counts));
    return counts;
}

static void expect_dump(struct database *d, const char *want)
{
    char *got = store_fixture_dump(d->store);
    cr_assert_str_eq(got, want);
    free(got);
}

static char *dump_of_one(const struct script *script)
{
    struct database one;
    open_database(&one);
    ingest(&one, script, 0, N_LINES);
    char *text = store_fixture_dump(one.store);
    close_database(&one);
    return text;
}

Test(merge, union_of_sources_in_any_order)
{
    struct script script[N_LINES];
    store_fixture_mail(1, script, N_LINES);
    char *want = dump_of_one(script);
    for (int first = 0; first < 2; first++) {
        struct database parts[2];
        struct database whole;
        open_database(&parts[0]);
        open_database(&parts[1]);
        open_database(&whole);
        ingest(&parts[0], script, 0, 30);
        ingest(&parts[0], script, 60, N_LINES);
        ingest(&parts[1], script, 30, 60);
        ingest(&parts[1], script, 60, N_LINES); /* both have it */
        cr_assert(resolve_run(parts[0].store));
        struct merge_counts a = merge(&whole, &parts[first]);
        cr_assert_eq(a.added, 2);
        struct merge_counts b = merge(&whole, &parts[1 - first]);
        cr_assert_eq(b.added, 1);
        cr_assert_eq(b.skipped, 1);
        struct merge_counts c = merge(&whole, &parts[0]);
        cr_assert_eq(c.skipped, 2);
        expect_dump(&whole, want);
        close_database(&parts[0]);
        close_database(&parts[1]);
        close_database(&whole);
    }
    free(want);
}

Test(merge, the_longer_state_of_a_source_wins)
{
    struct script script[N_LINES];
    store_fixture_mail(2, script, N_LINES);
    char *want = dump_of_one(script);
    static const size_t lengths[] = {1, 2, 20, 40, 89};
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        struct database shorter;
        struct database longer;
        open_database(&shorter);
        open_database(&longer);
        ingest(&shorter, script, 0, lengths[i]);
        ingest(&longer, script, 0, N_LINES);
        struct merge_counts skipped = merge(&longer, &shorter);
        cr_assert_eq(skipped.skipped, 1, "%zu lines", lengths[i]);
        struct merge_counts replaced = merge(&shorter, &longer);
        cr_assert_eq(replaced.replaced, 1, "%zu lines", lengths[i]);
        expect_dump(&longer, want);
        expect_dump(&shorter, want);
        close_database(&shorter);
        close_database(&longer);
    }
    free(want);
}

Test(merge, alike_beginnings_are_two_sources)
{
    struct script a[N_LINES];
    struct script b[N_LINES];
    store_fixture_mail(3, a, N_LINES);
    store_fixture_mail(4, b, N_LINES);
    memcpy(b, a, 60 * sizeof(a[0]));
    for (size_t i = 60; i < N_LINES; i++) {
        b[i].second += 7200 + a[59].second - b[60].second;
    }
    struct database one;
    struct database two;
    open_database(&one);
    open_database(&two);
    ingest(&one, a, 0, N_LINES);
    ingest(&two, b, 0, N_LINES);
    struct merge_counts counts = merge(&one, &two);
    cr_assert_eq(counts.added, 1);
    close_database(&one);
    close_database(&two);
}

enum { N_LONG = 200, FORK = 90 };

/* Two logs that agree beyond their heads and go on differently within the same
 * hour: the longer holds more of it, as if the other had been an older copy. */
Test(merge, alike_within_one_hour_are_two_sources)
{
    struct script a[N_LONG];
    struct script b[N_LONG];
    store_fixture_mail(6, a, N_LONG);
    store_fixture_mail(7, b, N_LONG);
    memcpy(b, a, FORK * sizeof(a[0]));
    for (size_t i = 0; i < N_LONG; i++) {
        a[i].second = 1790000000 + (int64_t)i;
        b[i].second = a[i].second;
        a[i].host = "mx";
        b[i].host = "mx";
    }
    struct database one;
    struct database two;
    open_database(&one);
    open_database(&two);
    ingest(&one, a, 0, N_LONG - 10);
    ingest(&two, b, 0, N_LONG);
    cr_assert_gt(store_fixture_value(one.store,
                     "SELECT consumed FROM source WHERE head_len = 4096"),
        3 * 4096);
    struct merge_counts counts = merge(&one, &two);
    cr_expect_eq(counts.added, 1);
    close_database(&one);
    close_database(&two);
}

Test(merge, what_is_no_store_changes_nothing)
{
    struct script script[N_LINES];
    store_fixture_mail(5, script, N_LINES);
    struct database d;
    open_database(&d);
    ingest(&d, script, 0, N_LINES);
    struct merge_counts counts;
    cr_assert_not(merge_from(d.store, "/nonexistent.db", &counts));
    cr_assert_not(merge_from(d.store, "/etc/passwd", &counts));
    char *want = dump_of_one(script);
    expect_dump(&d, want);
    free(want);
    close_database(&d);
}
