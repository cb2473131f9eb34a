/* SPDX-License-Identifier: MIT */
/*
 * In a folder with the sticky bit nobody but its owner can replace a file, so
 * what is ours stays ours after the look at it.  Without that bit even our
 * own link may be exchanged for another: then no link is good.
 */
#define _XOPEN_SOURCE 700 /* S_ISVTX */
#include "base/safepath.h"

#include "base/memory.h"

#include <libgen.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

char *safepath_folder(const char *path)
{
    char *copy = memory_copy(span_of(path));
    char *folder = memory_copy(span_of(dirname(copy)));
    free(copy);
    return folder;
}

/* Store what the folder of ${path} is in ${status}. */
static bool look_at_folder(const char *path, struct stat *status)
{
    char *folder = safepath_folder(path);
    bool ok = stat(folder, status) == 0;
    free(folder);
    return ok;
}

const char *safepath_objection(const char *path)
{
    struct stat folder;
    struct stat file;
    if (lstat(path, &file) != 0 || !look_at_folder(path, &folder) ||
        (folder.st_mode & S_IWOTH) == 0) {
        return NULL;
    }
    bool is_ours = file.st_uid == geteuid();
    bool is_sticky = (folder.st_mode & S_ISVTX) != 0;
    if (S_ISLNK(file.st_mode) && !(is_ours && is_sticky)) {
        return "a symbolic link in a folder that everybody may write to";
    }
    if (!is_ours) {
        return "belongs to another user, in a folder that everybody may write "
               "to";
    }
    return NULL;
}
