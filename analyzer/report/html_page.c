/* SPDX-License-Identifier: MIT */
/*
 * The page is complete without script: scripts sort, filter and draw, nothing
 * else.  They stand at the end, charts' library first; a page without data
 * does not carry that library.
 */
#include "report/html_page.h"

#include "base/embedded.h"
#include "report/escape.h"

#include <assert.h>
#include <nettle/base64.h>
#include <nettle/sha2.h>

#define STYLE "web/report.css"
#define SCRIPT "web/report.js"
#define CHARTS "web/chart.min.js"

/* An asset of the page; its absence is an error of the build. */
static struct span asset(const char *path)
{
    const struct embedded_file *file = embedded_find(path);
    assert(file != NULL);
    return file->bytes;
}

/* A source expression 'sha256-...' (CSP level 3, 2.3.1). */
static void add_hash(struct buffer *out, struct span bytes)
{
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];
    char text[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE)];
    sha256_init(&context);
    sha256_update(&context, bytes.len, (const uint8_t *)bytes.ptr);
    sha256_digest(&context, sizeof digest, digest);
    base64_encode_raw(text, sizeof digest, digest);
    buffer_add_string(out, "'sha256-");
    buffer_add(out, (struct span){text, sizeof text});
    buffer_add_char(out, '\'');
}

static void add_policy(struct buffer *out)
{
    buffer_add_string(out, "<meta http-equiv=\"Content-Security-Policy\" "
                           "content=\"default-src 'none'; style-src ");
    add_hash(out, asset(STYLE));
    buffer_add_string(out, "; script-src ");
    add_hash(out, asset(CHARTS));
    buffer_add_char(out, ' ');
    add_hash(out, asset(SCRIPT));
    buffer_add_string(
        out, "; img-src data:; base-uri 'none'; form-action 'none'\">\n");
}

static void add_navigation(
    struct buffer *out, const struct html_section *sections, size_t n)
{
    buffer_add_string(out, "<nav class=\"contents\" aria-label=\"Sections\">"
                           "<p class=\"mark\">smtpscope</p>\n<ol>\n");
    for (size_t i = 0; i < n; i++) {
        buffer_addf(out, "<li><a href=\"#%s\">", sections[i].id);
        escape_html(out, span_of(sections[i].title));
        buffer_add_string(out, "</a></li>\n");
    }
    buffer_add_string(out, "</ol></nav>\n");
}

void html_page_begin(struct buffer *out, const char *title,
    const struct html_section *sections, size_t n)
{
    buffer_add_string(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                           "<meta charset=\"utf-8\">\n");
    add_policy(out);
    buffer_add_string(out,
        "<meta name=\"viewport\" content=\"width=device-width, "
        "initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    escape_html(out, span_of(title));
    buffer_add_string(out, "</title>\n<style>");
    buffer_add(out, asset(STYLE));
    buffer_add_string(out,
        "</style>\n</head>\n<body>\n"
        "<a class=\"skip\" href=\"#content\">Skip to the report</a>\n");
    add_navigation(out, sections, n);
    buffer_add_string(out, "<main id=\"content\">\n");
}

void html_page_section(
    struct buffer *out, const struct html_section *section, const char *note)
{
    buffer_addf(out,
        "<section id=\"%s\" aria-labelledby=\"%s-title\">\n"
        "<h2 id=\"%s-title\">",
        section->id, section->id, section->id);
    escape_html(out, span_of(section->title));
    buffer_add_string(out, "</h2>\n");
    if (note != NULL) {
        buffer_add_string(out, "<p class=\"note\">");
        escape_html(out, span_of(note));
        buffer_add_string(out, "</p>\n");
    }
}

void html_page_section_end(struct buffer *out)
{
    buffer_add_string(out, "</section>\n");
}

void html_page_direction(struct buffer *out, const char *direction)
{
    bool is_outbound = strcmp(direction, "outbound") == 0;
    buffer_addf(out,
        "<div class=\"way %s\">\n"
        "<h3 class=\"direction %s\"><span>%s</span> %s</h3>\n",
        direction, direction, is_outbound ? "Outbound" : "Inbound",
        is_outbound ? "we sent, others answered" : "others sent, we answered");
}

void html_page_direction_end(struct buffer *out)
{
    buffer_add_string(out, "</div>\n");
}

static void add_script(struct buffer *out, const char *path)
{
    buffer_add_string(out, "<script>");
    buffer_add(out, asset(path));
    buffer_add_string(out, "</script>\n");
}

void html_page_end(struct buffer *out, struct span data)
{
    buffer_add_string(out, "</main>\n");
    if (span_is_known(data)) {
        buffer_add_string(
            out, "<script type=\"application/json\" id=\"data\">");
        buffer_add(out, data);
        buffer_add_string(out, "</script>\n");
        add_script(out, CHARTS);
    }
    add_script(out, SCRIPT);
    buffer_add_string(out, "</body>\n</html>\n");
}
