/* SPDX-License-Identifier: MIT */
/*
 * Own code because the C library's needs a locale, which a nightly cron job
 * does not have, and stops at the first invalid byte, which logs do have.
 */
#include "report/utf8.h"

struct range {
    uint32_t first;
    uint32_t last;
};

/* Unicode 15, East Asian Width W and F, in blocks. */
static const struct range wide[] = {{0x1100, 0x115F}, {0x2E80, 0x303E},
    {0x3041, 0x33FF}, {0x3400, 0x4DBF}, {0x4E00, 0x9FFF}, {0xA000, 0xA4CF},
    {0xA960, 0xA97F}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF}, {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF},
    {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};

/* Combining marks and variation selectors. */
static const struct range zero[] = {{0x0300, 0x036F}, {0x0483, 0x0489},
    {0x0591, 0x05BD}, {0x064B, 0x065F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
    {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};

static const struct range unsafe[] = {{0x00, 0x1F}, {0x7F, 0x9F},
    {0x061C, 0x061C}, {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F},
    {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F}};

#define N_OF(a) (sizeof(a) / sizeof((a)[0]))

static bool is_in(uint32_t code, const struct range *ranges, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* Length that the first byte announces; 0 if it cannot be first. */
static size_t announced(unsigned char first)
{
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        return 2;
    }
    if (first >= 0xE0 && first <= 0xEF) {
        return 3;
    }
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

size_t utf8_next(struct span s, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    static const unsigned char mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    const unsigned char *p = (const unsigned char *)s.ptr;
    size_t len = announced(p[0]);
    *code = UTF8_INVALID;
    if (len == 0 || len > s.len) {
        return 1;
    }
    uint32_t value = p[0] & mask[len];
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            return 1;
        }
        value = value << 6 | (p[i] & 0x3Fu);
    }
    if (value < least[len] || value > 0x10FFFF ||
        (value >= 0xD800 && value <= 0xDFFF)) {
        return 1;
    }
    *code = value;
    return len;
}

bool utf8_is_unsafe(uint32_t code)
{
    return (code < 0x20 || code >= 0x7F) && is_in(code, unsafe, N_OF(unsafe));
}

size_t utf8_width(uint32_t code)
{
    if (code < 0x300) {
        return 1;
    }
    if (is_in(code, zero, N_OF(zero))) {
        return 0;
    }
    return is_in(code, wide, N_OF(wide)) ? 2 : 1;
}

size_t utf8_columns(struct span s)
{
    size_t columns = 0;
    uint32_t code;
    for (size_t at = 0; at < s.len;) {
        at += utf8_next(span_skip(s, at), &code);
        columns += utf8_width(code);
    }
    return columns;
}

size_t utf8_fit(struct span s, size_t columns)
{
    size_t at = 0;
    uint32_t code;
    while (at < s.len) {
        size_t len = utf8_next(span_skip(s, at), &code);
        size_t width = utf8_width(code);
        if (width > columns) {
            break;
        }
        columns -= width;
        at += len;
    }
    return at;
}
