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

#include "core/program.h"
#include "core/recordset.h"
#include "formats/route53/fields.h"

/*! Where rules lead to: a record, or another name. */
typedef struct {
	const char *id;
	steer_field_at_t at;
	bool alias;    /*!< data is a name. */
	bool used;     /*!< The start leads to it. */
	uint16_t len;
	uint8_t *data; /*!< Rdata or name; NULL: it was wrong. */
} steer_traffic_endpoint_t;

/*! What a rule can choose. */
typedef struct {
	steer_field_at_t at;
	steer_record_set_t set; /*!< Without its identifier and its alias. */
	const char *ref;        /*!< Identifier of where it leads to. */
	bool to_rule;
	uint32_t to;            /*!< Number of the rule or endpoint. */
} steer_traffic_item_t;

typedef struct {
	const char *id;
	steer_field_at_t at;
	steer_preset_t preset;
	uint32_t first, end; /*!< Its items. */
	bool used;           /*!< The start leads to it. */
	bool open;           /*!< The rule is on the path that is being followed. */
	uint8_t links;       /*!< Most aliases from it to records. */
} steer_traffic_rule_t;

/*! Endpoints and rules are sorted by their identifiers. */
typedef struct {
	uint16_t type; /*!< Of all records. */
	bool local;    /*!< Its format knows Local Zones: that of 2023. */
	bool from_rule;
	uint32_t start; /*!< Number of the rule or endpoint that it begins with. */
	steer_traffic_endpoint_t *endpoints;
	steer_traffic_item_t *items;
	steer_traffic_rule_t *rules;
	uint32_t endpoints_count, items_count, rules_count;
	size_t endpoints_room, items_room, rules_room;
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
