/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/program.h"
#include "core/recordset.h"
#include "formats/octodns/octodns.h"
#include "formats/octodns/put.h"

/*! What is read, compared with a group. */
typedef struct {
	const steer_octodns_put_t *put;
	bool differs;
	steer_set_t set;       /*!< The record set whose values are read. */
	const uint8_t *at;     /*!< Its next record. */
	unsigned sets;         /*!< How many were read. */
	bool seen[STEER_SETS_MAX];
	uint64_t networks;     /*!< Read of a collection. */
	char collection[STEER_REGION_NAME_MAX + 1];
} reading_t;

static int take_zone(void *ctx, const steer_zone_head_t *head, steer_fault_t *fault)
{
	(void)ctx, (void)head, (void)fault;
	return STEER_OK;
}

static int take_policy(void *ctx, const steer_text_policy_t *policy, steer_fault_t *fault)
{
	(void)fault;
	reading_t *reading = ctx;
	const steer_group_t *group = reading->put->group;
	reading->differs |= policy->len != group->program_len ||
	                    memcmp(policy->program, group->program, policy->len) != 0;
	return STEER_OK;
}

/*! Behind the last record of the set. */
static const uint8_t *end_of(const steer_set_t *set)
{
	return set->body_len > 0 ? set->body + set->body_len : set->body;
}

/*! Finds a record set by its identifier. \return false: there is none, or it was read before */
static bool find_set(reading_t *reading, const char *id)
{
	const steer_group_t *group = reading->put->group;
	const size_t len = strlen(id);
	for (unsigned i = 0; i < group->count; i++) {
		steer_group_set(group, i, &reading->set);
		if (reading->set.id_len == len && memcmp(reading->set.id, id, len) == 0) {
			const bool twice = reading->seen[i];
			reading->seen[i] = true;
			return !twice;
		}
	}
	return false;
}

static bool same_location(const reading_t *reading, const steer_record_set_t *set)
{
	const steer_names_t *names = &reading->put->store->names;
	steer_dictionary_name_t name;
	if (reading->set.location == 0 || set->location == NULL) {
		return (reading->set.location == 0) == (set->location == NULL);
	}
	return names->find(names->ctx, reading->set.location, &name) &&
	       strlen(set->location) == name.len && memcmp(set->location, name.text, name.len) == 0;
}

static bool same_health(const reading_t *reading, const steer_record_set_t *set)
{
	char id[STEER_CHECK_ID_MAX + 1];
	const bool has = steer_set_health(&reading->set, id);
	return has == (set->health != NULL) && (!has || strcmp(id, set->health) == 0);
}

static int take_set(void *ctx, const steer_text_set_t *given, steer_fault_t *fault)
{
	(void)fault;
	reading_t *reading = ctx;
	const steer_record_set_t *set = &given->set;
	reading->differs |= reading->at != end_of(&reading->set);
	if (!find_set(reading, set->id) || reading->set.alias) {
		reading->differs = true;
		reading->set = (steer_set_t) { .body = NULL };
	}
	const steer_set_t *own = &reading->set;
	const bool weighted = steer_program_reads(reading->put->group->program,
	                                          reading->put->group->program_len) &
	                      STEER_KEEP_WEIGHT;
	reading->at = own->body;
	reading->sets++;
	reading->differs |= set->alias != NULL || own->tier != set->tier ||
	                    (weighted && own->weight != (set->has_weight ? set->weight : 1)) ||
	                    own->geo != set->geo || !same_location(reading, set) ||
	                    !same_health(reading, set);
	return STEER_OK;
}

/*! Values were put in the order in which the store has them. */
static int take_record(void *ctx, const steer_text_record_t *record, steer_fault_t *fault)
{
	(void)fault;
	reading_t *reading = ctx;
	uint16_t len;
	const uint8_t *end = end_of(&reading->set);
	const uint8_t *rdata = reading->at != end ? steer_rr_next(&reading->at, end, &len) : NULL;
	reading->differs |= rdata == NULL || record->ttl != reading->set.ttl ||
	                    record->rdata_len != len || memcmp(record->rdata, rdata, len) != 0;
	return STEER_OK;
}

static int take_check(void *ctx, const char *id, const steer_health_check_t *check,
                      const steer_place_t *place, steer_fault_t *fault)
{
	(void)place, (void)fault;
	reading_t *reading = ctx;
	const steer_octodns_store_t *store = reading->put->store;
	steer_health_check_t own;
	reading->differs |= !store->check(store->ctx, id, &own) || own.type != check->type ||
	                    own.flags != check->flags || own.options_len != check->options_len ||
	                    memcmp(own.options, check->options, check->options_len) != 0;
	return STEER_OK;
}

static int take_network(void *ctx, const steer_text_network_t *network, steer_fault_t *fault)
{
	(void)fault;
	reading_t *reading = ctx;
	reading->networks++;
	strcpy(reading->collection, network->collection);
	return STEER_OK;
}

static void take_error(void *ctx, const steer_place_t *place, const char *text)
{
	(void)place, (void)text;
	((reading_t *)ctx)->differs = true;
}

static bool count_block(void *ctx, const steer_network_t *network, const char *location)
{
	(void)network, (void)location;
	++*(uint64_t *)ctx;
	return true;
}

/*! The name of a collection is a digest of its networks, so their number tells the rest. */
static bool same_networks(const reading_t *reading)
{
	const steer_octodns_store_t *store = reading->put->store;
	uint64_t count = 0;
	if (reading->networks > 0) {
		store->blocks(store->ctx, reading->collection, count_block, &count);
	}
	return count == reading->networks;
}

bool steer_octodns_reads_back(steer_octodns_put_t *put, const char *text, size_t len)
{
	reading_t reading = { .put = put };
	const steer_reading_t sink = {
		take_zone, take_record, take_policy, take_set, take_check, take_network, take_error, NULL,
		&reading,
	};
	steer_input_t *input = NULL;
	steer_fault_t fault;
	const bool plain = put->group->program_len == 0;
	if (steer_input_text(&input, "export", text, len) != STEER_OK) {
		put->no_memory = true;
		return false;
	}
	if (plain) {
		steer_group_set(put->group, 0, &reading.set);
	}
	reading.at = reading.set.body;
	int ret = steer_octodns_read(input, put->zone, put->store->text, &sink, &fault);
	steer_input_free(input);
	put->no_memory |= ret == STEER_ENOMEM;
	return ret == STEER_OK && !reading.differs &&
	       reading.at == end_of(&reading.set) &&
	       (plain || reading.sets == put->group->count) && same_networks(&reading);
}
