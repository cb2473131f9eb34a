/* SPDX-License-Identifier: MIT */
#include "classify/classifier.h"

#include <criterion/criterion.h>

static const struct {
    const char *name;
    const char *reply;
    enum particular which;
    const char *want; /* NULL: nothing */
} rows[] = {
    {"seconds", "450 Greylisted, retry in 90 seconds", PARTICULAR_RETRY_AFTER,
        "90"},
    {"no unit", "450 Greylisted, try again in 300", PARTICULAR_RETRY_AFTER,
        "300"},
    {"minutes", "450 Greylisted, try again in 5 min", PARTICULAR_RETRY_AFTER,
        "300"},
    {"hours", "450 Please try again in 2 hours", PARTICULAR_RETRY_AFTER,
        "7200"},
    {"days", "450 Please try again after 1 day", PARTICULAR_RETRY_AFTER,
        "86400"},
    {"a clock", "451 Greylisted, come back in 01:02:03", PARTICULAR_RETRY_AFTER,
        "3723"},
    {"a number too large", "451 try again in 99999999999 s",
        PARTICULAR_RETRY_AFTER, NULL},
    {"an address is no time", "451 try again in 192.0.2.1",
        PARTICULAR_RETRY_AFTER, NULL},
    {"the reply code is no limit", "552 5.3.4 maximum exceeded",
        PARTICULAR_LIMIT, NULL},
    {"marks end a page", "550 (see https://x.example/a?b=c&d).", PARTICULAR_URL,
        "https://x.example/a?b=c&d"},
    {"a provider's code comes before a common one",
        "451 4.7.650 The mail server [192.0.2.25] has been temporarily rate "
        "limited due to IP reputation. [AB12] (S775)",
        PARTICULAR_TICKET, "S775"},
    {"but only from the provider", "552 5.2.2 mailbox full [AB12] (S9999)",
        PARTICULAR_TICKET, "AB12"},
    {"a protocol is no ticket", "550 5.7.1 bad header (RFC5322)",
        PARTICULAR_TICKET, NULL},
};

Test(particulars, are_read_and_put_in_order)
{
    struct knowledge *k = knowledge_load(NULL);
    struct rules *r = rules_load(k, NULL);
    struct classifier *c = classifier_create(r, k);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct event e;
        struct verdict v;
        struct particulars p;
        classifier_read_text(c, DIRECTION_OUTBOUND, span_of(rows[i].reply), &e);
        classifier_judge(c, &e, &v);
        classifier_particulars(c, &e, &v, &p);
        struct span found = p.values[rows[i].which];
        cr_expect(span_equal(found, span_of(rows[i].want)) &&
                      span_is_known(found) == (rows[i].want != NULL),
            "%s: %.*s", rows[i].name, (int)found.len,
            found.len > 0 ? found.ptr : "");
    }
    classifier_free(c);
    rules_free(r);
    knowledge_free(k);
}
