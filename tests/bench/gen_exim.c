/* SPDX-License-Identifier: MIT */
/*
 * gen_exim.c - the same mail as Exim would log it (mainlog, spec chapter 52):
 * arrival, one line for each recipient's fate, retries, completion.
 */
#include "gen.h"

#include <string.h>

static step_fn deliver_exim, complete_exim;

/* What remote servers say, weighted; %-letters as in put_fmt(). */
struct answer {
    uint32_t weight;
    const char *text;
};

static const struct answer refusals[] = {
    {30, "550 5.1.1 <%r>: Recipient address rejected: User unknown"},
    {20, "550-5.1.1 The email account that you tried to reach does not "
         "exist.\\n550 5.1.1 https://support.example/mail/?p=NoSuchUser "
         "%t%t - gsmtp"},
    {8, "552 5.2.2 <%r>: Mailbox is full"},
    {8, "554 5.7.1 Service unavailable; Client host [%i] blocked using "
        "zen.spamhaus.org; https://www.spamhaus.org/query/ip/%i"},
    {6, "550 5.7.26 Unauthenticated email from %S is not accepted due to "
        "domain's DMARC policy"},
    {5, "550 SC-001 (%H) Unfortunately, messages from %i weren't sent"},
};

static const struct answer delays[] = {
    {30, "451 4.7.1 <%r>: Recipient address rejected: Greylisted, try later"},
    {20, "421-4.7.28 Our system has detected an unusual rate of unsolicited "
         "mail originating from your IP address. %t%t - gsmtp"},
    {15, "452 4.2.2 <%b>: over quota"},
    {10, "421 4.7.0 [TSS04] Messages from %i temporarily deferred due to user "
         "complaints"},
    {6, "451 4.3.0 Temporary lookup failure"},
};

static const char *pick(struct gen *g, const struct answer *rows, size_t n)
{
    uint32_t sum = 0;
    size_t i = 0;

    for (; i < n; i++) {
        sum += rows[i].weight;
    }
    uint32_t x = below(g, sum);
    for (i = 0; x >= rows[i].weight; i++) {
        x -= rows[i].weight;
    }
    return rows[i].text;
}

/* "2026-06-01 00:00:00 ID ": Exim's own stamp in the place of syslog's. */
static void begin_exim(struct gen *g, const struct job *j)
{
    begin_line(g, j);
    g->at = g->line;
    put_iso_time(g);
    g->at -= strlen(".000Z");
    *(g->at - strlen("T00:00:00")) = ' ';
    put_char(g, ' ');
    put_str(g, j->qid);
    put_char(g, ' ');
}

/* Seconds since 1970, process and fraction: six, six and two digits. */
static void assign_exim_id(struct gen *g, struct job *j)
{
    char *saved = g->at;

    put_base(g, base36, 36, epoch_seconds(g), 6);
    put_char(g, '-');
    put_base(g, base36, 36,
        g->opt.hostile ? ++g->serial : 1000 + below(g, 4000000), 6);
    put_char(g, '-');
    put_base(g, base36, 36, g->now % SECOND / 2000, 2);
    size_t len = (size_t)(g->at - saved);
    memcpy(j->qid, saved, len);
    j->qid[len] = '\0';
    g->at = saved;
}

uint64_t arrive_exim(struct gen *g, struct job *j)
{
    assign_exim_id(g, j);
    begin_exim(g, j);
    put_fmt(g, j,
        j->client == SERVER || j->client == USER
            ? "<= %s H=%n [%a] P=esmtps X=TLS1.3:ECDHE:256 CV=no S=%4"
            : "<= %s U=www-data P=local S=%4");
    put_fmt(g, j, " id=%t%t@%S");
    end_line(g, T_NONE);
    j->next = deliver_exim;
    return pause_ms(g, 20, 900);
}

static void put_exim_failure(
    struct gen *g, const struct job *j, const struct answer *rows, size_t n)
{
    put_fmt(g, j, "SMTP error from remote mail server after RCPT TO:<%r>: ");
    if (g->opt.hostile) {
        put_str(g, rows == delays ? "451 4.7.1 " : "550 5.7.1 ");
        put_hostile_words(g, 6);
    } else {
        put_fmt(g, j, pick(g, rows, n));
    }
}

/* One try of one recipient; true if that was its last. */
static bool try_exim(struct gen *g, struct job *j, struct rcpt *r)
{
    begin_exim(g, j);
    if (r->defers > 0) {
        r->defers--;
        put_fmt(
            g, j, "== %r R=dnslookup T=remote_smtp defer (-44) H=%h [%p]: ");
        put_exim_failure(g, j, delays, COUNT(delays));
        end_line(g, T_DEFERRED);
        return false;
    }
    if (r->fate == BOUNCES || r->fate == LATER_BOUNCES || r->fate == EXPIRES) {
        put_fmt(g, j, "** %r R=dnslookup T=remote_smtp H=%h [%p]: ");
        put_exim_failure(g, j, refusals, COUNT(refusals));
        end_line(g, T_BOUNCED);
    } else {
        put_fmt(g, j,
            "=> %r R=dnslookup T=remote_smtp H=%h [%p]"
            " X=TLS1.3:ECDHE:256 CV=yes C=\"250 2.0.0 OK %u %t\"");
        end_line(g, T_DELIVERED);
    }
    return true;
}

static uint64_t deliver_exim(struct gen *g, struct job *j)
{
    bool waits = false;

    for (j->current = 0; j->current < j->n_rcpt; j->current++) {
        struct rcpt *r = &j->rcpt[j->current];
        if (!r->done) {
            r->done = try_exim(g, j, r);
            waits = waits || !r->done;
        }
    }
    j->current = 0;
    if (waits) {
        return 15 * MINUTE + pause_ms(g, 0, 60000);
    }
    j->next = complete_exim;
    return 0;
}

static uint64_t complete_exim(struct gen *g, struct job *j)
{
    begin_exim(g, j);
    put_str(g, "Completed");
    end_line(g, T_NONE);
    j->next = NULL;
    return 0;
}
