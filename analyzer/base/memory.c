/* SPDX-License-Identifier: MIT */
#include "base/memory.h"

#include "base/diag.h"

#include <stdalign.h>
#include <stdlib.h>

enum { ARENA_BLOCK_LEN = 64 * 1024 };

struct block {
    struct block *next;
    size_t used;
    size_t len;
    alignas(max_align_t) char bytes[];
};

struct arena {
    struct block *head; /* the block being filled; older ones behind it */
    size_t used;
};

static void out_of_memory(void)
{
    diag_error("out of memory");
    exit(4);
}

void *memory_alloc(size_t size)
{
    void *p = malloc(size != 0 ? size : 1);
    if (p == NULL) {
        out_of_memory();
    }
    return p;
}

void *memory_zalloc(size_t n, size_t size)
{
    void *p = calloc(n != 0 ? n : 1, size != 0 ? size : 1);
    if (p == NULL) {
        out_of_memory();
    }
    return p;
}

void *memory_grow(void *ptr, size_t n, size_t size)
{
    if (size != 0 && n > SIZE_MAX / size) {
        out_of_memory();
    }
    void *p = realloc(ptr, n * size != 0 ? n * size : 1);
    if (p == NULL) {
        out_of_memory();
    }
    return p;
}

char *memory_copy(struct span s)
{
    char *p = memory_alloc(s.len + 1);
    if (s.len > 0) {
        memcpy(p, s.ptr, s.len);
    }
    p[s.len] = '\0';
    return p;
}

struct arena *arena_create(void)
{
    return memory_zalloc(1, sizeof(struct arena));
}

static void add_block(struct arena *a, size_t at_least)
{
    size_t len = at_least > ARENA_BLOCK_LEN ? at_least : ARENA_BLOCK_LEN;
    struct block *b = memory_alloc(sizeof(*b) + len);
    b->next = a->head;
    b->used = 0;
    b->len = len;
    a->head = b;
}

void *arena_alloc(struct arena *a, size_t size)
{
    const size_t align = alignof(max_align_t);
    size = (size + align - 1) / align * align;
    if (a->head == NULL || a->head->len - a->head->used < size) {
        add_block(a, size);
    }
    void *p = a->head->bytes + a->head->used;
    a->head->used += size;
    a->used += size;
    return p;
}

struct span arena_copy(struct arena *a, struct span s)
{
    char *p = arena_alloc(a, s.len + 1);
    if (s.len > 0) {
        memcpy(p, s.ptr, s.len);
    }
    p[s.len] = '\0';
    return (struct span){p, s.len};
}

char *arena_string(struct arena *a, const char *s)
{
    size_t len = strlen(s) + 1;
    return memcpy(arena_alloc(a, len), s, len);
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}

static void free_blocks(struct block *b)
{
    while (b != NULL) {
        struct block *next = b->next;
        free(b);
        b = next;
    }
}

void arena_reset(struct arena *a)
{
    if (a->head != NULL) {
        free_blocks(a->head->next);
        a->head->next = NULL;
        a->head->used = 0;
    }
    a->used = 0;
}

void arena_free(struct arena *a)
{
    if (a == NULL) {
        return;
    }
    free_blocks(a->head);
    free(a);
}
