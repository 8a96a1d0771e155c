/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Applies the change of one zone, in four passes over its touched names (touched_names.h):
 *
 *   collect   finds the touched names
 *   inspect   downwards: what was, what will be; rules; differences; delegations
 *   settle    upwards: which names exist, and how many children they have
 *   write     downwards: nodes that differ
 *
 * No node is written before all rules are checked, so views of stored values stay valid until then,
 * except where the log is written between two names.
 */
#include <stdlib.h>
#include <string.h>

#include "store/change/apply_zone.h"
#include "store/change/log_write.h"
#include "store/change/touched_names.h"
#include "store/change/validate.h"
#include "store/change/zones.h"

/* Inspecting. */

static steer_groups_from_t groups_from(const work_t *work, const touched_name_t *name,
                                       const steer_face_t *old)
{
	const steer_change_zone_t *change = work->job->change;
	bool apex = name->parent == NO_PARENT;
	return (steer_groups_from_t) {
		.records = name->records > 0 ? change->records + name->record : NULL,
		.count = name->records,
		.old = old,
		.keep = !work->job->full,
		.keep_soa = apex && change != NULL && change->keep_soa,
		.keep_servers = apex && change != NULL && change->keep_servers,
		.soa = apex ? work->soa : NULL,
		.soa_len = apex ? work->soa_len : 0,
	};
}

/*! What is stored for a touched name. */
typedef struct {
	steer_node_t node; /*!< If it is stored. */
	steer_face_t face; /*!< If it existed in the zone. */
	bool stored, existed, lost;
} stored_t;

/*! Reads what is stored for a name, and makes its groups as they will be, in work->groups. */
static int look(work_t *work, const touched_name_t *name, const steer_apply_t *options,
                stored_t *stored)
{
	const steer_change_record_t *records =
		name->records > 0 ? work->job->change->records + name->record : NULL;
	int ret = steer_touched_names_node_or_lost(work, name->key, name->key_len, records,
	                                           name->records, &stored->node, &stored->lost);
	if (ret != STEER_OK && ret != STEER_ENOENT) {
		return ret;
	}
	stored->stored = ret == STEER_OK;
	stored->existed =
		stored->stored && steer_node_face(&stored->node, apex_labels(work), &stored->face);
	steer_groups_from_t from = groups_from(work, name, stored->existed ? &stored->face : NULL);
	from.lost = stored->lost;
	return steer_groups_make(&work->groups, &from, options, work->fault);
}

static bool is_wildcard(const touched_name_t *name)
{
	return name->key_len >= 3 && memcmp(name->key + name->key_len - 3, "\0*", 3) == 0;
}

static int refuse(work_t *work, const touched_name_t *name, uint16_t type, const char *rule)
{
	const steer_name_records_t records = steer_touched_name_records(work, name);
	const steer_change_record_t record = steer_name_records_find(&records, type, NULL, 0);
	return steer_record_fault(&record, STEER_EREFUSED, rule, work->fault);
}

/*! Whether a plain group has several records. The sets of other groups are checked one by one. */
static bool has_several(const steer_group_t *group)
{
	steer_set_t set;
	steer_group_set(group, 0, &set);
	return set.count > 1 && steer_group_is_plain(group);
}

/*! The rules for one name (RFC 1034, section 3.6.2; RFC 6672, sections 2.3 and 2.4). */
static int check_name(work_t *work, touched_name_t *name)
{
	const steer_groups_t *groups = &work->groups;
	bool apex = name->parent == NO_PARENT;
	const steer_group_t *cname = steer_groups_find(groups, TYPE_CNAME);
	const steer_group_t *dname = steer_groups_find(groups, TYPE_DNAME);
	if (cname != NULL) {
		if (apex) {
			return refuse(work, name, TYPE_CNAME,
			              "CNAME at the zone's apex is not allowed");
		}
		if (groups->count > 1) {
			return refuse(work, name, TYPE_CNAME,
			              "CNAME and other records at one name: a CNAME stands alone");
		}
		if (has_several(cname)) {
			return refuse(work, name, TYPE_CNAME, "several CNAME records: one is allowed");
		}
	}
	if (dname != NULL) {
		if (has_several(dname)) {
			return refuse(work, name, TYPE_DNAME, "several DNAME records: one is allowed");
		}
		if (!apex && steer_groups_find(groups, TYPE_NS) != NULL) {
			return refuse(work, name, TYPE_DNAME,
			              "NS beside DNAME is allowed at the zone's apex only");
		}
	}
	name->dname = dname != NULL;
	if (groups->policies) {
		const steer_name_records_t records = steer_touched_name_records(work, name);
		return steer_validate_groups(groups, &records, apex, work->job->options, work->fault);
	}
	return STEER_OK;
}

/*! Refuses what an overlay cannot hold, since it lies over a zone that the host serves. */
static int check_overlay(work_t *work, const touched_name_t *name)
{
	static const struct {
		uint16_t type;
		bool at_apex; /*!< Refused there too. */
		const char *rule;
	} refused[] = {
		{ TYPE_SOA, true, "SOA in an overlay is not allowed: it is the zone's below" },
		{ TYPE_DNAME, true, "DNAME in an overlay is not allowed: it has record sets alone" },
		{ TYPE_NS, false,
		  "NS in an overlay is allowed at its apex alone: it cannot delegate" },
	};
	bool apex = name->parent == NO_PARENT;
	for (unsigned i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if ((!apex || refused[i].at_apex) &&
		    steer_groups_find(&work->groups, refused[i].type) != NULL) {
			return refuse(work, name, refused[i].type, refused[i].rule);
		}
	}
	if (!apex && is_wildcard(name) && work->groups.count > 0) {
		return refuse(work, name, work->groups.groups[0].type,
		              "a wildcard in an overlay is not allowed: it would hide the zone below");
	}
	return STEER_OK;
}

/*! The hosted zone that begins or ends at a name. Names and hosted zones are both in key order. */
static const steer_hosted_t *hosted_at(work_t *work, const touched_name_t *name)
{
	if (work->hosted_met == work->job->hosted_count) {
		return NULL;
	}
	const steer_hosted_t *next = &work->job->hosted[work->hosted_met];
	if (next->apex.len != name->key_len ||
	    memcmp(next->apex.bytes, name->key, name->key_len) != 0) {
		return NULL;
	}
	work->hosted_met++;
	return next;
}

/*! Refuses to delete a zone that has to be empty, and is not. */
static int check_empty(work_t *work, const touched_name_t *name, const steer_face_t *old)
{
	bool apex = name->parent == NO_PARENT;
	for (unsigned i = 0; old != NULL && i < old->count; i++) {
		steer_group_t group;
		steer_face_group_at(old, i, &group);
		bool basic = group.type == TYPE_SOA || group.type == TYPE_NS;
		if (!apex || !basic || work->overlay) {
			return refuse(work, name, group.type,
			              "the zone is not empty, and is deleted only if it is");
		}
	}
	return STEER_OK;
}

/*! A name whose node is lost counts as one that existed; its children are counted anew. */
static void inspect_lost(work_t *work, touched_name_t *name)
{
	const steer_name_records_t records = steer_touched_name_records(work, name);
	const steer_change_record_t at = steer_name_records_find(&records, 0, NULL, 0);
	name->lost = name->existed = true;
	work->job->changed = work->job->write->uses.anew = true;
	steer_record_warn(&at, "the stored node was damaged: what it had is lost", work->job->options);
}

/*! The rules for what a name will have, or for a zone to delete. */
static int check_rules(work_t *work, touched_name_t *name, const steer_face_t *old)
{
	if (work->job->gone) {
		return work->job->empty ? check_empty(work, name, old) : STEER_OK;
	}
	int ret = check_name(work, name);
	return ret == STEER_OK && work->overlay ? check_overlay(work, name) : ret;
}

/*! Whether the zone's serial depends on the other changes, so that the SOA is decided last. */
static bool decides_soa(const work_t *work)
{
	return !work->job->gone && !work->job->replayed && !work->overlay;
}

/*! Finds what was at a name and what will be, except its children. */
static int inspect_name(work_t *work, touched_name_t *name)
{
	stored_t stored;
	int ret = look(work, name, work->job->options, &stored);
	const steer_face_t *old = stored.existed ? &stored.face : NULL;
	if (ret == STEER_OK && !work->job->replayed) {
		ret = check_rules(work, name, old);
	}
	if (ret != STEER_OK) {
		return ret;
	}
	bool apex = name->parent == NO_PARENT;
	name->stored = stored.stored;
	name->existed = stored.existed;
	if (stored.lost) {
		inspect_lost(work, name);
	}
	if (!apex && name->existed && work->names[name->parent].lost) {
		work->names[name->parent].children++;
	}
	name->children = old != NULL ? old->children : 0;
	name->flags = old != NULL && !work->job->gone ? old->flags : 0;
	name->flags &= ~STEER_FACE_OVERLAY;
	name->flags |= (apex ? STEER_FACE_APEX : 0) | (work->overlay ? STEER_FACE_OVERLAY : 0);
	const steer_hosted_t *hosted = hosted_at(work, name);
	if (hosted != NULL) {
		name->flags = (name->flags & ~STEER_FACE_HOSTED) |
		               (hosted->begins ? STEER_FACE_HOSTED : 0);
	}

	name->data = work->groups.count > 0;
	steer_touched_name_compare(work, name, old, apex && decides_soa(work));

	uint8_t cut = apex ? 0 : work->names[name->parent].cut;
	if (cut == 0 && !apex && steer_groups_find(&work->groups, TYPE_NS) != NULL) {
		cut = name->labels;
	}
	name->cut = cut;
	if (old != NULL && old->cut != 0 && cut == 0) {
		steer_touched_name_uncovered(work, name);
	}
	name->differs =
		name->differs || old == NULL || old->cut != cut || old->flags != name->flags;
	return STEER_OK;
}

/*! Finds the records of each touched name. Both are in the same order. */
static void assign_records(work_t *work)
{
	const steer_change_zone_t *change = work->job->change;
	size_t at = 0;
	for (size_t i = 0; change != NULL && i < work->count && at < change->count; i++) {
		touched_name_t *name = &work->names[i];
		const steer_change_record_t *record = &change->records[at];
		if (name->key_len == record->key_len && (name->key == record->key ||
		    memcmp(name->key, record->key, name->key_len) == 0)) {
			name->record = at;
			name->records =
				steer_touched_names_same_owner(&change->records[at], change->count - at);
			at += name->records;
		}
	}
}

/*! What breaks rules, each name for itself. */
typedef struct {
	steer_fault_t last;
	unsigned count;
} refusals_t;

/*! Keeps a fault, and passes the one before on. \return STEER_OK: other names are looked at */
static int keep_refusal(work_t *work, refusals_t *refusals)
{
	const steer_apply_t *options = work->job->options;
	if (options == NULL || options->refused == NULL) {
		return STEER_EREFUSED;
	}
	if (refusals->count++ > 0) {
		options->refused(options->ctx, &refusals->last);
	}
	refusals->last = *work->fault;
	if (refusals->count < STEER_REFUSED_MAX) {
		return STEER_OK;
	}
	options->refused(options->ctx, &refusals->last);
	return steer_fault(work->fault, STEER_EREFUSED, "%u errors, more not shown",
	                   STEER_REFUSED_MAX);
}

static int inspect(work_t *work)
{
	refusals_t refusals = { .count = 0 };
	assign_records(work);
	for (size_t i = 0; i < work->count; i++) {
		int ret = inspect_name(work, &work->names[i]);
		if (ret == STEER_EREFUSED) {
			ret = keep_refusal(work, &refusals);
		}
		if (ret == STEER_OK) {
			ret = steer_log_settle(work->job->write); // No view of what is stored is in use.
		}
		if (ret != STEER_OK) {
			return ret;
		}
	}
	if (refusals.count > 0) {
		*work->fault = refusals.last;
		return STEER_EREFUSED;
	}
	return STEER_OK;
}

/* The SOA and its serial. */

static void set_serial(uint8_t *rr, size_t len, uint32_t serial)
{
	uint8_t *at = rr + len - STEER_SOA_TAIL;
	at[0] = serial >> 24;
	at[1] = serial >> 16;
	at[2] = serial >> 8;
	at[3] = serial;
}

/*! Serial number arithmetic (RFC 1982, section 3.2). */
static bool is_newer(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

static bool is_soa(const steer_group_t *group, steer_set_t *set)
{
	steer_group_set(group, 0, set);
	return steer_group_is_plain(group) && set->count == 1 &&
	       set->body_len >= STEER_RR_HEAD + STEER_SOA_TAIL + 2;
}

/*!
 * Decides the SOA: the serial rises if anything differs, unless a higher one was given.
 *
 * \param[in] was  SOA as stored; NULL: there is none.
 * \param[in] now  SOA as in the change set, or the stored one again.
 */
static int decide_soa(work_t *work, const steer_set_t *was, const steer_set_t *now)
{
	work->soa = steer_arena_alloc(&work->arena, now->body_len);
	if (work->soa == NULL) {
		return steer_no_memory(work->fault);
	}
	memcpy(work->soa, now->body, now->body_len);
	work->soa_len = now->body_len;
	if (was == NULL) {
		return STEER_OK;
	}

	uint32_t old = steer_soa_serial(was->body, was->body_len);
	if (is_newer(steer_soa_serial(work->soa, work->soa_len), old)) {
		return STEER_OK;
	}
	set_serial(work->soa, work->soa_len, old);
	bool same = was->body_len == work->soa_len && memcmp(was->body, work->soa, work->soa_len) == 0;
	if (work->job->changed || !same) {
		set_serial(work->soa, work->soa_len, old + 1);
	}
	return STEER_OK;
}

/*! Completes the apex: it must have an SOA, whose serial is decided when all else is known. */
static int inspect_apex(work_t *work)
{
	touched_name_t *apex = &work->names[0];
	stored_t stored;
	int ret = look(work, apex, NULL, &stored);
	if (ret != STEER_OK) {
		return ret;
	}
	const steer_group_t *soa = steer_groups_find(&work->groups, TYPE_SOA);
	steer_set_t was, now;
	if (soa == NULL || !is_soa(soa, &now)) {
		return refuse(work, apex, TYPE_SOA, "no SOA record at the zone's apex: "
		              "it goes only with the zone");
	}
	steer_group_t old_soa;
	bool had = stored.existed && steer_face_group(&stored.face, TYPE_SOA, &old_soa) &&
	           is_soa(&old_soa, &was);
	ret = decide_soa(work, had ? &was : NULL, &now);
	if (ret != STEER_OK) {
		return ret;
	}

	ret = look(work, apex, NULL, &stored);
	if (ret != STEER_OK) {
		return ret;
	}
	soa = steer_groups_find(&work->groups, TYPE_SOA);
	if (had && steer_group_equal(&old_soa, soa)) {
		return STEER_OK;
	}
	work->job->changed = apex->differs = true;
	work->job->summary->sets_changed += had;
	work->job->summary->sets_added += !had;
	if (had) {
		steer_touched_name_report(work, '-', apex, &old_soa);
	}
	steer_touched_name_report(work, '+', apex, soa);
	return STEER_OK;
}

/*! Whether the records of a name change or remove its NS. */
static bool concern_ns(const steer_name_records_t *records)
{
	for (size_t i = 0; i < records->count; i++) {
		if (records->records[i].type == TYPE_NS || records->records[i].type == 0) {
			return true;
		}
	}
	return false;
}

static void warn_of_missing_ns(work_t *work)
{
	const steer_apply_t *options = work->job->options;
	const steer_name_records_t records = steer_touched_name_records(work, &work->names[0]);
	if (options->warn == NULL || steer_groups_find(&work->groups, TYPE_NS) != NULL ||
	    (!work->job->full && !concern_ns(&records))) {
		return;
	}
	const steer_change_record_t record = steer_name_records_find(&records, TYPE_SOA, NULL, 0);
	const steer_source_location_t location = { record.file, record.line, record.column };
	options->warn(options->ctx, &location, "no NS record at the zone's apex");
}

/* Settling. */

static int settle_name(work_t *work, touched_name_t *name)
{
	uint32_t children = name->children + name->children_change;
	name->differs = name->differs || children != name->children;
	name->children = children;
	bool apex = name->parent == NO_PARENT;
	bool needed = name->data || (name->flags & STEER_FACE_HOSTED) || children > 0;
	name->exists = apex ? !work->job->gone : needed;
	if (name->dname && children > 0) {
		return refuse(work, name, TYPE_DNAME,
		              "names below a DNAME are not allowed: it stands for all of them");
	}
	if (apex) {
		return STEER_OK;
	}

	touched_name_t *parent = &work->names[name->parent];
	parent->children_change += (int)name->exists - (int)name->existed;
	if (is_wildcard(name) && name->exists != !!(parent->flags & STEER_FACE_WILDCARD)) {
		parent->flags ^= STEER_FACE_WILDCARD;
		parent->differs = true;
	}
	return STEER_OK;
}

static int settle(work_t *work)
{
	int ret = STEER_OK;
	for (size_t i = work->count; i > 0 && ret == STEER_OK; i--) {
		ret = settle_name(work, &work->names[i - 1]);
	}
	return ret;
}

/* Writing. */

/*! Puts the zone's face among those of other zones. \return Number of faces. */
static unsigned arrange_faces(const work_t *work, const touched_name_t *name,
                              const steer_node_t *node, const steer_face_t *ours,
                              steer_face_t *faces)
{
	unsigned count = 0, stored = name->stored ? steer_node_faces(node) : 0;
	bool placed = !name->exists;
	for (unsigned i = 0; i < stored; i++) {
		steer_face_t face;
		steer_node_face_at(node, i, &face);
		if (!placed && face.apex >= apex_labels(work)) {
			faces[count++] = *ours;
			placed = true;
		}
		if (face.apex != apex_labels(work)) {
			faces[count++] = face;
		}
	}
	if (!placed) {
		faces[count++] = *ours;
	}
	return count;
}

static int build(work_t *work, const steer_face_t *faces, unsigned count, size_t *size)
{
	*size = work->buf_room;
	int ret = steer_node_build(work->buf, size, faces, count);
	if ((work->buf != NULL && ret != STEER_ESPACE) || *size > STEER_NODE_MAX) {
		return ret;
	}
	uint8_t *buf = realloc(work->buf, 2 * *size);
	if (buf == NULL) {
		return steer_no_memory(work->fault);
	}
	work->buf = buf;
	*size = work->buf_room = 2 * *size;
	return steer_node_build(work->buf, size, faces, count);
}

static int build_fault(const work_t *work, const touched_name_t *name, int ret)
{
	uint8_t wire[STEER_NAME_MAX];
	char text[STEER_NAME_TEXT_MAX] = "a name";
	steer_key_t key;
	if (steer_key_from_bytes(&key, name->key, name->key_len) == STEER_OK) {
		steer_key_to_name(wire, &key, key.labels);
		steer_name_to_text(text, wire);
	}
	return steer_fault(work->fault, ret, "%s: its node could not be built: %s; allowed: up to %u "
	                   "bytes", text, steer_strerror(ret), STEER_NODE_MAX);
}

static int write_name(work_t *work, touched_name_t *name)
{
	stored_t stored;
	int ret = look(work, name, NULL, &stored);
	if (ret != STEER_OK) {
		return ret;
	}
	const steer_face_t ours = {
		.apex = apex_labels(work), .flags = name->flags, .cut = name->cut,
		.count = work->groups.count, .children = name->children,
		.groups = work->groups.groups,
	};
	steer_face_t faces[STEER_FACES_MAX];
	unsigned count = arrange_faces(work, name, &stored.node, &ours, faces);
	steer_write_t *write = work->job->write;
	if (count == 0) {
		return steer_write_del(write, STEER_DB_NODES, name->key, name->key_len);
	}
	size_t size;
	ret = build(work, faces, count, &size);
	if (ret != STEER_OK) {
		return build_fault(work, name, ret);
	}
	if (stored.stored && stored.node.size == size && memcmp(stored.node.at, work->buf, size) == 0) {
		return STEER_OK;
	}
	work->job->summary->nodes_written++;
	return work->end != NULL
	       ? steer_write_append(write, work->end, name->key, name->key_len, work->buf, size)
	       : steer_write_put(write, STEER_DB_NODES, name->key, name->key_len, work->buf, size);
}

/*! If all stored nodes come before the zone's, opens the cursor that appends to them. */
static int find_end(work_t *work)
{
	const steer_write_t *write = work->job->write;
	MDB_val key, value;
	if (!work->range_empty) {
		return STEER_OK;
	}
	int err = mdb_cursor_open(write->txn, write->store->dbi[STEER_DB_NODES], &work->end);
	if (err == MDB_SUCCESS) {
		err = steer_pair_get(work->end, &key, &value, MDB_LAST);
	}
	if (err == MDB_SUCCESS && steer_key_cmp(key.mv_data, key.mv_size, work->job->apex->bytes,
	                                        work->job->apex->len) > 0) {
		mdb_cursor_close(work->end);
		work->end = NULL;
	}
	return err == MDB_SUCCESS || err == MDB_NOTFOUND ? STEER_OK
	       : steer_store_fault(write->store, "walk", err, work->fault);
}

static int write_all(work_t *work)
{
	int ret = find_end(work); // Touched names come in key order.
	for (size_t i = 0; i < work->count && ret == STEER_OK; i++) {
		touched_name_t *name = &work->names[i];
		if (name->exists != name->existed || (name->exists && name->differs)) {
			ret = write_name(work, name);
		}
		if (name->existed && !name->exists && !work->job->gone && !work->job->replayed) {
			steer_alias_check_add_name(work->job->alias_check, name->key, name->key_len);
		}
	}
	return ret;
}

int steer_zone_apply(steer_zone_job_t *job)
{
	work_t work = { .job = job, .fault = job->write->fault };
	steer_zone_t zone;
	int ret = steer_zone_get(job->write, job->apex->bytes, job->apex->len, &zone);
	if (ret != STEER_OK) {
		return ret;
	}
	work.overlay = zone.mode == STEER_ZONE_OVERLAY;
	ret = steer_touched_names_collect(&work);
	if (ret != STEER_OK) {
		goto done;
	}
	ret = inspect(&work);
	if (ret != STEER_OK) {
		goto done;
	}
	if (job->change != NULL && decides_soa(&work)) {
		ret = inspect_apex(&work);
		if (ret != STEER_OK) {
			goto done;
		}
		warn_of_missing_ns(&work);
	}
	ret = settle(&work);
	if (ret == STEER_OK) {
		ret = write_all(&work);
	}
done:
	mdb_cursor_close(work.end);
	free(work.names);
	free(work.buf);
	steer_groups_free(&work.groups);
	steer_arena_free(&work.arena);
	return ret;
}
