/* SPDX-License-Identifier: MIT */
#include "classify/template.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static const struct {
    const char *name;
    const char *input;
    const char *want;
} rows[] = {
    {"words", "User unknown", "User unknown"},
    {"address", "<joe.doe+x@mail.example>: Recipient",
        "<{address}>: Recipient"},
    {"address, end of clause", "to joe@mail.example.", "to {address}."},
    {"address, single label", "root@localhost denied", "{address} denied"},
    {"ipv4", "[192.0.2.1]:25 and 192.0.2.1.", "[{ip}]:25 and {ip}."},
    {"ipv6", "[2001:db8::1] IPv6:2001:db8::2 2001:db8::3: no",
        "[{ip}] IPv6:{ip} {ip}: no"},
    {"return codes stay", "127.0.0.2 127.255.255.254 127.1.2.3",
        "127.0.0.2 127.255.255.254 {ip}"},
    {"version", "Exim 4.97 5.7.1 15.20.7452.28",
        "Exim 4.97 5.7.1 15.20.{n}.28"},
    {"host", "connect to mx1.example.com[192.0.2.1]:25",
        "connect to {host}[{ip}]:25"},
    {"no host", "Message rejected.Please retry e.g. now",
        "Message rejected.Please retry e.g. now"},
    {"known zone", "blocked using zen.spamhaus.org;",
        "blocked using zen.spamhaus.org;"},
    {"known zone asked", "1.2.0.192.zen.spamhaus.org listed",
        "{ip}.zen.spamhaus.org listed"},
    {"customer key", "see k3y9abc.zen.spamhaus.org now",
        "see {host}.zen.spamhaus.org now"},
    {"unknown zone after using", "blocked using dnsbl.example.net, sorry",
        "blocked using dnsbl.example.net, sorry"},
    {"unknown zone elsewhere", "found in lists.example.net, sorry",
        "found in {host}, sorry"},
    {"looks like a list", "in dnsbl.example.net and marble.com",
        "in dnsbl.example.net and {host}"},
    {"term of Exchange", "RESOLVER.ADR.RecipNotFound; RESOLVER.ADR.Ambiguous;",
        "RESOLVER.ADR.RecipNotFound; RESOLVER.ADR.Ambiguous;"},
    {"host after by", "rejected by list.example.net.",
        "rejected by list.example.net."},
    {"own name", "refused by mx.receiver.example: no", "refused by {host}: no"},
    {"own name, more labels", "blocked using 1.0.0.mx.receiver.example",
        "blocked using {host}"},
    {"own provider", "outlook.com does not like other.outlook.com",
        "outlook.com does not like other.outlook.com"},
    {"url query", "see https://www.spamhaus.org/query/ip/192.0.2.1 now",
        "see https://www.spamhaus.org/query/ip/{id} now"},
    {"url, number before a query", "https://x.example/123456789:?a=b",
        "https://x.example/{id}"},
    {"url", "(https://support.example.com/a/answer/81126?x=1&y=2)",
        "(https://support.example.com/a/answer/81126?{id})"},
    {"url fragment", "http://example.com/x.aspx#errors.",
        "http://example.com/x.aspx#errors."},
    {"url of an address", "http://192.0.2.1/x", "http://{ip}"},
    {"postfix id", "queued as D2FF7D9649", "queued as {id}"},
    {"postfix long id", "4Vr5zX2Lq7z1Qmb: x", "{id}: x"},
    {"exim id", "id=1rABCD-0004xY-2k", "id={id}"},
    {"uuid", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6 x", "{id} x"},
    {"google", "NoSuchUser 38308e7fff4ca-30344241c74si13773751fa.513 - gsmtp",
        "NoSuchUser {id} - gsmtp"},
    {"codes of providers stay", "(S3140) TSS04 IB605 BL000010 OU-001",
        "(S3140) TSS04 IB605 BL000010 OU-001"},
    {"numbers", "size 10485760 exceeds 1024KB of 550",
        "size {n} exceeds {n}KB of 550"},
    {"seconds", "try again in 42 seconds, 5 minutes or 7 days",
        "try again in {n} seconds, {n} minutes or 7 days"},
    {"times", "at 12:34:56 on 2026-11-23T10:00:00.000Z", "at {n} on {n}"},
    {"blanks",
        "  a \t\n b\x01"
        "c  ",
        "a b c"},
    {"utf-8", "Empf\xc3\xa4nger joe@x.example unbekannt",
        "Empf\xc3\xa4nger {address} unbekannt"},
    {"empty", "", ""},
};

static const struct suffixes *kept(void)
{
    struct suffixes *t = suffixes_create();
    suffixes_add(t, SPAN_LITERAL("zen.spamhaus.org"), 0);
    suffixes_add(t, SPAN_LITERAL("outlook.com"), 1);
    return t;
}

static struct template_names make_names(void)
{
    struct template_names names = {.kept = kept()};
    template_own(&names, SPAN_LITERAL("mx.receiver.example"));
    template_own(&names, SPAN_LITERAL("localhost"));
    return names;
}

static void free_names(struct template_names *names)
{
    suffixes_free((struct suffixes *)(uintptr_t)names->kept);
}

Test(template, rows)
{
    struct template_names names = make_names();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char out[LIMIT_TEMPLATE_LEN];
        char again[LIMIT_TEMPLATE_LEN];
        struct span got = template_make(&names, span_of(rows[i].input), out);
        cr_expect(span_equal(got, span_of(rows[i].want)), "%s: got \"%.*s\"",
            rows[i].name, (int)got.len, got.ptr);
        struct span twice = template_make(&names, got, again);
        cr_expect(span_equal(got, twice), "%s, again: \"%.*s\"", rows[i].name,
            (int)twice.len, twice.ptr);
    }
    free_names(&names);
}

/* Pieces that meet in all ways: a template must be its own template. */
static const char *const pieces[] = {"1234", "12", "foo", ".", "..", ":", "/",
    "@", "=", "+", "-", " ", "{", "}", "{id}", "{n}", "192.0.2.1",
    "2001:db8::1", "::1", "http://", "www.", "x.org", "zen.spamhaus.org",
    "4.3.2.1.zen.spamhaus.org", " by ", " using ", " - gsmtp", " seconds",
    "12:34:56", "2026-11-23", "abc123", "1rABCD-0004xY-2k", "D2FF7D9649",
    "outlook.com", "EUR03FT012", "?a=b", "#x", "\xc3\xa9", "\n", "<", "(",
    "joe@x.org", "Please", "127.0.0.2", ",",
    "IPv6:", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};

static unsigned next_random(unsigned *state)
{
    *state = *state * 1103515245u + 12345u;
    return *state >> 16;
}

static struct span make_text(unsigned *state, char *text, size_t size)
{
    size_t len = 0;
    unsigned n = 1 + next_random(state) % (next_random(state) % 8 ? 8 : 200);
    for (unsigned i = 0; i < n; i++) {
        const char *piece =
            pieces[next_random(state) % (sizeof(pieces) / sizeof(pieces[0]))];
        size_t piece_len = strlen(piece);
        if (len + piece_len > size) {
            break;
        }
        memcpy(text + len, piece, piece_len);
        len += piece_len;
    }
    return (struct span){text, len};
}

Test(template, is_its_own_template)
{
    struct template_names names = {.kept = kept()};
    unsigned state = 1;
    for (int i = 0; i < 100000; i++) {
        char text[2048];
        char out[LIMIT_TEMPLATE_LEN];
        char again[LIMIT_TEMPLATE_LEN];
        struct span input = make_text(&state, text, sizeof(text));
        struct span once = template_make(&names, input, out);
        struct span twice = template_make(&names, once, again);
        cr_assert(once.len <= LIMIT_TEMPLATE_LEN);
        cr_assert(span_equal(once, twice), "\"%.*s\" gave \"%.*s\"",
            (int)once.len, once.ptr, (int)twice.len, twice.ptr);
    }
    free_names(&names);
}

/* Words, and what makes more of a word. */
static const char *const words[] = {"User", "unknown", "a", "by", "USING",
    "bob", "bob.", "Bob:", "bobs", "rejected:", "denied.", "end..",
    "x.:", "abcdefghijklm", "abcdefghijklmn", "abcdefghijklmnopqrst", "- gsmtp",
    "-", "x.org", "joe@x.org", "{n}", "{id}x", "5.7.1", "(see", "it)",
    "list.x.org", "caf\xc3\xa9", "@", "[", "1234", "<bob>", "  ",
    "zen.spamhaus.org"};

static struct span make_words(unsigned *state, char *text)
{
    size_t len = 0;
    for (unsigned n = next_random(state) % 12 + 1; n > 0; n--) {
        const char *word =
            words[next_random(state) % (sizeof(words) / sizeof(words[0]))];
        memcpy(text + len, word, strlen(word));
        len += strlen(word);
        text[len] = ' ';
        len += next_random(state) % 8 != 0;
    }
    return (struct span){text, len};
}

/* Words between spaces have a shorter way than those between other blanks: that
 * must make no difference. */
Test(template, short_ways_lead_to_the_same)
{
    static struct span bob = SPAN_INIT("bob");
    struct template_names names = {.kept = kept()};
    unsigned state = 1;
    for (int i = 0; i < 100000; i++) {
        char text[2048];
        char spaces[LIMIT_TEMPLATE_LEN];
        char tabs[LIMIT_TEMPLATE_LEN];
        names.words.word[0] = bob;
        names.words.n = (size_t)i % 2;
        struct span input = make_words(&state, text);
        struct span got = template_make(&names, input, spaces);
        for (size_t j = 0; j < input.len; j++) {
            text[j] = text[j] == ' ' ? '\t' : text[j];
        }
        struct span want = template_make(&names, input, tabs);
        cr_assert(span_equal(got, want), "\"%.*s\", not \"%.*s\"", (int)got.len,
            got.ptr, (int)want.len, want.ptr);
    }
    free_names(&names);
}

Test(template, long_text_is_cut_between_tokens)
{
    struct template_names names = {.kept = NULL};
    char *text = malloc(100000);
    char out[LIMIT_TEMPLATE_LEN];
    for (size_t i = 0; i < 100000; i++) {
        text[i] = "word "[i % 5];
    }
    struct span got = template_make(&names, (struct span){text, 100000}, out);
    cr_expect_eq(got.len, 509); /* 102 words, no blank after the last */
    free(text);
}
