/* SPDX-License-Identifier: MIT */
/* pattern/pack: which files there are, and where in them something stands. */
#include "pattern/pack.h"

#include "input_fixture.h"

#include "base/memory.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct input_fixture files;

static void open_files(void)
{
    input_fixture_open(&files);
    cr_redirect_stderr();
}

static void close_files(void)
{
    input_fixture_close(&files);
}

TestSuite(pack, .init = open_files, .fini = close_files);

/* What was said since the last call. */
static const char *said(void)
{
    static char text[4096];
    int fd = fileno(cr_get_redirected_stderr());
    fcntl(fd, F_SETFL, O_NONBLOCK);
    ssize_t n = read(fd, text, sizeof(text) - 1);
    text[n > 0 ? n : 0] = '\0';
    return text;
}

static void make_folder(const char *name)
{
    cr_assert_eq(mkdir(input_fixture_path(&files, name), 0700), 0);
}

static const struct pack_file *named(
    const struct pack_list *list, const char *end)
{
    for (size_t i = 0; i < list->n_files; i++) {
        if (span_ends(span_of(list->files[i].name), span_of(end))) {
            return &list->files[i];
        }
    }
    return NULL;
}

Test(pack, built_in)
{
    struct pack_list list;
    cr_assert(pack_list_find(&list, "formats", NULL));
    const struct pack_file *f = named(&list, "patterns/formats/postfix.yaml");
    cr_assert_not_null(f);
    cr_expect_not(f->site);
    cr_expect_eq(f->bytes.ptr[f->bytes.len], '\0');
    pack_list_reset(&list);
    cr_expect_eq(list.n_files, 0);
    pack_list_reset(&list);
}

Test(pack, site_replaces_and_adds)
{
    make_folder("formats");
    input_fixture_write(&files, "formats/zz.yaml", SPAN_LITERAL("name: zz\n"));
    input_fixture_write(
        &files, "formats/postfix.yaml", SPAN_LITERAL("name: ours\n"));
    input_fixture_write(&files, "formats/aa.yaml", SPAN_LITERAL("a\0b"));
    input_fixture_write(&files, "formats/.hidden.yaml", SPAN_LITERAL("x"));
    input_fixture_write(&files, "formats/notes.txt", SPAN_LITERAL("x"));
    input_fixture_write(&files, "formats/old.yaml~", SPAN_LITERAL("x"));
    struct pack_list plain;
    struct pack_list list;
    cr_assert(pack_list_find(&plain, "formats", NULL));
    cr_assert(pack_list_find(&list, "formats", files.dir));
    cr_expect_eq(list.n_files, plain.n_files + 2);
    const struct pack_file *f = named(&list, "formats/postfix.yaml");
    cr_assert_not_null(f);
    cr_expect(f->site);
    cr_expect(span_equal(f->bytes, SPAN_LITERAL("name: ours\n")));
    cr_expect(span_starts(span_of(f->name), span_of(files.dir)));
    /* those that replace nothing come last, sorted */
    const struct pack_file *last = &list.files[list.n_files - 1];
    cr_expect(span_ends(span_of(last[0].name), SPAN_LITERAL("zz.yaml")));
    cr_expect(span_ends(span_of(last[-1].name), SPAN_LITERAL("aa.yaml")));
    cr_expect(span_equal(last[-1].bytes, SPAN_LITERAL("a\0b")));
    pack_list_reset(&list);
    pack_list_reset(&plain);
}

Test(pack, folders)
{
    struct pack_list list;
    /* a site without the folder, or a site that is not there */
    cr_expect(pack_list_find(&list, "formats", files.dir));
    pack_list_reset(&list);
    cr_expect(pack_list_find(&list, "nothing", "/nonexistent/site"));
    cr_expect_eq(list.n_files, 0);
    pack_list_reset(&list);
    cr_expect_str_empty(said());
    /* a file where the folder should be */
    input_fixture_write(&files, "formats", SPAN_LITERAL("x"));
    cr_expect_not(pack_list_find(&list, "formats", files.dir));
    cr_expect_not_null(strstr(said(), "/formats: Not a directory\n"));
    pack_list_reset(&list);
}

Test(pack, folder_instead_of_a_pack)
{
    make_folder("formats");
    make_folder("formats/x.yaml");
    struct pack_list list;
    cr_expect_not(pack_list_find(&list, "formats", files.dir));
    cr_expect_not_null(strstr(said(), "/formats/x.yaml: Is a directory\n"));
    pack_list_reset(&list);
}

Test(pack, larger_than_the_limit)
{
    struct buffer big;
    make_folder("formats");
    buffer_init(&big, (size_t)16 << 20);
    for (int i = 0; i < 500000; i++) {
        buffer_add_string(&big, "# comment\n");
    }
    input_fixture_write(&files, "formats/big.yaml", buffer_span(&big));
    buffer_free(&big);
    struct pack_list list;
    cr_expect_not(pack_list_find(&list, "formats", files.dir));
    cr_expect_not_null(strstr(said(), "/big.yaml: larger than "));
    pack_list_reset(&list);
}

Test(pack, one_file)
{
    struct pack_list list;
    cr_assert(pack_list_file(&list, "codes.yaml", files.dir));
    cr_assert_eq(list.n_files, 1);
    cr_expect_not(list.files[0].site);
    pack_list_reset(&list);
    input_fixture_write(&files, "codes.yaml", SPAN_LITERAL("ours\n"));
    cr_assert(pack_list_file(&list, "codes.yaml", files.dir));
    cr_assert_eq(list.n_files, 1);
    cr_expect(list.files[0].site);
    cr_expect(span_equal(list.files[0].bytes, SPAN_LITERAL("ours\n")));
    pack_list_reset(&list);
    cr_expect(pack_list_file(&list, "nowhere.yaml", NULL));
    cr_expect_eq(list.n_files, 0);
    pack_list_reset(&list);
}

static const char entries[] = "# id: comment\n"
                              "name: x\n"
                              "lines:\n"
                              "  - id: one-more\n"
                              "    note: 'id: two'\n"
                              "  - id: one\n"
                              "  - id: \"two\" # second\n"
                              "  - id: 'three'\r\n"
                              "  - {field: stage, id: four, to: ''}\n"
                              "  - { id: 'five' }\n"
                              "  - '^postfix$'\n"
                              "  -   plain text\n"
                              "  - last";

Test(pack, line)
{
    static const struct {
        const char *key;
        const char *value;
        unsigned want;
    } rows[] = {
        {"id", "one-more", 4},
        {"id", "one", 6},
        {"id", "two", 7},
        {"id", "three", 8},
        {"id", "four", 9},
        {"to", "", 9},
        {"id", "five", 10},
        {"-", "^postfix$", 11},
        {"-", "plain text", 12},
        {"-", "last", 13},
        {"name", "x", 2},
        {"id", "six", 1},
        {"nam", "six", 1},
        /* nothing says so, but the value stands somewhere */
        {"nam", "x", 2},
        {"field", "one", 4},
    };
    struct pack_file file = {
        .name = "p.yaml", .bytes = {entries, sizeof(entries) - 1}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        unsigned got = pack_line(&file, rows[i].key, rows[i].value);
        cr_expect_eq(got, rows[i].want, "%s: %s stands on line %u", rows[i].key,
            rows[i].value, got);
    }
    pack_error(&file, "id", "one", "is %d times %s", 2, "wrong");
    cr_expect_str_eq(said(), "smtpscope: p.yaml:6: one: is 2 times wrong\n");
}
