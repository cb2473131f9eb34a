/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* mkdtemp */
#include "classify/rules.h"

#include "classify/conditions.h"
#include "classify/rules_check.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define RULE(id, cause, match)                                                 \
    "rules:\n  - id: " id "\n    cause: " cause "\n    match: '" match         \
    "'\n    examples: ['550 x']\n"

struct site {
    char dir[64];
    char file[128];
};

static void site_make(struct site *s, const char *yaml)
{
    snprintf(s->dir, sizeof(s->dir), "/tmp/smtpscope-rules-XXXXXX");
    cr_assert_not_null(mkdtemp(s->dir));
    char folder[96];
    snprintf(folder, sizeof(folder), "%s/replies", s->dir);
    cr_assert_eq(mkdir(folder, 0700), 0);
    snprintf(s->file, sizeof(s->file), "%s/00-site.yaml", folder);
    FILE *f = fopen(s->file, "w");
    cr_assert_not_null(f);
    fputs(yaml, f);
    fclose(f);
}

static void site_remove(const struct site *s)
{
    char folder[96];
    snprintf(folder, sizeof(folder), "%s/replies", s->dir);
    unlink(s->file);
    rmdir(folder);
    rmdir(s->dir);
}

static const struct {
    const char *name;
    const char *yaml;
    bool good;
} files[] = {
    {"good", RULE("site-x", "mailbox.full", "x"), true},
    {"no such cause", RULE("site-x", "mailbox.half", "x"), false},
    {"no regex", RULE("site-x", "mailbox.full", "(x"), false},
    {"unknown field", RULE("site-x", "mailbox.full", "x") "    colour: red\n",
        false},
    {"no such direction",
        RULE("site-x", "mailbox.full", "x") "    direction: upwards\n", false},
    {"no such stage",
        RULE("site-x", "mailbox.full", "x") "    stages: [rcpt, tea]\n", false},
    {"no such code", RULE("site-x", "mailbox.full", "x") "    codes: ['7']\n",
        false},
    {"no such status",
        RULE("site-x", "mailbox.full", "x") "    status: ['5.7.1.2']\n", false},
    {"extract is no regex",
        RULE("site-x", "mailbox.full", "x") "    extract: '['\n", false},
    {"used twice",
        RULE("site-x", "mailbox.full",
            "x") "  - id: site-x\n    cause: mailbox.full\n    match: 'y'\n"
                 "    examples: ['550 y']\n",
        false},
    {"without example",
        "rules:\n  - id: a\n    cause: mailbox.full\n    match: 'x'\n", false},
};

Test(rules, faulty_files_are_refused, .init = cr_redirect_stderr)
{
    struct knowledge *k = knowledge_load(NULL);
    cr_assert_not_null(k);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct site site;
        site_make(&site, files[i].yaml);
        struct rules *r = rules_load(k, site.dir);
        cr_expect_eq(r != NULL, files[i].good, "%s", files[i].name);
        rules_free(r);
        site_remove(&site);
    }
    knowledge_free(k);
}

Test(rules, site_comes_first)
{
    struct knowledge *k = knowledge_load(NULL);
    struct site site;
    site_make(&site, RULE("site-x", "mailbox.full", "x"));
    struct rules *r = rules_load(k, site.dir);
    cr_assert_not_null(r);
    cr_expect_str_eq(rules_at(r, 0)->id, "site-x");
    cr_expect_eq(rules_find(r, SPAN_LITERAL("site-x")), 0);
    cr_expect_eq(rules_find(r, SPAN_LITERAL("no-such")), rules_count(r));
    cr_expect_eq(rules_line(r, 0), 2);
    struct parts_scratch *s = parts_scratch_create(rules_parts(r));
    size_t n = 0;
    const uint32_t *found =
        parts_candidates(rules_parts(r), s, SPAN_LITERAL("a X b"), &n);
    cr_expect(n >= 1 && parts_rule(rules_parts(r), found[0]) == 0);
    parts_scratch_free(s);
    rules_free(r);
    site_remove(&site);
    knowledge_free(k);
}

Test(rules, later_order_comes_last)
{
    struct knowledge *k = knowledge_load(NULL);
    struct site site;
    site_make(&site, "order: 1000\n" RULE("site-x", "mailbox.full", "x"));
    struct rules *r = rules_load(k, site.dir);
    cr_assert_not_null(r);
    cr_expect_eq(rules_find(r, SPAN_LITERAL("site-x")), rules_count(r) - 1);
    rules_free(r);
    site_remove(&site);
    knowledge_free(k);
}

static char *codes_5[] = {"5"};
static char *codes_421[] = {"421", "55"};
static char *status_57[] = {"5.7"};
static char *status_x[] = {"X.1.1"};
static char *status_none[] = {"none", "X.7"};
static char *stages_rcpt[] = {"rcpt"};

static const struct {
    const char *name;
    struct rule rule;
    struct rules_facts facts;
    bool want;
} conditions[] = {
    {"none", {.id = NULL}, {.code = 550}, true},
    {"code prefix", {.codes = codes_5, .n_codes = 1}, {.code = 550}, true},
    {"other class", {.codes = codes_5, .n_codes = 1}, {.code = 450}, false},
    {"no code", {.codes = codes_5, .n_codes = 1}, {.code = 0}, false},
    {"class of the status", {.codes = codes_5, .n_codes = 1},
        {.status = {5, 1, 1}}, true},
    {"whole code", {.codes = codes_421, .n_codes = 2}, {.code = 421}, true},
    {"two digits", {.codes = codes_421, .n_codes = 2}, {.code = 554}, true},
    {"neither", {.codes = codes_421, .n_codes = 2}, {.code = 422}, false},
    {"status prefix", {.status = status_57, .n_status = 1},
        {.status = {5, 7, 25}}, true},
    {"other subject", {.status = status_57, .n_status = 1},
        {.status = {5, 1, 7}}, false},
    {"no status", {.status = status_57, .n_status = 1}, {.code = 550}, false},
    {"no status wanted", {.status = status_none, .n_status = 2}, {.code = 550},
        true},
    {"no status or this", {.status = status_none, .n_status = 2},
        {.status = {5, 7, 1}}, true},
    {"a status too many", {.status = status_none, .n_status = 2},
        {.status = {5, 1, 1}}, false},
    {"any class", {.status = status_x, .n_status = 1}, {.status = {4, 1, 1}},
        true},
    {"stage", {.stages = stages_rcpt, .n_stages = 1}, {.stage = STAGE_RCPT},
        true},
    {"other stage", {.stages = stages_rcpt, .n_stages = 1},
        {.stage = STAGE_EOM}, false},
    {"stage not known", {.stages = stages_rcpt, .n_stages = 1}, {.code = 0},
        true},
    {"direction", {.direction = "inbound"}, {.direction = DIRECTION_INBOUND},
        true},
    {"other direction", {.direction = "inbound"},
        {.direction = DIRECTION_OUTBOUND}, false},
};

Test(rules, conditions)
{
    for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++) {
        struct conditions c;
        cr_assert_null(conditions_read(&conditions[i].rule, &c));
        cr_expect_eq(conditions_hold(&c, &conditions[i].facts),
            conditions[i].want, "%s", conditions[i].name);
    }
}

Test(rules, built_in_rules_prove_themselves)
{
    struct knowledge *k = knowledge_load(NULL);
    struct rules *r = rules_load(k, NULL);
    cr_assert_not_null(r);
    struct rules_check result;
    cr_expect(rules_check_run(r, k, &result));
    cr_expect(result.n_examples >= result.n_rules);
    rules_free(r);
    knowledge_free(k);
}

Test(rules, faults_are_found, .init = cr_redirect_stderr)
{
    struct knowledge *k = knowledge_load(NULL);
    struct site site;
    site_make(&site,
        "rules:\n"
        "  - id: wide\n    cause: mailbox.full\n    match: 'zebra'\n"
        "    examples: ['550 zebra']\n    counterexamples: ['550 zebra two']\n"
        "  - id: narrow\n    cause: mailbox.full\n    match: 'zebra crossing'\n"
        "    examples: ['550 zebra crossing']\n");
    struct rules *r = rules_load(k, site.dir);
    cr_assert_not_null(r);
    struct rules_check result;
    cr_expect_not(rules_check_run(r, k, &result));
    cr_expect(result.n_lost >= 1 && result.n_taken == 1 && result.n_never >= 1);
    rules_free(r);
    site_remove(&site);
    knowledge_free(k);
}
