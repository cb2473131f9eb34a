/* SPDX-License-Identifier: MIT */
#include "classify/classifier.h"

#include "base/limits.h"

#include <criterion/criterion.h>
#include <stdio.h>

static const struct {
    const char *name;
    const char *text;
    const char *cause; /* "cause.detail" */
    const char *dnsbl;
    const char *address;
} rows[] = {
    {"unknown user",
        "550 5.1.1 <joe@x.example>: Recipient address rejected: "
        "User unknown in virtual mailbox table",
        "bad_address.unknown_user", "", ""},
    {"listed, whatever the code says",
        "550 5.1.1 Service unavailable; Client host [192.0.2.7] blocked using "
        "zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.7",
        "blacklisting.dnsbl", "zen.spamhaus.org", "192.0.2.7"},
    {"listed, unknown list",
        "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using "
        "bl.example.net",
        "blacklisting.dnsbl", "bl.example.net", "192.0.2.7"},
    {"the receiver's look-up is broken",
        "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using "
        "zen.spamhaus.org; Error: open resolver; "
        "https://www.spamhaus.org/returnc/pub/198.51.100.1",
        "server_config.dnsbl_broken", "zen.spamhaus.org", "192.0.2.7"},
    {"status decides", "550 5.1.1 Zxcvb", "bad_address.unknown_user", "", ""},
    {"status without code", "5.2.2 zxcvb", "mailbox.full", "", ""},
    {"qmail's status", "550 zxcvb (#5.1.1)", "bad_address.unknown_user", "",
        ""},
    {"unknown detail of a subject", "550 5.1.99 zxcvb",
        "bad_address.unknown_user", "", ""},
    {"code decides", "535 zxcvb", "authentication.smtp_auth", "", ""},
    {"nothing decides", "zxcvb", "unknown.unknown", "", ""},
    {"empty", "", "unknown.unknown", "", ""},
    {"accepted", "250 2.0.0 Ok: queued as 12345", "ok.delivered", "", ""},
    {"wrapped by Postfix",
        "delivery temporarily suspended: host mx.x.example[192.0.2.9] refused "
        "to talk to me: 450 4.2.0 Greylisted, try again in 60 seconds",
        "server_overload.greylist", "", ""},
    {"wrapped by Exim",
        "SMTP error from remote mail server after RCPT TO:<joe@x.example>: "
        "host mx.x.example [192.0.2.9]: 550 User unknown",
        "bad_address.unknown_user", "", ""},
};

struct fixture {
    struct knowledge *knowledge;
    struct rules *rules;
    struct classifier *classifier;
};

static void open_fixture(struct fixture *f)
{
    f->knowledge = knowledge_load(NULL);
    cr_assert_not_null(f->knowledge);
    f->rules = rules_load(f->knowledge, NULL);
    cr_assert_not_null(f->rules);
    f->classifier = classifier_create(f->rules, f->knowledge);
}

static void close_fixture(struct fixture *f)
{
    classifier_free(f->classifier);
    rules_free(f->rules);
    knowledge_free(f->knowledge);
}

static void expect_row(struct classifier *c, size_t i)
{
    struct event e;
    struct verdict v;
    char cause[128];
    classifier_read_text(c, DIRECTION_OUTBOUND, span_of(rows[i].text), &e);
    classifier_judge(c, &e, &v);
    snprintf(cause, sizeof(cause), "%.*s.%.*s", (int)v.cause.len, v.cause.ptr,
        (int)v.detail.len, v.detail.ptr);
    cr_expect_str_eq(cause, rows[i].cause, "%s: by %.*s, not %s", rows[i].name,
        (int)v.rule.len, v.rule.ptr, cause);
    cr_expect(span_equal(v.dnsbl, span_of(rows[i].dnsbl)), "%s: dnsbl %.*s",
        rows[i].name, (int)v.dnsbl.len, v.dnsbl.ptr);
    cr_expect(span_equal(v.address, span_of(rows[i].address)),
        "%s: address %.*s", rows[i].name, (int)v.address.len, v.address.ptr);
}

Test(classifier, rows)
{
    struct fixture f;
    open_fixture(&f);
    for (int memo = 0; memo < 3; memo++) {
        classifier_use_memo(f.classifier, memo > 0);
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
            expect_row(f.classifier, i);
        }
    }
    close_fixture(&f);
}

Test(classifier, fallbacks_name_themselves)
{
    static const struct {
        const char *text;
        const char *rule;
    } fallbacks[] = {
        {"550 5.1.1 zxcvb", "status-5.1.1"},
        {"535 zxcvb", "code-535"},
        {"zxcvb", "none"},
    };
    struct fixture f;
    open_fixture(&f);
    for (size_t i = 0; i < sizeof(fallbacks) / sizeof(fallbacks[0]); i++) {
        struct event e;
        struct verdict v;
        classifier_read_text(
            f.classifier, DIRECTION_OUTBOUND, span_of(fallbacks[i].text), &e);
        classifier_judge(f.classifier, &e, &v);
        cr_expect(span_equal(v.rule, span_of(fallbacks[i].rule)), "%s: %.*s",
            fallbacks[i].text, (int)v.rule.len, v.rule.ptr);
    }
    close_fixture(&f);
}

Test(classifier, stored_facts_give_the_same_verdict)
{
    struct fixture f;
    open_fixture(&f);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct event e;
        struct verdict v;
        struct verdict w;
        char template[LIMIT_TEMPLATE_LEN];
        classifier_read_text(
            f.classifier, DIRECTION_OUTBOUND, span_of(rows[i].text), &e);
        classifier_judge(f.classifier, &e, &v);
        memcpy(template, v.template.ptr, v.template.len);
        struct span cause = v.cause;
        struct span detail = v.detail;
        struct reply_facts facts = {.direction = e.direction,
            .code = e.reply.code,
            .status = e.reply.status,
            .template = {template, v.template.len}};
        classifier_judge_facts(f.classifier, &facts, &w);
        cr_expect(span_equal(cause, w.cause) && span_equal(detail, w.detail),
            "%s", rows[i].name);
        cr_expect_eq(v.key, w.key, "%s", rows[i].name);
        cr_expect(span_equal(w.dnsbl, span_of(rows[i].dnsbl)), "%s: %.*s",
            rows[i].name, (int)w.dnsbl.len, w.dnsbl.ptr);
    }
    close_fixture(&f);
}

Test(classifier, delivered_needs_no_text)
{
    struct fixture f;
    open_fixture(&f);
    struct event e = {.kind = EVENT_OUTCOME,
        .direction = DIRECTION_OUTBOUND,
        .disposition = DISPOSITION_DELIVERED,
        .recipient = SPAN_LITERAL("joe@gmail.com")};
    struct verdict v;
    classifier_judge(f.classifier, &e, &v);
    cr_expect(span_equal(v.cause, SPAN_LITERAL("ok")));
    cr_expect_eq(v.template.len, 0);
    cr_expect(span_equal(v.provider, SPAN_LITERAL("Google")));
    e.peer = SPAN_LITERAL("x.mail.protection.outlook.com");
    classifier_judge(f.classifier, &e, &v);
    cr_expect(span_equal(v.provider, SPAN_LITERAL("Microsoft 365")));
    close_fixture(&f);
}

/* More distinct replies than the memo holds: the answers stay right. */
Test(classifier, memo_is_bounded)
{
    struct fixture f;
    open_fixture(&f);
    for (unsigned i = 0; i < 2 * LIMIT_MEMO_ENTRIES; i++) {
        char text[64];
        struct event e;
        struct verdict v;
        /* five letters of eight: no word that a rule knows */
        snprintf(text, sizeof(text), "550 5.1.1 zxcvb %c%c%c%c%c",
            "bcdfghjk"[i % 8], "bcdfghjk"[i / 8 % 8], "bcdfghjk"[i / 64 % 8],
            "bcdfghjk"[i / 512 % 8], "bcdfghjk"[i / 4096 % 8]);
        classifier_read_text(
            f.classifier, DIRECTION_OUTBOUND, span_of(text), &e);
        classifier_judge(f.classifier, &e, &v);
        cr_assert(
            span_equal(v.detail, SPAN_LITERAL("unknown_user")), "%s", text);
    }
    close_fixture(&f);
}

Test(classifier, explains_what_else_matches)
{
    struct fixture f;
    open_fixture(&f);
    struct event e;
    uint32_t numbers[16];
    classifier_read_text(f.classifier, DIRECTION_OUTBOUND,
        SPAN_LITERAL("554 5.7.1 Client host [192.0.2.7] blocked using "
                     "zen.spamhaus.org; Error: open resolver"),
        &e);
    size_t n = classifier_explain(f.classifier, &e, numbers, 16);
    cr_assert(n >= 2);
    for (size_t i = 1; i < n; i++) {
        cr_expect(numbers[i] > numbers[i - 1]);
    }
    cr_expect(rules_line(f.rules, numbers[0]) > 1);
    close_fixture(&f);
}
