/* SPDX-License-Identifier: MIT */
/*
 * gen_text.c - the generator's random numbers, and text put onto its line.
 *
 * Every put_ function appends to the line that begin_line() began and stops
 * at LINE_MAX_LEN, so none of them can fail.
 */
#include <assert.h>
#include <string.h>

#include "gen.h"

uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

uint64_t random_bits(struct gen *g)
{
    g->rng += UINT64_C(0x9e3779b97f4a7c15);
    return mix(g->rng);
}

uint32_t below(struct gen *g, uint32_t n)
{
    return (uint32_t)(((random_bits(g) >> 32) * n) >> 32);
}

bool chance(struct gen *g, uint32_t per_mille)
{
    return below(g, 1000) < per_mille;
}

/* A pause between ${low} and ${high} milliseconds. */
uint64_t pause_ms(struct gen *g, uint32_t low, uint32_t high)
{
    return (low + below(g, high - low)) * UINT64_C(1000) + below(g, 1000);
}

void fill_zipf(double *sums, size_t n, double offset)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        sum += 1.0 / ((double)i + offset);
        sums[i] = sum;
    }
}

uint32_t pick_zipf(struct gen *g, const double *sums, uint32_t n)
{
    double x = (double)below(g, UINT32_MAX) / 4294967296.0 * sums[n - 1];
    uint32_t low = 0, high = n - 1;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (sums[middle] > x) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

void put_char(struct gen *g, char c)
{
    if (g->at < g->line + LINE_MAX_LEN - 1) {
        *g->at++ = c;
    }
}

void put_str(struct gen *g, const char *s)
{
    size_t len = strlen(s);

    if (len > (size_t)(g->line + LINE_MAX_LEN - 1 - g->at)) {
        len = (size_t)(g->line + LINE_MAX_LEN - 1 - g->at);
    }
    memcpy(g->at, s, len);
    g->at += len;
}

void put_number(struct gen *g, uint64_t n)
{
    char digits[20];
    size_t len = 0;

    do {
        digits[len++] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    while (len > 0) {
        put_char(g, digits[--len]);
    }
}

/* ${len} letters of ${alphabet} (of ${base} letters), lowest digit last. */
void put_base(
    struct gen *g, const char *alphabet, uint32_t base, uint64_t n, size_t len)
{
    char text[32];

    assert(len <= sizeof(text));
    for (size_t i = len; i > 0; i--) {
        text[i - 1] = alphabet[n % base];
        n /= base;
    }
    for (size_t i = 0; i < len; i++) {
        put_char(g, text[i]);
    }
}

const char hex_upper[] = "0123456789ABCDEF";
const char hex_lower[] = "0123456789abcdef";
const char base36[] = "0123456789abcdefghijklmnopqrstuvwxyz";
const char letters[] = "abcdefghijklmnopqrstuvwxyz";
const char base52[] = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";

static void put_two_digits(struct gen *g, uint64_t n)
{
    put_char(g, (char)('0' + n / 10 % 10));
    put_char(g, (char)('0' + n % 10));
}

/* Days since 1970-01-01 to a date (Howard Hinnant's civil_from_days). */
static void civil_date(
    int64_t days, int64_t *year, uint32_t *month, uint32_t *day)
{
    int64_t z = days + 719468;
    int64_t era = z / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;

    *day = (uint32_t)(doy - (153 * mp + 2) / 5 + 1);
    *month = (uint32_t)(mp < 10 ? mp + 3 : mp - 9);
    *year = yoe + era * 400 + (*month <= 2);
}

/* The inverse: days since 1970-01-01. */
int64_t days_of_date(int64_t year, int64_t month, int64_t day)
{
    int64_t y = year - (month <= 2);
    int64_t era = y / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

uint64_t epoch_seconds(const struct gen *g)
{
    return (uint64_t)g->opt.first_day * 86400 + g->now / SECOND;
}

static void put_clock(struct gen *g, uint64_t second)
{
    put_two_digits(g, second / 3600 % 24);
    put_char(g, ':');
    put_two_digits(g, second / 60 % 60);
    put_char(g, ':');
    put_two_digits(g, second % 60);
}

/* "Jun  1 00:00:00", made once for each second. */
void put_stamp(struct gen *g)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    uint64_t second = g->now / SECOND;
    char *start = g->at;
    int64_t year;
    uint32_t month, day;

    if (second == g->stamp_second) {
        put_str(g, g->stamp);
        return;
    }
    civil_date(
        g->opt.first_day + (int64_t)(second / 86400), &year, &month, &day);
    for (size_t i = 0; i < 3; i++) {
        put_char(g, months[(month - 1) * 3 + i]);
    }
    put_char(g, ' ');
    put_char(g, day < 10 ? ' ' : (char)('0' + day / 10));
    put_char(g, (char)('0' + day % 10));
    put_char(g, ' ');
    put_clock(g, second);
    memcpy(g->stamp, start, 15);
    g->stamp_second = second;
}

/* "2026-06-01T00:00:00.000Z" */
void put_iso_time(struct gen *g)
{
    int64_t year;
    uint32_t month, day;

    civil_date(g->opt.first_day + (int64_t)(g->now / SECOND / 86400), &year,
        &month, &day);
    put_number(g, (uint64_t)year);
    put_char(g, '-');
    put_two_digits(g, month);
    put_char(g, '-');
    put_two_digits(g, day);
    put_char(g, 'T');
    put_clock(g, g->now / SECOND);
    put_char(g, '.');
    put_base(g, base36, 10, below(g, 1000), 3);
    put_char(g, 'Z');
}

/* A remote address: the benchmark net 198.18.0.0/15, some of 2001:db8::. */
void put_remote_ip(struct gen *g, uint64_t hash, bool allow_ipv6)
{
    if (allow_ipv6 && hash % 16 == 0) {
        put_str(g, "2001:db8:");
        put_base(g, hex_lower, 16, 4096 + hash / 16 % 60000, 4);
        put_str(g, "::");
        put_base(g, hex_lower, 16, 256 + hash / 2000003 % 3800, 3);
        return;
    }
    put_str(g, hash / 16 % 2 == 0 ? "198.18." : "198.19.");
    put_number(g, hash / 32 % 256);
    put_char(g, '.');
    put_number(g, 1 + hash / 8192 % 254);
}

/* A pronounceable word that depends on ${hash} alone. */
void put_word(struct gen *g, uint64_t hash)
{
    size_t pairs = 2 + hash % 2;

    hash /= 2;
    for (size_t i = 0; i < pairs; i++) {
        put_char(g, "bcdfghjklmnprstvwz"[hash % 18]);
        put_char(g, "aeiou"[hash / 18 % 5]);
        hash /= 90;
    }
}
