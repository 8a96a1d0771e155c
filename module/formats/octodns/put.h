/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief One record of octoDNS as text: keys in column 2, in their order.
 *
 * Threads:  belongs to one thread.
 */
#pragma once

#include "core/node.h"
#include "formats/octodns/store.h"
#include "formats/octodns/types.h"
#include "formats/yaml/scalar.h"

/*! A group that is being written. */
typedef struct {
	steer_yaml_sink_t sink;
	const steer_octodns_store_t *store;
	const uint8_t *zone, *name;
	const steer_group_t *group;
	const steer_octodns_type_t *type;
	bool no_memory;
} steer_octodns_put_t;

/*! Puts a value: text, or a mapping in braces. */
void steer_octodns_put_value(steer_octodns_put_t *put, const uint8_t *rdata, uint16_t rdata_len);
/*! Puts the values of a record set, as value or values. */
void steer_octodns_put_values(steer_octodns_put_t *put, const steer_set_t *set);
/*! Puts ttl and type. */
void steer_octodns_put_head(steer_octodns_put_t *put, uint32_t ttl, const char *type);

/*! Puts a group with a policy that rules make, as well as it can. \return false: it is none */
bool steer_octodns_put_dynamic(steer_octodns_put_t *put);
/*! Puts a group with the policy geolocation as the older geo. \return false: it is none */
bool steer_octodns_put_geo(steer_octodns_put_t *put);

/*! Whether a text, which was put for a group, is read back as that group, unless no_memory is set. */
bool steer_octodns_reads_back(steer_octodns_put_t *put, const char *text, size_t len);
