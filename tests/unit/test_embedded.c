/* SPDX-License-Identifier: MIT */
/* base/embedded: the data files that the build compiled in. */
#include "base/embedded.h"

#include <criterion/criterion.h>

Test(embedded, find)
{
    static const struct {
        const char *path;
        bool there;
    } rows[] = {
        {"patterns/formats/postfix.yaml", true},
        {"patterns/codes.yaml", true},
        {"patterns/formats/postfix", false},
        {"patterns/", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct embedded_file *f = embedded_find(rows[i].path);
        cr_expect_eq(f != NULL, rows[i].there, "%s", rows[i].path);
        if (f != NULL) {
            cr_expect_str_eq(f->path, rows[i].path);
        }
    }
}

Test(embedded, bytes_are_whole_and_terminated)
{
    const struct embedded_file *f =
        embedded_find("patterns/formats/postfix.yaml");
    cr_assert_not_null(f);
    cr_expect(span_starts(f->bytes, SPAN_LITERAL("# SPDX-License-Ident")));
    cr_expect(span_ends(f->bytes, SPAN_LITERAL("\n")));
    cr_expect_eq(f->bytes.ptr[f->bytes.len], '\0');
    cr_expect_eq(strlen(f->bytes.ptr), f->bytes.len);
}

Test(embedded, walk)
{
    size_t n = 0;
    const struct embedded_file *last = NULL;
    for (const struct embedded_file *f = embedded_next("patterns/", NULL);
         f != NULL; f = embedded_next("patterns/", f)) {
        cr_expect(span_starts(span_of(f->path), SPAN_LITERAL("patterns/")));
        cr_expect(last == NULL || strcmp(last->path, f->path) < 0, "%s sorted",
            f->path);
        cr_expect_eq(embedded_find(f->path), f, "%s", f->path);
        last = f;
        n++;
    }
    cr_expect_gt(n, 4);
    cr_expect_null(embedded_next("nowhere/", NULL));
}
