/* SPDX-License-Identifier: MIT */
#include "parse/joiner.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "base/memory.h"

#include <stdlib.h>

/* Messages being put together at a time; each needs all its pieces within
 * the lines that fill the others. */
enum { N_OPEN = 16 };

struct open_message {
    uint64_t process;
    int64_t next; /* piece; 0: free */
    struct buffer text;
};

struct joiner {
    struct open_message open[N_OPEN];
    int newest;
    struct buffer whole;
};

struct joiner *joiner_create(void)
{
    struct joiner *j = memory_zalloc(1, sizeof(*j));
    for (int i = 0; i < N_OPEN; i++) {
        buffer_init(&j->open[i].text, LIMIT_LINE_LEN);
    }
    buffer_init(&j->whole, LIMIT_LINE_LEN);
    return j;
}

static uint64_t process_of(const struct syslog_line *line)
{
    return span_hash(line->host) ^ (span_hash(line->tag) << 1) ^
           (span_hash(line->pid) << 2);
}

static struct open_message *find(struct joiner *j, uint64_t process)
{
    for (int i = 0; i < N_OPEN; i++) {
        if (j->open[i].next != 0 && j->open[i].process == process) {
            return &j->open[i];
        }
    }
    return NULL;
}

static struct open_message *begin(struct joiner *j, uint64_t process)
{
    struct open_message *m = find(j, process);
    if (m == NULL) {
        j->newest = (j->newest + 1) % N_OPEN;
        m = &j->open[j->newest];
    }
    m->process = process;
    m->next = 1;
    buffer_reset(&m->text);
    return m;
}

enum joiner_result joiner_add(struct joiner *j, const struct syslog_line *line,
    const struct joiner_part *part, struct span text, struct span *whole)
{
    int64_t number = 0;
    int64_t of = 0;
    *whole = text;
    if (!span_number(part->number, &number) || !span_number(part->of, &of)) {
        return JOINER_WHOLE;
    }
    uint64_t process = process_of(line);
    struct open_message *m = number == 1 ? begin(j, process) : find(j, process);
    if (m == NULL || m->next != number) {
        return JOINER_JOINED;
    }
    buffer_add(&m->text, text);
    if (part->newline && number < of) {
        buffer_add(&m->text, SPAN_LITERAL("\n"));
    }
    m->next++;
    if (number < of) {
        return JOINER_PIECE;
    }
    buffer_reset(&j->whole);
    buffer_add(&j->whole, buffer_span(&m->text));
    *whole = buffer_span(&j->whole);
    m->next = 0;
    return JOINER_JOINED;
}

void joiner_reset(struct joiner *j)
{
    for (int i = 0; i < N_OPEN; i++) {
        j->open[i].next = 0;
    }
}

void joiner_free(struct joiner *j)
{
    if (j == NULL) {
        return;
    }
    for (int i = 0; i < N_OPEN; i++) {
        buffer_free(&j->open[i].text);
    }
    buffer_free(&j->whole);
    free(j);
}
