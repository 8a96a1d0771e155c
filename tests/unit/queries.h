/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief For tests of steerd: queries of targets that end when a test says so.
 *
 * It takes the place of steerd/resolve/resolve.h.
 */
#pragma once

#include "steerd/targets.h"

/*! How many queries run, and how many were begun. */
extern unsigned queries_running, queries_begun;
/*! There is no memory for another one. */
extern bool queries_fail;

/*! Ends the query of a target of type A with addresses: "192.0.2.1 192.0.2.2", in any order. */
void queries_end_records(target_t *target, uint32_t ttl, const char *addresses);
/*! Ends it without records. */
void queries_end_empty(target_t *target, response_kind_t kind, uint32_t ttl);
/*! Ends it with a fault. */
void queries_end_failure(target_t *target, const char *fault);
/*! Ends it with an RRset of so many records of so many bytes. */
void queries_end_bulk(target_t *target, unsigned count, unsigned size);
