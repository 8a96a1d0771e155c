/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Steer YAML, see steer-yaml(5), read by libyaml.
 *
 * A file is read twice side by side: one reading is a document ahead and finds out what it says of
 * its zone, which may stand behind the records, and takes health checks; the other takes the
 * records. So memory is bounded by the largest group of record sets, but for the names and the
 * identifiers of checks, which are kept to find one that stands twice.
 *
 * Threads:  a file belongs to one thread; there is no state outside it.
 * Memory:   what the sink is given is borrowed until it returns, but for the file name, which lives
 *           as long as the file.
 * Units:    lines and columns count from 1, columns in characters.
 */
#pragma once

#include <stdbool.h>

#include "formats/input.h"
#include "formats/record.h"
#include "formats/soa.h"

/*! TTL of record sets if neither they nor their document says one. */
#define STEER_YAML_TTL 3600

/*! A YAML file in memory. */
typedef struct steer_yaml steer_yaml_t;

/*! What a document says of its zone, but for the records. A place in line 0: not said. */
typedef struct {
	uint8_t zone[STEER_NAME_MAX];
	steer_place_t zone_at;
	bool overlay;
	steer_place_t mode_at;
	char comment[STEER_COMMENT_MAX + 1];
	steer_place_t comment_at;
	uint32_t ttl;
	steer_place_t ttl_at;
	steer_soa_t soa;
	steer_place_t soa_at;
} steer_yaml_head_t;

typedef struct {
	/*! Takes a zone, of which the records follow; an error ends the reading and is returned. */
	int (*zone)(void *ctx, const steer_yaml_head_t *head, steer_fault_t *fault);
	/*! Takes a record of that zone; its place is that of its value. */
	steer_record_f record;
	/*!
	 * Takes the policy of a group of that zone, at the place of its value; the group's sets follow.
	 */
	steer_policy_f policy;
	/*! Takes a record set that is more than values; its place is that of what it begins with. */
	steer_set_f set;
	/*! Takes a health check, at the place of its identifier; before the zone of its document. */
	steer_check_f check;
	steer_error_f error; /*!< NULL: the reading ends at the first error. */
	void *ctx;
} steer_yaml_reading_t;

/*! Makes a YAML file of an input, which is its own from then on. \retval STEER_OK, STEER_ENOMEM */
int steer_yaml_take(steer_yaml_t **file, steer_input_t *input);
/*! Makes a YAML file of text in memory, borrowed until it is closed; name is for messages. */
int steer_yaml_text(steer_yaml_t **file, const char *name, const char *text, size_t len);
/*! Closes a file; NULL is fine. */
void steer_yaml_close(steer_yaml_t *file);

/*!
 * Reads a file, any number of times.
 *
 * \retval STEER_OK
 * \retval STEER_EREFUSED  Errors; fault has the first, or with reading.error their number.
 * \retval STEER_ENOMEM
 * \retval others          As a callback returned.
 */
int steer_yaml_read(steer_yaml_t *file, const steer_yaml_reading_t *reading, steer_fault_t *fault);

/*! Gives the text of a file back that will not be read again; its name stays. */
void steer_yaml_release(steer_yaml_t *file);
