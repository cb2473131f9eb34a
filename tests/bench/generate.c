/* SPDX-License-Identifier: MIT */
/*
 * generate - write a large, realistic mail log, the same for one seed.
 *
 * The log is the syslog of three hosts over a month: applications, users and
 * mailing lists send mail out; the world sends mail in, much of it refused.
 * Each mail, session or noise line is a "job": a step function writes the
 * job's next line, names the step after it and says when that is due.  One
 * heap of jobs ordered by time interleaves everything, so the output is in
 * time order and memory grows only with the mail that is queued at one
 * moment, never with the number of lines.
 *
 * How many jobs start in an hour follows from the lines wanted, the hour of
 * the day and the day of the week; the mean number of lines per job is
 * measured while writing, so that the last line falls at the end of the last
 * day.  Recipient domains are a head of large providers and a Zipf tail.
 * About 90 % of outbound attempts are delivered, 7 % deferred (and retried
 * with growing pauses until delivered, bounced or expired), 3 % bounced.
 *
 * --kind mixed is the same among twice as many lines of other programs, --kind
 * exim the mail that goes out as Exim logs it.
 *
 * With --hostile every reply, recipient domain and queue ID is a new one,
 * to show that memory stays bounded when nothing repeats.
 *
 * With --truth the counts of what was written go to standard error.  A
 * counter moves only when its line is written, so the counts are exact.
 *
 * Nothing depends on clock, locale or platform: text that must repeat (the
 * name of a domain, the message-id of a mail) is drawn from a generator
 * seeded by the thing's own number, everything else from one global stream.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

static const char *const truth_names[T_COUNT] = {
    [T_NONE] = "other_lines",
    [T_DELIVERED] = "outbound_delivered",
    [T_DEFERRED] = "outbound_deferred",
    [T_SUSPENDED] = "outbound_suspended",
    [T_BOUNCED] = "outbound_bounced",
    [T_EXPIRED] = "expired_messages",
    [T_NONFINAL] = "nonfinal_attempts",
    [T_FILTERED] = "filter_hops",
    [T_LOCAL_DELIVERED] = "local_delivered",
    [T_LOCAL_BOUNCED] = "local_bounced",
    [T_ACCEPTED] = "inbound_accepted",
    [T_REJECTED_4XX] = "inbound_rejected_4xx",
    [T_REJECTED_5XX] = "inbound_rejected_5xx",
};

static void arrive_outbound(struct gen *g, struct job *j, uint32_t x)
{
    j->host = chance(g, 500) ? OUT_HOST : below(g, 2);
    j->from = pick_ours(g);
    add_rcpts(g, j);
    if (x < 245) {
        j->next = pick_up;
        j->from.user = below(g, 2) == 0 ? (uint32_t)random_bits(g) & ~7u : 3;
    } else if (x < 412) {
        j->next = greet_client;
        j->client = APP;
        j->tls = false;
    } else {
        j->next = greet_client;
        j->client = USER;
        j->entrance = SUBMISSION;
        j->tls = true;
    }
}

static void arrive_inbound(struct gen *g, struct job *j)
{
    j->host = below(g, 2);
    j->from = pick_world(g);
    j->client = SERVER;
    j->next = greet_client;
    add_our_rcpt(g, j);
    if (j->host == 1 && chance(g, 500)) {
        j->rcpt[0].fate = FILTER_HOP;
    }
}

static void arrive_unwanted(struct gen *g, struct job *j, uint32_t x)
{
    j->host = below(g, 2);
    j->client = x < 560 && chance(g, 400) ? SERVER : BOT;
    j->from = pick_world(g);
    j->rcpt[0].to = pick_ours(g);
    if (x < 590) {
        j->rejected = true;
        j->next = greet_client;
    } else {
        j->next = probe;
    }
}

static void arrive_other(struct gen *g, struct job *j, uint32_t x)
{
    j->host = below(g, N_HOSTS);
    j->client = x < 970 ? MONITOR : BOT;
    j->from = pick_ours(g);
    j->next = x < 970 ? check_health : x < 985 ? greet_guesser : make_noise;
}

/* Of a thousand jobs on a central syslog host: one line each, where a mail
 * has some seven, so that two lines in three are no mail server's. */
enum { OTHER_PROGRAMS = 930 };

static void arrive(struct gen *g, uint64_t second)
{
    uint64_t when = second * SECOND + below(g, (uint32_t)SECOND);
    struct job *j = job_new(g, when, NULL);
    uint32_t x = below(g, 1000);

    if (g->opt.kind == KIND_EXIM) {
        arrive_outbound(g, j, x % 465);
        j->host = 0;
        j->next = arrive_exim;
    } else if (g->opt.kind == KIND_MIXED && chance(g, OTHER_PROGRAMS)) {
        arrive_other(g, j, 999);
    } else if (x < 465) {
        arrive_outbound(g, j, x);
    } else if (x < 520) {
        arrive_inbound(g, j);
    } else if (x < 645) {
        arrive_unwanted(g, j, x);
    } else {
        arrive_other(g, j, x);
    }
    g->jobs++;
    heap_push(g, j);
}

static uint32_t hour_weight(const struct gen *g, uint64_t hour)
{
    static const uint32_t of_day[24] = {
        25,
        20,
        18,
        18,
        20,
        28,
        45,
        70,
        110,
        130,
        135,
        125,
        95,
        110,
        125,
        120,
        110,
        90,
        70,
        60,
        55,
        50,
        40,
        30,
    };
    int64_t day = g->opt.first_day + (int64_t)(hour / 24);
    bool weekend = (day + 4) % 7 == 0 || (day + 4) % 7 == 6;

    return of_day[hour % 24] * (weekend ? 9 : 20);
}

/* Jobs per second in this hour, so that the lines come out even. */
static double plan_hour(struct gen *g, uint64_t hour)
{
    double lines_per_job =
        ((double)g->lines + 7000.0) / ((double)g->jobs + 1000.0);
    double missing;

    if (hour < g->n_hours) {
        g->weight_done += hour_weight(g, hour);
        missing =
            (double)g->weight_done / (double)g->weight * (double)g->opt.lines;
    } else {
        missing = (double)g->opt.lines + 600.0; /* soon, after the last hour */
    }
    missing -= (double)g->lines;
    return missing > 0 ? missing / lines_per_job / 3600.0 : 0;
}

static void run(struct gen *g)
{
    double rate = 0, due = 0;

    g->n_hours = (uint64_t)g->opt.days * 24;
    for (uint64_t hour = 0; hour < g->n_hours; hour++) {
        g->weight += hour_weight(g, hour);
    }
    for (uint64_t second = 0; !is_full(g); second++) {
        if (second % 3600 == 0) {
            rate = plan_hour(g, second / 3600);
        }
        due += rate * (double)below(g, 2000) / 1000.0;
        for (; due >= 1.0; due -= 1.0) {
            arrive(g, second);
        }
        run_jobs(g, (second + 1) * SECOND);
    }
    flush_out(g);
}

static const char usage[] =
    "usage: generate [--lines N] [--seed S] [--start YYYY-MM-DD] [--days D]\n"
    "                [--kind postfix|mixed|exim] [--hostile] [--truth]\n"
    "Write a mail log to standard output; with --truth, what it holds to\n"
    "standard error.\n";

static void bad_usage(const char *what, const char *value)
{
    fprintf(stderr, "generate: %s: %s\n%s", what, value, usage);
    exit(2);
}

static uint64_t parse_number(const char *text, uint64_t max)
{
    char *end;
    unsigned long long n;

    errno = 0;
    n = strtoull(text, &end, 10);
    if (!isdigit((unsigned char)text[0]) || *end != '\0' || errno != 0 ||
        n > max) {
        bad_usage("not a number in range", text);
    }
    return n;
}

static int64_t parse_date(const char *text)
{
    int year, month, day, used = 0;

    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3 ||
        text[used] != '\0' || year < 1970 || month < 1 || month > 12 ||
        day < 1 || day > 31) {
        bad_usage("not a date", text);
    }
    return days_of_date(year, month, day);
}

static bool parse_flag(struct options *opt, const char *arg)
{
    if (strcmp(arg, "--hostile") == 0) {
        opt->hostile = true;
    } else if (strcmp(arg, "--truth") == 0) {
        opt->truth = true;
    } else if (strcmp(arg, "--help") == 0) {
        fputs(usage, stdout);
        exit(0);
    } else {
        return false;
    }
    return true;
}

static enum kind parse_kind(const char *name)
{
    static const char *const names[] = {[KIND_POSTFIX] = "postfix",
        [KIND_MIXED] = "mixed",
        [KIND_EXIM] = "exim"};

    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(name, names[i]) == 0) {
            return (enum kind)i;
        }
    }
    bad_usage("unknown kind", name);
    return KIND_POSTFIX;
}

static void parse_value(
    struct options *opt, const char *name, const char *value)
{
    if (value == NULL) {
        bad_usage("unknown option, or its value is missing", name);
    } else if (strcmp(name, "--lines") == 0) {
        opt->lines = parse_number(value, UINT64_C(1000000000000));
    } else if (strcmp(name, "--seed") == 0) {
        opt->seed = parse_number(value, UINT64_MAX);
    } else if (strcmp(name, "--days") == 0) {
        opt->days = (uint32_t)parse_number(value, 3660);
    } else if (strcmp(name, "--start") == 0) {
        opt->first_day = parse_date(value);
    } else if (strcmp(name, "--kind") == 0) {
        opt->kind = parse_kind(value);
    } else {
        bad_usage("unknown option", name);
    }
}

static void print_truth(const struct gen *g)
{
    fprintf(stderr, "lines %" PRIu64 "\n", g->lines);
    fprintf(stderr, "bytes %" PRIu64 "\n", g->bytes);
    for (size_t i = 0; i < T_COUNT; i++) {
        fprintf(stderr, "%s %" PRIu64 "\n", truth_names[i], g->counts[i]);
    }
}

/* Write the log and its truth; return the exit status. */
static int write_log(struct gen *g)
{
    g->rng = mix(g->opt.seed);
    g->stamp_second = UINT64_MAX;
    g->at = g->out;
    fill_zipf(g->tail, N_TAIL, 40.0);
    fill_zipf(g->senders, N_SENDERS, 4.0);
    run(g);
    if (fflush(stdout) != 0 || g->failed) {
        fputs("generate: cannot write standard output\n", stderr);
        return 1;
    }
    if (g->opt.truth) {
        print_truth(g);
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct gen *g = need_memory(calloc(1, sizeof(*g)));
    int status;

    g->opt = (struct options){.lines = 4000000, .seed = 1, .days = 30};
    g->opt.first_day = days_of_date(2026, 6, 1);
    for (int i = 1; i < argc; i++) {
        if (!parse_flag(&g->opt, argv[i])) {
            parse_value(&g->opt, argv[i], argv[i + 1]);
            i++;
        }
    }
    if (g->opt.days == 0) {
        bad_usage("not a number in range", "0");
    }
    status = write_log(g);
    free_jobs(g);
    free(g);
    return status;
}
