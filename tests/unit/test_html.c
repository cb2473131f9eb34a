/* SPDX-License-Identifier: MIT */
#include "report/html_out.h"

#include "base/embedded.h"
#include "report/escape.h"
#include "report_store.h"

#include <criterion/criterion.h>
#include <json.h>
#include <stdlib.h>

#define ATTACK "\"'><script>x</script><!--&lt;\xff\033"

/* The page of a store whose names all begin with ${flavour}. */
static void make_page(struct buffer *out, const char *flavour)
{
    sqlite3 *db = report_store_open(flavour);
    struct named_filter filter = NAMED_FILTER_NONE;
    struct gather *g = gather_run(&(struct snapshot){db, NULL}, &filter, NULL,
        NULL, report_store_lexicon());
    cr_assert_not_null(g);
    buffer_init(out, 1 << 24);
    html_out_page(out, g);
    cr_assert_not(out->overflowed);
    gather_free(g);
    sqlite3_close(db);
}

/* What of ${text} follows ${mark}; the test fails if it is not there. */
static struct span after(struct span text, const char *mark)
{
    size_t at = span_find(text, span_of(mark));
    cr_assert_lt(at, text.len, "no %s", mark);
    return span_skip(text, at + strlen(mark));
}

static struct span until(struct span text, const char *mark)
{
    return span_first(text, span_find(text, span_of(mark)));
}

Test(html, escapes_text)
{
    static const struct {
        struct span in;
        const char *out;
    } rows[] = {
        {SPAN_INIT("plain"), "plain"},
        {SPAN_INIT("<a href=\"x\">'&"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;"},
        {SPAN_INIT("a\0b\033"), "a\\x00b\\x1b"},
        {SPAN_INIT("\xe2\x80\xae"), "\\u{202e}"},
        {SPAN_INIT("\xff"), "\xef\xbf\xbd"},
    };
    struct buffer out;
    buffer_init(&out, 256);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        buffer_reset(&out);
        escape_html(&out, rows[i].in);
        cr_expect_str_eq(buffer_string(&out), rows[i].out, "row %zu", i);
    }
    buffer_free(&out);
}

Test(html, code_between_backticks)
{
    static const struct {
        struct span in;
        const char *out;
    } rows[] = {
        {SPAN_INIT(""), ""},
        {SPAN_INIT("run `a <b>` & `c`."),
            "run <code>a &lt;b&gt;</code> &amp; <code>c</code>."},
        {SPAN_INIT("one ` alone"), "one ` alone"},
        {SPAN_INIT("`a` and ` alone"), "<code>a</code> and ` alone"},
        {SPAN_INIT("``"), "<code></code>"},
    };
    struct buffer out;
    buffer_init(&out, 256);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        buffer_reset(&out);
        escape_html_prose(&out, rows[i].in);
        cr_expect_str_eq(buffer_string(&out), rows[i].out, "row %zu", i);
    }
    buffer_free(&out);
}

Test(html, links_only_to_web_pages)
{
    static const struct {
        const char *url;
        bool safe;
    } rows[] = {
        {"https://a.example/x?y=1&z=%20", true},
        {"http://a.example", true},
        {"javascript:alert(1)", false},
        {"JAVASCRIPT:alert(1)", false},
        {"data:text/html,x", false},
        {"//a.example", false},
        {"https://a.example/\"onclick=x", false},
        {"https://a.example/ x", false},
        {"https://a.example/\n", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_expect_eq(escape_url_is_safe(span_of(rows[i].url)), rows[i].safe,
            "%s", rows[i].url);
    }
}

Test(html, tells_the_numbers)
{
    struct buffer out;
    make_page(&out, "");
    struct span page = buffer_span(&out);
    cr_expect_eq(
        report_store_count(page, "<dd>100</dd><dt>recipients delivered"), 1);
    cr_expect_eq(report_store_count(page, "192.0.2.1 is on zen.example"), 1);
    cr_expect_geq(report_store_count(page, "T-bad_address: unknown_user"), 1);
    cr_expect_geq(report_store_count(page, "A &lt;definition&gt;."), 1);
    cr_expect_geq(report_store_count(page, "<b>First step.</b> Do this."), 1);
    cr_expect_geq(report_store_count(
                      page, "href=\"https://delist.example/?a=1&amp;b=2\""),
        1);
    cr_expect_geq(report_store_count(page, "means 550/5.1.1"), 1);
    buffer_free(&out);
}

Test(html, hostile_text_adds_no_markup)
{
    static const char *const marks[] = {"<script", "<!--", "<tr", "<td", "<li",
        "<details", " on", "<img", "\033", "\xff"};
    struct buffer tame;
    struct buffer wild;
    make_page(&tame, "");
    make_page(&wild, ATTACK "<img src=x>");
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        cr_expect_eq(report_store_count(buffer_span(&wild), marks[i]),
            report_store_count(buffer_span(&tame), marks[i]), "%s", marks[i]);
    }
    cr_expect_gt(
        report_store_count(buffer_span(&wild), "&lt;script&gt;x&lt;"), 20);
    buffer_free(&tame);
    buffer_free(&wild);
}

Test(html, chart_data_is_json)
{
    struct buffer out;
    make_page(&out, ATTACK);
    struct span data =
        until(after(buffer_span(&out), "id=\"data\">"), "</script>");
    struct buffer text;
    buffer_init(&text, 1 << 24);
    buffer_add(&text, data);
    json_object *root = json_tokener_parse(buffer_string(&text));
    json_object *charts = NULL;
    cr_assert_not_null(root);
    cr_assert(json_object_object_get_ex(root, "charts", &charts));
    cr_expect_eq(json_object_array_length(charts), 6);
    json_object_put(root);
    buffer_free(&text);
    buffer_free(&out);
}

/* What the policy allows is what stands in the page: the hashes were made
 * over the very bytes between the tags. */
Test(html, carries_its_assets_and_a_policy)
{
    static const char *const assets[] = {
        "web/report.css", "web/report.js", "web/chart.min.js"};
    struct buffer out;
    make_page(&out, "");
    struct span page = buffer_span(&out);
    for (size_t i = 0; i < 3; i++) {
        const struct embedded_file *file = embedded_find(assets[i]);
        cr_assert_not_null(file);
        cr_expect_lt(span_find(page, file->bytes), page.len, "%s", assets[i]);
        /* An end tag inside would end the script or style early. */
        cr_expect_eq(
            report_store_count(file->bytes, "</s"), 0, "%s", assets[i]);
    }
    struct span policy = until(after(page, "Content-Security-Policy"), ">");
    cr_expect_eq(report_store_count(policy, "'sha256-"), 3);
    cr_expect_eq(report_store_count(policy, "default-src 'none'"), 1);
    cr_expect_eq(report_store_count(policy, "unsafe"), 0);
    cr_expect_eq(report_store_count(page, " style="), 0);
    cr_expect_lt(page.len, 400000);
    buffer_free(&out);
}

Test(html, single_reports_make_a_page)
{
    sqlite3 *db = report_store_open("");
    struct named_filter filter = NAMED_FILTER_NONE;
    struct table *t = named_run(db, "domains", &filter, NAMED_ROWS_SHORT);
    struct buffer out;
    cr_assert_not_null(t);
    buffer_init(&out, 1 << 24);
    html_out.begin(&out, 1);
    html_out.table(&out, t, 0);
    html_out.end(&out, 1);
    struct span page = buffer_span(&out);
    cr_expect_eq(report_store_count(page, "<table id="), 2);
    cr_expect_eq(report_store_count(page, "</html>"), 1);
    cr_expect_eq(report_store_count(page, "b.example"), 1);
    buffer_free(&out);
    table_free(t);
    sqlite3_close(db);
}
