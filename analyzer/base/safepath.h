/* SPDX-License-Identifier: MIT */
/* base/safepath.h - may what lies at a path be somebody else's trap? */
#ifndef BASE_SAFEPATH_H
#define BASE_SAFEPATH_H

/**
 * safepath_objection(path):
 * Return NULL if ${path}, which is about to be written to, may be taken as it
 * is (or does not exist), or else the reason why not, a static text: in a
 * folder that everybody may write to (/tmp), a link or a file that another
 * user put there would make a root job write where, or for whom, he likes.
 */
const char *safepath_objection(const char *path);

/** safepath_folder(path): The folder that ${path} lies in, on the heap. */
char *safepath_folder(const char *path);

#endif
