/* SPDX-License-Identifier: MIT */
#include "findings/remedy.h"

#include <criterion/criterion.h>

/* One step with the command ${command}, about these names. */
static const char *filled(
    struct search *s, const char *command, const struct remedy_names *names)
{
    struct finding f = {.name = ""};
    remedy_add(s, &f, search_text(s, "Title\tText\t%s", command), names);
    cr_assert_eq(f.n_advice, 1);
    cr_expect_str_eq(f.advice[0].title, "Title");
    cr_expect_str_eq(f.advice[0].text, "Text");
    return f.advice[0].command;
}

static const struct {
    const char *name;
    const char *command;
    const char *domain;
    const char *want;
} rows[] = {
    {"domain", "dig MX {domain}", "a.example", "dig MX a.example"},
    {"address and list", "dig {address}.{dnsbl}", "",
        "dig 192.0.2.1.zen.example"},
    {"unknown", "dig MX {domain}", "", "dig MX DOMAIN"},
    {"no name of ours", "echo {other} {", "a.example", "echo {other} {"},
    {"a shell's words", "dig {domain}", "$(reboot)", "dig DOMAIN"},
    {"a quote", "dig {domain}", "a';reboot;'", "dig DOMAIN"},
    {"an option", "dig {domain}", "-fetc", "dig DOMAIN"},
    {"a line end", "dig {domain}", "a\nreboot", "dig DOMAIN"},
    {"relay of a hostile domain", "nc {relay} 25", "`reboot`", "nc RELAY 25"},
    {"relay", "nc {relay} 25", "a.example",
        "nc $(dig +short MX a.example | sort -n | awk 'NR==1{print $2}') 25"},
    {"none", "", "a.example", ""},
};

Test(remedy, placeholders)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct search s = {.arena = arena_create()};
        struct remedy_names names = {
            rows[i].domain, rows[i].domain, "mx1", "192.0.2.1", "zen.example"};
        cr_expect_str_eq(filled(&s, rows[i].command, &names), rows[i].want,
            "%s", rows[i].name);
        arena_free(s.arena);
    }
}

Test(remedy, several_steps)
{
    struct search s = {.arena = arena_create()};
    struct remedy_names names = {"", "", "", "", ""};
    struct finding f = {.name = ""};
    remedy_add(&s, &f, "One\tFirst\t\nTwo\tSecond\tls", &names);
    cr_assert_eq(f.n_advice, 2);
    cr_expect_str_eq(f.advice[0].command, "");
    cr_expect_str_eq(f.advice[1].title, "Two");
    cr_expect_str_eq(f.advice[1].command, "ls");
    arena_free(s.arena);
}
