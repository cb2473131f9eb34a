/* SPDX-License-Identifier: MIT */
/* base/memory.h - allocation that cannot fail, and the arena. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include "base/span.h"

/*
 * Out of memory is fatal in one place: these report it and end the program
 * with status 4.  What they return is freed with free().
 */

/** memory_alloc(size): ${size} uninitialised bytes. */
void *memory_alloc(size_t size);

/** memory_zalloc(n, size): ${n} zeroed elements of ${size} bytes. */
void *memory_zalloc(size_t n, size_t size);

/** memory_grow(ptr, n, size): Resize ${ptr} to ${n} elements of ${size}. */
void *memory_grow(void *ptr, size_t n, size_t size);

/** memory_copy(s): The bytes of ${s}, NUL-terminated. */
char *memory_copy(struct span s);

/*
 * An arena hands out memory that is all given back at once.  Not shared
 * between threads.
 */
struct arena;

/** arena_create(): An empty arena; ends with arena_free(). */
struct arena *arena_create(void);

/** arena_alloc(a, size): ${size} bytes, aligned for any type, valid until
 * arena_reset() or arena_free(). */
void *arena_alloc(struct arena *a, size_t size);

/** arena_copy(a, s): The bytes of ${s} (and a NUL after them) in ${a}. */
struct span arena_copy(struct arena *a, struct span s);

/** arena_string(a, s): A terminated copy of the terminated ${s}. */
char *arena_string(struct arena *a, const char *s);

/** arena_used(a): Bytes handed out since the last reset. */
size_t arena_used(const struct arena *a);

/** arena_reset(a): Take everything back; one block is kept for reuse. */
void arena_reset(struct arena *a);

/** arena_free(a): End ${a}.  NULL does nothing. */
void arena_free(struct arena *a);

#endif
