/* SPDX-License-Identifier: MIT */
#include "findings/findings.h"
#include "report_store.h"

#include <criterion/criterion.h>

static struct findings *find(sqlite3 *db, int64_t until)
{
    struct findings_settings settings;
    findings_settings_init(&settings);
    settings.until = until;
    struct findings *list =
        findings_find(db, &settings, report_store_lexicon());
    cr_assert_not_null(list);
    return list;
}

static sqlite3 *open_store(void)
{
    sqlite3 *db = report_store_open("");
    report_store_run(db, "UPDATE hour_digest SET last_time = 1762005599000000"
                         " WHERE hour = 1762002000");
    return db;
}

static const struct finding *first(
    const struct findings *list, enum finding_kind kind)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->items[i].kind == kind) {
            return &list->items[i];
        }
    }
    cr_assert_fail("no such finding");
    return NULL;
}

Test(findings, listing_goes_on)
{
    sqlite3 *db = open_store();
    struct findings *list = find(db, INT64_MAX);
    const struct finding *f = first(list, FINDING_LISTING);
    cr_expect_str_eq(f->address, "192.0.2.1");
    cr_expect_str_eq(f->dnsbl, "zen.example");
    cr_expect_eq(f->since, 1761998411);
    cr_expect_eq(f->until, 0);
    cr_expect_eq(findings_by_id(list, f->id), f);
    cr_expect_eq(findings_worst(list), f->severity);
    findings_free(list);
    sqlite3_close(db);
}

Test(findings, listing_is_over)
{
    sqlite3 *db = open_store();
    report_store_run(db, "UPDATE hour_digest SET last_time = 1762205599000000"
                         " WHERE hour = 1762002000");
    struct findings *list = find(db, INT64_MAX);
    cr_expect_eq(first(list, FINDING_LISTING)->until, 1761998422);
    findings_free(list);
    sqlite3_close(db);
}

Test(findings, names_are_read_back)
{
    cr_expect_eq(finding_severity_parse("critical"), SEVERITY_CRITICAL);
    cr_expect_eq(finding_severity_parse("loud"), SEVERITY_UNKNOWN);
    cr_expect_eq(finding_severity_parse(""), SEVERITY_UNKNOWN);
    cr_expect_str_eq(finding_kind_name(FINDING_STALE), "stale");
    cr_expect_str_eq(finding_scope_name(SCOPE_DNSBL), "dnsbl");
}
