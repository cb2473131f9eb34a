/* SPDX-License-Identifier: MIT */
#include "classify/knowledge.h"

#include <criterion/criterion.h>

Test(knowledge, causes_and_advice)
{
    struct knowledge *k = knowledge_load(NULL);
    cr_assert_not_null(k);
    cr_expect_not_null(knowledge_cause(k, SPAN_LITERAL("blacklisting")));
    cr_expect_null(knowledge_cause(k, SPAN_LITERAL("black")));
    cr_expect_not_null(knowledge_detail(
        k, SPAN_LITERAL("blacklisting"), SPAN_LITERAL("dnsbl")));
    cr_expect_null(knowledge_detail(
        k, SPAN_LITERAL("blacklisting"), SPAN_LITERAL("full")));
    struct span cause;
    struct span detail;
    cr_expect(
        knowledge_split(k, SPAN_LITERAL("mailbox.full"), &cause, &detail));
    cr_expect(span_equal(cause, SPAN_LITERAL("mailbox")));
    cr_expect(span_equal(detail, SPAN_LITERAL("full")));
    cr_expect_not(knowledge_split(k, SPAN_LITERAL("mailbox"), &cause, &detail));
    cr_expect(knowledge_n_advice(k) >= 12);
    cr_expect_null(knowledge_advice(k, SPAN_LITERAL("no such advice")));
    knowledge_free(k);
}

static const struct {
    const char *cause;
    const char *detail;
    unsigned marks;
} marks[] = {
    {"blacklisting", "dnsbl", MARK_LISTED | MARK_BLOCK},
    {"blacklisting", "local_block", MARK_BLOCK},
    {"dns", "lookup_failure", MARK_OWN_TROUBLE | MARK_NO_JUDGEMENT},
    {"server_config", "dnsbl_broken", MARK_LOOKUP_BROKEN | MARK_OWN_TROUBLE},
    {"server_overload", "greylist", MARK_GREYLISTING},
    {"mailbox", "full", MARK_NO_JUDGEMENT},
    {"authentication", "credentials", 0},
    {"blacklisting", "full", 0},
    {"black", "dnsbl", 0},
};

Test(knowledge, marks)
{
    struct knowledge *k = knowledge_load(NULL);
    cr_assert_not_null(k);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        cr_expect_eq(knowledge_marks(
                         k, span_of(marks[i].cause), span_of(marks[i].detail)),
            marks[i].marks, "%s.%s", marks[i].cause, marks[i].detail);
    }
    struct span cause;
    struct span detail;
    cr_expect(knowledge_marked(k, MARK_GREYLISTING, &cause, &detail));
    cr_expect(span_equal(cause, SPAN_LITERAL("server_overload")));
    cr_expect(span_equal(detail, SPAN_LITERAL("greylist")));
    cr_expect_not(knowledge_marked(k, MARK_BLOCK, &cause, &detail),
        "only causes as a whole have it");
    knowledge_free(k);
}

/* The guide's twelve steps are all there, and every detail's advice exists
 * (or loading would have failed). */
Test(knowledge, twelve_steps)
{
    struct knowledge *k = knowledge_load(NULL);
    cr_assert_not_null(k);
    unsigned seen = 0;
    for (unsigned i = 0; i < knowledge_n_advice(k); i++) {
        seen |= 1u << knowledge_advice_at(k, i)->step;
    }
    cr_expect_eq(seen & 0x1ffe, 0x1ffe, "%x", seen);
    knowledge_free(k);
}

static const struct {
    struct status_code status;
    const char *entry; /* NULL: none */
} statuses[] = {
    {{5, 1, 1}, "X.1.1"},
    {{4, 1, 1}, "X.1.1"},
    {{5, 7, 25}, "X.7.25"},
    {{5, 99, 99}, NULL},
};

Test(knowledge, codes)
{
    struct knowledge *k = knowledge_load(NULL);
    cr_assert_not_null(k);
    static const int codes[] = {501, 502, 503, 421, 451, 535, 550, 554};
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        cr_expect_not_null(knowledge_reply_code(k, codes[i]), "%d", codes[i]);
    }
    cr_expect_null(knowledge_reply_code(k, 599));
    cr_expect_null(knowledge_reply_code(k, -1));
    cr_expect_null(knowledge_reply_code(k, 100000));
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
        const struct status_entry *e = knowledge_status(k, statuses[i].status);
        const char *got = e != NULL ? e->status : NULL;
        cr_expect(
            span_equal(span_of(got), span_of(statuses[i].entry)), "row %zu", i);
    }
    cr_expect_str_eq(knowledge_status_verdict(k, (struct status_code){5, 1, 1}),
        "bad_address.unknown_user");
    cr_expect_not_null(knowledge_class(k, 5));
    cr_expect_null(knowledge_class(k, 9));
    knowledge_free(k);
}

static const struct {
    const char *text;
    const char *zone;
    const char *word;
} lists[] = {
    {"blocked using zen.spamhaus.org;", "zen.spamhaus.org", "zen.spamhaus.org"},
    {"x.BL.SPAMCOP.NET.", "bl.spamcop.net", "bl.spamcop.net"},
    {"listed by SpamCop", "", "bl.spamcop.net"},
    {"Spamhaus XBL says no", "", "xbl.spamhaus.org"},
    {"notspamcop here", "", ""},
    {"No. ..zen.spamhaus.org.. (..)", "zen.spamhaus.org", "zen.spamhaus.org"},
    {"see example.org. Then zen.spamhaus.org", "zen.spamhaus.org",
        "zen.spamhaus.org"},
    {"...", "", ""},
    {"", "", ""},
};

Test(knowledge, dnsbls)
{
    struct knowledge *k = knowledge_load(NULL);
    cr_assert_not_null(k);
    const struct dnsbl_table *t = knowledge_dnsbls(k);
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        struct span zone = dnsbl_zone_in_text(t, span_of(lists[i].text));
        struct span word = dnsbl_word_in_text(t, span_of(lists[i].text));
        cr_expect(span_equal(zone, span_of(lists[i].zone)), "%s: zone %.*s",
            lists[i].text, (int)zone.len, zone.ptr);
        cr_expect(span_equal(word, span_of(lists[i].word)), "%s: word %.*s",
            lists[i].text, (int)word.len, word.ptr);
    }
    struct span zone;
    cr_expect_not_null(
        dnsbl_by_zone(t, SPAN_LITERAL("1.zen.spamhaus.org"), &zone));
    cr_expect(span_equal(zone, SPAN_LITERAL("zen.spamhaus.org")));
    cr_expect_null(dnsbl_by_zone(t, SPAN_LITERAL("example.org"), &zone));
    knowledge_free(k);
}
