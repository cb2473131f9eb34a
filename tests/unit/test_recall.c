/* SPDX-License-Identifier: MIT */
#include "parse/recall.h"

#include "base/limits.h"

#include <criterion/criterion.h>
#include <string.h>

static struct recall *recall;
static struct span fields[FIELD_COUNT];

static void open_recall(void)
{
    recall = recall_create();
    memset(fields, 0, sizeof(fields));
}

static void close_recall(void)
{
    recall_free(recall);
}

TestSuite(recall, .init = open_recall, .fini = close_recall);

static struct span get(uint64_t key, enum field f)
{
    memset(fields, 0, sizeof(fields));
    recall_get(recall, key, fields);
    return fields[f];
}

Test(recall, keeps_merges_forgets)
{
    char text[] = "a@b";
    fields[FIELD_sender] = span_of(text);
    recall_set(recall, 7, fields);
    text[0] = 'x'; /* what is kept is a copy */
    cr_expect(span_equal(get(7, FIELD_sender), SPAN_LITERAL("a@b")));
    cr_expect_not(span_is_known(get(8, FIELD_sender)));

    memset(fields, 0, sizeof(fields));
    fields[FIELD_recipient] = SPAN_LITERAL("");
    recall_set(recall, 7, fields);
    cr_expect(span_equal(get(7, FIELD_sender), SPAN_LITERAL("a@b")));
    cr_expect(span_is_known(get(7, FIELD_recipient)));

    memset(fields, 0, sizeof(fields));
    fields[FIELD_sender] = SPAN_LITERAL("own");
    recall_get(recall, 7, fields);
    cr_expect(span_equal(fields[FIELD_sender], SPAN_LITERAL("own")),
        "what is known is not overwritten");

    recall_forget(recall, 7);
    recall_forget(recall, 7);
    cr_expect_not(span_is_known(get(7, FIELD_sender)));
}

/* An event borrows what was taken. */
Test(recall, forgotten_text_is_valid)
{
    fields[FIELD_sender] = SPAN_LITERAL("a@b");
    recall_set(recall, 7, fields);
    struct span got = get(7, FIELD_sender);
    recall_forget(recall, 7);
    cr_expect(span_equal(got, SPAN_LITERAL("a@b")));
    cr_expect_not(span_is_known(get(7, FIELD_sender)));
}

/* An event borrows what was got, and its line may set the same key. */
Test(recall, replaced_text_is_valid)
{
    fields[FIELD_sender] = SPAN_LITERAL("a@b");
    recall_set(recall, 7, fields);
    struct span got = get(7, FIELD_sender);
    memset(fields, 0, sizeof(fields));
    fields[FIELD_recipient] = SPAN_LITERAL("c@d");
    recall_set(recall, 7, fields);
    cr_expect(span_equal(got, SPAN_LITERAL("a@b")), "still borrowed");
    cr_expect(span_equal(get(7, FIELD_recipient), SPAN_LITERAL("c@d")));
}

Test(recall, takes_the_place_of_the_oldest)
{
    fields[FIELD_peer] = SPAN_LITERAL("h");
    for (uint64_t key = 1; key <= LIMIT_REMEMBERED + 10; key++) {
        recall_set(recall, key * 16384, fields); /* all in one chain */
        if (key > 3000) {
            key += 1000; /* long chains are slow to build; jump ahead */
        }
    }
    cr_expect(span_is_known(get(16384, FIELD_peer)));
    recall_reset(recall);
    cr_expect_not(span_is_known(get(16384, FIELD_peer)));
    memset(fields, 0, sizeof(fields));
    fields[FIELD_peer] = SPAN_LITERAL("h");
    for (uint64_t key = 1; key <= LIMIT_REMEMBERED + 1; key++) {
        recall_set(recall, key, fields);
    }
    cr_expect_not(span_is_known(get(1, FIELD_peer)));
    cr_expect(span_is_known(get(2, FIELD_peer)));
}

static struct span shifted(uint64_t key, enum field f)
{
    memset(fields, 0, sizeof(fields));
    recall_shift(recall, key, fields);
    return fields[f];
}

Test(recall, shifts_in_order)
{
    static const char *stages[] = {"mail", "rcpt", "data"};
    for (size_t i = 0; i < 3; i++) {
        memset(fields, 0, sizeof(fields));
        fields[FIELD_stage] = span_of(stages[i]);
        recall_push(recall, 7, fields);
    }
    cr_expect_not(span_is_known(get(7, FIELD_stage)), "pushed is not kept");
    cr_expect(span_equal(shifted(7, FIELD_stage), SPAN_LITERAL("mail")));
    struct span rcpt = shifted(7, FIELD_stage);
    fields[FIELD_sender] = SPAN_LITERAL("a@b");
    recall_set(recall, 7, fields);
    cr_expect(span_equal(rcpt, SPAN_LITERAL("rcpt")), "still borrowed");
    cr_expect_not(span_is_known(shifted(8, FIELD_stage)));
    recall_forget(recall, 7);
    cr_expect_not(span_is_known(shifted(7, FIELD_stage)), "forgotten too");
}
