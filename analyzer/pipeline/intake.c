/* SPDX-License-Identifier: MIT */
/*
 * The head of a stream finds the sources that may be the same; the digest of
 * all bytes up to where such a source was consumed proves it.  So the stream
 * is read, without being parsed, from one candidate's end to the next, and
 * the longest that agrees is the one to go on with.  A stream that ends
 * before a candidate does, and agrees with it so far, is an older copy.
 */
#include "pipeline/intake.h"

#include "base/diag.h"
#include "base/limits.h"

#include <inttypes.h>

static enum intake_news begin(struct intake *in)
{
    in->decoder = in->log->decoder;
    in->identity = identity_create();
    in->lines = lines_create(in->decoder, in->identity);
    struct span head = lines_peek(in->lines);
    in->head_len = head.len < sizeof(in->head) ? head.len : sizeof(in->head);
    if (in->head_len > 0) {
        memcpy(in->head, head.ptr, in->head_len);
    }
    return in->head_len > 0 ? INTAKE_NEW : INTAKE_EMPTY;
}

enum intake_news intake_open(
    struct intake *in, struct members *members, const struct member *log)
{
    memset(in, 0, sizeof(*in));
    in->members = members;
    in->log = log;
    return begin(in);
}

enum intake_news intake_reopen(struct intake *in)
{
    intake_close(in);
    memset(&in->known, 0, sizeof(in->known));
    return members_reopen(in->members) ? begin(in) : INTAKE_FAILED;
}

void intake_close(struct intake *in)
{
    lines_free(in->lines);
    identity_free(in->identity);
    in->lines = NULL;
    in->identity = NULL;
    in->decoder = NULL;
}

static struct span head_of(const struct intake *in)
{
    return (struct span){(const char *)in->head, in->head_len};
}

struct span intake_first_line(const struct intake *in)
{
    struct span head = head_of(in);
    return span_first(head, span_find(head, SPAN_LITERAL("\n")));
}

/* Is the stream, which ended, what ${s} was at some earlier time? */
static bool is_older_copy(const struct intake *in, const struct source_state *s)
{
    return identity_offset(in->identity) < (uint64_t)s->consumed &&
           identity_is_older(in->identity, s->marks);
}

/* Go on with ${best}, whose end the lines may have passed in looking for a
 * longer one. */
static enum intake_news resume(
    struct intake *in, const struct source_state *best)
{
    uint64_t at = best != NULL ? (uint64_t)best->consumed : 0;
    if (lines_offset(in->lines) != at) {
        diag_info("%s: begins like %s and goes on differently",
            in->log->shown.path, best != NULL ? best->name : "a known log");
        if (intake_reopen(in) != INTAKE_NEW) {
            return INTAKE_FAILED;
        }
        if (!lines_skip_to(in->lines, at)) {
            diag_error("%s: changed while it was read", in->log->shown.path);
            return INTAKE_FAILED;
        }
    }
    if (best != NULL) {
        in->known = *best;
    }
    return best != NULL ? INTAKE_GROWN : INTAKE_NEW;
}

/* ${found}: longest first. */
static enum intake_news compare(
    struct intake *in, const struct source_state *found, int n)
{
    const struct source_state *best = NULL;
    size_t expectation[64];
    int looked_at = n < 64 ? n : 64;
    for (int i = looked_at - 1; i >= 0; i--) {
        expectation[i] = identity_expect(
            in->identity, (uint64_t)found[i].consumed, found[i].content_hash);
    }
    for (int i = looked_at - 1; i >= 0; i--) {
        if (!lines_skip_to(in->lines, (uint64_t)found[i].consumed) &&
            lines_offset(in->lines) < (uint64_t)found[i].consumed) {
            if (is_older_copy(in, &found[i])) {
                in->known = found[i];
                return INTAKE_UNCHANGED;
            }
            continue;
        }
        if (identity_matched(in->identity, expectation[i])) {
            best = &found[i];
        }
    }
    if (best == NULL) {
        diag_info("%s: begins like %s, but is another log", in->log->shown.path,
            found[0].name);
    }
    return resume(in, best);
}

enum intake_news intake_identify(
    struct intake *in, struct store *store, pthread_mutex_t *lock)
{
    struct source_state *found = NULL;
    pthread_mutex_lock(lock);
    int n = sources_candidates(store, head_of(in), &found);
    pthread_mutex_unlock(lock);
    if (n < 0) {
        return INTAKE_STORE_FAILED;
    }
    enum intake_news news = n > 0 ? compare(in, found, n) : INTAKE_NEW;
    if (news == INTAKE_GROWN && lines_peek(in->lines).len == 0) {
        news = INTAKE_UNCHANGED;
    }
    /* these belong to the list that is freed now */
    in->known.marks = SPAN_NONE;
    in->known.damage = NULL;
    in->known.container = NULL;
    in->known.name = NULL;
    sources_free(found, n);
    return news;
}
