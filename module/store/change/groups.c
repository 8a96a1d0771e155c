/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "store/change/groups.h"
#include "store/change/message_room.h"
#include "store/change/source_location.h"
#include "store/change/value_warnings.h"
#include "store/handles.h"

#define TTL_AT 6 /*!< Of the TTL in a wire-ready RR. */

void steer_groups_free(steer_groups_t *groups)
{
	free(groups->groups);
	free(groups->sets);
	free(groups->rrs);
	*groups = (steer_groups_t) { 0 };
}

const steer_group_t *steer_groups_find(const steer_groups_t *groups, uint16_t type)
{
	for (unsigned i = 0; i < groups->count; i++) {
		if (groups->groups[i].type == type) {
			return &groups->groups[i];
		}
	}
	return NULL;
}

/*! Makes room for everything at once, so that pointers into it stay valid. */
static int reserve(steer_groups_t *groups, size_t count, size_t sets, size_t rrs)
{
	if (count > groups->groups_room) {
		steer_group_t *more = realloc(groups->groups, count * sizeof(*more));
		if (more == NULL) {
			return STEER_ENOMEM;
		}
		groups->groups = more;
		groups->groups_room = count;
	}
	if (sets > groups->sets_room) {
		steer_set_t *more = realloc(groups->sets, sets * sizeof(*more));
		if (more == NULL) {
			return STEER_ENOMEM;
		}
		groups->sets = more;
		groups->sets_room = sets;
	}
	if (rrs > groups->rrs_room) {
		uint8_t *more = realloc(groups->rrs, rrs);
		if (more == NULL) {
			return STEER_ENOMEM;
		}
		groups->rrs = more;
		groups->rrs_room = rrs;
	}
	return STEER_OK;
}

static int by_type(const void *a, const void *b)
{
	const steer_change_record_t *x = *(const steer_change_record_t *const *)a;
	const steer_change_record_t *y = *(const steer_change_record_t *const *)b;
	int diff = (int)x->type - (int)y->type;
	return diff != 0 ? diff : (x->seq > y->seq) - (x->seq < y->seq);
}

/*! Canonical order of rdata within an RRset (RFC 4034, section 6.3). */
static int by_rdata(const void *a, const void *b)
{
	const steer_change_record_t *const *x = a, *const *y = b;
	return steer_key_cmp((*x)->rr + STEER_RR_HEAD, (*x)->rr_len - STEER_RR_HEAD,
	                     (*y)->rr + STEER_RR_HEAD, (*y)->rr_len - STEER_RR_HEAD);
}

void steer_rrs_set_ttl(uint8_t *rrs, size_t len, uint32_t ttl)
{
	const uint8_t *at = rrs, *end = rrs + len;
	for (uint8_t *rr = rrs; at < end; rr = rrs + (at - rrs)) {
		uint16_t rdata_len;
		if (steer_rr_next(&at, end, &rdata_len) == NULL) {
			break;
		}
		for (unsigned i = 0; i < sizeof(ttl); i++) {
			rr[TTL_AT + i] = ttl >> (24 - 8 * i);
		}
	}
}

static uint32_t ttl_of(const steer_change_record_t *record)
{
	return steer_wire_u32(record->rr + TTL_AT);
}

static bool keeps_ttl(const steer_change_record_t *record)
{
	return record->keep_ttl || (record->set != NULL && (record->set->keep & STEER_KEEP_TTL));
}

/*! TTL of a set in a group, or else of another set there; false: none has a TTL. */
static bool find_ttl(const steer_group_t *stored, const steer_change_set_t *of, uint32_t *ttl)
{
	const void *id = of != NULL ? of->id : "";
	size_t id_len = of != NULL ? of->id_len : 0;
	bool found = false, same = false;
	for (unsigned i = 0; i < stored->count && !same; i++) {
		steer_set_t set;
		steer_group_set(stored, i, &set);
		same = !set.alias && steer_key_cmp(set.id, set.id_len, id, id_len) == 0;
		if (same || (!set.alias && !found)) {
			*ttl = set.ttl;
			found = true;
		}
	}
	return found;
}

/*! TTL of a record set: that of its last record. Warns if they differ, as Knot does. */
static uint32_t common_ttl(const steer_change_record_t **records, size_t count,
                           const steer_group_t *stored, const steer_apply_t *options)
{
	uint32_t ttl = 0, past_ttl = 0;
	bool known = false, found = false;
	for (size_t i = 0; i < count; i++) {
		bool kept = keeps_ttl(records[i]) && stored != NULL;
		if (kept && !known) { // Once, since it is the same for all.
			found = find_ttl(stored, records[i]->set, &past_ttl);
			known = true;
		}
		uint32_t next = kept && found ? past_ttl : ttl_of(records[i]);
		if (i > 0 && next != ttl) {
			char type[STEER_TYPE_TEXT], text[96];
			snprintf(text, sizeof(text), "the TTL of its %s records differs: set to %u",
			         steer_type_text(records[i]->type, type), next);
			steer_record_warn(records[i], text, options);
		}
		ttl = next;
	}
	return ttl;
}

int steer_groups_values(steer_groups_t *groups, const steer_change_record_t **records, size_t count,
                        const steer_group_t *stored, const steer_apply_t *options,
                        steer_fault_t *fault, steer_set_t *set)
{
	const steer_change_record_t *last = records[count - 1];
	uint32_t ttl = common_ttl(records, count, stored, options);
	qsort(records, count, sizeof(*records), by_rdata);

	uint8_t *start = groups->rrs + groups->rrs_len, *to = start;
	size_t unique = 0;
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || by_rdata(&records[i - 1], &records[i]) != 0) {
			to += steer_rr_write(to, records[i]->type, ttl, records[i]->rr + STEER_RR_HEAD,
			                     records[i]->rr_len - STEER_RR_HEAD);
			unique++;
			steer_value_warn(records[i], options);
		}
	}
	size_t room = to - start > STEER_MESSAGE_ROOM_LEAST
	                  ? steer_message_room_of_key(last->key, last->key_len)
	                  : STEER_MESSAGE_ROOM_LEAST;
	if ((size_t)(to - start) > room) {
		char type[STEER_TYPE_TEXT], text[STEER_MESSAGE_MAX];
		snprintf(text, sizeof(text), "its %s records have %td bytes; allowed: up to %zu, for which "
		         "a message has room beside question and OPT", steer_type_text(last->type, type),
		         to - start, room);
		return steer_record_fault(last, STEER_EREFUSED, text, fault);
	}
	groups->rrs_len = to - groups->rrs;
	*set = (steer_set_t) {
		.slot = STEER_SLOT_NONE, .ttl = ttl, .count = unique, .body = start, .body_len = to - start,
	};
	return STEER_OK;
}

/*! Appends a group with a plain record set, the last one in the sets. */
static void add_plain(steer_groups_t *groups, uint16_t type)
{
	groups->groups[groups->count++] = (steer_group_t) {
		.type = type, .count = 1, .sets = &groups->sets[groups->sets_count++],
	};
}

/*! Whether a record or a removal of the name is about a type. */
static bool is_named(const steer_groups_from_t *from, uint16_t type)
{
	for (size_t i = 0; i < from->count; i++) {
		if (from->records[i].type == type || from->records[i].type == 0) {
			return true;
		}
	}
	return false;
}

bool steer_groups_removed(const steer_groups_from_t *from, uint16_t type)
{
	for (size_t i = 0; i < from->count; i++) {
		const steer_change_record_t *record = &from->records[i];
		if (record->kind == STEER_CHANGE_REMOVAL && record->id == NULL &&
		    (record->type == type || record->type == 0)) {
			return true;
		}
	}
	return false;
}

/*! Whether an old group of a type stays unless a record names it. */
static bool is_kept(const steer_groups_from_t *from, uint16_t type)
{
	return from->keep || (from->keep_soa && type == TYPE_SOA) ||
	       (from->keep_servers && type == TYPE_NS);
}

static void keep_old(steer_groups_t *groups, const steer_groups_from_t *from)
{
	for (unsigned i = 0; i < from->old->count; i++) {
		steer_group_t group;
		steer_face_group_at(from->old, i, &group);
		bool final = group.type == TYPE_SOA && from->soa != NULL;
		if (!final && is_kept(from, group.type) && !is_named(from, group.type)) {
			groups->policies = groups->policies || steer_group_values(&group) == NULL;
			groups->groups[groups->count++] = group;
		}
	}
}

static int check_removals(const steer_groups_from_t *from, steer_fault_t *fault)
{
	for (size_t i = 0; i < from->count; i++) {
		const steer_change_record_t *record = &from->records[i];
		steer_group_t group;
		bool all_lost = from->lost && record->type == 0;
		if (record->kind == STEER_CHANGE_REMOVAL && !all_lost &&
		    (from->old == NULL || from->old->count == 0 ||
		     (record->type != 0 && !steer_face_group(from->old, record->type, &group)))) {
			return steer_record_fault(record, STEER_ENOENT, "no such record set", fault);
		}
	}
	return STEER_OK;
}

/*!
 * Selects the records that say what a group will be, with the first SOA alone; sorted by type.
 *
 * \return Their number.
 */
static size_t select_records(const steer_groups_from_t *from, const steer_change_record_t **out)
{
	size_t count = 0;
	bool soa = from->soa != NULL;
	for (size_t i = 0; i < from->count; i++) {
		const steer_change_record_t *record = &from->records[i];
		bool plain = record->more == NULL, final = from->soa != NULL;
		if ((plain && record->kind == STEER_CHANGE_REMOVAL) ||
		    ((plain || final) && record->type == TYPE_SOA && soa)) {
			continue; // A second SOA is ignored, as by Knot.
		}
		soa = soa || record->type == TYPE_SOA;
		out[count++] = record;
	}
	if (count > 1) {
		qsort(out, count, sizeof(*out), by_type);
	}
	return count;
}

static int group_by_type(const void *a, const void *b)
{
	return (int)((const steer_group_t *)a)->type - (int)((const steer_group_t *)b)->type;
}

static void add_soa(steer_groups_t *groups, const steer_groups_from_t *from)
{
	uint8_t *to = groups->rrs + groups->rrs_len;
	memcpy(to, from->soa, from->soa_len);
	groups->rrs_len += from->soa_len;
	const steer_change_record_t soa = { .rr = from->soa };
	groups->sets[groups->sets_count] = (steer_set_t) {
		.slot = STEER_SLOT_NONE, .ttl = ttl_of(&soa), .count = 1,
		.body = to, .body_len = from->soa_len,
	};
	add_plain(groups, TYPE_SOA);
}

static int add_all(steer_groups_t *groups, const steer_groups_from_t *from,
                   const steer_change_record_t **records, const steer_apply_t *options,
                   steer_fault_t *fault)
{
	size_t count = select_records(from, records);
	int ret = STEER_OK;
	for (size_t i = 0, end; i < count && ret == STEER_OK; i = end) {
		bool plain = records[i]->more == NULL;
		for (end = i + 1; end < count && records[end]->type == records[i]->type; end++) {
			plain = plain && records[end]->more == NULL;
		}
		if (records[i]->kind == STEER_CHANGE_GROUP) {
			groups->groups[groups->count++] = *records[i]->group;
			ret = end - i == 1 ? STEER_OK
			      : steer_record_fault(records[i], STEER_EREFUSED, "logged twice", fault);
			continue;
		}
		if (!plain) {
			ret = steer_sets_make(groups, from, records + i, end - i, options, fault);
			continue;
		}
		steer_group_t old;
		bool merged = from->keep && from->old != NULL &&
		              steer_face_group(from->old, records[i]->type, &old);
		ret = steer_groups_values(groups, records + i, end - i, merged ? &old : NULL, options,
		                          fault, &groups->sets[groups->sets_count]);
		if (ret == STEER_OK) {
			add_plain(groups, records[i]->type);
		}
	}
	if (ret == STEER_OK && from->soa != NULL) {
		add_soa(groups, from);
	}
	return ret;
}

/*! Makes room for everything that the groups can need. */
static int reserve_for(steer_groups_t *groups, const steer_groups_from_t *from)
{
	size_t rrs = from->soa_len, old = from->old != NULL ? from->old->count : 0;
	size_t sets = from->count + 1;
	bool plain = true;
	for (size_t i = 0; i < from->count; i++) {
		const steer_change_record_t *record = &from->records[i];
		rrs += record->rr_len;
		rrs += record->kind == STEER_CHANGE_SET ? record->set->attrs_len : 0;
		plain = plain && from->records[i].more == NULL;
	}
	for (unsigned i = 0; i < old && !plain; i++) { // They may be merged with new sets.
		steer_group_t group;
		steer_face_group_at(from->old, i, &group);
		sets += group.count;
		for (unsigned k = 0; k < group.count; k++) {
			steer_set_t set;
			steer_group_set(&group, k, &set);
			rrs += set.body_len + set.attrs_len;
		}
	}
	return reserve(groups, old + from->count + 1, sets, rrs);
}

int steer_groups_make(steer_groups_t *groups, const steer_groups_from_t *from,
                      const steer_apply_t *options, steer_fault_t *fault)
{
	groups->count = 0;
	groups->sets_count = groups->rrs_len = 0;
	groups->policies = false;
	if (reserve_for(groups, from) != STEER_OK) {
		return steer_no_memory(fault);
	}

	const steer_change_record_t *few[16], **records = few;
	if (from->count > sizeof(few) / sizeof(*few)) {
		records = malloc(from->count * sizeof(*records));
		if (records == NULL) {
			return steer_no_memory(fault);
		}
	}
	int ret = check_removals(from, fault);
	if (ret != STEER_OK) {
		goto done;
	}
	ret = add_all(groups, from, records, options, fault);
	if (ret != STEER_OK) {
		goto done;
	}
	if (from->old != NULL) {
		keep_old(groups, from);
	}
	if (groups->count > 1) {
		qsort(groups->groups, groups->count, sizeof(*groups->groups), group_by_type);
	}
done:
	if (records != few) {
		free(records);
	}
	return ret;
}
