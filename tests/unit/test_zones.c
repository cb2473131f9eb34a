/* SPDX-License-Identifier: MIT */
#include "parse/zones.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What noon of a summer's day is in UTC: tells zones apart. */
static int noon(const struct zone *zone)
{
    struct civil c = {2026, 7, 1, 12, 0, 0};
    struct civil utc;
    civil_of(zone_utc(zone, &c), &utc);
    return utc.hour;
}

static const struct {
    const char *spec;
    const char *path;
    int noon;
} rows[] = {
    {"UTC", "/var/log/mail.log", 12},
    {"Europe/Berlin", "/var/log/mail.log", 10},
    {"UTC,*/ny/*=America/New_York", "/logs/ny/mail.log", 16},
    {"UTC,*/ny/*=America/New_York", "/logs/bln/mail.log", 12},
    {"*/ny/*=America/New_York,UTC", "/logs/ny/deep/mail.log", 16},
    {"UTC,*a*=Europe/Berlin,*ab*=America/New_York", "xaby", 10},
    {"UTC,logs.tar!ny-*=America/New_York", "logs.tar!ny-1", 16},
};

Test(zones, of)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct zones *z = zones_open(rows[i].spec, NULL);
        cr_assert(z != NULL, "%s", rows[i].spec);
        cr_expect_eq(noon(zones_of(z, rows[i].path)), rows[i].noon, "%s: %s",
            rows[i].spec, rows[i].path);
        zones_free(z);
    }
}

Test(zones, refused, .init = cr_redirect_stderr)
{
    static const char *const wrong[] = {
        "Nowhere/Land", "UTC,Europe/Berlin", "UTC,*=Nowhere", "UTC,,"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        cr_expect(zones_open(wrong[i], NULL) == NULL, "%s", wrong[i]);
    }
}

Test(zones, file)
{
    char dir[] = "/tmp/smtpscope-zones-XXXXXX";
    char path[128];
    cr_assert(mkdtemp(dir) != NULL);
    snprintf(path, sizeof(path), "%s/timezones.yaml", dir);
    FILE *f = fopen(path, "w");
    fputs("timezones:\n  - {path: '*/ny/*', zone: America/New_York}\n", f);
    fclose(f);
    struct zones *z = zones_open("UTC", dir);
    cr_assert(z != NULL);
    cr_expect_eq(noon(zones_of(z, "/ny/mail.log")), 16);
    cr_expect_eq(noon(zones_of(z, "/mail.log")), 12);
    zones_free(z);
    unlink(path);
    rmdir(dir);
}
