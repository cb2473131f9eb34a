/* SPDX-License-Identifier: MIT */
/* mail/line_class.h - what a log line turned out to be. */
#ifndef MAIL_LINE_CLASS_H
#define MAIL_LINE_CLASS_H

/* The names stand in the store's table line_count. */
#define LINE_CLASS_LIST(X)                                                     \
    X(UNSET, "")                                                               \
    X(EVENT, "event")         /* says what became of mail */                   \
    X(IGNORED, "ignored")     /* of an MTA, says nothing of mail's fate */     \
    X(UNKNOWN, "unknown")     /* of an MTA, and no pattern claims it */        \
    X(FOREIGN, "foreign")     /* of a program that is no known MTA */          \
    X(MALFORMED, "malformed") /* no envelope of any known shape */             \
    X(OVERLONG, "overlong")   /* beyond LIMIT_LINE_LEN, skipped whole */

#define LINE_CLASS_ENUM(name, text) LINE_##name,
enum line_class { LINE_CLASS_LIST(LINE_CLASS_ENUM) LINE_CLASS_COUNT };

/** line_class_name(class): The name of ${class}; "" for LINE_UNSET. */
const char *line_class_name(enum line_class class);

#endif
