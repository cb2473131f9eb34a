/* SPDX-License-Identifier: MIT */
/*
 * Each text is found by four bytes of it.  At each place of what is scanned
 * the next four are looked up in a bitmap that fits the first-level cache, and
 * only where one is set the few texts that wait there are compared.  An
 * automaton (Aho and Corasick) does the same with one look-up a byte, but each
 * waits for the one before it and for a table of half a megabyte.
 *
 * Bytes are folded to 64 classes first, eight at a time.  A text of three bytes
 * waits at all ways in which it can go on.
 *
 * The scan also leaves behind where each four bytes stand: by their hash the
 * last place, and for each place the one before it.  So any other text can be
 * asked for with a few look-ups.
 */
#include "pattern/grams.h"

#include "base/memory.h"

#include <stdlib.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
    N_CLASSES = 64,
    MAP_BITS = 16,  /* of the bitmap */
    SLOT_BITS = 13, /* of the table behind it */
    MARK_BITS = 12,
    N_MARKS = 1 << MARK_BITS,
    SHORT_MARK = N_MARKS, /* of texts that are too short; always set */
    MOST_PLACES = 0xffff, /* a mark's; 0 is none */
    PADDING = 16,         /* before the folded bytes */
    PADDING_BEHIND = 32
};

/* A text, folded, where it waits, and its bits, a range of all. */
struct entry {
    uint64_t bytes;
    uint64_t mask;
    uint32_t at; /* where its gram begins */
    uint32_t n_bits;
    const uint32_t *bits;
};

/* A text before it has its place. */
struct waiting {
    uint64_t bytes;
    uint64_t mask;
    uint32_t at;
    uint32_t bit;
    uint32_t slot;
};

struct grams {
    struct entry *entries;                 /* sorted by slot */
    uint32_t first[(1u << SLOT_BITS) + 1]; /* entry of each slot */
    uint64_t map[(1u << MAP_BITS) / 64];
    uint32_t *bits;
    struct waiting *waiting; /* while texts are added */
    size_t n_waiting;
    size_t room;
};

struct grams_scratch {
    uint8_t *folded;
    uint32_t *hits;   /* places that texts may wait at */
    uint16_t *before; /* for each place the mark's place before it */
    size_t room;
    size_t len; /* of the last text */
    /* Places of the last text are those above ->base, by which all are moved:
     * so nothing needs to be cleared before some hundred texts. */
    uint16_t marks[N_MARKS + 1]; /* the last is that of SHORT_MARK */
    size_t base;
    bool unmarked; /* the last text is too long for marks */
};

/* Eight bytes at once.  Letters lose their case, digits and most marks stay
 * apart, and 0x40 to 0x7f never meet 0x20 to 0x3f. */
static uint64_t fold_eight(uint64_t bytes)
{
    uint64_t letters = bytes & UINT64_C(0x4040404040404040);
    return bytes & UINT64_C(0x3f3f3f3f3f3f3f3f) & ~(letters >> 1);
}

/* Fold ${s} to ${out}, which has room for seven bytes more. */
static void fold(struct span s, uint8_t *out)
{
    size_t i = 0;
    uint64_t bytes = 0;
    for (; i + sizeof(bytes) <= s.len; i += sizeof(bytes)) {
        memcpy(&bytes, s.ptr + i, sizeof(bytes));
        bytes = fold_eight(bytes);
        memcpy(out + i, &bytes, sizeof(bytes));
    }
    bytes = 0;
    if (i < s.len) {
        memcpy(&bytes, s.ptr + i, s.len - i);
    }
    bytes = fold_eight(bytes);
    memcpy(out + i, &bytes, sizeof(bytes));
}

/* The upper bits tell. */
static uint32_t hash_at(const uint8_t *folded)
{
    uint32_t gram;
    memcpy(&gram, folded, sizeof(gram));
    return gram * 0x9e3779b1u;
}

static uint32_t mark_of(uint32_t hash)
{
    return hash >> (32 - MARK_BITS);
}

static uint32_t slot_of(uint32_t hash)
{
    return hash >> (32 - SLOT_BITS);
}

static void wait_at(struct grams *g, uint32_t hash, struct waiting w)
{
    uint32_t bit = hash >> (32 - MAP_BITS);
    if (g->n_waiting == g->room) {
        g->room = g->room * 2 + 1024;
        g->waiting = memory_grow(g->waiting, g->room, sizeof(*g->waiting));
    }
    g->map[bit / 64] |= (uint64_t)1 << (bit % 64);
    w.slot = slot_of(hash);
    g->waiting[g->n_waiting++] = w;
}

/* The folded bytes of ${text}, at most GRAMS_LONGEST, and which they are. */
static void fold_text(struct span text, uint64_t *bytes, uint64_t *mask)
{
    uint8_t folded[GRAMS_LONGEST + 8] = {0};
    uint8_t known[GRAMS_LONGEST] = {0};
    fold(text, folded);
    memset(known, 0xff, text.len);
    memcpy(bytes, folded, sizeof(*bytes));
    memcpy(mask, known, sizeof(*mask));
}

static void add_text(struct grams *g, const struct grams_text *t)
{
    struct waiting w = {.at = t->rarest, .bit = t->bit};
    uint8_t folded[GRAMS_LONGEST];
    fold_text(t->text, &w.bytes, &w.mask);
    memcpy(folded, &w.bytes, sizeof(folded));
    if (t->text.len >= GRAMS_GRAM_LEN) {
        wait_at(g, hash_at(folded + w.at), w);
        return;
    }
    for (uint8_t next = 0; next < N_CLASSES; next++) {
        folded[GRAMS_SHORTEST] = next;
        wait_at(g, hash_at(folded), w);
    }
}

/* Equal texts together, as long as they wait in one slot. */
static bool is_before(const struct waiting *a, const struct waiting *b)
{
    if (a->slot != b->slot) {
        return false; /* in order already */
    }
    return a->bytes != b->bytes ? a->bytes < b->bytes
           : a->mask != b->mask ? a->mask < b->mask
                                : a->at < b->at;
}

static bool same_text(const struct waiting *a, const struct waiting *b)
{
    return a->slot == b->slot && a->bytes == b->bytes && a->mask == b->mask &&
           a->at == b->at;
}

/* What waits in the order of slots, by counting; then each slot, of a few
 * texts, by insertion. */
static struct waiting *sort_waiting(const struct grams *g)
{
    enum { N_SLOTS = 1 << SLOT_BITS };
    uint32_t *next = memory_zalloc(N_SLOTS + 1, sizeof(*next));
    struct waiting *sorted = memory_zalloc(g->n_waiting + 1, sizeof(*sorted));
    for (size_t i = 0; i < g->n_waiting; i++) {
        next[g->waiting[i].slot + 1]++;
    }
    for (size_t i = 0; i < N_SLOTS; i++) {
        next[i + 1] += next[i];
    }
    for (size_t i = 0; i < g->n_waiting; i++) {
        sorted[next[g->waiting[i].slot]++] = g->waiting[i];
    }
    for (size_t i = 1; i < g->n_waiting; i++) {
        struct waiting w = sorted[i];
        size_t at = i;
        for (; at > 0 && is_before(&w, &sorted[at - 1]); at--) {
            sorted[at] = sorted[at - 1];
        }
        sorted[at] = w;
    }
    free(next);
    return sorted;
}

/* Make entries of what waits. */
static void settle(struct grams *g)
{
    enum { N_SLOTS = 1 << SLOT_BITS };
    struct waiting *w = sort_waiting(g);
    g->entries = memory_alloc((g->n_waiting + 1) * sizeof(*g->entries));
    g->bits = memory_alloc((g->n_waiting + 1) * sizeof(*g->bits));
    uint32_t n = 0;
    for (size_t i = 0; i < g->n_waiting; i++) {
        g->bits[i] = w[i].bit;
        if (i == 0 || !same_text(&w[i - 1], &w[i])) {
            g->entries[n++] =
                (struct entry){w[i].bytes, w[i].mask, w[i].at, 0, &g->bits[i]};
            g->first[w[i].slot + 1] = n;
        }
        g->entries[n - 1].n_bits++;
    }
    for (size_t i = 1; i <= N_SLOTS; i++) {
        if (g->first[i] == 0) { /* the slot before is empty */
            g->first[i] = g->first[i - 1];
        }
    }
    free(w);
    free(g->waiting);
    g->waiting = NULL;
}

struct grams *grams_create(const struct grams_text *texts, size_t n)
{
    struct grams *g = memory_zalloc(1, sizeof(*g));
    for (size_t i = 0; i < n; i++) {
        add_text(g, &texts[i]);
    }
    settle(g);
    return g;
}

struct grams_scratch *grams_scratch_create(void)
{
    struct grams_scratch *scratch = memory_zalloc(1, sizeof(*scratch));
    scratch->marks[SHORT_MARK] = MOST_PLACES;
    return scratch;
}

/* Room for a text of ${len} bytes, and for its places. */
static void begin_scan(struct grams_scratch *scratch, size_t len)
{
    if (len > scratch->room || scratch->folded == NULL) {
        scratch->room = len;
        scratch->folded =
            memory_grow(scratch->folded, len + PADDING + PADDING_BEHIND, 1);
        scratch->hits =
            memory_grow(scratch->hits, len + 1, sizeof(*scratch->hits));
        scratch->before =
            memory_grow(scratch->before, len + 1, sizeof(*scratch->before));
        memset(scratch->folded, 0, PADDING);
    }
    scratch->base += scratch->len;
    if (scratch->unmarked || scratch->base + len > MOST_PLACES) {
        memset(scratch->marks, 0, N_MARKS * sizeof(*scratch->marks));
        scratch->base = 0;
    }
    scratch->len = len;
    scratch->unmarked = len > MOST_PLACES;
}

/* Mark each place of the folded text of ${len} bytes, and store those that
 * texts may wait at; return how many these are. */
static size_t find_hits(
    const struct grams *g, struct grams_scratch *scratch, size_t len)
{
    const uint8_t *folded = scratch->folded + PADDING;
    uint16_t *marks = scratch->marks;
    uint16_t *before = scratch->before;
    uint32_t *hits = scratch->hits;
    size_t place = scratch->base + 1;
    size_t n = 0;
    for (size_t i = 0; i + GRAMS_SHORTEST <= len; i++) {
        uint32_t hash = hash_at(folded + i);
        uint32_t bit = hash >> (32 - MAP_BITS);
        uint16_t *mark = &marks[mark_of(hash)];
        before[i] = *mark;
        *mark = (uint16_t)(place + i);
        hits[n] = (uint32_t)i;
        n += g->map[bit / 64] >> (bit % 64) & 1;
    }
    return n;
}

/* Is ${bytes} where ${mask} says so at ${folded}? */
static bool same_bytes(const uint8_t *folded, uint64_t bytes, uint64_t mask)
{
    uint64_t there;
    memcpy(&there, folded, sizeof(there));
    return (there & mask) == bytes;
}

static void set_bits(const struct entry *e, const struct grams_set *set)
{
    for (uint32_t i = 0; i < e->n_bits; i++) {
        size_t word = e->bits[i] / 64;
        set->bits[word] |= (uint64_t)1 << (e->bits[i] % 64);
        set->touched[word / 64] |= (uint64_t)1 << (word % 64);
    }
}

/* Set the bits of the texts that wait at ${start}. */
static inline void compare(
    const struct grams *g, const uint8_t *start, const struct grams_set *set)
{
    const uint32_t *first = &g->first[slot_of(hash_at(start))];
    const struct entry *end = &g->entries[first[1]];
    for (const struct entry *e = &g->entries[first[0]]; e < end; e++) {
        if (same_bytes(start - e->at, e->bytes, e->mask)) {
            set_bits(e, set);
        }
    }
}

void grams_scan(const struct grams *g, struct grams_scratch *scratch,
    struct span s, const struct grams_set *set)
{
    begin_scan(scratch, s.len);
    uint8_t *folded = scratch->folded + PADDING;
    fold(s, folded);
    memset(folded + s.len, 0, PADDING_BEHIND);
    size_t n = find_hits(g, scratch, s.len);
    for (size_t i = 0; i < n; i++) {
        compare(g, folded + scratch->hits[i], set);
    }
}

struct grams_need grams_need_of(struct span text, size_t rarest)
{
    enum { BEFORE = (GRAMS_LONGEST - GRAMS_GRAM_LEN) / 2 };
    size_t from = rarest > BEFORE ? rarest - BEFORE : 0;
    if (text.len - from < GRAMS_LONGEST) {
        from = text.len > GRAMS_LONGEST ? text.len - GRAMS_LONGEST : 0;
    }
    struct span window = span_skip(text, from);
    window.len = window.len < GRAMS_LONGEST ? window.len : GRAMS_LONGEST;
    struct grams_need need = {.gram_at = (uint8_t)(rarest - from),
        .before = (uint8_t)from,
        .len = (uint8_t)text.len};
    uint8_t folded[GRAMS_LONGEST];
    fold_text(window, &need.bytes, &need.mask);
    memcpy(folded, &need.bytes, sizeof(folded));
    need.mark = text.len < GRAMS_GRAM_LEN
                    ? SHORT_MARK
                    : (uint16_t)mark_of(hash_at(folded + need.gram_at));
    return need;
}

enum { NOWHERE = -1 };

/* Where to go on looking for a text that begins with the bytes ${first} and
 * ${second}: the next place from ${at} on that may be one, at most ${len}. */
static size_t next_pair(
    const uint8_t *folded, size_t at, size_t len, uint8_t first, uint8_t second)
{
#ifdef __SSE2__
    const __m128i a = _mm_set1_epi8((char)first);
    const __m128i b = _mm_set1_epi8((char)second);
    for (; at < len; at += 16) { /* there is enough padding */
        const __m128i *p = (const void *)(folded + at);
        const __m128i *q = (const void *)(folded + at + 1);
        __m128i hits = _mm_and_si128(_mm_cmpeq_epi8(a, _mm_loadu_si128(p)),
            _mm_cmpeq_epi8(b, _mm_loadu_si128(q)));
        unsigned mask = (unsigned)_mm_movemask_epi8(hits);
        if (mask != 0) {
            return at + (size_t)__builtin_ctz(mask);
        }
    }
#else
    while (at < len && (folded[at] != first || folded[at + 1] != second)) {
        at++;
    }
#endif
    return at;
}

/* find_need() of a text of two or three bytes. */
static long find_short(const struct grams_scratch *scratch,
    const struct grams_need *need, size_t from)
{
    const uint8_t *folded = scratch->folded + PADDING;
    size_t end = scratch->len < need->len ? 0 : scratch->len - need->len + 1;
    uint8_t bytes[GRAMS_LONGEST];
    memcpy(bytes, &need->bytes, sizeof(bytes));
    for (size_t at = from; at < end; at++) {
        at = next_pair(folded, at, end, bytes[0], bytes[1]);
        if (at < end && same_bytes(folded + at, need->bytes, need->mask)) {
            return (long)(at + need->len);
        }
    }
    return NOWHERE;
}

/* Where the first ${need} ends that begins at ${from} or later. */
static long find_need(const struct grams_scratch *scratch,
    const struct grams_need *need, long from)
{
    if (need->mark == SHORT_MARK) {
        return find_short(scratch, need, (size_t)from);
    }
    const uint8_t *folded = scratch->folded + PADDING;
    long base = (long)scratch->base;
    long end = NOWHERE;
    for (long place = scratch->marks[need->mark]; place > base;) {
        long window = place - base - 1 - need->gram_at;
        long start = window - need->before;
        if (start < from) {
            break;
        }
        if (same_bytes(folded + window, need->bytes, need->mask)) {
            end = start + need->len;
        }
        place = scratch->before[place - base - 1];
    }
    return end;
}

/* Where the nearest of a clause ends, all of which begin at ${from} or later;
 * NOWHERE: there is none.  The ${n} ${needs} are all of the clause. */
static long find_clause(const struct grams_scratch *scratch,
    const struct grams_need *needs, size_t n, long from)
{
    long nearest = NOWHERE;
    size_t base = scratch->base;
    for (const struct grams_need *need = needs; need < needs + n; need++) {
        if (scratch->marks[need->mark] > base) {
            long end = find_need(scratch, need, from);
            bool nearer =
                end != NOWHERE && (nearest == NOWHERE || end < nearest);
            nearest = nearer ? end : nearest;
        }
    }
    return nearest;
}

bool grams_holds(const struct grams_scratch *scratch,
    const struct grams_need *needs, size_t n)
{
    long from = 0;
    for (size_t i = 0; i < n && from != NOWHERE;) {
        size_t n_clause = (size_t)needs[i].n_more + 1;
        from = find_clause(scratch, &needs[i], n_clause, from);
        i += n_clause;
    }
    return from != NOWHERE || scratch->unmarked;
}

void grams_scratch_free(struct grams_scratch *scratch)
{
    if (scratch == NULL) {
        return;
    }
    free(scratch->folded);
    free(scratch->hits);
    free(scratch->before);
    free(scratch);
}

void grams_free(struct grams *g)
{
    if (g == NULL) {
        return;
    }
    free(g->entries);
    free(g->bits);
    free(g->waiting);
    free(g);
}
