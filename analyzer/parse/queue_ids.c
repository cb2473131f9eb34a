/* SPDX-License-Identifier: MIT */
/*
 * A queue ID is one word, so the byte that ends the word dismisses most
 * messages that begin otherwise, and the pack's regex, which sees nothing but
 * that word, answers the same whenever it comes again.  One message is the
 * matter of five or ten lines that are near each other.
 */
#include "parse/queue_ids.h"

#include "base/memory.h"

#include <stdlib.h>

/* Words remembered, each in the place that its bytes choose; a power of two.
 * Exim's IDs have 23 bytes, Postfix's up to 25. */
enum { N_WORDS = 512, MAX_WORD = 46 };

struct seen {
    const struct format *format; /* that was asked */
    uint8_t len;    /* of the word and what ends it; 0: the place is free */
    uint8_t id_len; /* 0: it is no queue ID */
    char word[MAX_WORD];
};

struct queue_ids {
    struct regex_workspace *workspace;
    struct seen seen[N_WORDS];
};

struct queue_ids *queue_ids_create(void)
{
    struct queue_ids *ids = memory_zalloc(1, sizeof(*ids));
    ids->workspace = regex_workspace_create();
    return ids;
}

void queue_ids_free(struct queue_ids *ids)
{
    if (ids == NULL) {
        return;
    }
    regex_workspace_free(ids->workspace);
    free(ids);
}

/* The first word of ${message} and the ":" or blank that ends it; empty if it
 * is longer than any queue ID. */
static struct span first_word(struct span message)
{
    struct span most =
        span_first(message, message.len < MAX_WORD ? message.len : MAX_WORD);
    size_t n = span_find_any(most, ": :");
    return n < most.len ? span_first(message, n + 1) : SPAN_NONE;
}

static struct seen *place_of(struct queue_ids *ids, struct span word)
{
    return &ids->seen[span_hash(word) & (N_WORDS - 1)];
}

/* What ${format}'s regex says of ${word}. */
static size_t ask(
    struct queue_ids *ids, const struct format *format, struct span word)
{
    if (regex_match(format->queue_id, ids->workspace, word) != REGEX_MATCH) {
        return 0;
    }
    size_t n = regex_group(ids->workspace, word, 0).len;
    bool blank = n > 0 && word.ptr[n - 1] == ' ';
    return blank || (n < word.len && word.ptr[n] == ':') ? n : 0;
}

size_t queue_ids_len(
    struct queue_ids *ids, const struct format *format, struct span message)
{
    if (format->queue_id == NULL) {
        return 0;
    }
    struct span word = first_word(message);
    if (word.len < 2 ||
        (word.ptr[word.len - 1] == ' ' && !format->queue_id_has_blank)) {
        return 0;
    }
    struct seen *s = place_of(ids, word);
    if (s->len != word.len || s->format != format ||
        !span_same_bytes(s->word, word.ptr, word.len)) {
        s->format = format;
        s->len = (uint8_t)word.len;
        s->id_len = (uint8_t)ask(ids, format, word);
        memcpy(s->word, word.ptr, word.len);
    }
    return s->id_len;
}
