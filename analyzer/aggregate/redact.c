/* SPDX-License-Identifier: MIT */
/*
 * A line is copied byte by byte.  Where an "@" shows that an address has begun,
 * its local part is taken back out of the copy; what stands for a name without
 * one is known from the line's event, or from the key before it.
 */
#include "aggregate/redact.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "mail/token.h"

static void add_word(struct buffer *b, struct span word)
{
    char token[TOKEN_LEN];
    buffer_add(b, ownwords_may_be(word) ? token_make(word, token) : word);
}

/* "joe smith"@example.org is two words to who looks for names in a text. */
static void add_quoted(struct buffer *b, struct span local)
{
    while (local.len > 0) {
        size_t n = 0;
        while (n < local.len && local.ptr[n] != ' ' && local.ptr[n] != '"') {
            n++;
        }
        add_word(b, span_first(local, n));
        local = span_skip(local, n);
        if (local.len > 0) {
            buffer_add_char(b, local.ptr[0]);
            local = span_skip(local, 1);
        }
    }
}

struct span redact_local(const struct privacy *privacy, struct span local,
    struct span domain, char *out)
{
    char name[PRIVACY_LOCAL_LEN];
    struct buffer b;
    if (privacy_keeps(privacy)) {
        return local;
    }
    buffer_init(&b, REDACT_LOCAL_LEN);
    if (privacy == privacy_tokens() && local.len > 0 && local.ptr[0] == '"') {
        add_quoted(&b, local);
    } else {
        size_t stays = token_begins(local);
        struct span rest = span_skip(local, stays);
        buffer_add(&b, span_first(local, stays));
        if (rest.len > 0) {
            buffer_add(&b, privacy_local(privacy, rest, domain, name));
        }
    }
    struct span made = {out, b.len};
    if (b.len > 0) {
        memcpy(out, b.bytes, b.len);
    }
    buffer_free(&b);
    return made;
}

/*
 * What a local part may hold (RFC 5321, 4.1.2: atext and dots), and bytes of
 * UTF-8 (RFC 6531).  "=" is atext, but in logs it is what comes before an
 * address far more often ("to=user@host", VERP aside), and masking less than
 * all would be worse: so it is taken as part of it, and a key in front is
 * put back by mask_start().
 */
static bool is_local(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c >= 0x80 ||
           (c != 0 && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

static bool is_host(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c >= 0x80 || c == '[' || c == '-';
}

/* Where the quoted local part that ends before ${at} begins, or ${at}. */
static size_t quoted_start(const char *text, size_t at)
{
    for (size_t i = at - 1; i > 0; i--) {
        if (text[i - 1] == '"' && (i < 2 || text[i - 2] != '\\')) {
            return i - 1;
        }
    }
    return at;
}

/* Where the local part that ends before ${at} in ${text} begins. */
static size_t mask_start(const char *text, size_t at)
{
    if (at > 1 && text[at - 1] == '"') {
        return quoted_start(text, at);
    }
    size_t start = at;
    while (start > 0 && is_local((unsigned char)text[start - 1])) {
        start--;
    }
    static const char *const keys[] = {"to=", "from=", "F=", "T=", "A="};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        size_t len = strlen(keys[i]);
        if (at - start > len && memcmp(text + start, keys[i], len) == 0) {
            return start + len;
        }
    }
    return start;
}

/* A line being copied: line[0 .. at) is done and is out[0 .. used). */
struct masking {
    struct span line;
    const struct redaction *hiding;
    char *out;
    size_t out_len;
    size_t at;
    size_t used;
};

static void put(struct masking *m, struct span text)
{
    size_t room = m->out_len - m->used;
    size_t n = text.len < room ? text.len : room;
    if (n > 0) {
        memcpy(m->out + m->used, text.ptr, n);
        m->used += n;
    }
}

static void put_local(struct masking *m, struct span local, struct span domain)
{
    char name[PRIVACY_LOCAL_LEN];
    if (span_is_known(m->hiding->instead)) {
        put(m, m->hiding->instead);
        return;
    }
    if (m->hiding->exact) {
        char held[REDACT_LOCAL_LEN];
        put(m, redact_local(m->hiding->privacy, local, domain, held));
        return;
    }
    put(m, privacy_local(m->hiding->privacy, local, domain, name));
}

static struct span rest_of(const struct masking *m, size_t from)
{
    return span_skip(m->line, from);
}

/* Without the dot of a sentence. */
static struct span without_dots(struct span s)
{
    while (s.len > 0 && s.ptr[s.len - 1] == '.') {
        s.len--;
    }
    return s;
}

/* The host name at the beginning of ${s}, without the dot of a sentence. */
static struct span host_of(struct span s)
{
    size_t n = 0;
    while (n < s.len && (is_host((unsigned char)s.ptr[n]) || s.ptr[n] == '.')) {
        n++;
    }
    return without_dots(span_first(s, n));
}

/* How many bytes of UTF-8 are behind ${lead}; -1: it begins no character. */
static int n_behind(unsigned char lead)
{
    return lead < 0x80   ? 0
           : lead < 0xc2 ? -1
           : lead < 0xe0 ? 1
           : lead < 0xf0 ? 2
           : lead < 0xf5 ? 3
                         : -1;
}

/* What is no UTF-8, or was none (U+FFFD stands for it), is nobody's name, nor
 * is what a program has left its braces around. */
static bool is_garbage(const char *bytes, size_t len)
{
    struct span s = {bytes, len};
    int behind = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (behind > 0 ? (c & 0xc0) != 0x80 : n_behind(c) < 0) {
            return true;
        }
        behind = behind > 0 ? behind - 1 : n_behind(c);
    }
    return behind > 0 || (len > 0 && bytes[0] == '{') ||
           span_find(s, SPAN_LITERAL("\xef\xbf\xbd")) < len;
}

/*
 * qmail writes "_" for blanks, so a whole sentence may stand before an "@".
 * It is one if a reply code is in it or if it is longer than a local part may
 * be (RFC 5321, 4.5.3.1.1): then the last word is the name.
 */
static size_t logsafe_len(const char *local, size_t len)
{
    enum { LONGEST_LOCAL = 64 };
    bool sentence = len > LONGEST_LOCAL;
    size_t end = 0;
    for (size_t i = 0; i < len; i++) {
        if (local[i] != '_') {
            continue;
        }
        end = i + 1;
        sentence = sentence ||
                   (len - i > 4 && local[i + 1] >= '2' && local[i + 1] <= '5' &&
                       local[i + 2] >= '0' && local[i + 2] <= '9' &&
                       local[i + 3] >= '0' && local[i + 3] <= '9' &&
                       (local[i + 4] == '_' || local[i + 4] == '-'));
    }
    return sentence ? end : 0;
}

/* At an "@": the local part was copied already, and is taken back. */
static void mask_address(struct masking *m)
{
    size_t start = mask_start(m->out, m->used);
    char local[LIMIT_REPLY_LEN];
    size_t len = m->used - start;
    len = len < sizeof(local) ? len : sizeof(local);
    bool text = !m->hiding->exact || !is_garbage(m->out + start, len);
    if (len > 0 && text) {
        memcpy(local, m->out + start, len);
        size_t text_len = m->hiding->exact ? logsafe_len(local, len) : 0;
        m->used = start + text_len;
        len -= text_len;
        memmove(local, local + text_len, len);
        put_local(m, (struct span){local, len}, host_of(rest_of(m, m->at + 1)));
    }
}

/* What own words are of, but for the dot, which may end a sentence, and for
 * "_", which qmail writes for a blank. */
/* clang-format off */
static const bool is_inner[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, /* + - */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, /* 0…9 */
    0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* A… */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, /* …Z */
    0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* a… */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, /* …z */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* UTF-8 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
};
/* clang-format on */

static bool is_word(unsigned char c)
{
    return is_inner[c] || c == '.' || c == '_';
}

/* True if "@" and a host follow at ${at}. */
static bool is_address(const struct masking *m, size_t at)
{
    return at + 1 < m->line.len && m->line.ptr[at] == '@' &&
           is_host((unsigned char)m->line.ptr[at + 1]);
}

/* The number of the own word whose pseudonym is that of ${name}. */
static size_t find_pseudonym(const struct redaction *h, struct span name)
{
    const struct own_words *own = h->own;
    char made[PRIVACY_LOCAL_LEN];
    size_t i = ownwords_may_be(name) && !token_is(name) ? 0 : own->n;
    while (i < own->n &&
           !(token_is(own->word[i]) &&
               span_equal(own->word[i],
                   privacy_local(h->privacy, name, own->domain[i], made)))) {
        i++;
    }
    return i;
}

/* The longest beginning of ${word} that is an own one, its number in ${which};
 * empty: none is.  It may end before any "_". */
static struct span own_beginning(
    const struct redaction *h, struct span word, size_t *which)
{
    while (word.len > 0) {
        struct span name = without_dots(word);
        *which =
            h->again ? find_pseudonym(h, name) : ownwords_find(h->own, name);
        if (*which < h->own->n) {
            return name;
        }
        do {
            word.len--;
        } while (word.len > 0 && word.ptr[word.len] != '_');
    }
    return word;
}

/* The own word at m->at goes; false if there is none. */
static bool mask_own_word(struct masking *m)
{
    const struct own_words *own = m->hiding->own;
    size_t end = m->at;
    size_t which = 0;
    unsigned char before =
        m->at > 0 ? (unsigned char)m->line.ptr[m->at - 1] : 0;
    /* behind a dot as well: Cyrus' mailboxes are called "user.NAME" */
    if (own == NULL || own->n == 0 || is_inner[before]) {
        return false;
    }
    while (end < m->line.len && is_word((unsigned char)m->line.ptr[end])) {
        end++;
    }
    if (is_address(m, end)) {
        return false;
    }
    struct span word = own_beginning(
        m->hiding, span_first(rest_of(m, m->at), end - m->at), &which);
    if (word.len > 0) {
        put_local(m, word, own->domain[which]);
        m->at += word.len;
    }
    return word.len > 0;
}

/* What stands behind a key that announces an address, and has no domain,
 * goes. */
static bool mask_announced(struct masking *m)
{
    size_t end = m->at;
    if (!ownwords_announced(span_first(m->line, m->at))) {
        return false;
    }
    while (end < m->line.len && is_local((unsigned char)m->line.ptr[end])) {
        end++;
    }
    if (end == m->at || (end < m->line.len && m->line.ptr[end] == '@')) {
        return false;
    }
    put_local(m, span_first(rest_of(m, m->at), end - m->at), SPAN_LITERAL(""));
    m->at = end;
    return true;
}

/* How many bytes from m->at on lie within a word, where nothing that is to go
 * begins: most of a line does. */
static size_t within_word(const struct masking *m)
{
    const char *text = m->line.ptr;
    size_t room = m->out_len - m->used;
    size_t rest = m->line.len - m->at;
    size_t end = m->at + (rest < room ? rest : room);
    size_t i = m->at;
    while (i > 0 && i < end && is_inner[(unsigned char)text[i - 1]] &&
           text[i] != '@') {
        i++;
    }
    return i - m->at;
}

struct span redact_line(
    struct span line, const struct redaction *hiding, char *out, size_t out_len)
{
    struct masking m = {
        .line = line, .hiding = hiding, .out = out, .out_len = out_len};
    bool keep = privacy_keeps(hiding->privacy);
    while (m.at < line.len && m.used < out_len) {
        size_t n = within_word(&m);
        if (n > 0) {
            put(&m, span_first(rest_of(&m, m.at), n));
            m.at += n;
            continue;
        }
        if (!keep &&
            ((!hiding->again && mask_announced(&m)) || mask_own_word(&m))) {
            continue;
        }
        if (!keep && !hiding->again && is_address(&m, m.at)) {
            mask_address(&m);
        }
        put(&m, span_first(rest_of(&m, m.at), 1));
        m.at++;
    }
    /* an address that was cut before its "@" must not show either */
    while (m.at < line.len && !keep && m.used > 0 &&
           is_local((unsigned char)out[m.used - 1])) {
        m.used--;
    }
    return (struct span){out, m.used};
}
