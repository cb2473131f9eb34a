/* SPDX-License-Identifier: MIT */
/*
 * With size r = 1/alpha the tail from k on is the regularised incomplete beta
 * function I_x(k, r) at x = mean / (r + mean) (Abramowitz and Stegun, 26.5.26),
 * computed by its continued fraction (26.5.8) with Lentz's method.  It keeps
 * its relative precision in the far tail, where the decisions fall.
 */
#include "findings/nbinom.h"

#include <math.h>

enum { MAX_TERMS = 500 };

#define TINY 1e-300
#define PRECISION 1e-12
#define STIRLING_FROM 10
#define HALF_LOG_TWO_PI 0.91893853320467274178

static double away_from_zero(double x)
{
    return fabs(x) < TINY ? TINY : x;
}

/* The continued fraction of I_x(a, b), for x below (a + 1) / (a + b + 2). */
static double fraction(double a, double b, double x)
{
    double c = 1;
    double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
    double value = d;
    for (int m = 1; m <= MAX_TERMS; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / away_from_zero(1 + even * d);
        c = away_from_zero(1 + even / c);
        value *= c * d;
        double odd =
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away_from_zero(1 + odd * d);
        c = away_from_zero(1 + odd / c);
        value *= c * d;
        if (fabs(c * d - 1) < PRECISION) {
            break;
        }
    }
    return value;
}

/* lgamma() writes a global of the C library; here arguments are positive, and
 * Stirling's series after a few steps of the recurrence is exact enough. */
static double log_gamma(double x)
{
    double shift = 0;
    while (x < STIRLING_FROM) {
        shift -= log(x);
        x += 1;
    }
    double inverse = 1 / x;
    double square = inverse * inverse;
    double series = inverse * (1.0 / 12 - square * (1.0 / 360 - square / 1260));
    return shift + (x - 0.5) * log(x) - x + HALF_LOG_TWO_PI + series;
}

static double incomplete_beta(double a, double b, double x)
{
    double front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) +
                       a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2)) {
        return front * fraction(a, b, x) / a;
    }
    return 1 - front * fraction(b, a, 1 - x) / b;
}

double nbinom_tail(double count, double mean, double alpha)
{
    if (count <= 0) {
        return 1;
    }
    if (mean <= 0) {
        return 0;
    }
    double size = 1 / alpha;
    return incomplete_beta(count, size, mean / (size + mean));
}

double nbinom_gain(double count, double mean, double ratio, double alpha)
{
    double bend = log1p(alpha * ratio * mean) - log1p(alpha * mean);
    return count * log(ratio) - (count + 1 / alpha) * bend;
}
