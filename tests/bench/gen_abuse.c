/* SPDX-License-Identifier: MIT */
/*
 * gen_abuse.c - sessions that bring no mail, and lines of other programs.
 */
#include "gen.h"

static step_fn lose_client, guess_password, probe_verdict, probe_end;

static enum truth truth_of_code(int code)
{
    return code >= 500 ? T_REJECTED_5XX : T_REJECTED_4XX;
}

static const struct reject_row *pick_reject(struct gen *g)
{
    uint32_t sum = 0, x;
    size_t i = 0;

    for (; i < COUNT(reject_rows); i++) {
        sum += reject_rows[i].weight;
    }
    x = below(g, sum);
    for (i = 0; x >= reject_rows[i].weight; i++) {
        x -= reject_rows[i].weight;
    }
    return &reject_rows[i];
}

uint64_t refuse(struct gen *g, struct job *j)
{
    const struct reject_row *row = pick_reject(g);

    begin_postfix(g, j, j->entrance, j->smtpd_pid);
    put_str(g, "NOQUEUE: reject: ");
    if (g->opt.hostile) {
        put_fmt(g, j,
            row->code >= 500 ? "RCPT from %c: 554 5.7.1 "
                             : "RCPT from %c: 451 4.7.1 ");
        put_hostile_words(g, 6);
        put_fmt(g, j, TAIL);
    } else {
        put_fmt(g, j, row->text);
    }
    end_line(g, truth_of_code(row->code));
    j->rcpt[0].to.user = (uint32_t)random_bits(g);
    if (chance(g, 250)) {
        return pause_ms(g, 30, 900); /* the next recipient, refused too */
    }
    j->next = chance(g, 200) ? lose_client : hang_up;
    return pause_ms(g, 10, 2000);
}

static uint64_t lose_client(struct gen *g, struct job *j)
{
    static const char *const forms[] = {
        "lost connection after RCPT from %c",
        "lost connection after DATA (0 bytes) from %c",
        "timeout after DATA (%5 bytes) from %c",
        "timeout after END-OF-MESSAGE from %c",
        "too many errors after RCPT from %c",
    };

    say_smtpd(g, j, T_NONE, forms[below(g, COUNT(forms))]);
    j->next = hang_up;
    return pause_ms(g, 1, 5);
}

static uint64_t guess_password(struct gen *g, struct job *j)
{
    say_smtpd(g, j, T_NONE,
        "warning: %c: SASL LOGIN authentication failed: UGFzc3dvcmQ6, "
        "sasl_username=%s");
    begin_postfix(g, j, j->entrance, j->smtpd_pid);
    put_fmt(g, j, "lost connection after AUTH from %c");
    end_line(g, T_NONE);
    say_smtpd(g, j, T_NONE, "disconnect from %c ehlo=1 auth=0/1 commands=1/2");
    j->next = NULL;
    return 0;
}

/* A load balancer looks whether we are alive. */
uint64_t check_health(struct gen *g, struct job *j)
{
    j->smtpd_pid = pick_pid(g, j->host, j->entrance);
    say_smtpd(g, j, T_NONE, "connect from %c");
    say_smtpd(g, j, T_NONE, "disconnect from %c quit=1 commands=1");
    j->next = NULL;
    return 0;
}

uint64_t greet_guesser(struct gen *g, struct job *j)
{
    j->smtpd_pid = pick_pid(g, j->host, j->entrance);
    say_smtpd(g, j, T_NONE, "connect from %c");
    j->next = guess_password;
    return pause_ms(g, 300, 4000);
}

static void put_screen_peer(struct gen *g, const struct job *j)
{
    put_char(g, '[');
    put_remote_ip(g, mix(j->seed), false);
    put_str(g, "]:");
    put_number(g, 1024 + j->seed % 60000);
}

static void say_screen(struct gen *g, const struct job *j, const char *before,
    const char *after, enum truth truth)
{
    begin_postfix(g, j, POSTSCREEN, pick_pid(g, j->host, POSTSCREEN));
    put_fmt(g, j, before);
    put_screen_peer(g, j);
    put_fmt(g, j, after);
    end_line(g, truth);
}

/* postscreen(8): connect, a verdict, what follows from it. */
uint64_t probe(struct gen *g, struct job *j)
{
    say_screen(g, j, "CONNECT from ", " to [%i]:25", T_NONE);
    j->next = probe_verdict;
    return pause_ms(g, 100, 6000);
}

static uint64_t probe_verdict(struct gen *g, struct job *j)
{
    uint32_t x = (uint32_t)(mix(j->seed) >> 40) % 10;

    j->next = NULL;
    if (x < 5) {
        say_screen(g, j, "PASS OLD ", "", T_NONE);
    } else if (x < 6) {
        say_screen(g, j, "PASS NEW ", "", T_NONE);
    } else if (x < 7) {
        say_screen(g, j, "HANGUP after 0.%2 from ",
            " in tests before SMTP handshake", T_NONE);
        j->next = probe_end;
    } else if (x < 8) {
        say_screen(
            g, j, "PREGREET 1%1 after 0.%2 from ", ": EHLO %g\\r\\n", T_NONE);
        j->next = refuse;
    } else {
        say_screen(g, j, "DNSBL rank %1 for ", "", T_NONE);
        j->next = refuse;
    }
    if (j->next == refuse) {
        j->next = probe_end;
        j->rejected = true;
    }
    return pause_ms(g, 200, 3000);
}

static uint64_t probe_end(struct gen *g, struct job *j)
{
    if (j->rejected) {
        j->rejected = false;
        say_screen(g, j, "NOQUEUE: reject: RCPT from ",
            g->opt.hostile
                ? ": 550 5.7.1 %x%x; from=<%s>, to=<%r>, "
                  "proto=ESMTP, helo=<%g>"
                : ": 550 5.7.1 Service unavailable; client [%a] "
                  "blocked using zen.spamhaus.org; from=<%s>, to=<%r>, "
                  "proto=ESMTP, helo=<%g>",
            T_REJECTED_5XX);
        return pause_ms(g, 20, 500);
    }
    say_screen(g, j, "DISCONNECT ", "", T_NONE);
    j->next = NULL;
    return 0;
}

/* One line of another program. */
uint64_t make_noise(struct gen *g, struct job *j)
{
    uint32_t sum = 0, x;
    size_t i = 0;

    for (; i < COUNT(noise_rows); i++) {
        sum += noise_rows[i].weight;
    }
    x = below(g, sum);
    for (i = 0; x >= noise_rows[i].weight; i++) {
        x -= noise_rows[i].weight;
    }
    begin_line(g, j);
    put_fmt(g, j, noise_rows[i].tag);
    put_str(g, ": ");
    put_fmt(g, j, noise_rows[i].text);
    end_line(g, T_NONE);
    j->next = NULL;
    return 0;
}
