/* SPDX-License-Identifier: MIT */
/*
 * A program whose standard output was lost must not end with status 0, and
 * one whose streams the caller closed must not write its rows into the first
 * file that happens to be opened.
 */
#include "cli/standard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"

bool standard_open(void)
{
    /* A parent that ignores SIGPIPE would make every early end of a pipe look
     * like a full disk. */
    signal(SIGPIPE, SIG_DFL);
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) != -1 || errno != EBADF) {
            continue;
        }
        /* Opened the wrong way round: using a stream that the caller closed
         * must fail, not succeed in silence. */
        if (open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd) {
            return false;
        }
    }
    return true;
}

enum status standard_close(enum status status)
{
    int failed = ferror(stdout);
    errno = 0;
    if (fclose(stdout) == 0 && !failed) {
        return status;
    }
    if (errno == EPIPE) {
        return status;
    }
    diag_error(
        "standard output: %s", errno != 0 ? strerror(errno) : "writing failed");
    return STATUS_IO;
}
