/* SPDX-License-Identifier: MIT */
/*
 * The last message of each process is kept as a hash, in a table that forgets
 * a process when another falls on its place: the twin comes at once, among
 * the lines of as many processes as are busy in that moment.
 */
#include "parse/twins.h"

#include "base/memory.h"

#include <stdlib.h>

/* Processes that write at the same time; a power of two. */
enum { N_PROCESSES = 1024 };

struct last_message {
    uint64_t process;
    uint64_t text; /* 0: none */
};

struct twins {
    struct last_message last[N_PROCESSES];
};

struct twins *twins_create(void)
{
    return memory_zalloc(1, sizeof(struct twins));
}

bool twins_again(
    struct twins *t, const struct syslog_line *line, struct span message)
{
    if (line->pid.len == 0) {
        return false;
    }
    uint64_t process = span_hash(line->host) ^ (span_hash(line->tag) << 1) ^
                       (span_hash(line->pid) << 2);
    size_t end = span_find(message, SPAN_LITERAL("\n"));
    uint64_t text = span_hash(span_first(message, end)) | 1;
    /* the lowest bits were shifted out of the pid's hash */
    struct last_message *m = &t->last[(process >> 32) & (N_PROCESSES - 1)];
    if (m->process == process && m->text == text) {
        m->text = 0;
        return true;
    }
    *m = (struct last_message){process, text};
    return false;
}

void twins_reset(struct twins *t)
{
    memset(t, 0, sizeof(*t));
}

void twins_free(struct twins *t)
{
    free(t);
}
