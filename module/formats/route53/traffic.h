/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Traffic policies and their instances in the files of an import.
 *
 * The record set of an instance has nothing but its identifier; the instance tells its TTL and the
 * version of a policy, and the document of that version what answers.
 *
 * Threads:  belongs to one thread.
 */
#pragma once

#include "formats/route53/traffic_document.h"

/*! Longest identifier of an instance. */
#define STEER_TRAFFIC_ID_MAX 36

typedef struct {
	const char *id;
	steer_field_at_t at;
	bool used; /*!< A record set has it. */
} steer_traffic_instance_t;

/*! A version of a policy. */
typedef struct {
	const char *id;
	uint32_t version;
	steer_field_at_t at;
	enum { STEER_TRAFFIC_UNREAD, STEER_TRAFFIC_GOOD, STEER_TRAFFIC_WRONG } state;
	steer_traffic_document_t document; /*!< Unless it is unread. */
} steer_traffic_policy_t;

/*! Zeroed memory has none. */
typedef struct {
	steer_traffic_policy_t *policies;     /*!< Sorted when all are there, as are instances. */
	steer_traffic_instance_t *instances;
	uint32_t policies_count, instances_count;
	size_t policies_room, instances_room;
} steer_traffic_t;

/*! Reads the documents in a file as JSON, while its text is there. */
int steer_traffic_read_documents(steer_json_t *json, const steer_input_t *input,
                                 steer_report_t *report);

/*! Adds a version of a policy. */
void steer_traffic_add_policy(steer_traffic_t *traffic, steer_route53_reading_t *reading,
                              const steer_field_at_t *policy);
/*! Adds an instance. */
void steer_traffic_add_instance(steer_traffic_t *traffic, steer_route53_reading_t *reading,
                                const steer_field_at_t *instance);
/*! Sorts them, when all were added. */
void steer_traffic_sort(steer_traffic_t *traffic, steer_route53_reading_t *reading);

/*! Finds an instance. \return NULL: there is none */
steer_traffic_instance_t *steer_traffic_instance(const steer_traffic_t *traffic, const char *id);
/*!
 * The document of a version of a policy.
 *
 * \param[out] document  NULL: it is wrong, which was reported.
 *
 * \return false: the version is not here
 */
bool steer_traffic_document(const steer_traffic_t *traffic, steer_route53_reading_t *reading,
                            const char *policy, uint32_t version,
                            const steer_traffic_document_t **document);
/*! Warns of instances that no record set has. */
void steer_traffic_tell_unused(const steer_traffic_t *traffic, steer_route53_reading_t *reading);
void steer_traffic_free(steer_traffic_t *traffic);
