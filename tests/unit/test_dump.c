/* SPDX-License-Identifier: MIT */
#include "store/dump.h"

#include "store_fixture.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static char *dump_of(const struct script *script, size_t n)
{
    char path[STORE_FIXTURE_PATH_LEN];
    struct store *s = store_fixture_open(path);
    struct store_fixture_part p = {script, 0, n, 0, 0};
    cr_assert(store_fixture_ingest(s, &p));
    char *text = store_fixture_dump(s);
    store_fixture_close(s, path);
    return text;
}

Test(dump, rows_and_escapes)
{
    static const struct script script[] = {
        {.second = 1700000000,
            .host = "mx\t1",
            .kind = "outcome",
            .disposition = "bounced",
            .recipient = "joe@d\n.example",
            .reply = "back\\slash \x1b[31m"},
        {.second = 1700000001,
            .host = "mx\t1",
            .kind = "outcome",
            .disposition = "delivered",
            .recipient = "joe@a.example",
            .delay = 700},
    };
    static const char *const want[] = {
        "traffic\t1699999200\toutbound\tmx\\t1\ta.example\texample\t1\t0\t",
        "traffic\t1699999200\toutbound\tmx\\t1\td\\n.example\texample\t0\t0\t1",
        "sender_traffic\t1699999200\toutbound\tmx\\t1\t?\t1\t0\t1\t0\t0\t0\n",
        "\t550\t\t\tback\\\\slash \\x1b[31m\t1\t0\t0\n",
        "\tpolicy\tother\ttest\t\t1700000000\t1700000000\n",
        "latency\t1699999200\tmx\\t1\texample\t18\t1\n",
        "line_count\tpostfix\tsmtp\tevent\t2\n",
        "to=<***@d\\n.example>",
    };
    char *got = dump_of(script, 2);
    for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
        cr_assert_not_null(strstr(got, want[i]), "no %s in\n%s", want[i], got);
    }
    cr_assert_null(strstr(got, "joe"));
    free(got);
}

/* The same facts, whatever the ids were. */
Test(dump, order_of_lines_and_ids_does_not_show)
{
    enum { N = 30 };
    struct script script[N];
    struct script turned[N];
    for (size_t i = 0; i < N; i++) {
        script[i] = (struct script){.second = 1700000000 + (int64_t)i * 500,
            .host = i % 3 == 0 ? "b" : "a",
            .kind = "outcome",
            .disposition = i % 2 == 0 ? "deferred" : "delivered",
            .recipient = i % 5 == 0 ? "u@x.example" : "u@y.example",
            .reply = i % 4 == 0   ? "full"
                     : i % 2 == 0 ? "gone"
                                  : NULL};
    }
    for (size_t i = 0; i < N; i++) {
        turned[i] = script[N - 1 - i];
    }
    char *a = dump_of(script, N);
    char *b = dump_of(turned, N);
    /* the lines' own numbers differ, so samples do */
    size_t len = (size_t)(strstr(a, "\nsample") - a);
    cr_assert_eq(strncmp(a, b, len), 0, "%s\n\n%s", a, b);
    free(a);
    free(b);
}
