/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The document of a traffic policy: rules, which choose among endpoints and other rules.
 *
 * It is read once, whatever the number of names that have the policy.
 *
 * Threads:  belongs to one thread.
 * Memory:   the document's JSON is borrowed; what is made of it is bounded by its size.
 */
#pragma once

#include "formats/route53/traffic_endpoints.h"
#include "formats/route53/traffic_rules.h"

typedef struct {
	uint16_t type;  /*!< Of all records. */
	bool local;     /*!< Its format is that of 2023. */
	bool from_rule;
	uint32_t start; /*!< Number of the rule or endpoint that it begins with. */
	steer_traffic_endpoints_t endpoints;
	steer_traffic_rules_t rules;
} steer_traffic_document_t;

/*!
 * Reads a document.
 *
 * \param[in]  json      Its JSON.
 * \param[in]  at        Where it is.
 * \param[out] document  To be freed also after errors.
 *
 * \return false: it is wrong, which was reported
 */
bool steer_traffic_document_read(steer_traffic_document_t *document,
                                 steer_route53_reading_t *reading, const steer_json_t *json,
                                 const steer_field_at_t *at);
void steer_traffic_document_free(steer_traffic_document_t *document);
