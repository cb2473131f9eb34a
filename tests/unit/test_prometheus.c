/* SPDX-License-Identifier: MIT */
/* report/prometheus_out: tables and findings as metrics. */
#include "report/prometheus_out.h"

#include "report/escape.h"

#include <criterion/criterion.h>

static void add_column(
    struct table *t, const char *name, enum column_kind kind, bool is_key)
{
    table_add_column(t, span_of(name), kind, SPAN_LITERAL("back\\slash"));
    if (is_key) {
        table_set_role(t, span_of(name), COLUMN_KEY);
    }
}

Test(prometheus, table)
{
    struct buffer out;
    struct table *t = table_create(
        SPAN_LITERAL("r"), SPAN_LITERAL("Title"), SPAN_LITERAL("about"));
    add_column(t, "name", COLUMN_TEXT, true);
    add_column(t, "code", COLUMN_CODE, true);
    add_column(t, "n", COLUMN_COUNT, false);
    add_column(t, "rate", COLUMN_SHARE, false);
    add_column(t, "note", COLUMN_TEXT, false);
    add_column(t, "seen", COLUMN_TIME, false);
    add_column(t, "bytes", COLUMN_BYTES, false);
    for (int i = 0; i < 2; i++) {
        struct cell *cells = table_add_row(t);
        cells[0] = (struct cell){
            .type = CELL_TEXT, .text = span_of(i == 0 ? "a" : "b\"}\n\\")};
        cells[1] = (struct cell){.type = CELL_INTEGER, .integer = 550};
        cells[2] = (struct cell){.type = CELL_INTEGER, .integer = 7 - i};
        cells[3] =
            (struct cell){.type = i == 0 ? CELL_REAL : CELL_NONE, .real = 0.25};
        cells[5] = (struct cell){.type = CELL_INTEGER, .integer = 1761998400};
        cells[6] = (struct cell){.type = CELL_REAL, .real = 1e6};
    }
    buffer_init(&out, 1 << 16);
    prometheus_out.table(&out, t, 0);
    cr_expect_str_eq(buffer_string(&out),
        "# HELP smtpscope_r_n Title: back\\\\slash\n"
        "# TYPE smtpscope_r_n gauge\n"
        "smtpscope_r_n{name=\"a\",code=\"550\"} 7\n"
        "smtpscope_r_n{name=\"b\\\"}\\n\\\\\",code=\"550\"} 6\n"
        "# HELP smtpscope_r_rate_ratio Title: back\\\\slash\n"
        "# TYPE smtpscope_r_rate_ratio gauge\n"
        "smtpscope_r_rate_ratio{name=\"a\",code=\"550\"} 0.25\n"
        "# HELP smtpscope_r_seen_timestamp_seconds Title: back\\\\slash\n"
        "# TYPE smtpscope_r_seen_timestamp_seconds gauge\n"
        "smtpscope_r_seen_timestamp_seconds{name=\"a\",code=\"550\"} "
        "1761998400\n"
        "smtpscope_r_seen_timestamp_seconds{name=\"b\\\"}\\n\\\\\",code="
        "\"550\"}"
        " 1761998400\n"
        "# HELP smtpscope_r_bytes Title: back\\\\slash\n"
        "# TYPE smtpscope_r_bytes gauge\n"
        "smtpscope_r_bytes{name=\"a\",code=\"550\"} 1000000\n"
        "smtpscope_r_bytes{name=\"b\\\"}\\n\\\\\",code=\"550\"} 1000000\n");
    buffer_free(&out);
    table_free(t);
}

Test(prometheus, labels_are_harmless)
{
    static const struct {
        const char *name;
        struct span given;
        const char *want;
    } rows[] = {
        {"plain", SPAN_INIT("a b.c"), "\"a b.c\""},
        {"UTF-8", SPAN_INIT("\xC3\xA9"), "\"\xC3\xA9\""},
        {"quote", SPAN_INIT("\"} 1"), "\"\\\"} 1\""},
        {"backslash", SPAN_INIT("\\n"), "\"\\\\n\""},
        {"line feed", SPAN_INIT("a\nb"), "\"a\\nb\""},
        {"not UTF-8", SPAN_INIT("a\xFF"), "\"a\xEF\xBF\xBD\""},
        {"escape", SPAN_INIT("\x1b[31m"), "\"\\\\x1b[31m\""},
        {"NUL", SPAN_INIT("a\0b"), "\"a\\\\x00b\""},
        {"empty", SPAN_INIT(""), "\"\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buffer out;
        buffer_init(&out, 1 << 10);
        escape_prometheus(&out, rows[i].given);
        cr_expect_str_eq(buffer_string(&out), rows[i].want, "%s: %s",
            rows[i].name, buffer_string(&out));
        buffer_free(&out);
    }
}

Test(prometheus, findings)
{
    static const struct finding items[] = {
        {.kind = FINDING_SHIFT,
            .severity = SEVERITY_WARNING,
            .scope = SCOPE_PROVIDER,
            .name = "A \"B\"",
            .direction = "outbound",
            .cause = "dns",
            .detail = "x",
            .dnsbl = "",
            .muted = "",
            .excess = 12.5,
            .id = 0xab},
        {.kind = FINDING_SHIFT,
            .severity = SEVERITY_CRITICAL,
            .muted = "",
            .name = "",
            .direction = "",
            .cause = "",
            .detail = "",
            .dnsbl = "",
            .until = 5},
        {.kind = FINDING_SHIFT,
            .severity = SEVERITY_CRITICAL,
            .id = 0xae,
            .muted = "known",
            .name = "",
            .direction = "",
            .cause = "",
            .detail = ""},
        {.kind = FINDING_FACT,
            .severity = SEVERITY_INFO,
            .muted = "",
            .name = "",
            .direction = "",
            .cause = "",
            .detail = ""},
        {.kind = FINDING_LISTING,
            .severity = SEVERITY_WARNING,
            .scope = SCOPE_ADDRESS,
            .muted = "",
            .name = "192.0.2.1",
            .direction = "outbound",
            .cause = "dns",
            .detail = "x",
            .dnsbl = "zen.example",
            .excess = 3,
            .id = 0xac,
            .root = 0xab},
        {.kind = FINDING_SHIFT,
            .severity = SEVERITY_NOTICE,
            .muted = "",
            .name = "its root is muted",
            .direction = "",
            .cause = "",
            .detail = "",
            .dnsbl = "",
            .id = 0xad,
            .root = 0xae},
    };
    const struct findings f = {.items = items, .n = 6};
    struct buffer out;
    buffer_init(&out, 1 << 16);
    prometheus_out_findings(&out, &f);
    cr_expect_str_eq(buffer_string(&out),
        "# HELP smtpscope_findings Findings that go on, are not muted, and "
        "that no other one explains.\n"
        "# TYPE smtpscope_findings gauge\n"
        "smtpscope_findings{severity=\"info\"} 0\n"
        "smtpscope_findings{severity=\"notice\"} 1\n"
        "smtpscope_findings{severity=\"warning\"} 1\n"
        "smtpscope_findings{severity=\"critical\"} 0\n"
        "# HELP smtpscope_finding_excess Each that goes on and is not "
        "muted: what was observed beyond what was usual.\n"
        "# TYPE smtpscope_finding_excess gauge\n"
        "smtpscope_finding_excess{id=\"00000000000000ab\",root=\"\","
        "kind=\"shift\","
        "severity=\"warning\",scope=\"provider\",name=\"A \\\"B\\\"\","
        "direction=\"outbound\",cause=\"dns\",detail=\"x\",dnsbl=\"\"} 12.5\n"
        "smtpscope_finding_excess{id=\"00000000000000ac\","
        "root=\"00000000000000ab\",kind=\"listing\",severity=\"warning\","
        "scope=\"address\",name=\"192.0.2.1\",direction=\"outbound\","
        "cause=\"dns\",detail=\"x\",dnsbl=\"zen.example\"} 3\n"
        "smtpscope_finding_excess{id=\"00000000000000ad\","
        "root=\"00000000000000ae\",kind=\"shift\",severity=\"notice\","
        "scope=\"\",name=\"its root is muted\",direction=\"\",cause=\"\","
        "detail=\"\",dnsbl=\"\"} 0\n");
    buffer_free(&out);
}
