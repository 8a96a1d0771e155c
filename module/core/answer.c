/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/answer.h"
#include "core/types.h"

/*! Bytes of an address record in the additional section at least. */
#define ADDRESS_LEAST (STEER_RR_LEAST + 4)
/*!
 * Lookups for the additional section: two for each name, as for one that is not there below one
 * that is, and so many for each KiB of what names them. What more would find is left out.
 */
#define NAMED_GETS 2
#define EXTRA_GETS 32
/*! Work for the additional section, for each KiB of what names it: more is left out too. */
#define EXTRA_WORK 2000
/*! What a record costs that is put, or tried to be put, into the additional section (rule A8). */
#define COST_ADDITIONAL 10
/*! Groups of a name that a question for ANY tries, and work after which it runs no policy more. */
#define ANY_MAX  64
#define ANY_WORK 4000

/*! Where one step of the walk led. */
typedef enum {
	HIT,
	NODATA,
	MISS,
	DELEGATION,
	FOLLOW, /*!< A CNAME was put; its target is the next name. */
	FAILED, /*!< The walk's error says how. */
} step_t;

typedef struct {
	steer_picker_t picker;
	const steer_question_t *question;
	int host_labels;       /*!< Of the host's zone that encloses the asked name. */
	const steer_sink_t *sink;
	steer_outcome_t *outcome;
	int error;
	steer_found_t found;   /*!< What answers again, if there is no more to it. */

	steer_finder_t here;   /*!< The current name: the asked one or the last target. */
	const uint8_t *owner;  /*!< Owner of what is found there; NULL: the asked name. */
	const uint8_t *overlay; /*!< Apex of the overlay that the walk began in; NULL: in none. */
	steer_place_t place;   /*!< The node found for it, or a wildcard's. */
	bool expanded;         /*!< A wildcard stands for the name. */

	uint8_t target[STEER_NAME_MAX]; /*!< Target that a DNAME made; the name may point here. */
	unsigned chain;
	unsigned visits;
	struct {
		const uint8_t *node;
		uint16_t type;
	} visited[STEER_CHAIN_MAX]; /*!< CNAMEs and DNAMEs put. */

	uint16_t last_type;    /*!< Of the last RRset put in answer or authority; 0: none was. */
	int naming;            /*!< RR of it that the additional section is at. */
	unsigned gets;         /*!< Lookups for the additional section. */
	unsigned work;         /*!< Of the picker, before it. */
	steer_picked_t picked; /*!< The last RRset picked. */
} walk_t;

/* Putting. */

static int put_records(walk_t *walk, steer_section_t section, const uint8_t *owner,
                       const steer_records_t *records, uint32_t ttl, bool optional)
{
	const steer_rrset_t rrset = {
		.owner = owner, .parts = records->parts, .parts_count = records->count, .ttl = ttl,
		.type = records->type, .named_by = section == STEER_ADDITIONAL ? walk->naming : -1,
	};
	if (steer_records_full(records)) {
		return STEER_ESPACE; // Nothing of it is copied in vain.
	}
	if (section == STEER_ADDITIONAL) {
		walk->picker.work += records->gathered * COST_ADDITIONAL;
	}
	int ret = walk->sink->put(walk->sink->ctx, section, &rrset, optional);
	if (ret == STEER_OK) {
		walk->picker.room -= records->least;
	}
	return ret;
}

/*! Makes records of one part. */
static void make_records(walk_t *walk, uint16_t type, const steer_rrs_t *rrs, steer_rrs_t *part,
                         steer_records_t *records)
{
	steer_records_begin(records, type, part, NULL, walk->picker.room, 0);
	steer_records_add(records, rrs);
}

/*! Values of a plain group; false: it has a policy. */
static bool plain_values(const steer_group_t *group, steer_rrs_t *rrs)
{
	const uint8_t *values = steer_group_values(group);
	if (values == NULL) {
		return false;
	}
	*rrs = steer_values_rrs(values);
	return true;
}

/*!
 * Picks the records of a group: all of a plain one, else what its policy chooses.
 *
 * \param[in] taken  Parts of the workspace that are in use.
 */
static int pick(walk_t *walk, const steer_group_t *group, unsigned taken, bool single,
                steer_picked_t *picked)
{
	steer_rrs_t rrs;
	if (!plain_values(group, &rrs)) {
		return steer_pick(&walk->picker, group, taken, single, picked);
	}
	steer_rrs_t *parts = walk->picker.lookup->workspace->parts + taken;
	make_records(walk, group->type, &rrs, parts, &picked->records);
	picked->ttl = rrs.ttl;
	return STEER_OK;
}

/*! Whether a name has one record of the type, whatever record sets are chosen (rule G9). */
static bool is_single(uint16_t type)
{
	return type == TYPE_CNAME || type == TYPE_DNAME;
}

/*! Puts what a group answers. \retval STEER_ENOENT  It has no data for this question. */
static int put_group(walk_t *walk, steer_section_t section, const uint8_t *owner,
                     const steer_group_t *group)
{
	steer_picked_t *picked = &walk->picked;
	int ret = pick(walk, group, 0, is_single(group->type), picked);
	if (ret == STEER_OK) {
		ret = picked->records.count == 0 ? STEER_ENOENT
		      : put_records(walk, section, owner, &picked->records, picked->ttl, false);
	}
	if (ret == STEER_OK) {
		walk->last_type = group->type;
	}
	return ret;
}

/*! Rdata of the CNAME or DNAME that was picked. */
static const uint8_t *picked_target(const walk_t *walk)
{
	return walk->picked.records.parts->rrs + STEER_RR_HEAD;
}

static step_t failed(walk_t *walk, int error)
{
	walk->error = error;
	return FAILED;
}

/*! Puts the zone's SOA with the TTL of a negative answer (RFC 2308, section 3). */
static int put_soa(walk_t *walk)
{
	steer_place_t apex;
	steer_group_t group;
	steer_rrs_t rrs, part;
	int ret = steer_finder_place(&walk->here, walk->here.zone, &apex);
	if (ret != STEER_OK || !steer_face_group(&apex.face, TYPE_SOA, &group) ||
	    !plain_values(&group, &rrs) || rrs.len < STEER_RR_HEAD + 4) {
		return STEER_EDAMAGED;
	}
	uint32_t minimum = steer_wire_u32(rrs.rrs + rrs.len - 4);
	steer_records_t soa;
	make_records(walk, TYPE_SOA, &rrs, &part, &soa);
	ret = put_records(walk, STEER_AUTHORITY, steer_finder_ancestor(&walk->here, walk->here.zone),
	                  &soa, rrs.ttl < minimum ? rrs.ttl : minimum, true);
	return ret == STEER_ESPACE ? STEER_OK : ret;
}

/* Additional section. */

/*! Offset of the name in the rdata of types with additional data; -1: none. */
static int name_offset(uint16_t type)
{
	switch (type) {
	case TYPE_NS:                   return 0;
	case TYPE_MX:                   return 2;
	case TYPE_SVCB: case TYPE_HTTPS: return 2;
	case TYPE_SRV:                  return 6;
	default:                        return -1;
	}
}

/*! Finds a name of the current zone, or the wildcard that covers it. */
static int find_glue(walk_t *walk, const uint8_t *name, steer_place_t *place)
{
	const uint8_t *apex = steer_finder_ancestor(&walk->here, walk->here.zone);
	if (!steer_name_in(name, apex)) {
		return STEER_ENOENT;
	}
	steer_finder_t glue;
	steer_finder_begin(&glue, walk->here.lookup, name);
	glue.zone = walk->here.zone;
	int ret = steer_finder_place(&glue, glue.key.labels, place);
	if (ret == STEER_ENOENT) {
		steer_place_t encloser;
		ret = steer_finder_encloser(&glue, &encloser);
		if (ret == STEER_OK) {
			ret = encloser.face.flags & STEER_FACE_WILDCARD
			      ? steer_finder_wildcard(&glue, encloser.labels, place) : STEER_ENOENT;
		}
	}
	walk->gets += glue.gets;
	return ret;
}

/*! Puts the addresses of one target, and of a service its next records (RFC 9460, section 4.1). */
static int put_addresses(walk_t *walk, const uint8_t *name, const steer_place_t *place,
                         bool optional)
{
	uint16_t type = walk->last_type;
	const uint16_t types[] = { TYPE_A, TYPE_AAAA, type };
	unsigned count = type == TYPE_SVCB || type == TYPE_HTTPS ? 3 : 2;
	for (unsigned i = 0; i < count; i++) {
		steer_group_t group;
		steer_picked_t picked;
		if (!steer_face_group(&place->face, types[i], &group)) {
			continue;
		}
		int ret = pick(walk, &group, walk->picked.records.count, false, &picked);
		if (ret == STEER_OK && picked.records.count > 0) {
			ret = put_records(walk, STEER_ADDITIONAL, name, &picked.records, picked.ttl, optional);
		}
		if (ret == STEER_ESPACE || walk->picker.work > STEER_WORK_MAX) {
			return STEER_ESPACE;
		}
	}
	return STEER_OK;
}

/*!
 * Puts what one RR of the last RRset leads to.
 *
 * \retval STEER_OK
 * \retval STEER_ESPACE  It did not fit, or is not looked for any more.
 */
static int put_named(walk_t *walk, const uint8_t *name, bool optional)
{
	steer_place_t place;
	unsigned kib = 1 + walk->picked.records.least / 1024;
	if (walk->picker.room < ADDRESS_LEAST || walk->picker.work > STEER_WORK_MAX ||
	    walk->gets > NAMED_GETS * walk->naming + EXTRA_GETS * kib ||
	    (optional && walk->picker.work - walk->work > EXTRA_WORK * kib)) {
		return STEER_ESPACE;
	}
	return find_glue(walk, name, &place) == STEER_OK ? put_addresses(walk, name, &place, optional)
	                                                 : STEER_OK;
}

/*! Puts what the names in the last RRset lead to, if that is, or is not, needed for a referral. */
static int put_all_named(walk_t *walk, const uint8_t *delegation, bool optional)
{
	const steer_records_t *records = &walk->picked.records;
	int offset = name_offset(walk->last_type), result = STEER_OK;
	walk->naming = 0;
	for (unsigned i = 0; i < records->count; i++) {
		const steer_rrs_t *part = &records->parts[i];
		const uint8_t *at = part->rrs, *end = at + part->len, *rdata;
		uint16_t len;
		for (; (rdata = steer_rr_next(&at, end, &len)) != NULL; walk->naming++) {
			bool needed = delegation != NULL && len > offset &&
			              steer_name_in(rdata + offset, delegation);
			if (len > offset && needed != optional &&
			    put_named(walk, rdata + offset, optional) != STEER_OK) {
				result = STEER_ESPACE;
			}
		}
	}
	return result;
}

/*!
 * Puts what the names in the last RRset lead to.
 *
 * Glue that a referral cannot do without comes first and truncates if it does not fit (RFC 9471);
 * anything else is left out then.
 *
 * \param[in] delegation  Owner of the NS RRset of a referral; NULL: this is none.
 */
static int put_additional(walk_t *walk, const uint8_t *delegation)
{
	if (name_offset(walk->last_type) < 0) {
		return STEER_OK;
	}
	walk->work = walk->picker.work;
	int ret = delegation != NULL ? put_all_named(walk, delegation, false) : STEER_OK;
	(void)put_all_named(walk, delegation, true);
	return ret;
}

/* The steps. */

/*! Whether this CNAME or DNAME was put before; remembers it. */
static bool visited_before(walk_t *walk, uint16_t type)
{
	for (unsigned i = 0; i < walk->visits; i++) {
		if (walk->visited[i].node == walk->place.node && walk->visited[i].type == type) {
			return true;
		}
	}
	walk->visited[walk->visits].node = walk->place.node;
	walk->visited[walk->visits++].type = type;
	return false;
}

static step_t follow_cname(walk_t *walk, const steer_group_t *group)
{
	if (++walk->chain > STEER_CHAIN_MAX) {
		return HIT;
	}
	// A loop ends before the CNAME that closed it; at a wildcard, where owners differ, behind it.
	bool again = visited_before(walk, TYPE_CNAME);
	if (again && !walk->place.wildcard) {
		return HIT;
	}
	int ret = put_group(walk, STEER_ANSWER, walk->owner, group);
	if (ret != STEER_OK) {
		return ret == STEER_ENOENT ? NODATA : failed(walk, ret);
	}
	if (again) {
		return HIT;
	}
	walk->here.name = walk->owner = picked_target(walk);
	return FOLLOW;
}

/*! Puts the CNAME that a DNAME makes of the current name (RFC 6672, section 3.1). */
static int put_synthesized(walk_t *walk, uint32_t ttl)
{
	uint8_t rr[STEER_RR_HEAD + STEER_NAME_MAX];
	size_t len = steer_rr_write(rr, TYPE_CNAME, ttl, walk->target, steer_name_len(walk->target));
	const steer_rrs_t rrs = { rr, len, ttl, 1 };
	steer_rrs_t part;
	steer_records_t cname;
	make_records(walk, TYPE_CNAME, &rrs, &part, &cname);
	return put_records(walk, STEER_ANSWER, walk->owner, &cname, ttl, false);
}

/*! Puts a DNAME and goes on to what it makes of the name. \param[in] again  It was put before. */
static step_t pass_dname(walk_t *walk, const uint8_t *dname_target, uint32_t ttl, bool again)
{
	uint8_t name[STEER_NAME_MAX];
	if (walk->owner != NULL) { // It may be the target of an earlier DNAME, rewritten below.
		memcpy(name, walk->here.name, walk->here.name_len);
		walk->here.name = walk->owner = name;
	}
	if (!steer_name_substitute(walk->target, walk->here.name, walk->place.labels, dname_target)) {
		walk->outcome->rcode = RCODE_YXDOMAIN;
		walk->here.name = walk->owner = dname_target; // Knot goes on with the bare target.
		return again ? HIT : FOLLOW;
	}
	int ret = put_synthesized(walk, ttl);
	walk->here.name = walk->owner = walk->target;
	if (ret != STEER_OK) {
		return failed(walk, ret);
	}
	return walk->question->type == TYPE_CNAME || (again && walk->place.wildcard) ? HIT : FOLLOW;
}

static step_t follow_dname(walk_t *walk, const steer_group_t *group)
{
	if (++walk->chain > STEER_CHAIN_MAX) {
		return HIT;
	}
	// Knot expands every owner that begins with a "*", this one too.
	bool wildcard = walk->place.wildcard;
	const uint8_t *owner = wildcard ? walk->owner
	                       : steer_finder_ancestor(&walk->here, walk->place.labels);
	bool again = visited_before(walk, TYPE_DNAME);
	steer_picked_t *picked = &walk->picked;
	int ret;
	if (again && !wildcard) { // What it leads to is put, and not itself.
		ret = pick(walk, group, 0, true, picked);
		ret = ret == STEER_OK && picked->records.count == 0 ? STEER_ENOENT : ret;
	} else {
		ret = put_group(walk, STEER_ANSWER, owner, group);
	}
	if (ret != STEER_OK) {
		return ret == STEER_ENOENT ? NODATA : failed(walk, ret);
	}
	return pass_dname(walk, picked_target(walk), picked->ttl, again);
}

static bool cname_answers(uint16_t type)
{
	return type == TYPE_CNAME || type == TYPE_RRSIG || type == TYPE_NSEC || type == TYPE_ANY;
}

/*! Notes how to answer again: with values, or by a policy whose sets all have values. */
static void remember(walk_t *walk, const steer_group_t *group)
{
	const uint8_t *values = steer_group_values(group);
	if (values != NULL || !(steer_group_flags(group) & STEER_POLICY_ALIASES)) {
		walk->found = (steer_found_t) {
			.at = values != NULL ? values : group->at,
			.node = values != NULL ? NULL : group->node,
			.type = group->type, .own = !walk->expanded,
		};
	}
}

/*! Answers with a group. \param[in] remembered  The question may be answered by it again. */
static int put_answer(walk_t *walk, const steer_group_t *group, bool remembered)
{
	int ret = put_group(walk, STEER_ANSWER, walk->owner, group);
	if (ret == STEER_OK && remembered && walk->chain == 0 && name_offset(group->type) < 0) {
		remember(walk, group);
	}
	return ret;
}

/*! Answers ANY: one RRset is enough (RFC 8482, section 4.1), that of the first group with data. */
static int put_any(walk_t *walk)
{
	const steer_face_t *face = &walk->place.face;
	int result = STEER_ENOENT;
	for (unsigned i = 0; i < face->count && i < ANY_MAX; i++) {
		steer_group_t group;
		steer_face_group_at(face, i, &group);
		if (walk->picker.work > ANY_WORK && steer_group_values(&group) == NULL) {
			walk->outcome->error = STEER_EDE_OTHER;
			result = STEER_ESERVFAIL;
			continue;
		}
		int ret = put_answer(walk, &group, i == 0);
		if (ret != STEER_ENOENT && ret != STEER_ESERVFAIL) {
			return ret;
		}
		result = result == STEER_ENOENT ? ret : result; // SERVFAIL only if no other group answers.
	}
	return result;
}

/*! The name, or a wildcard in its place, is in the zone. */
static step_t name_found(walk_t *walk)
{
	const steer_face_t *face = &walk->place.face;
	uint16_t type = walk->question->type;
	if (face->cut != 0 && !(type == TYPE_DS && face->cut == walk->place.labels)) {
		return DELEGATION;
	}

	steer_group_t group;
	if (!cname_answers(type) && steer_face_group(face, TYPE_CNAME, &group)) {
		return follow_cname(walk, &group);
	}
	int ret = STEER_ENOENT;
	if (type == TYPE_ANY) {
		ret = put_any(walk);
	} else if (steer_face_group(face, type, &group)) {
		ret = put_answer(walk, &group, true);
	}
	return ret == STEER_OK ? HIT : ret == STEER_ENOENT ? NODATA : failed(walk, ret);
}

static step_t name_not_found(walk_t *walk)
{
	int ret = steer_finder_encloser(&walk->here, &walk->place);
	if (ret != STEER_OK) {
		return failed(walk, ret);
	}
	const steer_face_t *encloser = &walk->place.face;
	if (encloser->cut != 0) {
		return DELEGATION;
	}
	if (encloser->flags & STEER_FACE_WILDCARD) {
		walk->expanded = true;
		ret = steer_finder_wildcard(&walk->here, walk->place.labels, &walk->place);
		return ret == STEER_OK ? name_found(walk) : failed(walk, ret);
	}
	steer_group_t group;
	if (steer_face_group(encloser, TYPE_DNAME, &group)) {
		return follow_dname(walk, &group);
	}
	return MISS;
}

/*! Puts the NS RRset of the delegation, then its glue. */
static int refer(walk_t *walk)
{
	unsigned cut = walk->place.face.cut;
	steer_place_t place;
	int ret = STEER_OK;
	if (cut == walk->place.labels) {
		place = walk->place;
	} else {
		ret = steer_finder_place(&walk->here, cut, &place);
	}
	steer_group_t group;
	if (ret != STEER_OK || !steer_face_group(&place.face, TYPE_NS, &group)) {
		return STEER_EDAMAGED;
	}
	uint8_t wildcard[2 + STEER_NAME_MAX];
	const uint8_t *owner = wildcard;
	if (place.wildcard) { // Its delegation is given under its own name.
		steer_finder_wildcard_name(&walk->here, cut - 1, wildcard);
	} else {
		owner = steer_finder_ancestor(&walk->here, cut);
	}
	ret = put_group(walk, STEER_AUTHORITY, owner, &group);
	if (ret == STEER_ENOENT) { // A delegation is there, and its policy gives no name server.
		walk->outcome->error = STEER_EDE_OTHER;
		ret = STEER_ESERVFAIL;
	}
	return ret == STEER_OK ? put_additional(walk, owner) : ret;
}

/*! Whether the host's zone for the asked name is closer to it than ours (DESIGN section 5). */
static bool host_is_closer(const walk_t *walk)
{
	const steer_question_t *question = walk->question;
	int host = walk->host_labels, asked = walk->here.key.labels;
	if (question->host_only) {
		return walk->here.zone != host;
	}
	if (question->type == TYPE_DS) { // The child side counts less than any parent side.
		bool host_is_child = host == asked, we_are_child = walk->here.zone == asked;
		if (host_is_child != we_are_child) {
			return host != STEER_NO_ZONE && we_are_child;
		}
	}
	return walk->here.zone < host;
}

/*! Whether the record set asked for, or a CNAME in its place, is there. */
static bool is_held(const walk_t *walk)
{
	steer_group_t group;
	uint16_t type = walk->question->type;
	return steer_face_group(&walk->place.face, type, &group) ||
	       (!cname_answers(type) && steer_face_group(&walk->place.face, TYPE_CNAME, &group));
}

static steer_bar_t bar_of(const steer_question_t *question)
{
	return question->bar != NULL ? question->bar(question->host) : STEER_BAR_NONE;
}

/*! The chain has come to a name that is not ours to answer: the host or the client goes on. */
static step_t lead_out(walk_t *walk)
{
	// A DNAME that makes the name too long gives no target.
	walk->outcome->leads_out = walk->outcome->rcode != RCODE_YXDOMAIN;
	return HIT;
}

/*! A name of an overlay: what that does not hold is the host's. */
static step_t step_overlay(walk_t *walk, bool found)
{
	const uint8_t *apex = steer_finder_ancestor(&walk->here, walk->here.zone);
	bool held = found && is_held(walk);
	if (walk->chain == 0) {
		steer_bar_t bar = held ? bar_of(walk->question) : STEER_BAR_NONE;
		if (!held || bar != STEER_BAR_NONE) {
			return failed(walk, bar == STEER_BAR_SIGNED ? STEER_EREFUSED : STEER_ENOENT);
		}
		walk->overlay = apex;
	} else if (!held || walk->overlay == NULL || !steer_name_equal(apex, walk->overlay)) {
		return lead_out(walk);
	}
	return name_found(walk);
}

/*! One name: finds its zone and place and does what is there. */
static step_t step(walk_t *walk)
{
	bool found;
	int ret = steer_finder_zone(&walk->here, walk->question->type, &found, &walk->place);
	if (ret == STEER_ENOENT && walk->chain > 0) {
		return lead_out(walk);
	}
	if (ret == STEER_OK && walk->chain == 0 && host_is_closer(walk)) {
		ret = STEER_ENOENT;
	}
	bool overlay = false;
	if (ret == STEER_OK) {
		ret = steer_finder_overlay(&walk->here, found ? &walk->place : NULL, &overlay);
	}
	if (ret == STEER_OK && walk->question->overlay_only && !overlay && walk->chain == 0) {
		ret = STEER_ENOENT;
	}
	if (ret != STEER_OK) {
		return failed(walk, ret);
	}
	return overlay ? step_overlay(walk, found) : found ? name_found(walk) : name_not_found(walk);
}

static int finish(walk_t *walk, step_t last)
{
	switch (last) {
	case HIT:
		walk->outcome->kind = STEER_KIND_POSITIVE;
		return put_additional(walk, NULL);
	case NODATA:
		walk->outcome->kind = STEER_KIND_NODATA;
		walk->outcome->host_soa = walk->overlay != NULL;
		return walk->overlay != NULL ? STEER_OK : put_soa(walk);
	case MISS:
		walk->outcome->kind = STEER_KIND_NXDOMAIN;
		walk->outcome->rcode = RCODE_NXDOMAIN;
		return put_soa(walk);
	case DELEGATION:
		walk->outcome->kind = STEER_KIND_REFERRAL;
		return refer(walk);
	default:
		walk->outcome->kind = STEER_KIND_POSITIVE;
		return walk->error;
	}
}

static void begin(walk_t *walk, const steer_lookup_t *lookup, const steer_question_t *question,
                  int host_labels, size_t room, steer_outcome_t *outcome)
{
	*outcome = (steer_outcome_t) { .authoritative = true, .error = -1 };
	walk->question = question;
	walk->host_labels = host_labels;
	walk->outcome = outcome;
	walk->owner = walk->overlay = NULL;
	walk->chain = walk->visits = walk->gets = 0;
	walk->last_type = 0;
	walk->expanded = false;
	walk->found.at = NULL;
	steer_picker_begin(&walk->picker, lookup, question, room, outcome);
	steer_finder_begin(&walk->here, lookup, question->name);
}

int steer_answer_exists(const steer_lookup_t *lookup, const steer_question_t *question,
                        int host_labels)
{
	walk_t walk;
	steer_outcome_t outcome;
	bool found;
	begin(&walk, lookup, question, host_labels, 0, &outcome);
	int ret = steer_finder_zone(&walk.here, question->type, &found, &walk.place);
	return ret == STEER_OK && found && (walk.place.face.flags & STEER_FACE_OVERLAY) &&
	       !host_is_closer(&walk) && bar_of(question) == STEER_BAR_NONE ? STEER_OK : STEER_ENOENT;
}

int steer_answer(const steer_lookup_t *lookup, const steer_question_t *question, int host_labels,
                 const steer_sink_t *sink, steer_outcome_t *outcome, steer_found_t *found)
{
	walk_t walk;
	begin(&walk, lookup, question, host_labels, sink->room, outcome);
	walk.sink = sink;
	step_t last = step(&walk);
	outcome->authoritative = last != DELEGATION;
	while (last == FOLLOW) {
		steer_finder_begin(&walk.here, lookup, walk.here.name);
		last = step(&walk);
	}
	if (found != NULL) {
		*found = walk.found;
	}
	return finish(&walk, last);
}

int steer_answer_values(const steer_found_t *found, const steer_sink_t *sink,
                        steer_outcome_t *outcome)
{
	const steer_rrs_t part = steer_values_rrs(found->at);
	const steer_rrset_t rrset = {
		.parts = &part, .parts_count = 1, .ttl = part.ttl, .type = found->type, .named_by = -1,
	};
	*outcome = (steer_outcome_t) { .authoritative = true, .error = -1 };
	if (part.len > sink->room &&
	    steer_rrs_least(steer_rr_compressed(found->type), &part) > sink->room) {
		return STEER_ESPACE;
	}
	return sink->put(sink->ctx, STEER_ANSWER, &rrset, false);
}

int steer_answer_group(const steer_found_t *found, const steer_lookup_t *lookup,
                       const steer_question_t *question, const steer_sink_t *sink,
                       steer_outcome_t *outcome)
{
	steer_picked_t picked;
	steer_picker_t picker;
	steer_group_t group;
	*outcome = (steer_outcome_t) { .authoritative = true, .error = -1 };
	steer_picker_begin(&picker, lookup, question, sink->room, outcome);
	steer_group_view(&group, found->node, found->at);
	int ret = steer_pick(&picker, &group, 0, is_single(found->type), &picked);
	if (ret != STEER_OK || picked.records.count == 0) {
		return ret == STEER_ESPACE ? ret : STEER_ENOENT;
	}
	const steer_rrset_t rrset = {
		.parts = picked.records.parts, .parts_count = picked.records.count, .ttl = picked.ttl,
		.type = found->type, .named_by = -1,
	};
	return sink->put(sink->ctx, STEER_ANSWER, &rrset, false);
}
