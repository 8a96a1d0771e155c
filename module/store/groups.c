/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "store/internal.h"

#define TTL_AT 6 /*!< Of the TTL in a wire-ready RR. */

static void owner_text(char owner[STEER_NAME_TEXT_MAX], const steer_change_record_t *record)
{
	steer_key_t key;
	uint8_t name[STEER_NAME_MAX];
	if (steer_key_from_bytes(&key, record->key, record->key_len) == STEER_OK) {
		steer_key_to_name(name, &key, key.labels);
		steer_name_to_text(owner, name);
	} else {
		strcpy(owner, "(damaged key)");
	}
}

int steer_origin_fault(const steer_origin_t *origin, int code, const char *what, const char *text,
                       steer_fault_t *fault)
{
	if (origin->file == NULL) {
		return steer_fault(fault, code, "%s: %s", what, text);
	}
	if (origin->column == 0) {
		return steer_fault(fault, code, "%s:%u: %s: %s", origin->file, origin->line, what, text);
	}
	return steer_fault(fault, code, "%s:%u:%u: %s: %s", origin->file, origin->line,
	                   origin->column, what, text);
}

int steer_record_fault(const steer_change_record_t *record, int code, const char *text,
                       steer_fault_t *fault)
{
	char owner[STEER_NAME_TEXT_MAX];
	owner_text(owner, record);
	const steer_origin_t origin = { record->file, record->line, record->column };
	return steer_origin_fault(&origin, code, owner, text, fault);
}

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

/*! Room for all groups, and for all RRs at once, so that pointers into it stay. */
static int reserve(steer_groups_t *groups, size_t count, size_t rrs)
{
	if (count > groups->groups_room) {
		steer_group_t *more = realloc(groups->groups, count * sizeof(*more));
		if (more == NULL) {
			return STEER_ENOMEM;
		}
		groups->groups = more;
		steer_set_t *sets = realloc(groups->sets, count * sizeof(*sets));
		if (sets == NULL) {
			return STEER_ENOMEM;
		}
		groups->sets = sets;
		groups->groups_room = count;
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
	const steer_change_record_t *const *x = a, *const *y = b;
	return (*x)->type != (*y)->type ? (int)(*x)->type - (int)(*y)->type
	       : ((*x)->seq > (*y)->seq) - ((*x)->seq < (*y)->seq);
}

/*! Canonical order of rdata within an RRset (RFC 4034, section 6.3). */
static int by_rdata(const void *a, const void *b)
{
	const steer_change_record_t *const *x = a, *const *y = b;
	return steer_key_cmp((*x)->rr + STEER_RR_HEAD, (*x)->rr_len - STEER_RR_HEAD,
	                     (*y)->rr + STEER_RR_HEAD, (*y)->rr_len - STEER_RR_HEAD);
}

static uint32_t ttl_of(const steer_change_record_t *record)
{
	return steer_wire_u32(record->rr + TTL_AT);
}

/*! Text of a type: the names of those that people write most, else RFC 3597's. */
static const char *type_text(uint16_t type, char buf[16])
{
	static const char *const names[] = {
		[1] = "A", [2] = "NS", [5] = "CNAME", [6] = "SOA", [12] = "PTR", [15] = "MX",
		[16] = "TXT", [28] = "AAAA", [33] = "SRV", [39] = "DNAME", [43] = "DS",
	};
	if (type < sizeof(names) / sizeof(*names) && names[type] != NULL) {
		return names[type];
	}
	snprintf(buf, 16, "TYPE%u", type);
	return buf;
}

/*! TTL of a record set: that of its last record, with a warning if they differ, as Knot. */
static uint32_t common_ttl(const steer_change_record_t **records, size_t count,
                           const steer_apply_t *options)
{
	uint32_t ttl = ttl_of(records[0]);
	for (size_t i = 1; i < count; i++) {
		if (ttl_of(records[i]) == ttl) {
			continue;
		}
		ttl = ttl_of(records[i]);
		if (options != NULL && options->warn != NULL) {
			char owner[STEER_NAME_TEXT_MAX], type[16], text[STEER_NAME_TEXT_MAX + 96];
			owner_text(owner, records[i]);
			snprintf(text, sizeof(text), "%s: the TTL of its %s records differs: set to %u", owner,
			         type_text(records[i]->type, type), ttl);
			const steer_origin_t origin = { records[i]->file, records[i]->line,
			                                records[i]->column };
			options->warn(options->ctx, &origin, text);
		}
	}
	return ttl;
}

/*! Appends the RRs of one type, sorted, without twins, with one TTL. */
static int add_values(steer_groups_t *groups, uint8_t **to, const steer_change_record_t **records,
                      size_t count, const steer_apply_t *options, steer_fault_t *fault)
{
	const steer_change_record_t *last = records[count - 1];
	uint32_t ttl = common_ttl(records, count, options);
	qsort(records, count, sizeof(*records), by_rdata);

	uint8_t *start = *to;
	size_t unique = 0;
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || by_rdata(&records[i - 1], &records[i]) != 0) {
			*to += steer_rr_write(*to, records[i]->type, ttl, records[i]->rr + STEER_RR_HEAD,
			                      records[i]->rr_len - STEER_RR_HEAD);
			unique++;
		}
	}
	if (*to - start > STEER_RRS_MAX) {
		char type[16], text[96];
		snprintf(text, sizeof(text), "its %s records have %td bytes, a message holds %d",
		         type_text(last->type, type), *to - start, STEER_RRS_MAX);
		return steer_record_fault(last, STEER_EREFUSED, text, fault);
	}
	groups->sets[groups->count] = (steer_set_t) {
		.slot = STEER_SLOT_NONE, .ttl = ttl, .count = unique,
		.body = start, .body_len = *to - start,
	};
	groups->groups[groups->count] = (steer_group_t) {
		.type = last->type, .count = 1, .sets = &groups->sets[groups->count],
	};
	groups->count++;
	return STEER_OK;
}

/*! Whether a record or a removal of the name is about a type. */
static bool is_named(const steer_groups_from_t *from, uint16_t type)
{
	for (size_t i = 0; i < from->count; i++) {
		if (from->records[i].type == type ||
		    (from->records[i].rr == NULL && from->records[i].type == 0)) {
			return true;
		}
	}
	return false;
}

/*! Whether an old group of a type stays, if no record names it. */
static bool is_kept(const steer_groups_from_t *from, uint16_t type)
{
	return from->keep || (from->keep_soa && type == STEER_TYPE_SOA) ||
	       (from->keep_servers && type == STEER_TYPE_NS);
}

static void keep_old(steer_groups_t *groups, const steer_groups_from_t *from)
{
	for (unsigned i = 0; i < from->old->count; i++) {
		steer_group_t group;
		steer_face_group_at(from->old, i, &group);
		bool final = group.type == STEER_TYPE_SOA && from->soa != NULL;
		if (!final && is_kept(from, group.type) && !is_named(from, group.type)) {
			groups->groups[groups->count++] = group;
		}
	}
}

static int check_removals(const steer_groups_from_t *from, steer_fault_t *fault)
{
	for (size_t i = 0; i < from->count; i++) {
		const steer_change_record_t *record = &from->records[i];
		steer_group_t group;
		if (record->rr == NULL && (from->old == NULL || from->old->count == 0 ||
		    (record->type != 0 && !steer_face_group(from->old, record->type, &group)))) {
			return steer_record_fault(record, STEER_ENOENT, "no such record set", fault);
		}
	}
	return STEER_OK;
}

/*! Records that add, without the SOAs but the first; sorted by type. \return their number. */
static size_t select_records(const steer_groups_from_t *from, const steer_change_record_t **out)
{
	size_t count = 0;
	bool soa = from->soa != NULL;
	for (size_t i = 0; i < from->count; i++) {
		const steer_change_record_t *record = &from->records[i];
		if (record->rr == NULL || (record->type == STEER_TYPE_SOA && soa)) {
			continue; // As Knot: a second SOA is passed over.
		}
		soa = soa || record->type == STEER_TYPE_SOA;
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

static void add_soa(steer_groups_t *groups, uint8_t **to, const steer_groups_from_t *from)
{
	memcpy(*to, from->soa, from->soa_len);
	const steer_change_record_t soa = { .rr = from->soa };
	groups->sets[groups->count] = (steer_set_t) {
		.slot = STEER_SLOT_NONE, .ttl = ttl_of(&soa), .count = 1,
		.body = *to, .body_len = from->soa_len,
	};
	groups->groups[groups->count] = (steer_group_t) {
		.type = STEER_TYPE_SOA, .count = 1, .sets = &groups->sets[groups->count],
	};
	groups->count++;
	*to += from->soa_len;
}

static int add_all(steer_groups_t *groups, const steer_groups_from_t *from,
                   const steer_change_record_t **records, const steer_apply_t *options,
                   steer_fault_t *fault)
{
	size_t count = select_records(from, records);
	uint8_t *to = groups->rrs;
	int ret = STEER_OK;
	for (size_t i = 0, end; i < count && ret == STEER_OK; i = end) {
		for (end = i + 1; end < count && records[end]->type == records[i]->type; end++) {
		}
		ret = add_values(groups, &to, records + i, end - i, options, fault);
	}
	if (ret == STEER_OK && from->soa != NULL) {
		add_soa(groups, &to, from);
	}
	return ret;
}

int steer_groups_make(steer_groups_t *groups, const steer_groups_from_t *from,
                      const steer_apply_t *options, steer_fault_t *fault)
{
	size_t rrs = from->soa_len, old = from->old != NULL ? from->old->count : 0;
	for (size_t i = 0; i < from->count; i++) {
		rrs += from->records[i].rr_len;
	}
	groups->count = 0;
	if (reserve(groups, old + from->count + 1, rrs) != STEER_OK) {
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
	if (ret == STEER_OK) {
		ret = add_all(groups, from, records, options, fault);
	}
	if (ret == STEER_OK && old > 0) {
		keep_old(groups, from);
	}
	if (groups->count > 1) {
		qsort(groups->groups, groups->count, sizeof(*groups->groups), group_by_type);
	}
	if (records != few) {
		free(records);
	}
	return ret;
}
