/* SPDX-License-Identifier: MIT */
/*
 * A step is written with the state that the reading had behind the last line
 * it counts.  With a helper that state is noted when its parcel is handed
 * over, because the reading goes on while the step is written.
 */
#include "pipeline/steps.h"

#include "base/limits.h"
#include "base/memory.h"
#include "input/decoder_ahead.h"
#include "pipeline/sessions.h"
#include "store/write.h"

const char *steps_path(const struct job *job)
{
    return job->in.log->shown.path;
}

/* What is open there, for the source that goes on. */
static struct span read_memory(struct job *job)
{
    struct counter *c = &job->worker->counter;
    buffer_reset(&job->memory);
    if (parser_looks_back(c->parser)) {
        sessions_leave(parser_keeping(c->parser), c->privacy, &job->memory);
    }
    return buffer_span(&job->memory);
}

/* How far the reading is.  What ${s} borrows may change when it goes on. */
static void read_state(struct job *job, bool at_end, struct source_state *s)
{
    struct intake *in = &job->in;
    lines_settle(in->lines);
    s->consumed = (int64_t)lines_offset(in->lines);
    s->head = (struct span){(const char *)in->head, in->head_len};
    if ((int64_t)s->head.len > s->consumed) {
        s->head.len = (size_t)s->consumed;
    }
    identity_content(in->identity, s->content_hash);
    s->marks = identity_marks(in->identity);
    s->damage = at_end ? decoder_damage(in->decoder) : NULL;
    s->damaged_at =
        s->damage != NULL ? (int64_t)decoder_offset(in->decoder) : -1;
    s->last_stamp = parser_last_stamp(job->worker->counter.parser);
    s->container = decoder_container(in->decoder);
    s->name = steps_path(job);
    s->bytes_skipped =
        in->known.bytes_skipped +
        (int64_t)(lines_overlong_bytes(in->lines) - job->overlong_bytes_before);
    s->memory = read_memory(job);
    s->looks_back = parser_looks_back(job->worker->counter.parser) ||
                    (in->known.id != 0 && in->known.looks_back);
}

/* The source is as far as ${read} says; what only the store knows stays. */
static void advance(struct job *job, const struct source_state *read)
{
    struct source_state s = *read;
    s.id = job->state.id;
    s.base = job->state.base;
    int64_t overflow = tally_overflow(job->worker->counter.tally);
    s.overflow = job->state.overflow + overflow;
    job->n_overflow += overflow;
    job->state = s;
}

/* Write what was counted, up to where the reading was as of ${read};
 * ${whole}: the log is done. */
static bool write_counted(
    struct job *job, const struct source_state *read, bool whole)
{
    struct run *run = job->worker->run;
    struct counter *c = &job->worker->counter;
    const struct path_entry *file = &job->in.log->shown;
    bool hint = whole && file->size >= 0 && !job->unfinished &&
                !decoder_read_failed(job->in.decoder);
    advance(job, read);
    struct write_step step = {.state = &job->state,
        .tally = c->tally,
        .correlator = c->correlator,
        .held = c->held,
        .held_shown = c->privacy != NULL,
        .ids = &job->worker->ids,
        .path = hint ? file->path : NULL,
        .size = file->size,
        .mtime = file->mtime};
    run_lock_store(run);
    bool ok = write_step(run->options->store, &step);
    run_unlock_store(run, ok);
    if (ok) {
        tally_reset(c->tally);
        correlator_written(c->correlator);
        held_reset(c->held);
    }
    return ok;
}

/* ---- with a helper ---- */

/* The helper's part: count a parcel, and write a step if that is due. */
static void take_parcel(void *context, struct parcel *p)
{
    struct job *job = context;
    struct counter *c = &job->worker->counter;
    if (!atomic_load(&job->worker->run->store_failed)) {
        counter_count(c, p->batch);
        if (p->write) {
            write_counted(job, &p->state, p->whole);
        }
    }
    atomic_store(&job->bytes, counter_bytes(c));
    if (p->write) {
        p->write = false;
        atomic_store(&job->sealed, false);
    }
    batch_reset(p->batch);
}

/* Copy what ${s} borrows to ${room}, which grows. */
static void own(struct span *s, void *room)
{
    room = memory_grow(room, s->len + 1, 1);
    if (s->len > 0) {
        memcpy(room, s->ptr, s->len);
    }
    s->ptr = room;
}

/* A step is due behind ${p}: note how far the reading is. */
static void seal(struct job *job, struct parcel *p, bool whole)
{
    void *marks = (void *)(uintptr_t)p->state.marks.ptr;
    void *memory = (void *)(uintptr_t)p->state.memory.ptr;
    read_state(job, whole, &p->state);
    own(&p->state.marks, marks);
    own(&p->state.memory, memory);
    p->write = true;
    p->whole = whole;
    atomic_store(&job->sealed, true);
}

static void hand_over(void *context)
{
    struct job *job = context;
    belt_give(job->belt);
    job->worker->counter.batch = belt_parcel(job->belt)->batch;
}

/* The helper's part while there is nothing to count. */
static bool decode_ahead(void *context)
{
    struct job *job = context;
    return decoder_ahead_work(job->in.decoder);
}

static void nudge(void *context)
{
    struct job *job = context;
    if (job->belt != NULL) {
        belt_nudge(job->belt);
    }
}

/* A stream may be waited for, and an archive has decoders in each other. */
static bool can_share(const struct job *job)
{
    return job->worker->run->options->n_workers > 1 &&
           members_is_regular(job->in.members) &&
           !members_is_archive(job->in.members);
}

void steps_hire(struct job *job)
{
    struct counter *c = &job->worker->counter;
    struct belt_work work = {take_parcel, decode_ahead, job};
    if (can_share(job)) {
        decoder_ahead_begin(job->in.decoder, nudge, job);
    }
    job->belt = crew_hire(job->worker->run->crew, &work);
    if (job->belt != NULL) {
        counter_settle(c);
        atomic_store(&job->bytes, counter_bytes(c));
        c->batch = belt_parcel(job->belt)->batch;
        c->hand_over = hand_over;
        c->hand_over_context = job;
    }
}

void steps_dismiss(struct job *job)
{
    if (job->belt != NULL) {
        belt_give(job->belt);
        belt_close(job->belt);
        job->belt = NULL;
        job->worker->counter.batch = NULL;
    }
}

/* ---- both ways ---- */

bool steps_write(struct job *job, bool whole)
{
    struct counter *c = &job->worker->counter;
    uint64_t overlong = lines_n_overlong(job->in.lines);
    counter_overlong(c, overlong - job->overlong_told);
    job->overlong_told = overlong;
    counter_settle(c);
    if (job->belt != NULL) {
        seal(job, belt_parcel(job->belt), whole);
        hand_over(job);
        return true;
    }
    struct source_state read;
    memset(&read, 0, sizeof(read));
    read_state(job, whole, &read);
    return write_counted(job, &read, whole);
}

bool steps_are_due(struct job *job)
{
    if (job->belt != NULL) {
        return !atomic_load(&job->sealed) &&
               atomic_load(&job->bytes) > LIMIT_TALLY_BYTES;
    }
    return counter_bytes(&job->worker->counter) > LIMIT_TALLY_BYTES;
}
