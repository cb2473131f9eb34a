/* SPDX-License-Identifier: MIT */
/*
 * Archives that are open form a stack: the member that the walk has come to
 * in one of them is the next one.  Everything is read as a stream, so going
 * back to the beginning of a member means walking to it anew, which the
 * number of members that were passed in each archive makes possible.
 */
#include "pipeline/members.h"

#include "base/buffer.h"
#include "base/diag.h"
#include "base/limits.h"
#include "base/memory.h"
#include "input/tarball.h"
#include "pipeline/anchor.h"

#include <stdlib.h>

static const int64_t NANOSECONDS = 1000000000;

struct level {
    struct decoder *decoder; /* of the archive */
    struct tarball *tarball;
    char *path;     /* as it is shown */
    int64_t mtime;  /* nanoseconds, for members that have none */
    size_t n_taken; /* members that tarball_next() gave */
    bool reported;  /* the damage of the archive, as that of a member */
};

struct members {
    const struct path_entry *file;
    enum members_talk talk;
    struct level levels[LIMIT_ARCHIVE_DEPTH];
    size_t depth; /* open levels */
    struct member current;
    bool begun;
    bool ended; /* it could not be opened again */
    bool is_archive;
    bool damaged;
    bool read_failed;
    char *corrupt; /* NULL: no archive is */
    size_t n_skipped;
};

/* ---- opening and closing ---- */

static void close_decoder(struct members *m, struct decoder *d)
{
    m->read_failed = m->read_failed || (d != NULL && decoder_read_failed(d));
    decoder_close(d);
}

static void close_current(struct members *m)
{
    struct member *c = &m->current;
    close_decoder(m, c->decoder);
    free(c->shown.path);
    if (m->is_archive) {
        free(c->dated.path);
    }
    *c = (struct member){.decoder = NULL};
}

/* The file itself is the current log, until it turns out an archive. */
static bool open_file(struct members *m)
{
    struct member *c = &m->current;
    c->decoder = decoder_open(m->file->path);
    if (c->decoder == NULL) {
        return false;
    }
    c->shown = *m->file;
    c->shown.path = memory_copy(span_of(m->file->path));
    c->dated = *m->file;
    if (!members_is_regular(m)) {
        c->shown.size = -1; /* also a file on standard input */
    }
    return true;
}

static bool is_archive(struct member *c)
{
    return tarball_matches(decoder_peek(c->decoder));
}

/* The current log is an archive: go into it. */
static void descend(struct members *m)
{
    struct member *c = &m->current;
    struct level *l = &m->levels[m->depth++];
    *l = (struct level){.decoder = c->decoder,
        .tarball = tarball_open(c->decoder),
        .path = c->shown.path,
        .mtime = anchor_of(&c->dated, c->decoder, 0, NULL) * NANOSECONDS};
    if (m->is_archive) {
        free(c->dated.path);
    }
    *c = (struct member){.decoder = NULL};
    m->is_archive = true;
}

static void ascend(struct members *m)
{
    struct level *l = &m->levels[--m->depth];
    tarball_close(l->tarball);
    close_decoder(m, l->decoder);
    free(l->path);
}

struct members *members_open(
    const struct path_entry *file, enum members_talk talk)
{
    struct members *m = memory_zalloc(1, sizeof(*m));
    m->file = file;
    m->talk = talk;
    if (!open_file(m)) {
        free(m);
        return NULL;
    }
    if (is_archive(&m->current)) {
        descend(m);
    }
    return m;
}

void members_close(struct members *m)
{
    if (m == NULL) {
        return;
    }
    close_current(m);
    while (m->depth > 0) {
        ascend(m);
    }
    free(m->corrupt);
    free(m);
}

/* ---- walking ---- */

static char *join(const char *archive, struct span name)
{
    struct buffer b;
    buffer_init(&b, strlen(archive) + name.len + 2);
    buffer_addf(&b, "%s!", archive);
    buffer_add(&b, name);
    char *path = memory_copy(buffer_span(&b));
    buffer_free(&b);
    return path;
}

static void open_member(struct members *m, const struct tarball_member *t)
{
    struct level *l = &m->levels[m->depth - 1];
    struct member *c = &m->current;
    struct span name = span_of(t->name);
    if (name.len > LIMIT_MEMBER_NAME_LEN) {
        name.len = LIMIT_MEMBER_NAME_LEN;
    }
    int64_t mtime = t->mtime > 0 && t->mtime < INT64_MAX / NANOSECONDS
                        ? t->mtime * NANOSECONDS
                        : l->mtime;
    c->shown = (struct path_entry){join(l->path, name), -1, mtime};
    c->dated = (struct path_entry){memory_copy(name), -1, mtime};
    c->decoder = tarball_member_open(l->tarball, c->shown.path);
}

/* What ends a member early ends its archive too: once is enough. */
static void leave_member(struct members *m)
{
    if (m->depth > 0 && m->current.decoder != NULL) {
        struct level *l = &m->levels[m->depth - 1];
        l->reported =
            l->reported || (tarball_damage(l->tarball) != NULL &&
                               decoder_damage(m->current.decoder) != NULL);
    }
    close_current(m);
}

static void say(const struct members *m, const char *path, const char *what)
{
    if (m->talk == MEMBERS_REPORT) {
        diag_warn("%s: %s", path, what);
    }
}

static void note_corruption(struct members *m, const struct decoder *d)
{
    if (decoder_is_corrupt(d) && m->corrupt == NULL) {
        m->corrupt = memory_copy(span_of(decoder_damage(d)));
    }
}

static void leave_archive(struct members *m)
{
    struct level *l = &m->levels[m->depth - 1];
    const char *note = decoder_note(l->decoder);
    const char *damage = tarball_damage(l->tarball);
    if (note != NULL) {
        say(m, l->path, note);
    }
    if (damage != NULL && !l->reported) {
        say(m, l->path, damage);
        m->damaged = true;
    }
    note_corruption(m, l->decoder);
    bool cut_off = damage != NULL && decoder_damage(l->decoder) != NULL;
    ascend(m);
    if (cut_off && m->depth > 0) {
        struct level *outer = &m->levels[m->depth - 1];
        outer->reported |= tarball_damage(outer->tarball) != NULL;
    }
}

/* Go to the next member of the innermost archive; false at its end. */
static bool step(struct members *m, struct tarball_member *t)
{
    struct level *l = &m->levels[m->depth - 1];
    if (!tarball_next(l->tarball, t)) {
        return false;
    }
    l->n_taken++;
    open_member(m, t);
    return true;
}

/* True if the member that the walk came to is a log. */
static bool is_log(struct members *m, const struct tarball_member *t)
{
    if (t->sparse) {
        say(m, m->current.shown.path, "a file with holes: skipped");
        m->n_skipped++;
        return false;
    }
    if (!is_archive(&m->current)) {
        return true;
    }
    if (m->depth < LIMIT_ARCHIVE_DEPTH) {
        descend(m);
    } else {
        say(m, m->current.shown.path, "archives nested too deeply: skipped");
        m->n_skipped++;
    }
    return false;
}

const struct member *members_next(struct members *m)
{
    if (!m->is_archive) {
        bool first = !m->begun;
        m->begun = true;
        return first && !m->ended ? &m->current : NULL;
    }
    while (m->depth > 0) {
        struct tarball_member t;
        leave_member(m);
        if (!step(m, &t)) {
            leave_archive(m);
        } else if (is_log(m, &t)) {
            return &m->current;
        }
    }
    return NULL;
}

/* ---- going back ---- */

/* Walk through the archives again, ${n_taken[i]} members in the one at depth
 * i, of ${depth}. */
static bool walk(struct members *m, const size_t *n_taken, size_t depth)
{
    if (!open_file(m)) {
        return false;
    }
    for (size_t i = 0; i < depth; i++) {
        if (!is_archive(&m->current)) {
            return false;
        }
        descend(m);
        struct tarball_member t;
        while (m->levels[i].n_taken < n_taken[i]) {
            close_current(m);
            if (!step(m, &t)) {
                return false;
            }
        }
    }
    return true;
}

bool members_reopen(struct members *m)
{
    struct member before = m->current;
    bool was_archive = m->is_archive;
    size_t n_taken[LIMIT_ARCHIVE_DEPTH];
    size_t depth = m->depth;
    if (!members_is_regular(m)) {
        diag_error("%s: has to be read twice, which a stream cannot be: save "
                   "it to a file",
            before.shown.path);
        return false;
    }
    decoder_close(before.decoder);
    before.decoder = NULL;
    while (m->depth > 0) {
        n_taken[m->depth - 1] = m->levels[m->depth - 1].n_taken;
        ascend(m);
    }
    m->is_archive = false;
    m->current = (struct member){.decoder = NULL};
    m->ended = !walk(m, n_taken, depth);
    if (m->ended) {
        diag_error("%s: changed while it was read", m->file->path);
        close_current(m);
        while (m->depth > 0) {
            ascend(m);
        }
        m->is_archive = was_archive;
        m->current = before; /* its name is still needed */
        return false;
    }
    free(before.shown.path);
    if (was_archive) {
        free(before.dated.path);
    }
    return true;
}

/* ---- what there is to know ---- */

bool members_is_archive(const struct members *m)
{
    return m->is_archive;
}

bool members_is_regular(const struct members *m)
{
    return m->file->size >= 0 && strcmp(m->file->path, "-") != 0;
}

uint64_t members_offset(const struct members *m)
{
    const struct decoder *d =
        m->depth > 0 ? m->levels[0].decoder : m->current.decoder;
    return d != NULL ? decoder_compressed_offset(d) : 0;
}

size_t members_n_skipped(const struct members *m)
{
    return m->n_skipped;
}

bool members_read_failed(const struct members *m)
{
    return m->read_failed;
}

bool members_damaged(const struct members *m)
{
    return m->damaged;
}

const char *members_corrupt(const struct members *m)
{
    return m->corrupt;
}
