/* SPDX-License-Identifier: MIT */
/*
 * Names come from logs, thus from strangers, and commands are made to be
 * pasted into a shell: a name goes into a command only if it consists of what
 * host names and addresses consist of.  What is not known stays as a word in
 * capitals that a person has to replace.
 */
#include "findings/remedy.h"

#include "base/buffer.h"

enum { MAX_STEPS = 8, MAX_TEXT = 8192 };

/* The relay is not in the store; the first MX of the domain nearly always is
 * it, and asking DNS for it is what one would do first. */
#define FIRST_MX "$(dig +short MX %s | sort -n | awk 'NR==1{print $2}')"

static bool is_harmless(const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-_:");
    return name[0] != '\0' && name[0] != '-' && name[len] == '\0';
}

static void add_name(struct buffer *out, const char *name, const char *word)
{
    buffer_add_string(out, is_harmless(name) ? name : word);
}

static void add_placeholder(
    struct buffer *out, struct span key, const struct remedy_names *names)
{
    if (span_equal(key, SPAN_LITERAL("domain"))) {
        add_name(out, names->domain, "DOMAIN");
    } else if (span_equal(key, SPAN_LITERAL("host"))) {
        add_name(out, names->host, "OUR-HOST");
    } else if (span_equal(key, SPAN_LITERAL("address"))) {
        add_name(out, names->address, "OUR-ADDRESS");
    } else if (span_equal(key, SPAN_LITERAL("dnsbl"))) {
        add_name(out, names->dnsbl, "LIST");
    } else if (span_equal(key, SPAN_LITERAL("user"))) {
        buffer_add_string(out, "USER");
    } else if (is_harmless(names->target)) {
        buffer_addf(out, FIRST_MX, names->target);
    } else {
        buffer_add_string(out, "RELAY");
    }
}

/* "{domain}" at the beginning of ${text}: its length, else 0. */
static size_t placeholder_len(struct span text)
{
    static const char *const keys[] = {
        "{domain}", "{host}", "{address}", "{dnsbl}", "{user}", "{relay}"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (span_starts(text, span_of(keys[i]))) {
            return strlen(keys[i]);
        }
    }
    return 0;
}

static const char *fill(
    struct search *s, struct span text, const struct remedy_names *names)
{
    struct buffer out;
    buffer_init(&out, MAX_TEXT);
    for (size_t i = 0; i < text.len;) {
        size_t len = placeholder_len(span_skip(text, i));
        if (len > 0) {
            struct span key = {text.ptr + i + 1, len - 2};
            add_placeholder(&out, key, names);
            i += len;
        } else {
            buffer_add_char(&out, text.ptr[i++]);
        }
    }
    const char *kept = search_keep(s, buffer_string(&out));
    buffer_free(&out);
    return kept;
}

/* Take what stands before ${mark} off ${text}, and the mark. */
static struct span cut(struct span *text, struct span mark)
{
    struct span part = span_first(*text, span_find(*text, mark));
    *text =
        span_skip(*text, part.len < text->len ? part.len + mark.len : part.len);
    return part;
}

void remedy_add(struct search *s, struct finding *f, const char *steps,
    const struct remedy_names *names)
{
    struct span rest = span_of(steps);
    struct finding_step *list = arena_alloc(s->arena, MAX_STEPS * sizeof *list);
    f->n_advice = 0;
    while (rest.len > 0 && f->n_advice < MAX_STEPS) {
        struct span line = cut(&rest, SPAN_LITERAL("\n"));
        struct span title = cut(&line, SPAN_LITERAL("\t"));
        struct span text = cut(&line, SPAN_LITERAL("\t"));
        list[f->n_advice++] =
            (struct finding_step){arena_copy(s->arena, title).ptr,
                fill(s, text, names), fill(s, line, names), ""};
    }
    f->advice = list;
}
