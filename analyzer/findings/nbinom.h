/* SPDX-License-Identifier: MIT */
/* findings/nbinom.h - the negative binomial distribution of counts. */
#ifndef FINDINGS_NBINOM_H
#define FINDINGS_NBINOM_H

/*
 * Counts of failures vary more than a Poisson distribution allows: variance
 * is mean + alpha * mean^2, where alpha > 0 is the dispersion.
 */

/** nbinom_tail(count, mean, alpha): The probability of ${count} or more. */
double nbinom_tail(double count, double mean, double alpha);

/** nbinom_gain(count, mean, ratio, alpha): The logarithm of how much more
 * probable ${count} is with the mean ${ratio} * ${mean} than with ${mean}. */
double nbinom_gain(double count, double mean, double ratio, double alpha);

#endif
