/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/memory.h"
#include "cli/terminal.h"

enum { LINE_LEN = 160 };

static const double redraw_after = 0.2;

struct progress {
    FILE *out;
    bool active;
    bool drawn; /* a line stands there */
    struct timespec start;
    double last; /* when it was drawn, seconds after start */
};

struct progress *progress_create(FILE *out)
{
    struct progress *p = memory_zalloc(1, sizeof(*p));
    p->out = out;
    p->active = isatty(fileno(out)) && diag_level() >= DIAG_NORMAL;
    clock_gettime(CLOCK_MONOTONIC, &p->start);
    return p;
}

double progress_seconds(const struct progress *p)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - p->start.tv_sec) +
           (double)(now.tv_nsec - p->start.tv_nsec) / 1e9;
}

const char *progress_size(uint64_t bytes, char *out)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
    double size = (double)bytes / 1024;
    size_t unit = 0;
    if (bytes < 1024) {
        snprintf(out, PROGRESS_SIZE_LEN, "%d B", (int)bytes);
        return out;
    }
    while (size >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0])) {
        size /= 1024;
        unit++;
    }
    snprintf(out, PROGRESS_SIZE_LEN, "%.1f %s", size, units[unit]);
    return out;
}

/* " of 90.1 MiB, 14 %, 0:12 left", or nothing while that is not known. */
static int add_share(
    char *out, size_t len, double done, double total, double seconds)
{
    char size[PROGRESS_SIZE_LEN];
    if (total < done || done <= 0) {
        return 0;
    }
    long left = (long)(seconds * (total - done) / done + 0.5);
    return snprintf(out, len, " of %s, %d %%, %ld:%02ld left",
        progress_size((uint64_t)total, size), (int)(100 * done / total),
        left / 60, left % 60);
}

void progress_show(
    struct progress *p, uint64_t done, uint64_t total, uint64_t lines)
{
    if (!p->active) {
        return;
    }
    double seconds = progress_seconds(p);
    if (seconds - p->last < redraw_after) {
        return;
    }
    char text[LINE_LEN];
    char size[PROGRESS_SIZE_LEN];
    int n = snprintf(text, sizeof(text), "%s", progress_size(done, size));
    n += add_share(text + n, sizeof(text) - (size_t)n, (double)done,
        (double)total, seconds);
    snprintf(text + n, sizeof(text) - (size_t)n, ", %.1f M lines, %.0f lines/s",
        (double)lines / 1e6, (double)lines / seconds);
    fprintf(p->out, "%.*s\033[K\r", terminal_width(p->out) - 1, text);
    fflush(p->out);
    p->drawn = true;
    p->last = seconds;
}

void progress_clear(struct progress *p)
{
    if (p->drawn) {
        fputs("\r\033[K", p->out);
        fflush(p->out);
        p->drawn = false;
    }
}

void progress_free(struct progress *p)
{
    if (p != NULL) {
        progress_clear(p);
        free(p);
    }
}
