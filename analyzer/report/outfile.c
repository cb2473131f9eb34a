/* SPDX-License-Identifier: MIT */
/*
 * Reports may quote mail addresses' domains and log lines, so others than the
 * group get no access.  A target that is no regular file (a pipe, /dev/stdout)
 * cannot be replaced by renaming and is written to as it is, unless somebody
 * else may have put it there.  A target that is a link to a file is replaced
 * itself: mkstemp() and rename() follow none.
 */
#include "report/outfile.h"

#include "base/buffer.h"
#include "base/diag.h"
#include "base/safepath.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(int fd, struct span bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        bytes = span_skip(bytes, (size_t)n);
    }
    return true;
}

static bool write_descriptor(int fd, const char *name, struct span bytes)
{
    if (!write_all(fd, bytes)) {
        diag_error("%s: %s", name, strerror(errno));
        return false;
    }
    return true;
}

/* Also a link to a device would be one. */
static bool is_safe(const char *path)
{
    const char *objection = safepath_objection(path);
    if (objection != NULL) {
        diag_error("%s: %s", path, objection);
    }
    return objection == NULL;
}

static bool write_in_place(const char *path, struct span bytes)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        diag_error("%s: %s", path, strerror(errno));
        return false;
    }
    bool ok = write_descriptor(fd, path, bytes);
    if (close(fd) != 0 && ok) {
        diag_error("%s: %s", path, strerror(errno));
        ok = false;
    }
    return ok;
}

/* Flush the directory, so that the new name survives a power cut too.  Some
 * file systems cannot; the report is whole all the same. */
static void sync_directory(const char *path)
{
    char copy[PATH_MAX];
    if (strlen(path) >= sizeof copy) {
        return;
    }
    memcpy(copy, path, strlen(path) + 1);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
}

static bool replace(
    const char *path, char *beside, mode_t mode, struct span bytes)
{
    int reason;
    int fd = mkstemp(beside);
    if (fd < 0) {
        reason = errno;
        goto err0;
    }
    if (fchmod(fd, mode) != 0 || !write_all(fd, bytes) || fsync(fd) != 0) {
        reason = errno;
        goto err2;
    }
    if (close(fd) != 0 || rename(beside, path) != 0) {
        reason = errno;
        goto err1;
    }
    sync_directory(path);
    return true;
err2:
    close(fd);
err1:
    unlink(beside);
err0:
    diag_error("%s: %s", path, strerror(reason));
    return false;
}

static bool write_to(const char *path, mode_t mode, struct span bytes)
{
    struct stat status;
    struct buffer beside;
    if (path == NULL || strcmp(path, "-") == 0) {
        return write_descriptor(STDOUT_FILENO, "standard output", bytes);
    }
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode) &&
        !S_ISDIR(status.st_mode)) {
        return is_safe(path) && write_in_place(path, bytes);
    }
    buffer_init(&beside, PATH_MAX);
    buffer_addf(&beside, "%s.XXXXXX", path);
    (void)buffer_string(&beside);
    bool ok = replace(path, beside.bytes, mode, bytes);
    buffer_free(&beside);
    return ok;
}

bool outfile_write(const char *path, struct span bytes)
{
    return write_to(path, S_IRUSR | S_IWUSR | S_IRGRP, bytes);
}

bool outfile_publish(const char *path, struct span bytes)
{
    return write_to(path, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH, bytes);
}

bool outfile_make_directory(const char *path)
{
    struct stat status;
    if (mkdir(path, S_IRWXU | S_IRGRP | S_IXGRP) == 0) {
        return true;
    }
    if (errno == EEXIST && stat(path, &status) == 0 &&
        S_ISDIR(status.st_mode)) {
        return is_safe(path);
    }
    diag_error("%s: %s", path, strerror(errno));
    return false;
}
