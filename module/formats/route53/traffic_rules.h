/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The rules in the document of a traffic policy, and the items that each can choose.
 *
 * Threads:  belong to one thread.
 */
#pragma once

#include "core/program.h"
#include "core/recordset.h"
#include "formats/route53/fields.h"

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

/*! Sorted by their identifiers. Zeroed memory has none. */
typedef struct {
	steer_traffic_rule_t *of;
	steer_traffic_item_t *items;
	uint32_t count, items_count;
	size_t room, items_room;
} steer_traffic_rules_t;

/*! Reads the object of rules. \param[in] local  In the format of 2023, which has Local Zones. */
void steer_traffic_rules_read(steer_traffic_rules_t *rules, steer_route53_reading_t *reading,
                              const steer_field_at_t *object, bool local);
/*! Finds a rule. \return NULL: there is none */
steer_traffic_rule_t *steer_traffic_rule(const steer_traffic_rules_t *rules, const char *id);
void steer_traffic_rules_free(steer_traffic_rules_t *rules);
