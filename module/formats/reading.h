/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What readers of documents, which can say more than zone files, pass to their caller.
 *
 * Memory:   what a callback is given is borrowed until it returns, except the file name, which
 *           lives as long as the file.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "formats/record.h"
#include "formats/soa.h"

/*! What a document says of its zone, except the records. A place in line 0: not given. */
typedef struct {
	uint8_t zone[STEER_NAME_MAX];
	steer_place_t zone_at;
	bool overlay;
	steer_place_t mode_at;
	char comment[STEER_COMMENT_MAX + 1];
	steer_place_t comment_at;
	bool comment_told; /*!< Without a place, the zone has none; else it may have any. */
	uint32_t ttl;
	steer_place_t ttl_at;
	steer_soa_t soa;
	steer_place_t soa_at;
} steer_zone_head_t;

/*! Receives a zone, whose records follow; an error stops the reader, which returns it. */
typedef int (*steer_zone_f)(void *ctx, const steer_zone_head_t *head, steer_fault_t *fault);

typedef struct {
	steer_zone_f zone;
	/*! Receives a record of that zone; its place is that of its value. */
	steer_record_f record;
	/*!
	 * Receives the policy of a group of that zone, at the place of its value; the group's sets
	 * follow.
	 */
	steer_policy_f policy;
	/*! Receives a record set that is more than values; its place is where it begins. */
	steer_set_f set;
	/*!
	 * Receives a health check, at the place of its identifier; before the record sets that name it.
	 */
	steer_health_check_f check;
	steer_text_network_f network; /*!< NULL: nobody receives networks of locations. */
	steer_error_f error; /*!< NULL: the reader stops at the first error. */
	steer_error_f warn;  /*!< Receives warnings; NULL: nobody does. */
	void *ctx;
} steer_reading_t;
