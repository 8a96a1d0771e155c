/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/answer.h"
#include "core/types.h"

/*! Parts of an RRset in the additional section. */
#define ADDRESSES_MAX 64
/*! Groups of a name that a question for ANY tries. */
#define ANY_MAX 64

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
	steer_asker_t asker;
	const steer_question_t *question;
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
	steer_picked_t picked; /*!< The last RRset picked. */
	steer_rrs_t parts[STEER_PARTS_MAX];
} walk_t;

/* Putting. */

static int put_parts(walk_t *walk, steer_section_t section, const uint8_t *owner, uint16_t type,
                     const steer_picked_t *picked, uint32_t ttl, bool optional)
{
	const steer_rrset_t rrset = {
		.owner = owner, .parts = picked->parts, .parts_count = picked->count, .ttl = ttl,
		.type = type, .named_by = section == STEER_ADDITIONAL ? walk->naming : -1,
	};
	return walk->sink->put(walk->sink->ctx, section, &rrset, optional);
}

/*! Values of a plain group; false: it has a policy. */
static bool plain_part(const steer_group_t *group, steer_rrs_t *part)
{
	const uint8_t *values = steer_group_values(group);
	if (values == NULL) {
		return false;
	}
	*part = (steer_rrs_t) {
		.rrs = values + STEER_VALUES_SIZE, .len = get_values_rrs(values),
		.ttl = get_values_ttl(values), .count = get_values_count(values),
	};
	return true;
}

/*! Picks the records of a group: all of a plain one, else what its policy chooses. */
static int pick(walk_t *walk, const steer_group_t *group, steer_picked_t *picked)
{
	if (!plain_part(group, picked->parts)) {
		return steer_pick(&walk->asker, group, picked);
	}
	picked->count = 1;
	picked->ttl = picked->parts->ttl;
	return STEER_OK;
}

/*! Parts that a group of a type may answer with (rule G9). */
static unsigned room_for(uint16_t type)
{
	return type == TYPE_CNAME || type == TYPE_DNAME ? 1 : STEER_PARTS_MAX;
}

/*! Puts what a group answers. \retval STEER_ENOENT  It has no data for this question. */
static int put_group(walk_t *walk, steer_section_t section, const uint8_t *owner,
                     const steer_group_t *group)
{
	steer_picked_t *picked = &walk->picked;
	picked->parts = walk->parts;
	picked->room = room_for(group->type);
	int ret = pick(walk, group, picked);
	if (ret == STEER_OK) {
		ret = picked->count == 0 ? STEER_ENOENT
		      : put_parts(walk, section, owner, group->type, picked, picked->ttl, false);
	}
	if (ret == STEER_OK) {
		walk->last_type = group->type;
	}
	return ret;
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
	steer_rrs_t part;
	int ret = steer_finder_place(&walk->here, walk->here.zone, &apex);
	if (ret != STEER_OK || !steer_face_group(&apex.face, TYPE_SOA, &group) ||
	    !plain_part(&group, &part) || part.len < STEER_RR_HEAD + 4) {
		return STEER_EDAMAGED;
	}
	uint32_t minimum = steer_wire_u32(part.rrs + part.len - 4);
	const steer_picked_t soa = { .parts = &part, .count = 1 };
	ret = put_parts(walk, STEER_AUTHORITY, steer_finder_ancestor(&walk->here, walk->here.zone),
	                TYPE_SOA, &soa, part.ttl < minimum ? part.ttl : minimum, true);
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
	steer_finder_t glue;
	steer_finder_begin(&glue, walk->here.lookup, name);
	glue.zone = walk->here.zone;
	unsigned apex_end = walk->here.key.end[glue.zone];
	if (glue.key.len < apex_end ||
	    memcmp(glue.key.bytes, walk->here.key.bytes, apex_end) != 0) {
		return STEER_ENOENT;
	}
	int ret = steer_finder_place(&glue, glue.key.labels, place);
	if (ret == STEER_ENOENT) {
		steer_place_t encloser;
		ret = steer_finder_encloser(&glue, &encloser);
		if (ret == STEER_OK) {
			ret = encloser.face.flags & STEER_FACE_WILDCARD
			      ? steer_finder_wildcard(&glue, encloser.labels, place) : STEER_ENOENT;
		}
	}
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
		steer_rrs_t parts[ADDRESSES_MAX];
		steer_picked_t picked = { .parts = parts, .room = ADDRESSES_MAX };
		if (!steer_face_group(&place->face, types[i], &group) ||
		    pick(walk, &group, &picked) != STEER_OK || picked.count == 0) {
			continue;
		}
		int ret = put_parts(walk, STEER_ADDITIONAL, name, types[i], &picked, picked.ttl, optional);
		if (ret != STEER_OK) {
			return ret;
		}
	}
	return STEER_OK;
}

/*! Puts what one RR of the last RRset leads to. \retval STEER_ESPACE  It is needed, and did not fit. */
static int put_named(walk_t *walk, const uint8_t *name, const uint8_t *delegation, bool optional)
{
	steer_place_t place;
	bool needed = delegation != NULL && steer_name_in(name, delegation);
	if (needed == optional || find_glue(walk, name, &place) != STEER_OK) {
		return STEER_OK;
	}
	return put_addresses(walk, name, &place, optional) == STEER_ESPACE && needed ? STEER_ESPACE
	                                                                            : STEER_OK;
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
	int offset = name_offset(walk->last_type);
	if (offset < 0) {
		return STEER_OK;
	}
	int result = STEER_OK;
	for (int optional = delegation == NULL; optional <= 1; optional++) {
		walk->naming = 0;
		for (unsigned i = 0; i < walk->picked.count; i++) {
			const uint8_t *at = walk->parts[i].rrs, *end = at + walk->parts[i].len, *rdata;
			uint16_t len;
			for (; (rdata = steer_rr_next(&at, end, &len)) != NULL; walk->naming++) {
				if (len > offset &&
				    put_named(walk, rdata + offset, delegation, optional) != STEER_OK) {
					result = STEER_ESPACE;
				}
			}
		}
	}
	return result;
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
	walk->here.name = walk->owner = walk->parts->rrs + STEER_RR_HEAD;
	return FOLLOW;
}

/*! Puts the CNAME that a DNAME makes of the current name (RFC 6672, section 3.1). */
static int put_synthesized(walk_t *walk, uint32_t ttl)
{
	uint8_t rr[STEER_RR_HEAD + STEER_NAME_MAX];
	size_t len = steer_rr_write(rr, TYPE_CNAME, ttl, walk->target, steer_name_len(walk->target));
	steer_rrs_t part = { rr, len, ttl, 1 };
	const steer_picked_t cname = { .parts = &part, .count = 1 };
	return put_parts(walk, STEER_ANSWER, walk->owner, TYPE_CNAME, &cname, ttl, false);
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
		*picked = (steer_picked_t) { .parts = walk->parts, .room = 1 };
		ret = pick(walk, group, picked);
		ret = ret == STEER_OK && picked->count == 0 ? STEER_ENOENT : ret;
	} else {
		ret = put_group(walk, STEER_ANSWER, owner, group);
	}
	if (ret != STEER_OK) {
		return ret == STEER_ENOENT ? NODATA : failed(walk, ret);
	}
	return pass_dname(walk, walk->parts->rrs + STEER_RR_HEAD, picked->ttl, again);
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
	int host = question->host_labels, asked = walk->here.key.labels;
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
		return HIT; // The client goes on, and asks for the target itself.
	}
	return name_found(walk);
}

/*! One name: finds its zone and place and does what is there. */
static step_t step(walk_t *walk)
{
	bool found;
	int ret = steer_finder_zone(&walk->here, walk->question->type, &found, &walk->place);
	if (ret == STEER_ENOENT && walk->chain > 0) {
		return HIT; // The chain leaves our zones; its client goes on.
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

/*! A walk is of 28 KiB, so it is not cleared. */
static void begin(walk_t *walk, const steer_lookup_t *lookup, const steer_question_t *question,
                  steer_outcome_t *outcome)
{
	*outcome = (steer_outcome_t) { .authoritative = true, .error = -1 };
	walk->question = question;
	walk->outcome = outcome;
	walk->owner = walk->overlay = NULL;
	walk->chain = walk->visits = 0;
	walk->last_type = 0;
	walk->expanded = false;
	walk->found.at = NULL;
	steer_asker_begin(&walk->asker, lookup, question, outcome);
	steer_finder_begin(&walk->here, lookup, question->name);
}

int steer_answer_exists(const steer_lookup_t *lookup, const steer_question_t *question)
{
	walk_t walk;
	steer_outcome_t outcome;
	bool found;
	begin(&walk, lookup, question, &outcome);
	int ret = steer_finder_zone(&walk.here, question->type, &found, &walk.place);
	return ret == STEER_OK && found && (walk.place.face.flags & STEER_FACE_OVERLAY) &&
	       !host_is_closer(&walk) && bar_of(question) == STEER_BAR_NONE ? STEER_OK : STEER_ENOENT;
}

int steer_answer(const steer_lookup_t *lookup, const steer_question_t *question,
                 const steer_sink_t *sink, steer_outcome_t *outcome, steer_found_t *found)
{
	walk_t walk;
	begin(&walk, lookup, question, outcome);
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

static int put_found(const steer_found_t *found, const steer_picked_t *picked,
                     const steer_sink_t *sink, steer_outcome_t *outcome)
{
	const steer_rrset_t rrset = {
		.parts = picked->parts, .parts_count = picked->count, .ttl = picked->ttl,
		.type = found->type, .named_by = -1,
	};
	outcome->kind = STEER_KIND_POSITIVE;
	return sink->put(sink->ctx, STEER_ANSWER, &rrset, false);
}

int steer_answer_values(const steer_found_t *found, const steer_sink_t *sink,
                        steer_outcome_t *outcome)
{
	const uint8_t *at = found->at;
	steer_rrs_t part = {
		.rrs = at + STEER_VALUES_SIZE, .len = get_values_rrs(at),
		.ttl = get_values_ttl(at), .count = get_values_count(at),
	};
	const steer_picked_t values = { .parts = &part, .count = 1, .ttl = part.ttl };
	*outcome = (steer_outcome_t) { .authoritative = true, .error = -1 };
	return put_found(found, &values, sink, outcome);
}

int steer_answer_group(const steer_found_t *found, const steer_lookup_t *lookup,
                       const steer_question_t *question, const steer_sink_t *sink,
                       steer_outcome_t *outcome)
{
	steer_rrs_t parts[STEER_PARTS_MAX];
	steer_picked_t picked = { .parts = parts, .room = room_for(found->type) };
	steer_asker_t asker;
	steer_group_t group;
	*outcome = (steer_outcome_t) { .authoritative = true, .error = -1 };
	steer_asker_begin(&asker, lookup, question, outcome);
	steer_group_view(&group, found->node, found->at);
	int ret = steer_pick(&asker, &group, &picked);
	return ret == STEER_OK && picked.count > 0 ? put_found(found, &picked, sink, outcome)
	                                           : STEER_ENOENT;
}
