/* SPDX-License-Identifier: MIT */
/* base/span.h - bytes with a length, borrowed from somebody else. */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * A span borrows its bytes: whoever made it says how long they stay valid.
 * The bytes come from logs, so they may hold NUL and invalid UTF-8 and are
 * never terminated.  ptr == NULL means "unknown"; ptr != NULL with len == 0
 * means "known to be empty" (the null sender, for example).
 */
struct span {
    const char *ptr;
    size_t len;
};

#define SPAN_NONE ((struct span){NULL, 0})
#define SPAN_LITERAL(s) ((struct span)SPAN_INIT(s))
/* The same as an initialiser of static data. */
#define SPAN_INIT(s)                                                           \
    {                                                                          \
        (s), sizeof(s) - 1                                                     \
    }

/** span_of(s): The bytes of the terminated string ${s}, or SPAN_NONE. */
static inline struct span span_of(const char *s)
{
    return (struct span){s, s != NULL ? strlen(s) : 0};
}

/** span_is_known(s): True unless ${s} is SPAN_NONE. */
static inline bool span_is_known(struct span s)
{
    return s.ptr != NULL;
}

/**
 * span_same_bytes(a, b, n):
 * True if the ${n} bytes at ${a} and at ${b} are the same.  Words of logs are
 * short: comparing them takes less than a call of memcmp() does.
 */
static inline bool span_same_bytes(const char *a, const char *b, size_t n)
{
    if (__builtin_constant_p(n) || n > 16) {
        return n == 0 || memcmp(a, b, n) == 0;
    }
    if (n >= 8) { /* the first eight and the last eight, which may overlap */
        uint64_t words[4];
        memcpy(&words[0], a, 8);
        memcpy(&words[1], b, 8);
        memcpy(&words[2], a + n - 8, 8);
        memcpy(&words[3], b + n - 8, 8);
        return ((words[0] ^ words[1]) | (words[2] ^ words[3])) == 0;
    }
    if (n >= 4) {
        uint32_t words[4];
        memcpy(&words[0], a, 4);
        memcpy(&words[1], b, 4);
        memcpy(&words[2], a + n - 4, 4);
        memcpy(&words[3], b + n - 4, 4);
        return ((words[0] ^ words[1]) | (words[2] ^ words[3])) == 0;
    }
    return n == 0 ||
           (a[0] == b[0] && a[n / 2] == b[n / 2] && a[n - 1] == b[n - 1]);
}

/** span_equal(a, b): True if ${a} and ${b} hold the same bytes. */
static inline bool span_equal(struct span a, struct span b)
{
    return a.len == b.len && span_same_bytes(a.ptr, b.ptr, a.len);
}

/** span_starts(s, prefix): True if ${s} begins with ${prefix}. */
static inline bool span_starts(struct span s, struct span prefix)
{
    return s.len >= prefix.len &&
           span_same_bytes(s.ptr, prefix.ptr, prefix.len);
}

/** span_ends(s, suffix): True if ${s} ends with ${suffix}. */
static inline bool span_ends(struct span s, struct span suffix)
{
    return s.len >= suffix.len &&
           (suffix.len == 0 || span_same_bytes(s.ptr + s.len - suffix.len,
                                   suffix.ptr, suffix.len));
}

/** span_skip(s, n): ${s} without its first ${n} bytes; ${n} <= s.len. */
static inline struct span span_skip(struct span s, size_t n)
{
    /* nothing may be added to a null pointer, not even 0 */
    return n != 0 ? (struct span){s.ptr + n, s.len - n} : s;
}

/** span_first(s, n): The first ${n} bytes of ${s}; ${n} <= s.len. */
static inline struct span span_first(struct span s, size_t n)
{
    return (struct span){s.ptr, n};
}

/**
 * span_find(s, needle):
 * Return the offset of the first ${needle} in ${s}, or s.len if there is none.
 */
size_t span_find(struct span s, struct span needle);

/**
 * span_find_any(s, bytes):
 * Return the offset of the first byte of ${s} that is one of the three
 * ${bytes} (which may be equal), or s.len if there is none.
 */
size_t span_find_any(struct span s, const char bytes[3]);

/** span_trim(s): ${s} without blanks and tabs at both ends. */
struct span span_trim(struct span s);

/** span_equal_nocase(a, b): span_equal() that takes ASCII case as equal. */
bool span_equal_nocase(struct span a, struct span b);

/** span_ends_nocase(s, suffix): span_ends() without regard to ASCII case. */
bool span_ends_nocase(struct span s, struct span suffix);

/** span_lower(s, out): Copy ${s} to ${out} (s.len bytes) in ASCII lower case.
 */
void span_lower(struct span s, char *out);

/**
 * span_number(s, value):
 * Store the decimal number that ${s} wholly consists of in ${value}; return
 * false if it is empty, holds anything but digits, or exceeds 18 digits.
 */
bool span_number(struct span s, int64_t *value);

/** span_is_c1(p): True if the two bytes at ${p}, or the one before a NUL, are
 * U+0080 to U+009F: controls that terminals obey, too. */
static inline bool span_is_c1(const char *p)
{
    return (unsigned char)p[0] == 0xc2 && ((unsigned char)p[1] & 0xe0) == 0x80;
}

/** span_hash(s): XXH3-64 of the bytes of ${s}. */
uint64_t span_hash(struct span s);

#endif
