/* SPDX-License-Identifier: MIT */
/*
 * gen_names.c - names and addresses, and the templates that use them.
 *
 * A name must be the same whenever it is written again, so names are made
 * from the number of the thing named and never stored: 50,000 domains, or
 * in --hostile as many as there are recipients, cost no memory.
 */
#include <assert.h>

#include "gen.h"

const struct host hosts[N_HOSTS] = {
    {"mx1", "mx1.corp.example", "192.0.2.25", false},
    {"mx2", "mx2.corp.example", "192.0.2.26", false},
    {"out1", "out1.corp.example", "192.0.2.27", true},
};

static const char *const first_words[32] = {"north", "alpine", "blue", "city",
    "delta", "ever", "forst", "green", "haus", "inter", "jura", "kraft", "lake",
    "metro", "nova", "ost", "prime", "quick", "rhein", "stern", "true", "ultra",
    "vita", "west", "nord", "bau", "data", "first", "gold", "harbor", "iron",
    "jet"};
static const char *const second_words[32] = {"wind", "bank", "care", "druck",
    "edition", "foods", "gruppe", "health", "it", "jobs", "klinik", "labs",
    "media", "net", "optik", "press", "quelle", "reisen", "shop", "technik",
    "union", "verlag", "works", "travel", "yards", "zentrum", "school", "parts",
    "motors", "legal", "design", "energy"};
static const char *const first_names[32] = {"anna", "bob", "carla", "david",
    "emma", "frank", "greta", "hans", "ines", "jonas", "karin", "lukas",
    "maria", "nina", "oskar", "paula", "quinn", "rosa", "stefan", "tina", "uwe",
    "vera", "wanda", "xaver", "yusuf", "zoe", "alex", "petra", "ralf", "sofia",
    "timo", "ulla"};

static bool in_head(uint64_t domain)
{
    return domain < COUNT(head_domains);
}

static void put_world_domain(struct gen *g, uint64_t domain)
{
    uint64_t tail;

    if (g->opt.hostile) {
        put_word(g, mix(domain));
        put_char(g, '-');
        put_base(g, letters, 26, domain, 7);
        put_str(g, ".example");
        return;
    }
    if (in_head(domain)) {
        put_str(g, head_domains[domain].name);
        return;
    }
    tail = domain - COUNT(head_domains);
    put_str(g, first_words[tail % 32]);
    put_str(g, second_words[tail / 32 % 32]);
    if (tail >= 1024) {
        put_number(g, tail / 1024);
    }
    put_str(g, ".example");
}

/* One of the domains we send for: a few names, then customers by number. */
static void put_our_domain(struct gen *g, uint64_t domain)
{
    static const char *const names[] = {
        "corp.example",
        "news.corp.example",
        "lists.corp.example",
        "shop.corp.example",
        "alerts.corp.example",
    };

    if (domain < COUNT(names)) {
        put_str(g, names[domain]);
        return;
    }
    put_str(g, second_words[domain % 32]);
    put_number(g, domain);
    put_str(g, ".example");
}

void put_domain(struct gen *g, const struct address *a)
{
    if (a->ours) {
        put_our_domain(g, a->domain);
    } else {
        put_world_domain(g, a->domain);
    }
}

static void put_user(struct gen *g, uint32_t user)
{
    uint64_t hash = mix(user);

    switch (user % 8) {
    case 0:
        put_str(g, "b+");
        put_base(g, base36, 10, hash, 7);
        break;
    case 1:
        put_base(g, letters, 26, hash, 1);
        put_char(g, '.');
        put_word(g, hash >> 8);
        break;
    case 2:
        put_str(g, first_names[hash % 32]);
        put_number(g, hash / 32 % 10000);
        break;
    case 3:
        put_str(g, (hash & 1) != 0 ? "info." : "office.");
        put_word(g, hash >> 1);
        break;
    default:
        put_str(g, first_names[hash % 32]);
        put_char(g, '.');
        put_word(g, hash / 32);
        break;
    }
}

static void put_address(struct gen *g, const struct address *a)
{
    if (a->present) {
        put_user(g, a->user);
        put_char(g, '@');
        put_domain(g, a);
    }
}

enum provider provider_of(const struct gen *g, const struct address *a)
{
    uint64_t hash = mix(a->domain) % 100;

    if (g->opt.hostile) {
        return P_SELF;
    }
    if (in_head(a->domain)) {
        return head_domains[a->domain].provider;
    }
    return hash < 14   ? P_GOOGLE
           : hash < 24 ? P_MICROSOFT
           : hash < 28 ? P_PROOFPOINT
           : hash < 31 ? P_MIMECAST
           : hash < 36 ? P_GMX
                       : P_SELF;
}

/* An address of the documentation nets for providers, else by domain. */
static void put_relay_ip(struct gen *g, const struct rcpt *r)
{
    enum provider provider = provider_of(g, &r->to);
    uint64_t hash = mix(r->to.domain + r->tries * 77 + r->to.user % 8);

    if (provider == P_SELF) {
        put_remote_ip(g, mix(r->to.domain), false);
        return;
    }
    put_str(g, hash % 2 == 0 ? "203.0.113." : "198.51.100.");
    put_number(g, (uint64_t)provider * 20 + hash / 2 % 20);
}

/* An address of ours that belongs to the host or to a customer's client. */
static void put_client_ip(struct gen *g, const struct job *j)
{
    switch (j->client) {
    case APP:
        put_str(g, "192.0.2.");
        put_number(g, 100 + j->seed % 12);
        break;
    case MONITOR:
        put_str(g, "192.0.2.9");
        break;
    case FILTER_CLIENT:
        put_str(g, "127.0.0.1");
        break;
    case NO_CLIENT:
    case USER:
    case SERVER:
    case BOT:
        put_remote_ip(g, mix(j->seed), j->client == SERVER);
        break;
    }
}

static void put_client_name(struct gen *g, const struct job *j)
{
    switch (j->client) {
    case APP:
        put_str(g, "app");
        put_number(g, j->seed % 12);
        put_str(g, ".corp.example");
        break;
    case MONITOR:
        put_str(g, "lb.corp.example");
        break;
    case FILTER_CLIENT:
        put_str(g, "localhost");
        break;
    case SERVER:
        put_str(g, "mail.");
        put_domain(g, &j->from);
        break;
    case USER:
        put_str(g, "p");
        put_base(g, hex_upper, 16, j->seed >> 8, 8);
        put_str(g, ".dip0.isp.example");
        break;
    case NO_CLIENT:
    case BOT:
        if (j->seed % 3 != 0) {
            put_str(g, "unknown");
        } else {
            put_str(g, "dyn-");
            put_number(g, j->seed / 3 % 100000);
            put_str(g, ".pool.isp.example");
        }
        break;
    }
}

static void put_helo(struct gen *g, const struct job *j)
{
    if (j->client == BOT) {
        put_str(g, "ylmf-");
        put_base(g, letters, 26, j->seed, 4);
    } else {
        put_client_name(g, j);
    }
}

/* Expand ${fmt} with a random stream of its own, always the same. */
static void put_fixed(
    struct gen *g, const struct job *j, uint64_t seed, const char *fmt)
{
    uint64_t saved = g->rng;

    g->rng = mix(seed);
    put_fmt(g, j, fmt);
    g->rng = saved;
}

static void put_message_id(struct gen *g, const struct job *j)
{
    static const char *const forms[] = {
        "<%x%X@%S>",
        "<%x.%u@%S>",
        "<%9.%4@%n>",
        "<%t%3@%S>",
        "<%H%t@pc.example>",
        "<%x%X@mailer.example>",
    };

    put_fixed(g, j, j->seed, forms[j->seed % COUNT(forms)]);
}

static void put_relay_name(struct gen *g, const struct job *j)
{
    const struct address *to = &j->rcpt[j->current].to;
    const struct provider_names *names = &provider_names[provider_of(g, to)];

    put_fmt(g, j, in_head(to->domain) ? names->own : names->hosted);
}

/* The recipient's domain with dashes for dots, as Microsoft names hosts. */
static void put_dashed_domain(struct gen *g, const struct job *j)
{
    char *start = g->at;

    put_domain(g, &j->rcpt[j->current].to);
    for (char *p = start; p < g->at; p++) {
        if (*p == '.') {
            *p = '-';
        }
    }
}

/* What Postfix would make of a new short queue ID elsewhere. */
static void put_foreign_qid(struct gen *g)
{
    put_base(g, hex_upper, 16, random_bits(g), 5);
    put_base(g, hex_upper, 16, 0xA00000 + below(g, 0x5fffff), 6);
}

/* ${n} random words; the last is new in the whole run (--hostile). */
void put_hostile_words(struct gen *g, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        put_word(g, random_bits(g));
        put_char(g, ' ');
    }
    put_base(g, letters, 26, ++g->serial, 8);
}

/*
 * One %-letter.  Of the job: %q queue ID, %s sender, %S sender domain,
 * %c client name[ip], %a client ip, %n client name, %g helo, %M message-id,
 * %i our ip, %o our name.  Of its current recipient: %r address, %d domain,
 * %D dashed domain, %b user, %h relay name, %p relay ip, %v and %V a number
 * of 1 and 4 digits that stays with the domain.  Random: %1 to %9 that many
 * digits, %x 8 hex, %X 4 hex, %t 8 letters or digits, %H Microsoft host,
 * %Q foreign queue ID.  Time: %T stamp, %u epoch, %z ISO 8601.
 */
static void put_letter(struct gen *g, const struct job *j, char letter)
{
    const struct rcpt *r = &j->rcpt[j->current];

    switch (letter) {
    case 'q':
        put_str(g, j->qid);
        break;
    case 's':
        put_address(g, &j->from);
        break;
    case 'S':
        put_domain(g, &j->from);
        break;
    case 'c':
        put_fmt(g, j, "%n[%a]");
        break;
    case 'a':
        put_client_ip(g, j);
        break;
    case 'n':
        put_client_name(g, j);
        break;
    case 'g':
        put_helo(g, j);
        break;
    case 'M':
        put_message_id(g, j);
        break;
    case 'i':
        put_str(g, hosts[j->host].address);
        break;
    case 'o':
        put_str(g, hosts[j->host].fqdn);
        break;
    case 'r':
        put_address(g, &r->to);
        break;
    case 'd':
        put_domain(g, &r->to);
        break;
    case 'D':
        put_dashed_domain(g, j);
        break;
    case 'b':
        put_user(g, r->to.user);
        break;
    case 'h':
        put_relay_name(g, j);
        break;
    case 'p':
        put_relay_ip(g, r);
        break;
    case 'v':
        put_number(g, 1 + mix(r->to.domain) % 4);
        break;
    case 'V':
        put_base(g, base36, 10, mix(r->to.domain), 4);
        break;
    case 'x':
        put_base(g, hex_lower, 16, random_bits(g), 8);
        break;
    case 'X':
        put_base(g, hex_upper, 16, random_bits(g), 4);
        break;
    case 't':
        put_base(g, base36, 36, random_bits(g), 8);
        break;
    case 'H':
        put_fmt(g, j, "AM%1PR0%1MB%4");
        break;
    case 'Q':
        put_foreign_qid(g);
        break;
    case 'T':
        put_stamp(g);
        break;
    case 'u':
        put_number(g, epoch_seconds(g));
        break;
    case 'z':
        put_iso_time(g);
        break;
    default:
        assert(letter >= '1' && letter <= '9');
        put_base(g, base36, 10, random_bits(g), (size_t)(letter - '0'));
        break;
    }
}

void put_fmt(struct gen *g, const struct job *j, const char *fmt)
{
    for (const char *p = fmt; *p != '\0'; p++) {
        if (*p == '%') {
            put_letter(g, j, *++p);
        } else {
            put_char(g, *p);
        }
    }
}
