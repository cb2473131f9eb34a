/* SPDX-License-Identifier: MIT */
/*
 * A walk in order: the names of a directory are read, sorted and closed
 * before the first of them is descended into, so that the depth of the tree
 * costs memory but no descriptors.  Files and directories share one set of
 * (device, inode) pairs that were met.
 */
#include "input/paths.h"

#include "base/diag.h"
#include "base/limits.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct inode {
    dev_t device;
    ino_t number;
    bool used;
};

/* Open addressing; at most half full. */
struct inode_set {
    struct inode *slots;
    size_t n;
    size_t cap; /* a power of two */
};

struct walk {
    struct path_list *list;
    size_t list_cap;
    struct inode_set seen;
};

struct names {
    char **names;
    size_t n;
    size_t cap;
};

static struct inode *find_slot(const struct inode_set *set, struct inode want)
{
    uint64_t hash = ((uint64_t)want.number + ((uint64_t)want.device << 32)) *
                    UINT64_C(0x9e3779b97f4a7c15);
    size_t i = (size_t)(hash >> 32);
    for (;; i++) {
        struct inode *slot = &set->slots[i & (set->cap - 1)];
        if (!slot->used ||
            (slot->device == want.device && slot->number == want.number)) {
            return slot;
        }
    }
}

static void grow_set(struct inode_set *set)
{
    struct inode_set old = *set;
    set->cap = old.cap != 0 ? 2 * old.cap : 64;
    set->slots = memory_zalloc(set->cap, sizeof(*set->slots));
    for (size_t i = 0; i < old.cap; i++) {
        if (old.slots[i].used) {
            *find_slot(set, old.slots[i]) = old.slots[i];
        }
    }
    free(old.slots);
}

/* True the first time that this file or directory is met. */
static bool is_new(struct walk *w, const struct stat *st)
{
    if (2 * (w->seen.n + 1) > w->seen.cap) {
        grow_set(&w->seen);
    }
    struct inode want = {st->st_dev, st->st_ino, true};
    struct inode *slot = find_slot(&w->seen, want);
    if (slot->used) {
        return false;
    }
    *slot = want;
    w->seen.n++;
    return true;
}

static void add_entry(struct walk *w, const char *path, const struct stat *st)
{
    struct path_list *list = w->list;
    if (!is_new(w, st)) {
        diag_info("%s: named before, not read again", path);
        return;
    }
    if (list->n == w->list_cap) {
        w->list_cap = w->list_cap != 0 ? 2 * w->list_cap : 16;
        list->entries =
            memory_grow(list->entries, w->list_cap, sizeof(*list->entries));
    }
    struct path_entry *e = &list->entries[list->n];
    *e = (struct path_entry){.path = memory_copy(span_of(path)), .size = -1};
    if (S_ISREG(st->st_mode)) {
        e->size = st->st_size;
        e->mtime = (int64_t)st->st_mtim.tv_sec * 1000000000 +
                   (int64_t)st->st_mtim.tv_nsec;
    }
    list->n++;
}

static void report_error(struct walk *w, const char *path)
{
    diag_error("%s: %s", path, strerror(errno));
    w->list->n_errors++;
}

static void report_skipped(struct walk *w, const char *path, const char *why)
{
    diag_warn("%s: skipped: %s", path, why);
    w->list->n_skipped++;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_name(struct names *names, const char *name)
{
    if (names->n == names->cap) {
        names->cap = names->cap != 0 ? 2 * names->cap : 32;
        names->names = memory_grow(names->names, names->cap, sizeof(char *));
    }
    names->names[names->n++] = memory_copy(span_of(name));
}

/* All names in ${path}, sorted; false with errno if it cannot be read. */
static bool read_names(const char *path, struct names *names)
{
    DIR *dir = opendir(path);
    if (dir == NULL) {
        return false;
    }
    for (;;) {
        errno = 0;
        const struct dirent *e = readdir(dir);
        if (e == NULL) {
            break;
        }
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
            add_name(names, e->d_name);
        }
    }
    int error = errno;
    closedir(dir);
    if (names->n > 1) {
        qsort(names->names, names->n, sizeof(char *), by_name);
    }
    errno = error;
    return error == 0;
}

static char *join(const char *directory, const char *name)
{
    size_t len = strlen(directory);
    bool slash = len > 0 && directory[len - 1] == '/';
    size_t name_len = strlen(name);
    char *path = memory_alloc(len + 1 + name_len + 1);
    memcpy(path, directory, len);
    path[len] = '/';
    memcpy(path + len + (slash ? 0 : 1), name, name_len + 1);
    return path;
}

static void visit(struct walk *w, const char *path, int depth);

static void walk_directory(struct walk *w, const char *path, int depth)
{
    if (depth >= LIMIT_WALK_DEPTH) {
        report_skipped(w, path, "directories nested too deeply");
        return;
    }
    struct names names = {NULL, 0, 0};
    if (!read_names(path, &names)) {
        report_error(w, path);
    }
    for (size_t i = 0; i < names.n; i++) {
        char *inner = join(path, names.names[i]);
        visit(w, inner, depth + 1);
        free(inner);
        free(names.names[i]);
    }
    free(names.names);
}

/* ${depth}: 0 for what the user named. */
static void visit(struct walk *w, const char *path, int depth)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        report_error(w, path);
    } else if (S_ISDIR(st.st_mode)) {
        if (is_new(w, &st)) {
            walk_directory(w, path, depth);
        }
    } else if (S_ISREG(st.st_mode) || (S_ISFIFO(st.st_mode) && depth == 0)) {
        add_entry(w, path, &st);
    } else {
        report_skipped(w, path, "not a regular file");
    }
}

static void visit_stdin(struct walk *w)
{
    struct stat st;
    if (fstat(STDIN_FILENO, &st) != 0) {
        report_error(w, "-");
    } else if (S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        report_error(w, "-");
    } else {
        add_entry(w, "-", &st);
    }
}

struct path_list *paths_expand(const char *const *argv, size_t n)
{
    struct walk w = {.list = memory_zalloc(1, sizeof(struct path_list))};
    for (size_t i = 0; i < n; i++) {
        if (strcmp(argv[i], "-") == 0) {
            visit_stdin(&w);
        } else {
            visit(&w, argv[i], 0);
        }
    }
    free(w.seen.slots);
    return w.list;
}

void paths_free(struct path_list *list)
{
    if (list == NULL) {
        return;
    }
    for (size_t i = 0; i < list->n; i++) {
        free(list->entries[i].path);
    }
    free(list->entries);
    free(list);
}
