/* SPDX-License-Identifier: MIT */
/* input/paths: what is named becomes the files to read, each once. */
#include "input/paths.h"

#include "input_fixture.h"

#include "base/limits.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static struct input_fixture files;

/* A small archive; everything below is relative to it. */
static void make_archive(void)
{
    input_fixture_open(&files);
    cr_assert_eq(chdir(files.dir), 0);
    cr_assert_eq(mkdir("logs", 0755), 0);
    cr_assert_eq(mkdir("logs/old", 0755), 0);
    cr_assert_eq(mkdir("logs/old/empty", 0755), 0);
    input_fixture_write(&files, "logs/mail.log", SPAN_LITERAL("a\n"));
    input_fixture_write(&files, "logs/mail.log.10", SPAN_LITERAL("bb\n"));
    input_fixture_write(&files, "logs/mail.log.2", SPAN_LITERAL("c\n"));
    input_fixture_write(&files, "logs/.hidden", SPAN_LITERAL(""));
    input_fixture_write(&files, "logs/old/x.gz", SPAN_LITERAL("d\n"));
    input_fixture_write(&files, "other", SPAN_LITERAL("e\n"));
    cr_assert_eq(link("logs/old/x.gz", "logs/zz-same"), 0);
    cr_assert_eq(symlink("..", "logs/old/loop"), 0);
    cr_assert_eq(symlink("../../other", "logs/old/to-other"), 0);
    cr_assert_eq(mkdir("broken", 0755), 0);
    cr_assert_eq(symlink("nowhere", "broken/dangling"), 0);
    cr_assert_eq(symlink("self", "broken/self"), 0);
    cr_assert_eq(mkfifo("broken/pipe", 0600), 0);
    input_fixture_write(&files, "broken/sound", SPAN_LITERAL("f\n"));
}

static void remove_archive(void)
{
    cr_assert_eq(chdir("/"), 0);
    input_fixture_close(&files);
}

TestSuite(paths, .init = make_archive, .fini = remove_archive);

enum { MAX_NAMES = 4 };

static const struct row {
    const char *name;
    const char *argv[MAX_NAMES];
    const char *want; /* the paths, each followed by a blank */
    size_t n_errors;
    size_t n_skipped;
} rows[] = {
    {"nothing", {NULL}, "", 0, 0},
    {"a file", {"other"}, "other ", 0, 0},
    {"files in the order given", {"other", "logs/mail.log"},
        "other logs/mail.log ", 0, 0},
    {"a file twice", {"other", "./other", "logs/old/to-other"}, "other ", 0, 0},
    {"a directory", {"logs"},
        "logs/.hidden logs/mail.log logs/mail.log.10 logs/mail.log.2 "
        "logs/old/to-other logs/old/x.gz ",
        0, 0},
    {"a directory with a slash", {"logs/old/"},
        "logs/old/loop/.hidden logs/old/loop/mail.log "
        "logs/old/loop/mail.log.10 logs/old/loop/mail.log.2 "
        "logs/old/loop/zz-same logs/old/to-other ",
        0, 0},
    {"a directory twice", {"logs/old/empty", "logs/old/empty/"}, "", 0, 0},
    {"a file and its directory", {"logs/mail.log.2", "logs"},
        "logs/mail.log.2 logs/.hidden logs/mail.log logs/mail.log.10 "
        "logs/old/to-other logs/old/x.gz ",
        0, 0},
    {"a missing file", {"missing", "other", "missing"}, "other ", 2, 0},
    {"no name", {""}, "", 1, 0},
    {"a directory of trouble", {"broken"}, "broken/sound ", 2, 1},
    {"a FIFO by name", {"broken/pipe"}, "broken/pipe ", 0, 0},
    {"a device", {"/dev/null"}, "", 0, 1},
};

static size_t count_names(const char *const *argv)
{
    size_t n = 0;
    while (n < MAX_NAMES && argv[n] != NULL) {
        n++;
    }
    return n;
}

Test(paths, rows)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *row = &rows[i];
        struct path_list *list =
            paths_expand(row->argv, count_names(row->argv));
        struct buffer got;
        buffer_init(&got, 65536);
        for (size_t j = 0; j < list->n; j++) {
            buffer_addf(&got, "%s ", list->entries[j].path);
        }
        cr_expect_str_eq(buffer_string(&got), row->want, "%s: %s", row->name,
            buffer_string(&got));
        cr_expect_eq(list->n_errors, row->n_errors, "%s", row->name);
        cr_expect_eq(list->n_skipped, row->n_skipped, "%s", row->name);
        buffer_free(&got);
        paths_free(list);
    }
    paths_free(NULL);
}

Test(paths, size_and_mtime)
{
    struct timespec times[2] = {{1, 0}, {1700000000, 123456789}};
    cr_assert_eq(utimensat(AT_FDCWD, "logs/mail.log.10", times, 0), 0);
    const char *argv[] = {"logs/mail.log.10", "broken/pipe"};
    struct path_list *list = paths_expand(argv, 2);
    cr_assert_eq(list->n, 2);
    cr_expect_eq(list->entries[0].size, 3);
    cr_expect_eq(list->entries[0].mtime, INT64_C(1700000000123456789));
    cr_expect_eq(list->entries[1].size, -1);
    cr_expect_eq(list->entries[1].mtime, 0);
    paths_free(list);
}

Test(paths, standard_input)
{
    int fd = open("other", O_RDONLY);
    cr_assert_eq(dup2(fd, STDIN_FILENO), STDIN_FILENO);
    const char *argv[] = {"-", "other", "-", "logs/mail.log"};
    struct path_list *list = paths_expand(argv, 4);
    cr_assert_eq(list->n, 2, "a file is one by whatever way it comes");
    cr_expect_str_eq(list->entries[0].path, "-");
    cr_expect_eq(list->entries[0].size, 2);
    cr_expect_str_eq(list->entries[1].path, "logs/mail.log");
    paths_free(list);
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    list = paths_expand(argv, 1);
    cr_assert_eq(list->n, 1);
    cr_expect_eq(list->entries[0].size, -1);
    paths_free(list);
}

Test(paths, nested_too_deeply)
{
    char path[8 * (LIMIT_WALK_DEPTH + 8)] = "deep";
    for (size_t i = 0; i < LIMIT_WALK_DEPTH + 4; i++) {
        cr_assert_eq(mkdir(path, 0755), 0);
        strcat(path, "/d");
    }
    input_fixture_write(&files, "deep/file", SPAN_LITERAL("a\n"));
    const char *argv[] = {"deep"};
    struct path_list *list = paths_expand(argv, 1);
    cr_expect_eq(list->n, 1);
    cr_expect_eq(list->n_skipped, 1);
    paths_free(list);
}

Test(paths, unreadable_directory)
{
    if (geteuid() == 0) {
        cr_skip_test("root reads everything");
    }
    cr_assert_eq(chmod("logs/old", 0), 0);
    const char *argv[] = {"logs"};
    struct path_list *list = paths_expand(argv, 1);
    cr_expect_eq(list->n, 5, "the rest is read");
    cr_expect_eq(list->n_errors, 1);
    paths_free(list);
    cr_assert_eq(chmod("logs/old", 0755), 0);
}

/* More files than the first size of any table. */
Test(paths, many_files)
{
    cr_assert_eq(mkdir("many", 0755), 0);
    for (unsigned i = 0; i < 500; i++) {
        char name[64];
        snprintf(name, sizeof(name), "many/%03u", i);
        input_fixture_write(&files, name, SPAN_LITERAL("x"));
    }
    const char *argv[] = {"many", "many/../many", "many/007"};
    struct path_list *list = paths_expand(argv, 3);
    cr_assert_eq(list->n, 500);
    for (unsigned i = 0; i < 500; i++) {
        char name[64];
        snprintf(name, sizeof(name), "many/%03u", i);
        cr_expect_str_eq(list->entries[i].path, name);
    }
    paths_free(list);
}

/* One line, with the path and the reason. */
Test(paths, message)
{
    int fd = open("messages", O_RDWR | O_CREAT, 0600);
    int keep = dup(STDERR_FILENO);
    cr_assert_eq(dup2(fd, STDERR_FILENO), STDERR_FILENO);
    const char *argv[] = {"missing/mail.log"};
    paths_free(paths_expand(argv, 1));
    dup2(keep, STDERR_FILENO);
    char text[256] = "";
    cr_assert_gt(pread(fd, text, sizeof(text) - 1, 0), 0);
    cr_expect_str_eq(
        text, "smtpscope: missing/mail.log: No such file or directory\n");
    close(fd);
    close(keep);
}
