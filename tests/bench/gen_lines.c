/* SPDX-License-Identifier: MIT */
/*
 * gen_lines.c - whole lines, and the heap of jobs that write them.
 *
 * A line is built in the output buffer itself.  end_line() is the only place
 * that counts, and drops the line once there are enough: that keeps the
 * numbers of --truth exact.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

static const struct {
    const char *tag;
    uint32_t slots;
} services[N_SERVICES] = {
    [SMTPD] = {"postfix/smtpd", PID_SLOTS},
    [SUBMISSION] = {"postfix/submission/smtpd", 12},
    [CLEANUP] = {"postfix/cleanup", 16},
    [QMGR] = {"postfix/qmgr", 1},
    [PICKUP] = {"postfix/pickup", 1},
    [SMTP] = {"postfix/smtp", PID_SLOTS},
    [FILTER] = {"postfix/amavis/smtp", 6},
    [LMTP] = {"postfix/lmtp", 8},
    [LOCAL] = {"postfix/local", 8},
    [ERROR] = {"postfix/error", 4},
    [BOUNCED] = {"postfix/bounce", 4},
    [POSTSCREEN] = {"postfix/postscreen", 1},
};

bool is_full(const struct gen *g)
{
    return g->lines >= g->opt.lines || g->failed;
}

void flush_out(struct gen *g)
{
    size_t len = (size_t)(g->at - g->out);

    if (len > 0 && fwrite(g->out, 1, len, stdout) != len) {
        g->failed = true;
    }
    g->bytes += len;
    g->at = g->out;
}

void begin_line(struct gen *g, const struct job *j)
{
    if (g->at >= g->out + OUT_SIZE) {
        flush_out(g);
    }
    g->line = g->at;
    put_stamp(g);
    put_char(g, ' ');
    put_str(g, hosts[j->host].name);
    put_char(g, ' ');
}

/* End the line and count it, or drop it when there are enough. */
void end_line(struct gen *g, enum truth truth)
{
    if (is_full(g)) {
        g->at = g->line;
        return;
    }
    *g->at++ = '\n';
    g->lines++;
    g->counts[truth]++;
}

static uint32_t new_pid(struct gen *g)
{
    return 1000 + below(g, 99000);
}

/* A process of ${service}; now and then a new one takes a slot. */
uint32_t pick_pid(struct gen *g, uint32_t host, enum service service)
{
    uint32_t slot = below(g, services[service].slots);
    uint32_t *pid = &g->pids[host][service][slot];

    if (*pid == 0 || (services[service].slots > 1 && chance(g, 20))) {
        *pid = new_pid(g);
    }
    return *pid;
}

void begin_postfix(
    struct gen *g, const struct job *j, enum service service, uint32_t pid)
{
    begin_line(g, j);
    put_str(g, services[service].tag);
    put_char(g, '[');
    put_number(g, pid);
    put_str(g, "]: ");
}

/* One whole line of ${service}. */
void say(struct gen *g, const struct job *j, enum service service,
    enum truth truth, const char *fmt)
{
    begin_postfix(g, j, service, pick_pid(g, j->host, service));
    put_fmt(g, j, fmt);
    end_line(g, truth);
}

/* One whole line of the smtpd process that serves the job's session. */
void say_smtpd(
    struct gen *g, const struct job *j, enum truth truth, const char *fmt)
{
    begin_postfix(g, j, j->entrance, j->smtpd_pid);
    put_fmt(g, j, fmt);
    end_line(g, truth);
}

void *need_memory(void *p)
{
    if (p == NULL) {
        fputs("generate: out of memory\n", stderr);
        exit(1);
    }
    return p;
}

void heap_push(struct gen *g, struct job *j)
{
    size_t i = g->n_heap++;

    if (i == g->heap_size) {
        g->heap_size = g->heap_size == 0 ? 1024 : g->heap_size * 2;
        g->heap =
            need_memory(realloc(g->heap, g->heap_size * sizeof(struct job *)));
    }
    for (; i > 0 && g->heap[(i - 1) / 2]->when > j->when; i = (i - 1) / 2) {
        g->heap[i] = g->heap[(i - 1) / 2];
    }
    g->heap[i] = j;
}

static struct job *heap_pop(struct gen *g)
{
    struct job *top = g->heap[0];
    struct job *last = g->heap[--g->n_heap];
    size_t i = 0;

    for (;;) {
        size_t child = 2 * i + 1;

        if (child >= g->n_heap) {
            break;
        }
        if (child + 1 < g->n_heap &&
            g->heap[child + 1]->when < g->heap[child]->when) {
            child++;
        }
        if (g->heap[child]->when >= last->when) {
            break;
        }
        g->heap[i] = g->heap[child];
        i = child;
    }
    g->heap[i] = last;
    return top;
}

/* A job that starts at ${when}; the caller fills in the rest and pushes. */
struct job *job_new(struct gen *g, uint64_t when, step_fn *first)
{
    struct job *j = need_memory(calloc(1, sizeof(*j)));

    j->when = when;
    j->born = when;
    j->next = first;
    j->seed = random_bits(g);
    j->entrance = SMTPD;
    j->tls = chance(g, 600);
    return j;
}

static void run_job(struct gen *g, struct job *j)
{
    g->now = j->when;
    j->when += j->next(g, j);
    if (j->next == NULL) {
        free(j);
    } else {
        heap_push(g, j);
    }
}

/* Make the queue ID as cleanup or smtpd does: from the time and an inode. */
void assign_qid(struct gen *g, struct job *j)
{
    char *saved = g->at, *saved_line = g->line;
    uint64_t usec = g->now % SECOND;
    size_t len;

    g->line = g->at; /* use the room after the current text as scratch */
    if (g->opt.hostile) {
        put_base(g, hex_upper, 16, usec, 5);
        put_base(g, hex_upper, 16, ++g->serial, 9);
    } else if (hosts[j->host].long_ids) {
        put_base(g, base52, 52, epoch_seconds(g), 6);
        put_base(g, base52, 52, usec, 4);
        put_char(g, 'z');
        put_base(g, base52, 51, 132651 + below(g, 6000000), 4);
    } else {
        put_base(g, hex_upper, 16, usec, 5);
        put_base(g, hex_upper, 16, 0xA00000 + below(g, 0x5fffff), 6);
    }
    len = (size_t)(g->at - saved);
    assert(len < sizeof(j->qid));
    memcpy(j->qid, saved, len);
    j->qid[len] = '\0';
    g->at = saved;
    g->line = saved_line;
}

void run_jobs(struct gen *g, uint64_t end)
{
    while (!is_full(g) && g->n_heap > 0 && g->heap[0]->when < end) {
        run_job(g, heap_pop(g));
    }
}

void free_jobs(struct gen *g)
{
    while (g->n_heap > 0) {
        free(heap_pop(g));
    }
    free(g->heap);
}
