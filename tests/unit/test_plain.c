/* SPDX-License-Identifier: MIT */
/* parse/plain: which patterns are plain, and that their events are the same. */
#include "parse/formats.h"
#include "parse/plain.h"

#include "parse/filling.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define SAMPLE "    samples: [{line: x}]\n"

static const char head[] = "name: x\n"
                           "title: X\n"
                           "shape: syslog\n"
                           "queue_id: '[0-9A-F]{4,}(?=:)|NOQUEUE'\n"
                           "values:\n"
                           "  - {field: disposition, from: ok, to: accepted}\n"
                           "  - {field: queue_id, from: NOQUEUE, to: ''}\n";

static const struct {
    const char *name;
    const char *lines;
    bool plain; /* the first of them */
    enum event_kind kind;
    enum disposition disposition;
} rows[] = {
    {"release",
        "  - id: a\n    queue_id: required\n    starts: [x]\n"
        "    set: {kind: release}\n" SAMPLE,
        true, EVENT_RELEASE, DISPOSITION_UNKNOWN},
    {"keys that are names",
        "  - id: a\n    queue_id: required\n    starts: [x]\n"
        "    split: ' end'\n    keys: [from=sender, to=recipient]\n"
        "    set: {kind: sender}\n" SAMPLE,
        true, EVENT_SENDER, DISPOSITION_UNKNOWN},
    {"groups that are names, a word of the pack's",
        "  - id: a\n    queue_id: required\n"
        "    match: 'x (?<peer>.*)\\[(?<peer_ip>.*)\\]'\n"
        "    set: {kind: outcome, disposition: ok, stage: rcpt}\n" SAMPLE,
        true, EVENT_OUTCOME, DISPOSITION_ACCEPTED},
    {"any queue ID",
        "  - id: a\n    starts: [x]\n    set: {kind: release}\n" SAMPLE, false,
        EVENT_UNKNOWN, DISPOSITION_UNKNOWN},
    {"an outcome that is not known",
        "  - id: a\n    queue_id: required\n    starts: [x]\n"
        "    set: {kind: outcome}\n" SAMPLE,
        false, EVENT_UNKNOWN, DISPOSITION_UNKNOWN},
    {"a disposition of the line's",
        "  - id: a\n    queue_id: required\n    match: '(?<disposition>x)'\n"
        "    set: {kind: outcome}\n" SAMPLE,
        false, EVENT_UNKNOWN, DISPOSITION_UNKNOWN},
    {"a text",
        "  - id: a\n    queue_id: required\n    match: '(?<text>x)'\n"
        "    set: {kind: release}\n" SAMPLE,
        false, EVENT_UNKNOWN, DISPOSITION_UNKNOWN},
    {"a sender that is set",
        "  - id: a\n    queue_id: required\n    starts: [x]\n"
        "    set: {kind: release, sender: s}\n" SAMPLE,
        false, EVENT_UNKNOWN, DISPOSITION_UNKNOWN},
    {"a key that is no name",
        "  - id: a\n    queue_id: required\n    starts: [x]\n"
        "    keys: [delay=delay]\n    set: {kind: release}\n" SAMPLE,
        false, EVENT_UNKNOWN, DISPOSITION_UNKNOWN},
    {"something remembered",
        "  - id: a\n    queue_id: required\n    match: 'x (?<key>.*)'\n"
        "    remember: set\n    set: {kind: release}\n" SAMPLE,
        false, EVENT_UNKNOWN, DISPOSITION_UNKNOWN},
    {"a pack that remembers elsewhere",
        "  - id: a\n    queue_id: required\n    starts: [x]\n"
        "    set: {kind: release}\n" SAMPLE
        "  - id: b\n    match: 'x (?<key>.*)'\n    remember: set\n" SAMPLE,
        false, EVENT_UNKNOWN, DISPOSITION_UNKNOWN},
};

Test(plain, plan)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char yaml[2048];
        snprintf(yaml, sizeof(yaml), "%slines:\n%s", head, rows[i].lines);
        struct formats *f = formats_load_text("x.yaml", yaml);
        cr_assert_not_null(f, "%s", rows[i].name);
        const struct plain *p = &f->formats[0].patterns[0].plain;
        cr_expect_eq(p->applies, rows[i].plain, "%s", rows[i].name);
        cr_expect_eq(p->kind, rows[i].kind, "%s: kind", rows[i].name);
        cr_expect_eq(p->disposition, rows[i].disposition, "%s: disposition",
            rows[i].name);
        formats_free(f);
    }
}

/* What the line before has left among the fields is not taken. */
Test(plain, event)
{
    struct plain p = {.applies = true,
        .kind = EVENT_SENDER,
        .direction = DIRECTION_INBOUND,
        .stage = STAGE_MAIL};
    struct span fields[FIELD_COUNT];
    for (int i = 0; i < FIELD_COUNT; i++) {
        fields[i] = SPAN_LITERAL("old");
    }
    plain_clear(fields);
    cr_expect(!span_is_known(fields[FIELD_pairs]));
    fields[FIELD_sender] = SPAN_LITERAL("a@b");
    struct event e = {.kind = EVENT_UNKNOWN};
    plain_event(&p, fields, &e);
    cr_expect(span_equal(e.sender, SPAN_LITERAL("a@b")));
    cr_expect(!span_is_known(e.recipient) && !span_is_known(e.peer) &&
              !span_is_known(e.peer_ip));
    cr_expect(e.kind == EVENT_SENDER && e.direction == DIRECTION_INBOUND);
    cr_expect(e.stage == STAGE_MAIL && e.delay == -1);
}

Test(plain, queue_id)
{
    char yaml[2048];
    snprintf(yaml, sizeof(yaml), "%slines:\n%s", head, rows[0].lines);
    struct formats *f = formats_load_text("x.yaml", yaml);
    cr_assert_not_null(f);
    const struct format *format = &f->formats[0];
    struct span id = filling_queue_id(format, SPAN_LITERAL("12AB"));
    cr_expect(span_equal(id, SPAN_LITERAL("12AB")));
    id = filling_queue_id(format, SPAN_LITERAL("NOQUEUE"));
    cr_expect(!span_is_known(id));
    id = filling_queue_id(format, SPAN_NONE);
    cr_expect(!span_is_known(id));
    formats_free(f);
}
