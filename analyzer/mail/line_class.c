/* SPDX-License-Identifier: MIT */
#include "mail/line_class.h"

#define LINE_CLASS_TEXT(name, text) text,

const char *line_class_name(enum line_class class)
{
    static const char *const names[] = {LINE_CLASS_LIST(LINE_CLASS_TEXT)};
    return names[class];
}
