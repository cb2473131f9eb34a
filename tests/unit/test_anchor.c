/* SPDX-License-Identifier: MIT */
/* pipeline/anchor: when a log was last written. */
#include "pipeline/anchor.h"

#include "input_fixture.h"

#include "base/memory.h"
#include "parse/stamp.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <time.h>

Test(anchor, in_name)
{
    static const struct {
        const char *path;
        int want[3]; /* the day, or year 0 */
    } rows[] = {
        {"maillog-20261101", {2026, 11, 1}},
        {"/var/log/maillog-20261101.bz2", {2026, 11, 1}},
        {"mail.2026-11-01.gz", {2026, 11, 1}},
        {"2026-11-01", {2026, 11, 1}},
        {"mx1-20240229.log", {2024, 2, 29}},
        {"v2-mail-20261101.log.1", {2026, 11, 1}},
        {"a20250101b20261101", {2025, 1, 1}},
        {"mail-20251301-20261101", {2026, 11, 1}},
        /* only the last part of a path counts */
        {"/archive/20261101/mail.log", {0, 0, 0}},
        {"/archive/20251101/mail-20261101", {2026, 11, 1}},
        /* none */
        {"mail.log", {0, 0, 0}},
        {"mail.log.1", {0, 0, 0}},
        {"mail-20230229", {0, 0, 0}},
        {"mail-20261131", {0, 0, 0}},
        {"mail-20261301", {0, 0, 0}},
        {"mail-20260001", {0, 0, 0}},
        {"mail-20261100", {0, 0, 0}},
        {"mail-19891231", {0, 0, 0}},
        {"mail-21000101", {0, 0, 0}},
        {"mail-202611011200", {0, 0, 0}},
        {"mail-120261101", {0, 0, 0}},
        {"mail-2026-11-012", {0, 0, 0}},
        {"mail-2026-1101", {0, 0, 0}},
        {"mail-2026110", {0, 0, 0}},
        {"mail-2026-11-0", {0, 0, 0}},
        {"-", {0, 0, 0}},
        {"", {0, 0, 0}},
        {"/", {0, 0, 0}},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct civil end = {
            rows[i].want[0], rows[i].want[1], rows[i].want[2], 23, 59, 59};
        int64_t want = end.year != 0 ? civil_seconds(&end) : 0;
        cr_expect_eq(anchor_in_name(rows[i].path), want, "%s", rows[i].path);
    }
}

static struct input_fixture files;

static void open_files(void)
{
    input_fixture_open(&files);
}

static void close_files(void)
{
    input_fixture_close(&files);
}

TestSuite(anchor_order, .init = open_files, .fini = close_files);

/* --year, then the name, then gzip's MTIME, then the file's, then now. */
Test(anchor_order, of)
{
    static const struct {
        const char *name;
        uint32_t gzip_mtime;
        int64_t mtime;
        int year;
        int64_t want; /* 0: now */
    } rows[] = {
        {"mail-20261101.gz", 1700000000, 1800000000, 2020, 1609372799},
        {"mail-20261101.gz", 1700000000, 1800000000, 0, 1793577599},
        {"mail.gz", 1700000000, 1800000000, 0, 1700000000},
        {"mail.gz", 0, 1800000000, 0, 1800000000},
        {"mail.gz", 0, 0, 0, 0},
    };
    struct zone *zone = zone_open("UTC");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer packed;
        buffer_init(&packed, 10000);
        input_fixture_gzip(&packed, SPAN_LITERAL("line\n"),
            (struct input_fixture_gzip){
                .level = 1, .mtime = rows[i].gzip_mtime});
        struct path_entry file = {.mtime = rows[i].mtime * 1000000000};
        file.path = memory_copy(span_of(
            input_fixture_write(&files, rows[i].name, buffer_span(&packed))));
        struct decoder *d = decoder_open(file.path);
        cr_assert_not_null(d);
        int64_t got = anchor_of(&file, d, rows[i].year, zone);
        int64_t now = (int64_t)time(NULL);
        if (rows[i].want != 0) {
            cr_expect_eq(got, rows[i].want, "row %zu: %lld", i, (long long)got);
        } else {
            cr_expect(got <= now && got > now - 60, "row %zu", i);
        }
        decoder_close(d);
        buffer_free(&packed);
        free(file.path);
    }
    zone_free(zone);
}

/* --year takes in all of that year on the log's own clock, and no more. */
Test(anchor, year_of_every_zone)
{
    static const char *const zones[] = {"UTC", "Pacific/Kiritimati",
        "Etc/GMT+12", "Europe/Berlin", "America/New_York"};
    static const char *const stamps[] = {"Jan  1 00:00:00 mx",
        "Jan  1 23:59:59 mx", "Jul  1 00:00:00 mx", "Dec 31 00:00:00 mx",
        "Dec 31 23:59:59 mx"};
    for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
        struct zone *zone = zone_open(zones[i]);
        struct civil first = {2026, 1, 1, 0, 0, 0};
        struct civil last = {2026, 12, 31, 23, 59, 59};
        for (size_t k = 0; k < sizeof(stamps) / sizeof(stamps[0]); k++) {
            struct stamp_reader r;
            int64_t time = 0;
            stamp_init(&r, zone, anchor_of(NULL, NULL, 2026, zone), 0);
            cr_assert_gt(stamp_read(&r, span_of(stamps[k]), &time), 0);
            time /= 1000000;
            cr_expect(
                time >= zone_utc(zone, &first) && time <= zone_utc(zone, &last),
                "%s, %s", zones[i], stamps[k]);
            cr_expect_eq(stamp_years_over(&r), 0, "%s", zones[i]);
        }
        zone_free(zone);
    }
}
