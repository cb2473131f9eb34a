/* SPDX-License-Identifier: MIT */
#include "findings/grade.h"

#include "base/memory.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { DAY = 86400, END = 100 * DAY };

static const char *const own_domains[] = {"own.example"};

#define ALL SCOPE_EVERYTHING, ""
#define AT SCOPE_RECIPIENT_DOMAIN
#define SHIFT FINDING_SHIFT
#define TOGETHER FINDING_CORRELATED

static const struct {
    const char *name;
    enum finding_kind kind;
    enum finding_scope scope;
    const char *place;
    const char *direction;
    const char *side;
    double excess;
    double tried;
    int64_t until;
    enum finding_severity want;
} grades[] = {
    {"all mail", SHIFT, ALL, "outbound", "us", 50, 250, 0, SEVERITY_CRITICAL},
    {"less than a fifth", SHIFT, ALL, "outbound", "us", 50, 251, 0,
        SEVERITY_WARNING},
    {"less than 50", SHIFT, ALL, "outbound", "us", 49, 100, 0, SEVERITY_NOTICE},
    {"one domain", SHIFT, AT, "a.example", "outbound", "us", 90, 100, 0,
        SEVERITY_WARNING},
    {"theirs, but we can ask", SHIFT, AT, "a.example", "outbound", "them", 90,
        100, 0, SEVERITY_WARNING},
    {"the addressee's", SHIFT, AT, "a.example", "outbound", "addressee", 90,
        100, 0, SEVERITY_NOTICE},
    {"the addressee's, few", SHIFT, AT, "a.example", "outbound", "addressee",
        20, 100, 0, SEVERITY_INFO},
    {"the addressee is ours", SHIFT, AT, "own.example", "outbound", "addressee",
        90, 100, 0, SEVERITY_WARNING},
    {"what we refuse for a domain of ours", SHIFT, AT, "own.example", "inbound",
        "us", 90, 100, 0, SEVERITY_NOTICE},
    {"a retry's", SHIFT, ALL, "outbound", "nobody", 90, 100, 0,
        SEVERITY_NOTICE},
    {"inbound", SHIFT, ALL, "inbound", "us", 90, 100, 0, SEVERITY_NOTICE},
    {"inbound, few", SHIFT, ALL, "inbound", "us", 20, 100, 0, SEVERITY_INFO},
    {"together", TOGETHER, ALL, "outbound", "them", 90, 100, 0,
        SEVERITY_CRITICAL},
    {"together, few", TOGETHER, ALL, "outbound", "them", 20, 30, 0,
        SEVERITY_WARNING},
    {"all mail, over", SHIFT, ALL, "outbound", "us", 50, 250, 90 * DAY,
        SEVERITY_WARNING},
    {"few inbound, over", SHIFT, ALL, "inbound", "us", 20, 100, 90 * DAY,
        SEVERITY_INFO},
};

/* Settings and a search that knows nothing. */
static struct search start(struct findings_settings *settings)
{
    findings_settings_init(settings);
    settings->own_domains = own_domains;
    settings->n_own_domains = 1;
    return (struct search){
        .settings = settings, .arena = arena_create(), .end = END};
}

Test(grade, severities)
{
    struct findings_settings settings;
    struct search s = start(&settings);
    for (size_t i = 0; i < sizeof grades / sizeof grades[0]; i++) {
        struct finding *f = search_add(&s);
        f->kind = grades[i].kind;
        f->scope = grades[i].scope;
        f->name = grades[i].place;
        f->direction = grades[i].direction;
        f->excess = grades[i].excess;
        f->tried = grades[i].tried;
        f->until = grades[i].until;
        grade_finding(&s, f, grades[i].side);
        cr_expect_eq(f->severity, grades[i].want, "%s: %s", grades[i].name,
            finding_severity_name(f->severity));
    }
    free(s.items);
    free(s.places);
    arena_free(s.arena);
}

static const struct {
    const char *name;
    enum finding_kind kind;
    int64_t since;
    int64_t until;
    bool want;
} recoveries[] = {
    {"over since today", SHIFT, END - 3 * DAY, END - DAY / 2, true},
    {"over for a day to the second", SHIFT, END - 3 * DAY, END - DAY, true},
    {"over for longer", SHIFT, END - 3 * DAY, END - DAY - 1, false},
    {"goes on", SHIFT, END - 3 * DAY, 0, false},
    {"came and went today", SHIFT, END - DAY, END - 100, false},
    {"a listing", FINDING_LISTING, END - 3 * DAY, END - 100, true},
    {"together", TOGETHER, END - 3 * DAY, END - 100, true},
    {"a gap in a log", FINDING_STALE, END - 3 * DAY, END - 100, false},
    {"a fact", FINDING_FACT, END - 3 * DAY, END - 100, false},
};

Test(grade, recoveries)
{
    struct findings_settings settings;
    struct search s = start(&settings);
    for (size_t i = 0; i < sizeof recoveries / sizeof recoveries[0]; i++) {
        struct finding *f = search_add(&s);
        f->kind = recoveries[i].kind;
        f->severity = SEVERITY_WARNING;
        f->since = recoveries[i].since;
        f->until = recoveries[i].until;
        uint64_t id = finding_id(f);
        grade_recovery(&s, f);
        bool is = f->kind == FINDING_RECOVERED;
        cr_expect_eq(is, recoveries[i].want, "%s", recoveries[i].name);
        cr_expect_eq(f->severity, is ? SEVERITY_INFO : SEVERITY_WARNING, "%s",
            recoveries[i].name);
        cr_expect_eq(finding_id(f), id, "%s: another id", recoveries[i].name);
    }
    free(s.items);
    free(s.places);
    arena_free(s.arena);
}

/* What is muted of a listing of 192.0.2.1 on zen.example, id 0x2a. */
static const struct {
    const char *name;
    struct findings_mute mute;
    bool want;
} mutes[] = {
    {"by id", {.id = "000000000000002a", .until = INT64_MAX}, true},
    {"another id", {.id = "000000000000002b", .until = INT64_MAX}, false},
    {"by kind", {.kind = "listing", .until = INT64_MAX}, true},
    {"another kind", {.kind = "shift", .until = INT64_MAX}, false},
    {"by scope", {.scope = "address", .until = INT64_MAX}, true},
    {"another scope", {.scope = "dnsbl", .until = INT64_MAX}, false},
    {"by list", {.name = "zen.example", .until = INT64_MAX}, true},
    {"by address", {.name = "192.0.2.1", .until = INT64_MAX}, true},
    {"another name", {.name = "192.0.2.2", .until = INT64_MAX}, false},
    {"by cause", {.cause = "blacklisting", .until = INT64_MAX}, true},
    {"by detail", {.cause = "blacklisting.dnsbl", .until = INT64_MAX}, true},
    {"another detail", {.cause = "blacklisting.dns", .until = INT64_MAX},
        false},
    {"a part of the cause", {.cause = "black", .until = INT64_MAX}, false},
    {"one of two fits", {.kind = "listing", .cause = "dns", .until = INT64_MAX},
        false},
    {"until now", {.kind = "listing", .until = END}, false},
    {"until after now", {.kind = "listing", .until = END + 1}, true},
};

Test(grade, mutes)
{
    struct findings_settings settings;
    struct search s = start(&settings);
    for (size_t i = 0; i < sizeof mutes / sizeof mutes[0]; i++) {
        struct findings_mute mute = mutes[i].mute;
        mute.reason = "known";
        settings.mutes = &mute;
        settings.n_mutes = 1;
        struct finding f = {.kind = FINDING_LISTING,
            .scope = SCOPE_ADDRESS,
            .name = "192.0.2.1",
            .address = "192.0.2.1",
            .dnsbl = "zen.example",
            .cause = "blacklisting",
            .detail = "dnsbl",
            .muted = "",
            .id = 0x2a};
        grade_mute(&s, &f);
        cr_expect_str_eq(
            f.muted, mutes[i].want ? "known" : "", "%s", mutes[i].name);
    }
    arena_free(s.arena);
}
