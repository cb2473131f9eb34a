/* SPDX-License-Identifier: MIT */
/*
 * The list grows by doubling; its texts lie in one arena, which whoever asked
 * for the findings gets together with them.
 */
#include "findings/search.h"

#include <stdarg.h>
#include <stdio.h>

enum { FIRST_CAPACITY = 32 };

struct finding *search_add(struct search *s)
{
    if (s->n == s->cap) {
        s->cap = s->cap != 0 ? 2 * s->cap : FIRST_CAPACITY;
        s->items = memory_grow(s->items, s->cap, sizeof *s->items);
        s->places = memory_grow(s->places, s->cap, sizeof *s->places);
    }
    s->places[s->n] = (struct search_place){.known = false};
    struct finding *f = &s->items[s->n++];
    *f = (struct finding){.name = "",
        .direction = "",
        .cause = "",
        .detail = "",
        .dnsbl = "",
        .address = "",
        .headline = "",
        .unit = "attempts",
        .confidence = 1,
        .muted = ""};
    return f;
}

void search_mark(struct search *s, struct finding *f, enum cause_mark mark)
{
    const struct lexicon *l = s->lexicon;
    struct span cause;
    struct span detail;
    if (l->marked != NULL && l->marked(l->state, mark, &cause, &detail)) {
        f->cause = search_text(s, "%.*s", (int)cause.len, cause.ptr);
        f->detail = search_text(s, "%.*s", (int)detail.len, detail.ptr);
    }
}

const char *search_text(struct search *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0) {
        return "";
    }
    char *text = arena_alloc(s->arena, (size_t)len + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return text;
}

const char *search_keep(struct search *s, const char *text)
{
    return text[0] != '\0' ? arena_string(s->arena, text) : "";
}

/* Notes are few: each new one copies the list. */
void search_note(struct search *s, struct finding *f, const char *text)
{
    const char **notes =
        arena_alloc(s->arena, (f->n_notes + 1) * sizeof *notes);
    for (size_t i = 0; i < f->n_notes; i++) {
        notes[i] = f->notes[i];
    }
    notes[f->n_notes++] = text;
    f->notes = notes;
}
