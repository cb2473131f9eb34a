/* SPDX-License-Identifier: MIT */
/* mail/event: the names of the vocabulary, both ways. */
#include "mail/event.h"

#include "mail/line_class.h"

#include <criterion/criterion.h>

#define CHECK_NAME(name, text)                                                 \
    cr_expect_str_eq(NAME_OF(PREFIX(name)), text, "%s", #name);

Test(event, names){
#define PREFIX(name) DIRECTION_##name
#define NAME_OF direction_name
    DIRECTION_LIST(CHECK_NAME)
#undef PREFIX
#undef NAME_OF
#define PREFIX(name) DISPOSITION_##name
#define NAME_OF disposition_name
        DISPOSITION_LIST(CHECK_NAME)
#undef PREFIX
#undef NAME_OF
#define PREFIX(name) STAGE_##name
#define NAME_OF stage_name
            STAGE_LIST(CHECK_NAME)
#undef PREFIX
#undef NAME_OF
#define PREFIX(name) EVENT_##name
#define NAME_OF event_kind_name
                EVENT_KIND_LIST(CHECK_NAME)
#undef PREFIX
#undef NAME_OF
#define PREFIX(name) LINE_##name
#define NAME_OF line_class_name
                    LINE_CLASS_LIST(CHECK_NAME)
#undef PREFIX
#undef NAME_OF
}

Test(event, there_and_back)
{
    for (int i = 1; i < DIRECTION_COUNT; i++) {
        enum direction d;
        struct span name = span_of(direction_name((enum direction)i));
        cr_expect(direction_parse(name, &d) && (int)d == i, "%s", name.ptr);
    }
    for (int i = 1; i < DISPOSITION_COUNT; i++) {
        enum disposition d;
        struct span name = span_of(disposition_name((enum disposition)i));
        cr_expect(disposition_parse(name, &d) && (int)d == i, "%s", name.ptr);
    }
    for (int i = 1; i < STAGE_COUNT; i++) {
        enum stage s;
        struct span name = span_of(stage_name((enum stage)i));
        cr_expect(stage_parse(name, &s) && (int)s == i, "%s", name.ptr);
    }
    for (int i = 1; i < EVENT_KIND_COUNT; i++) {
        enum event_kind k;
        struct span name = span_of(event_kind_name((enum event_kind)i));
        cr_expect(event_kind_parse(name, &k) && (int)k == i, "%s", name.ptr);
    }
}

Test(event, no_such_name)
{
    static const struct span rows[] = {SPAN_INIT(""), {NULL, 0},
        SPAN_INIT("Bounced"), SPAN_INIT("bounce"), SPAN_INIT("bounced "),
        SPAN_INIT("bounced\0")};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        enum direction direction = DIRECTION_INBOUND;
        enum disposition disposition = DISPOSITION_HELD;
        enum stage stage = STAGE_QUIT;
        enum event_kind kind = EVENT_HOP;
        cr_expect_not(direction_parse(rows[i], &direction), "row %zu", i);
        cr_expect_not(disposition_parse(rows[i], &disposition), "row %zu", i);
        cr_expect_not(stage_parse(rows[i], &stage), "row %zu", i);
        cr_expect_not(event_kind_parse(rows[i], &kind), "row %zu", i);
        cr_expect_eq(direction, DIRECTION_UNKNOWN);
        cr_expect_eq(disposition, DISPOSITION_UNKNOWN);
        cr_expect_eq(stage, STAGE_UNKNOWN);
        cr_expect_eq(kind, EVENT_UNKNOWN);
    }
}

Test(event, failure)
{
    static const bool want[DISPOSITION_COUNT] = {
        [DISPOSITION_DEFERRED] = true,
        [DISPOSITION_BOUNCED] = true,
        [DISPOSITION_EXPIRED] = true,
        [DISPOSITION_REJECTED] = true,
    };
    for (int i = 0; i < DISPOSITION_COUNT; i++) {
        struct event e = {.disposition = (enum disposition)i};
        cr_expect_eq(event_is_failure(&e), want[i], "%s",
            disposition_name((enum disposition)i));
    }
}

Test(event, whose_status)
{
    struct event e = {.logged_status = {4, 0, 0}};
    cr_expect_eq(event_status(&e).class, 4, "the MTA's, for want of another");
    e.reply.status = (struct status_code){5, 1, 1};
    cr_expect_eq(event_status(&e).class, 5, "the remote's own");
}
