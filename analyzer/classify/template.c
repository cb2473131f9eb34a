/* SPDX-License-Identifier: MIT */
/*
 * One pass over the text, by a table of byte classes.  Nearly all of a reply
 * is words, and those are only copied, sixteen bytes at once where what stands
 * behind a word shows that nothing else can be meant (take_plain_word()).  A
 * token with a digit, a dot, a colon, a slash or an "@" in it is handed on
 * (masktoken.c, maskurl.c).
 */
#include "classify/template.h"

#include "classify/maskid.h"
#include "classify/masktoken.h"
#include "classify/maskurl.h"
#include "mail/token.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
    TOKEN = 1, /* may stand in a token */
    DIGIT = 2,
    MARK = 4, /* makes a token more than a word: . : / @ */
    BLANK = 8
};

#define T TOKEN
#define D (TOKEN | DIGIT)
#define M (TOKEN | MARK)
#define B BLANK
/* clang-format off */
static const unsigned char kinds[256] = {
    B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, /* control */
    B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B,
    B, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, T, 0, T, M, M, /*  !"#$%&'()*+,-./ */
    D, D, D, D, D, D, D, D, D, D, M, 0, 0, T, 0, 0, /* 0123456789:;<=>? */
    M, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, /* @A… */
    T, T, T, T, T, T, T, T, T, T, T, 0, 0, 0, 0, T, /* …Z[\]^_ */
    0, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, /* `a… */
    T, T, T, T, T, T, T, T, T, T, T, 0, 0, 0, 0, B, /* …z{|}~ */
};
/* clang-format on */
#undef T
#undef D
#undef M
#undef B

enum { LONGEST_WORD = 40 };

struct scan {
    const struct template_names *names;
    const char *at;
    const char *end;
    bool padded; /* PLAIN_WORD bytes behind the end may be read */
    struct maskout out;
    bool blank;        /* blanks were passed since the last output */
    size_t name_after; /* output length after "using" or "by"; 0: none */
};

void template_own(struct template_names *names, struct span name)
{
    while (name.len > 0 && name.ptr[name.len - 1] == '.') {
        name.len--;
    }
    if (names->n_own < TEMPLATE_OWN_NAMES && name.len > 0 &&
        memchr(name.ptr, '.', name.len) != NULL) {
        names->own[names->n_own++] = name;
    }
}

static const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && (kinds[(unsigned char)*p] & BLANK) != 0) {
        p++;
    }
    return p;
}

static bool starts_nocase(const char *p, const char *end, const char *word)
{
    size_t n = strlen(word);
    return (size_t)(end - p) >= n &&
           span_equal_nocase((struct span){p, n}, (struct span){word, n});
}

/* Google ends its replies with "ID - gsmtp". */
static bool gsmtp_follows(const char *p, const char *end)
{
    if (end - p > 1 && p[1] != '-' &&
        (kinds[(unsigned char)p[1]] & BLANK) == 0) {
        return false;
    }
    const char *hyphen = skip_blanks(p, end);
    if (hyphen == end || *hyphen != '-' || hyphen == p) {
        return false;
    }
    const char *word = skip_blanks(hyphen + 1, end);
    return word > hyphen + 1 && starts_nocase(word, end, "gsmtp");
}

/* "42 seconds": how long a greylist waits is different in each reply. */
static bool unit_follows(const char *p, const char *end)
{
    const char *word = skip_blanks(p, end);
    return word > p && (starts_nocase(word, end, "second") ||
                           starts_nocase(word, end, "sec.") ||
                           starts_nocase(word, end, "secs") ||
                           starts_nocase(word, end, "minute") ||
                           starts_nocase(word, end, "mins") ||
                           starts_nocase(word, end, "hour"));
}

/* Nearly all words are short, and copying 16 bytes costs less than a call that
 * copies fewer. */
static void copy_word(struct scan *s, struct span word)
{
    enum { SHORT_WORD = 16 };
    if (word.len <= SHORT_WORD && s->end - word.ptr >= SHORT_WORD &&
        s->out.len + SHORT_WORD <= LIMIT_TEMPLATE_LEN) {
        memcpy(s->out.bytes + s->out.len, word.ptr, SHORT_WORD);
        s->out.len += word.len;
    } else {
        maskout_add(&s->out, word);
    }
}

/* Remember where the name of a list may come next: behind ${word}, just
 * written. */
static void note_word(struct scan *s, struct span word)
{
    if ((word.len == 2 && span_equal_nocase(word, SPAN_LITERAL("by"))) ||
        (word.len == 5 && span_equal_nocase(word, SPAN_LITERAL("using")))) {
        s->name_after = s->out.len;
    }
}

static void add_word(struct scan *s, struct span word, bool joined)
{
    if (word.len > LONGEST_WORD) {
        maskid_atoms(&s->out, word);
        return;
    }
    copy_word(s, word);
    if (!joined) {
        note_word(s, word);
    }
}

/* The token without the punctuation that ends a clause. */
static struct span strip_tail(struct span token)
{
    while (token.len > 0 && (token.ptr[token.len - 1] == '.' ||
                                token.ptr[token.len - 1] == ':')) {
        token.len--;
    }
    return token;
}

static bool is_number(struct span token)
{
    for (size_t i = 0; i < token.len; i++) {
        if (!maskid_is_digit(token.ptr[i])) {
            return false;
        }
    }
    return true;
}

static bool is_www(struct span token)
{
    return token.len > 6 &&
           span_equal_nocase(span_first(token, 4), SPAN_LITERAL("www."));
}

/* Where in ${token} a URL begins; its length if none does. */
static size_t url_at(struct span token, bool joined)
{
    if (!joined && is_www(token)) {
        return 0;
    }
    if (memchr(token.ptr, '/', token.len) == NULL) {
        return token.len;
    }
    size_t at = span_find(token, SPAN_LITERAL("://"));
    if (at == token.len) {
        return at;
    }
    while (at > 0 && maskid_is_letter(token.ptr[at - 1])) {
        at--;
    }
    return at;
}

/* A token that is more than a word; sets s->at behind what it took. */
static void add_special(
    struct scan *s, struct span token, struct masktoken_place place)
{
    const char *token_end = token.ptr + token.len;
    size_t url = url_at(token, place.joined);
    if (url < token.len) {
        place.open = false;
        masktoken_add(&s->out, s->names, span_first(token, url), place);
        struct span rest = {
            token.ptr + url, (size_t)(s->end - token.ptr) - url};
        s->at = rest.ptr + maskurl_add(&s->out, s->names, rest);
        return;
    }
    if (!place.joined && !place.open && gsmtp_follows(token_end, s->end)) {
        maskout_add(&s->out, SPAN_LITERAL("{id}"));
        return;
    }
    struct span core = place.open ? token : strip_tail(token);
    if (!place.joined && is_number(core) && core.len == token.len &&
        core.len < 4 && unit_follows(token_end, s->end)) {
        maskout_add(&s->out, SPAN_LITERAL("{n}"));
        return;
    }
    while (!place.joined && core.len > 0 && core.ptr[0] == '.') {
        maskout_char(&s->out, '.');
        core = span_skip(core, 1);
    }
    masktoken_add(&s->out, s->names, core, place);
    maskout_add(&s->out, (struct span){core.ptr + core.len,
                             (size_t)(token_end - core.ptr) - core.len});
}

/* "User bob unknown" to bob: true if ${token} was his name. */
static bool add_own_word(struct scan *s, struct span token)
{
    if (s->names->words.n == 0) {
        return false;
    }
    const struct own_words *words = &s->names->words;
    struct span core = strip_tail(token);
    /* Cyrus calls bob's mailbox "user.bob" */
    const char *dot = core.len > 0 ? memchr(core.ptr, '.', core.len) : NULL;
    struct span name =
        dot != NULL ? span_skip(core, (size_t)(dot - core.ptr) + 1) : SPAN_NONE;
    if (ownwords_find(words, core) == words->n &&
        (dot == NULL || ownwords_find(words, name) == words->n)) {
        return false;
    }
    maskout_add(&s->out, SPAN_LITERAL("{address}"));
    maskout_add(&s->out, span_skip(token, core.len));
    return true;
}

static void scan_token(struct scan *s)
{
    const char *start = s->at;
    bool named =
        s->blank && s->name_after > 0 && s->name_after + 1 == s->out.len;
    size_t out_len = s->out.len;
    bool joined = out_len > 0 && s->out.bytes[out_len - 1] == '}';
    unsigned seen = 0;
    size_t n_marks = 0;
    const char *p = start;
    while (p < s->end && kinds[(unsigned char)*p] == TOKEN) {
        p++; /* the letters of a word, most often all of it */
    }
    seen |= p > start ? TOKEN : 0;
    while (p < s->end && (kinds[(unsigned char)*p] & TOKEN) != 0) {
        unsigned kind = kinds[(unsigned char)*p];
        seen |= kind;
        n_marks += (kind & MARK) != 0;
        p++;
    }
    struct span token = {start, (size_t)(p - start)};
    s->at = p;
    if (!joined && (p == s->end || *p != '{') && add_own_word(s, token)) {
        return;
    }
    if ((seen & MARK) != 0 && (seen & DIGIT) == 0 &&
        n_marks == token.len - strip_tail(token).len) {
        seen = TOKEN; /* "Blocked." is a word all the same */
    }
    if (seen == TOKEN && !gsmtp_follows(p, s->end)) {
        add_word(s, token, joined);
    } else {
        struct masktoken_place place = {
            .named = named, .joined = joined, .open = p < s->end && *p == '{'};
        add_special(s, token, place);
        /* whether it is open must be seen in the template too */
        s->out.full |= place.open && s->out.len == LIMIT_TEMPLATE_LEN;
    }
}

/* Half a UTF-8 character at the end, left by a cut. */
static size_t without_partial(const char *bytes, size_t len)
{
    size_t n = len;
    while (
        n > 0 && len - n < 3 && ((unsigned char)bytes[n - 1] & 0xc0) == 0x80) {
        n--;
    }
    if (n == 0 || (unsigned char)bytes[n - 1] < 0xc0) {
        return len;
    }
    unsigned char lead = (unsigned char)bytes[n - 1];
    size_t want = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    return len - n + 1 < want ? n - 1 : len;
}

static void step(struct scan *s)
{
    unsigned kind = kinds[(unsigned char)*s->at];
    if ((kind & BLANK) != 0) {
        s->blank = s->out.len > 0;
        s->at++;
        return;
    }
    size_t whole = s->out.len;
    if (s->blank) {
        maskout_char(&s->out, ' ');
    }
    if ((kind & TOKEN) != 0) {
        scan_token(s);
    } else {
        maskout_char(&s->out, *s->at++);
    }
    s->blank = false;
    if (s->out.full) {
        s->out.len = without_partial(s->out.bytes, whole);
        while (s->out.len > 0 && s->out.bytes[s->out.len - 1] == ' ') {
            s->out.len--;
        }
    }
}

enum { PLAIN_WORD = 16, BEHIND = 3 /* bytes that are looked at */ };

/* How many ASCII letters stand at ${p}, of PLAIN_WORD bytes. */
static size_t count_letters(const char *p)
{
#ifdef __SSE2__
    /* 'a' to 'z' become the least 26 signed values */
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    __m128i moved = _mm_add_epi8(lower, _mm_set1_epi8((char)(0x80 - 'a')));
    __m128i is_letter = _mm_cmplt_epi8(moved, _mm_set1_epi8(-128 + 26));
    unsigned mask = (unsigned)_mm_movemask_epi8(is_letter);
    return (size_t)__builtin_ctz(~mask);
#else
    size_t n = 0;
    while (n < PLAIN_WORD && maskid_is_letter(p[n])) {
        n++;
    }
    return n;
#endif
}

/* The length of the plain word at ${p}, or 0: letters, perhaps a colon or a
 * full stop, and then a blank and a byte that begins neither "- gsmtp" nor
 * another blank. */
static size_t plain_word_len(const char *p)
{
    size_t n = count_letters(p);
    if (n == 0 || n + BEHIND > PLAIN_WORD) {
        return 0;
    }
    n += p[n] == ':' || p[n] == '.';
    bool ends = p[n] == ' ' && p[n + 1] != '-' &&
                (kinds[(unsigned char)p[n + 1]] & BLANK) == 0;
    return ends ? n : 0;
}

/* May a word of ${len} bytes, punctuation included, be a local part? */
static bool may_be_own(const struct own_words *words, size_t len)
{
    for (size_t i = 0; i < words->n; i++) {
        size_t own = words->word[i].len;
        if (own == len || own + 1 == len || own == TOKEN_LEN) {
            return true;
        }
    }
    return false;
}

/* Copy the plain word and the blank that come next; false if that is not what
 * comes next. */
static bool take_plain_word(struct scan *s)
{
    if ((!s->padded && s->end - s->at < PLAIN_WORD) ||
        s->out.len + PLAIN_WORD + 1 > LIMIT_TEMPLATE_LEN) {
        return false;
    }
    size_t n = plain_word_len(s->at);
    if (n == 0 || may_be_own(&s->names->words, n)) {
        return false;
    }
    char *out = s->out.bytes + s->out.len;
    if (s->blank) {
        *out++ = ' ';
    } else if (s->out.len > 0 && out[-1] == '}') {
        return false; /* the rest of a masked token */
    }
    memcpy(out, s->at, PLAIN_WORD);
    s->out.len = (size_t)(out - s->out.bytes) + n;
    note_word(s, (struct span){s->at, n});
    s->at += n + 1;
    s->blank = true;
    return true;
}

enum { MOST_PADDED = 1024 };

/* ${text} as it is written to ${padded}, with bytes behind it by which its last
 * word is as plain as those before; SPAN_NONE if it is too long. */
static struct span pad(struct span text, char *padded)
{
    if (text.len > MOST_PADDED) {
        return SPAN_NONE;
    }
    if (text.len > 0) {
        memcpy(padded, text.ptr, text.len);
    }
    memset(padded + text.len, 'x', PLAIN_WORD);
    padded[text.len] = ' ';
    return (struct span){padded, text.len};
}

struct span template_make(
    const struct template_names *names, struct span text, char *out)
{
    char room[MOST_PADDED + PLAIN_WORD];
    struct span padded = pad(text, room);
    struct span from = span_is_known(padded) ? padded : text;
    struct scan s = {.names = names,
        .at = from.ptr,
        .end = from.ptr + from.len,
        .padded = span_is_known(padded),
        .out = {.bytes = out}};
    while (s.at < s.end && !s.out.full) {
        if (!take_plain_word(&s)) {
            step(&s);
        }
    }
    return (struct span){out, s.out.len};
}
