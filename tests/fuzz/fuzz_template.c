/* SPDX-License-Identifier: MIT */
/* Templates: bounded, and their own templates. */
#include "classify/template.h"

#include <stdlib.h>

static struct suffixes *kept;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    kept = suffixes_create();
    suffixes_add(kept, SPAN_LITERAL("zen.spamhaus.org"), 1);
    suffixes_add(kept, SPAN_LITERAL("google.com"), 2);
    return 0;
}

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* The first line is a name of the event's own, the rest is the text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct span text = {(const char *)data, len};
    struct template_names names = {.kept = kept};
    char once[LIMIT_TEMPLATE_LEN];
    char twice[LIMIT_TEMPLATE_LEN];
    size_t end = span_find(text, SPAN_LITERAL("\n"));
    if (end < text.len) {
        template_own(&names, span_first(text, end));
        text = span_skip(text, end + 1);
    }
    struct span first = template_make(&names, text, once);
    check(first.len <= sizeof(once));
    struct span second = template_make(&names, first, twice);
    check(first.len == sizeof(once) || span_equal(first, second));
    return 0;
}
