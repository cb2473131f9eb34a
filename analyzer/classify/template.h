/* SPDX-License-Identifier: MIT */
/* classify/template.h - a reply text with its variable parts masked. */
#ifndef CLASSIFY_TEMPLATE_H
#define CLASSIFY_TEMPLATE_H

#include "base/limits.h"
#include "classify/template_names.h"

/** template_own(names, name): Add ${name} to the own names, if it is one and
 * there is room. */
void template_own(struct template_names *names, struct span name);

/**
 * template_make(names, text, out):
 * Write the template of ${text} to ${out} (LIMIT_TEMPLATE_LEN bytes) and
 * return it.  What is masked:
 *   {address}  mail addresses, and own local parts that stand alone
 *   {ip}       IPv4 and IPv6 addresses, except 127.0.0.x and 127.255.255.x,
 *              by which DNSBLs say what they mean
 *   {host}     host and domain names, except known suffixes (the labels
 *              before them are masked if they hold digits), hosts of URLs,
 *              "www." names, the name right after "using" or "by", and names
 *              that look like a list's ("dnsbl.example.net")
 *   {id}       queue IDs, UUIDs, other hexadecimal or mixed tokens, URL
 *              queries, long path segments, what stands before "- gsmtp"
 *   {n}        numbers of four or more digits, times of day, dates, and the
 *              number before "seconds", "minutes" and "hours"
 * Control bytes are blanks, and blanks are collapsed.  A template is its own
 * template, and the time is linear in ${text}.
 */
struct span template_make(
    const struct template_names *names, struct span text, char *out);

#endif
