/* SPDX-License-Identifier: MIT */
/* report/prometheus_out.h - reports as metrics for Prometheus. */
#ifndef REPORT_PROMETHEUS_OUT_H
#define REPORT_PROMETHEUS_OUT_H

#include "findings/finding.h"
#include "report/renderer.h"

/*
 * The text exposition format 0.0.4, as node_exporter's textfile collector
 * reads it.  Each number of a report (count, share, seconds, bytes, time) is
 * a gauge named smtpscope_REPORT_COLUMN, with _ratio, _seconds, _bytes or
 * _timestamp_seconds behind it by its kind; the report's key columns are its
 * labels.  They are gauges and no counters: a period, prune and reclassify
 * make them fall.
 */
extern const struct renderer prometheus_out;

/**
 * prometheus_out_findings(out, f):
 * Append the findings of ${f} that go on and are not muted: their number by
 * severity (each one there, 0 too), and for each its excess.
 */
void prometheus_out_findings(struct buffer *out, const struct findings *f);

#endif
