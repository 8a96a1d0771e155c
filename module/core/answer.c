/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/additional.h"
#include "core/answer.h"
#include "core/presets_client.h"
#include "core/program.h"
#include "core/raw.h"
#include "core/recall.h"
#include "core/soa_names.h"
#include "core/types.h"

/*! Groups of a name that ANY tries, and the work after which it runs no more policies. */
#define ANY_MAX  64
#define ANY_WORK 4000

/*! What a visit to a name came to. */
typedef enum {
	HIT,
	NODATA, /*!< The name has no such records. */
	EMPTY,  /*!< It has, but their policy keeps none. */
	MISS,
	DELEGATION,
	FOLLOW, /*!< A CNAME was put; its target is visited next. */
	FAILED, /*!< The walk's error says how. */
} result_t;

/*! The walk from the asked name along its CNAMEs and DNAMEs. */
typedef struct {
	steer_picker_t picker;
	const steer_question_t *question;
	int host_zone;         /*!< What steer_question_zone() returns. */
	steer_outcome_t *outcome;
	int error;
	steer_found_t found;   /*!< What would answer the same question again. */

	steer_finder_t here;   /*!< The current name: the asked one or the last target. */
	const uint8_t *owner;  /*!< Owner of what is found there; NULL: the asked name. */
	const uint8_t *overlay; /*!< Apex of the overlay that the walk began in; NULL: in none. */
	steer_tree_place_t place; /*!< The place found for it, or its wildcard's. */
	bool expanded;         /*!< A wildcard was expanded to the name. */
	uint8_t encloser_len;  /*!< As in steer_found_t. */

	uint8_t target[STEER_NAME_MAX]; /*!< Made by the last DNAME; the name may point here. */
	unsigned chain;        /*!< CNAMEs and DNAMEs followed. */
	unsigned visits;
	struct {
		const uint8_t *node;
		uint16_t type;
	} visited[STEER_CHAIN_MAX]; /*!< CNAMEs and DNAMEs put. */

	steer_picked_t picked; /*!< The RRset put last in the answer or authority section. */
} walk_t;

/* Putting. */

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
	int ret = steer_pick(&walk->picker, group, 0, is_single(group->type), picked);
	if (ret != STEER_OK) {
		return ret;
	}
	if (picked->records.count == 0) {
		return STEER_ENOENT;
	}
	return steer_picker_put(&walk->picker, section, owner, picked, -1, false);
}

/*! Rdata of the CNAME or DNAME that was picked. */
static const uint8_t *picked_target(const walk_t *walk)
{
	return walk->picked.records.parts->rrs + STEER_RR_HEAD;
}

static result_t failed(walk_t *walk, int error)
{
	walk->error = error;
	return FAILED;
}

/*! What comes of putting a group: STEER_OK, STEER_ENOENT or an error. */
static result_t result_of(walk_t *walk, int ret)
{
	switch (ret) {
	case STEER_OK:
		return HIT;
	case STEER_ENOENT:
		return EMPTY;
	default:
		return failed(walk, ret);
	}
}

/*! Puts the RRset of a values block, unless it cannot fit into the room. */
static inline int put_values(const steer_sink_t *sink, size_t room, steer_section_t section,
                             const steer_rrset_t *rrset, bool optional)
{
	if (rrset->parts->len > room &&
	    steer_rrs_least(steer_rr_compressed(rrset->type), rrset->parts) > room) {
		return STEER_ESPACE;
	}
	return sink->put(sink->ctx, section, rrset, optional);
}

/*! Puts the SOA found with the TTL of a negative answer (RFC 2308, section 3). */
static int put_soa(const steer_sink_t *sink, size_t room, const uint8_t *apex,
                   const steer_found_t *found)
{
	const steer_rrs_t part = steer_values_rrs(found->at);
	uint32_t minimum = steer_wire_u32(part.rrs + part.len - 4);
	const steer_rrset_t rrset = {
		.owner = apex, .parts = &part, .parts_count = 1,
		.ttl = part.ttl < minimum ? part.ttl : minimum, .type = TYPE_SOA, .named_by = -1,
		.soa = found->names.mname_len > 0 ? &found->names : NULL,
	};
	int ret = put_values(sink, room, STEER_AUTHORITY, &rrset, true);
	return ret == STEER_ESPACE ? STEER_OK : ret;
}

/*! Values block of the zone's SOA; NULL: it is damaged. */
static const uint8_t *find_soa(steer_finder_t *here)
{
	steer_tree_place_t apex;
	steer_group_t group;
	if (steer_finder_place(here, here->zone, &apex) != STEER_OK ||
	    !steer_face_group(&apex.face, TYPE_SOA, &group)) {
		return NULL;
	}
	const uint8_t *soa = steer_group_values(&group);
	return soa != NULL && get_values_rrs(soa) >= STEER_RR_HEAD + 4 ? soa : NULL;
}

/*! As steer_soa_names(), of the SOA in a values block. */
static void find_names(const uint8_t *soa, const uint8_t *qname, size_t len, size_t apex_len,
                       steer_soa_names_t *names)
{
	const steer_rrs_t rrs = steer_values_rrs(soa);
	steer_soa_names(qname, len, apex_len, rrs.rrs + STEER_RR_HEAD, rrs.len - STEER_RR_HEAD, names);
}

/*!
 * Answers that a name has no such data.
 *
 * \param[in]  overlay  It is of an overlay.
 * \param[in]  alone    There is no more to the answer.
 * \param[out] found    What answers; its own is for the caller to set.
 */
static int put_negative(const steer_picker_t *picker, steer_finder_t *here, steer_kind_t kind,
                        bool overlay, bool alone, steer_found_t *found)
{
	picker->outcome->kind = kind;
	picker->outcome->host_soa = overlay;
	*found = (steer_found_t) { .type = TYPE_SOA, .kind = kind };
	if (overlay) {
		return STEER_OK;
	}
	found->at = find_soa(here);
	if (found->at == NULL) {
		return STEER_EDAMAGED;
	}
	const uint8_t *apex = steer_finder_ancestor(here, here->zone);
	if (alone) {
		find_names(found->at, here->name, here->name_len, here->name + here->name_len - apex,
		           &found->names);
	}
	return put_soa(picker->sink, picker->room, apex, found);
}

/* CNAME and DNAME. */

/*! Whether this CNAME or DNAME was put before; records that it is now. */
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

static result_t follow_cname(walk_t *walk, const steer_group_t *group)
{
	if (++walk->chain > STEER_CHAIN_MAX) {
		return HIT;
	}
	// A loop ends before the CNAME that closed it; after it at a wildcard, where owners differ.
	bool again = visited_before(walk, TYPE_CNAME);
	if (again && !walk->place.wildcard) {
		return HIT;
	}
	int ret = put_group(walk, STEER_ANSWER, walk->owner, group);
	if (ret != STEER_OK || again) {
		return result_of(walk, ret);
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
	steer_picked_t cname;
	steer_pick_rrs(&walk->picker, TYPE_CNAME, &rrs, &part, &cname);
	return steer_picker_put(&walk->picker, STEER_ANSWER, walk->owner, &cname, -1, false);
}

/*! Follows the DNAME picked to what it makes of the name. \param[in] again  It was put before. */
static result_t substitute(walk_t *walk, bool again)
{
	const uint8_t *dname_target = picked_target(walk);
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
	int ret = put_synthesized(walk, walk->picked.ttl);
	walk->here.name = walk->owner = walk->target;
	if (ret != STEER_OK) {
		return failed(walk, ret);
	}
	return walk->question->type == TYPE_CNAME || (again && walk->place.wildcard) ? HIT : FOLLOW;
}

static result_t follow_dname(walk_t *walk, const steer_group_t *group)
{
	if (++walk->chain > STEER_CHAIN_MAX) {
		return HIT;
	}
	// Knot expands every owner that begins with a "*", this one too.
	bool wildcard = walk->place.wildcard;
	const uint8_t *owner = wildcard ? walk->owner
	                       : steer_finder_ancestor(&walk->here, walk->place.labels);
	bool again = visited_before(walk, TYPE_DNAME);
	int ret;
	if (again && !wildcard) { // Only the CNAME that it makes is put, not the DNAME again.
		ret = steer_pick(&walk->picker, group, 0, true, &walk->picked);
		ret = ret == STEER_OK && walk->picked.records.count == 0 ? STEER_ENOENT : ret;
	} else {
		ret = put_group(walk, STEER_ANSWER, owner, group);
	}
	return ret == STEER_OK ? substitute(walk, again) : result_of(walk, ret);
}

/* A name. */

static bool cname_answers(uint16_t type)
{
	return type == TYPE_CNAME || type == TYPE_RRSIG || type == TYPE_NSEC || type == TYPE_ANY;
}

/*! The name's node, if that alone decides. */
static const uint8_t *own_node(const walk_t *walk)
{
	return walk->expanded ? NULL : walk->place.node;
}

/*! Whether steer_answer_alias() may answer by a group. */
static bool leads_on(const steer_group_t *group)
{
	if (group->count > STEER_FEW_SETS || !(steer_group_flags(group) & STEER_POLICY_ALIASES)) {
		return false;
	}
	const steer_preset_t preset = steer_program_preset(group->program, group->program_len);
	return group->program_len == 0 || preset == STEER_PRESET_WEIGHTED ||
	       preset == STEER_PRESET_FAILOVER;
}

/*! Remembers what answers the question again: values, or a policy. */
static void remember(walk_t *walk, const steer_group_t *group)
{
	const uint8_t *values = steer_group_values(group);
	if (walk->chain > 0 || steer_additional_offset(group->type) >= 0) {
		return; // There is more to the answer.
	}
	walk->found = (steer_found_t) {
		.at = values != NULL ? values : group->at,
		.node = values != NULL ? NULL : group->node,
		.own = own_node(walk), .type = group->type, .kind = STEER_KIND_POSITIVE,
		.encloser_len = walk->encloser_len,
		.preset = values != NULL ? STEER_PRESET_NONE : steer_presets_of(group),
		.memorable = steer_choice_memorable(group),
		.raw = steer_is_raw_type(group->type),
		.alias = leads_on(group),
	};
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
		int ret = put_group(walk, STEER_ANSWER, walk->owner, &group);
		if (ret == STEER_OK && i == 0 && steer_group_values(&group) != NULL) {
			remember(walk, &group);
		}
		if (ret != STEER_ENOENT && ret != STEER_ESERVFAIL) {
			return ret;
		}
		result = result == STEER_ENOENT ? ret : result; // SERVFAIL unless another group answers.
	}
	return result;
}

/*! The name, or a wildcard in its place, is in the zone. */
static result_t name_found(walk_t *walk)
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
	if (type == TYPE_ANY) {
		return result_of(walk, put_any(walk));
	}
	if (!steer_face_group(face, type, &group)) {
		return NODATA;
	}
	int ret = put_group(walk, STEER_ANSWER, walk->owner, &group);
	if (ret == STEER_OK) {
		remember(walk, &group);
	}
	return result_of(walk, ret);
}

/*! Length of the current name's encloser if what answers it answers for all names below. */
static uint8_t sole_encloser(const walk_t *walk)
{
	const steer_finder_t *here = &walk->here;
	const steer_face_t *face = &walk->place.face;
	bool wildcard = face->flags & STEER_FACE_WILDCARD;
	if (face->children != wildcard || walk->question->type == TYPE_DS) {
		return 0; // Which zone answers DS depends on the name.
	}
	return here->name + here->name_len - steer_finder_ancestor(here, walk->place.labels);
}

static result_t name_not_found(walk_t *walk)
{
	int ret = steer_finder_encloser(&walk->here, &walk->place);
	if (ret != STEER_OK) {
		return failed(walk, ret);
	}
	const steer_face_t *encloser = &walk->place.face;
	if (encloser->cut != 0) {
		return DELEGATION;
	}
	walk->encloser_len = sole_encloser(walk);
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

/* Names that are not ours, or not ours alone. */

/*! Whether the host's zone for the asked name is closer to it than ours (DESIGN section 5). */
static bool host_is_closer(const steer_question_t *question, int host, const steer_finder_t *here)
{
	int asked = here->name_len;
	int ours = here->name + asked - steer_finder_ancestor(here, here->zone); // Bytes, as host.
	if (question->host_only) {
		return ours != host;
	}
	if (question->type == TYPE_DS) { // The child side counts less than any parent side.
		bool host_is_child = host == asked, we_are_child = ours == asked;
		if (host_is_child != we_are_child) {
			return host != STEER_NO_ZONE && we_are_child;
		}
	}
	return ours < host;
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

/*! The chain has reached a name that is not ours to answer: the host or the client goes on. */
static result_t lead_out(walk_t *walk)
{
	// A DNAME that makes the name too long gives no target.
	walk->outcome->leads_out = walk->outcome->rcode != RCODE_YXDOMAIN;
	return HIT;
}

/*! A name of an overlay: what the overlay does not hold is the host's to answer. */
static result_t name_in_overlay(walk_t *walk, bool found)
{
	const uint8_t *apex = steer_finder_ancestor(&walk->here, walk->here.zone);
	bool held = found && is_held(walk);
	if (walk->chain > 0) {
		bool ours = held && walk->overlay != NULL && steer_name_equal(apex, walk->overlay);
		return ours ? name_found(walk) : lead_out(walk);
	}
	if (!held) {
		return failed(walk, STEER_ENOENT);
	}
	steer_bar_t bar = bar_of(walk->question);
	if (bar != STEER_BAR_NONE) {
		return failed(walk, bar == STEER_BAR_SIGNED ? STEER_EREFUSED : STEER_ENOENT);
	}
	walk->overlay = apex;
	return name_found(walk);
}

/*! Visits the current name: finds its zone and its place, and answers with what is there. */
static result_t visit(walk_t *walk)
{
	const steer_question_t *question = walk->question;
	bool asked = walk->chain == 0, found, overlay;
	int ret = steer_finder_zone(&walk->here, question->type, &found, &walk->place);
	if (ret == STEER_ENOENT && !asked) {
		return lead_out(walk);
	}
	if (ret != STEER_OK) {
		return failed(walk, ret);
	}
	if (asked && host_is_closer(question, walk->host_zone, &walk->here)) {
		return failed(walk, STEER_ENOENT);
	}
	ret = steer_finder_overlay(&walk->here, found ? &walk->place : NULL, &overlay);
	if (ret != STEER_OK) {
		return failed(walk, ret);
	}
	if (overlay) {
		return name_in_overlay(walk, found);
	}
	if (asked && question->overlay_only) {
		return failed(walk, STEER_ENOENT);
	}
	return found ? name_found(walk) : name_not_found(walk);
}

/* The answer. */

/*! Puts the NS RRset of the delegation, then its glue. */
static int refer(walk_t *walk)
{
	unsigned cut = walk->place.face.cut;
	steer_tree_place_t place = walk->place;
	steer_group_t group;
	if (cut != place.labels && steer_finder_place(&walk->here, cut, &place) != STEER_OK) {
		return STEER_EDAMAGED;
	}
	if (!steer_face_group(&place.face, TYPE_NS, &group)) {
		return STEER_EDAMAGED;
	}
	uint8_t wildcard[2 + STEER_NAME_MAX];
	const uint8_t *owner = wildcard;
	if (place.wildcard) { // It is not expanded: the owner is the wildcard itself.
		steer_finder_wildcard_name(&walk->here, cut - 1, wildcard);
	} else {
		owner = steer_finder_ancestor(&walk->here, cut);
	}
	int ret = put_group(walk, STEER_AUTHORITY, owner, &group);
	if (ret == STEER_ENOENT) { // A delegation is there, but its policy gives no name server.
		walk->outcome->error = STEER_EDE_OTHER;
		return STEER_ESERVFAIL;
	}
	if (ret != STEER_OK) {
		return ret;
	}
	return steer_additional_put(&walk->picker, &walk->here, &walk->picked, owner);
}

int steer_answer_exists(const steer_lookup_t *lookup, const steer_question_t *question,
                        int host_zone)
{
	steer_finder_t here;
	steer_tree_place_t place;
	bool found;
	steer_finder_begin(&here, lookup, question->name);
	int ret = steer_finder_zone(&here, question->type, &found, &place);
	return ret == STEER_OK && found && (place.face.flags & STEER_FACE_OVERLAY) &&
	       !host_is_closer(question, host_zone, &here) &&
	       bar_of(question) == STEER_BAR_NONE ? STEER_OK : STEER_ENOENT;
}

static void begin(walk_t *walk, const steer_lookup_t *lookup, const steer_question_t *question,
                  int host_zone, const steer_sink_t *sink, steer_outcome_t *outcome)
{
	*outcome = (steer_outcome_t) { .authoritative = true, .error = -1 };
	walk->question = question;
	walk->host_zone = host_zone;
	walk->outcome = outcome;
	walk->owner = walk->overlay = NULL;
	walk->chain = walk->visits = 0;
	walk->expanded = false;
	walk->encloser_len = 0;
	walk->found.at = NULL;
	steer_picker_begin(&walk->picker, lookup, question, sink, outcome);
	steer_finder_begin(&walk->here, lookup, question->name);
}

/*! Answers that there is no such data. \param[in] certain  By what is stored, not by a policy. */
static int deny(walk_t *walk, steer_kind_t kind, bool certain)
{
	bool overlay = walk->overlay != NULL && kind == STEER_KIND_NODATA, alone = walk->chain == 0;
	steer_found_t found;
	int ret = put_negative(&walk->picker, &walk->here, kind, overlay, alone, &found);
	if (alone && certain) {
		found.own = kind == STEER_KIND_NODATA ? own_node(walk) : NULL;
		found.encloser_len = walk->encloser_len;
		walk->found = found;
	}
	return ret;
}

/*! Answers with what the walk has come to. */
static int finish(walk_t *walk, result_t result)
{
	steer_outcome_t *outcome = walk->outcome;
	steer_picker_t *picker = &walk->picker;
	switch (result) {
	case HIT:
		outcome->kind = STEER_KIND_POSITIVE;
		return steer_additional_put(picker, &walk->here, &walk->picked, NULL);
	case NODATA:
	case EMPTY:
		return deny(walk, STEER_KIND_NODATA, result == NODATA);
	case MISS:
		outcome->rcode = RCODE_NXDOMAIN;
		return deny(walk, STEER_KIND_NXDOMAIN, true);
	case DELEGATION:
		outcome->kind = STEER_KIND_REFERRAL;
		return refer(walk);
	default:
		outcome->kind = STEER_KIND_POSITIVE;
		return walk->error;
	}
}

int steer_answer(const steer_lookup_t *lookup, const steer_question_t *question, int host_zone,
                 const steer_sink_t *sink, steer_outcome_t *outcome, steer_found_t *found)
{
	walk_t walk;
	begin(&walk, lookup, question, host_zone, sink, outcome);
	result_t result = visit(&walk);
	outcome->authoritative = result != DELEGATION; // As the asked name is, wherever a chain ends.
	while (result == FOLLOW) {
		steer_finder_begin(&walk.here, lookup, walk.here.name);
		result = visit(&walk);
	}
	int ret = finish(&walk, result);
	if (found != NULL) {
		*found = walk.found;
	}
	return ret;
}

steer_found_t steer_found_below(const steer_found_t *found, const steer_question_t *question)
{
	steer_found_t below = *found;
	if (found->kind != STEER_KIND_POSITIVE) {
		find_names(found->at, question->name, question->name_len, found->names.apex_len,
		           &below.names);
	}
	return below;
}

int steer_answer_put_values(const steer_found_t *found, const steer_question_t *question,
                            const steer_sink_t *sink, steer_outcome_t *outcome)
{
	*outcome = (steer_outcome_t) { .authoritative = true, .error = -1, .kind = found->kind };
	if (found->kind != STEER_KIND_POSITIVE) {
		outcome->rcode = found->kind == STEER_KIND_NXDOMAIN ? RCODE_NXDOMAIN : 0;
		const uint8_t *apex = question->name + question->name_len - found->names.apex_len;
		return put_soa(sink, sink->room, apex, found);
	}
	const steer_rrs_t part = steer_values_rrs(found->at);
	const steer_rrset_t rrset = {
		.parts = &part, .parts_count = 1, .ttl = part.ttl, .type = found->type, .named_by = -1,
	};
	return put_values(sink, sink->room, STEER_ANSWER, &rrset, false);
}

/*! Answers that the policy for a question keeps no set. */
static int answer_nodata(steer_picker_t *picker, const steer_question_t *question)
{
	steer_finder_t here;
	steer_tree_place_t place;
	steer_found_t none;
	bool found, overlay;
	steer_finder_begin(&here, picker->lookup, question->name);
	int ret = steer_finder_zone(&here, question->type, &found, &place);
	if (ret == STEER_OK) {
		ret = steer_finder_overlay(&here, found ? &place : NULL, &overlay);
	}
	return ret == STEER_OK
	       ? put_negative(picker, &here, STEER_KIND_NODATA, overlay, true, &none) : ret;
}

/*! Whether a sink takes copies, and as many as a preset may draw. */
static inline bool takes_few(const steer_sink_t *sink)
{
	// In less room, fewer sets than there may be fill the message, and fewer are drawn.
	return sink->raw != NULL && sink->room >= STEER_FEW_SETS * STEER_RR_LEAST;
}

/*! Copies the records of the sets that a preset has chosen. \retval STEER_OK, STEER_ESPACE */
static inline __attribute__((always_inline))
int copy_few(const uint8_t *node, const uint8_t *at, const steer_few_t *few,
             const steer_sink_t *sink, steer_outcome_t *outcome)
{
	uint32_t ttl = UINT32_MAX;
	for (unsigned i = 0; i < few->count; i++) {
		uint32_t own = get_set_ttl(steer_set_at(node, at, few->chosen[i]));
		ttl = own < ttl ? own : ttl; // Rule G8.
	}
	*outcome = (steer_outcome_t) { .authoritative = true, .error = -1 };
	for (unsigned i = 0; i < few->count; i++) {
		const steer_rrs_t rrs = steer_set_rrs(node, at, few->chosen[i]);
		if (!steer_raw_add(sink, &rrs, ttl, outcome)) {
			return STEER_ESPACE;
		}
	}
	return STEER_OK;
}

bool steer_answer_few(const steer_found_t *found, const steer_health_table_t *health_table,
                      steer_chance_t *chance, const steer_sink_t *sink, steer_outcome_t *outcome,
                      int *ret)
{
	if (found->preset == STEER_PRESET_NONE || !found->raw || !takes_few(sink)) {
		return false;
	}
	steer_few_t few;
	steer_presets_draw(found->preset, found->node, found->at, health_table, chance, &few);
	*ret = copy_few(found->node, found->at, &few, sink, outcome);
	return true;
}

/*! The simple target of an alias. */
typedef struct {
	steer_group_t group;
	steer_preset_t preset; /*!< Not by client; none: it has values. */
} target_t;

/*! The targets of a group's few sets, of those that are aliases. */
typedef struct {
	const steer_lookup_t *lookup;
	target_t of[STEER_FEW_SETS];
} targets_t;

/*! Finds the target of an alias. \return false: it is not simple */
static bool find_target(const steer_lookup_t *lookup, const uint8_t *name, uint16_t type,
                        target_t *target)
{
	steer_lead_t found;
	const steer_lead_t *lead = steer_lookup_lead(lookup, name, type, &found);
	if (lead == NULL || lead->kind != STEER_REACHED_GROUP) {
		return false;
	}
	steer_group_view(&target->group, lead->node, lead->at);
	target->preset = steer_presets_of(&target->group);
	return steer_group_values(&target->group) != NULL ||
	       (target->preset != STEER_PRESET_NONE && !steer_preset_is_by_client(target->preset));
}

/*! Finds those of all aliases. \return false: one is not simple */
static bool find_targets(const steer_group_t *group, targets_t *targets)
{
	for (unsigned i = 0; i < group->count; i++) {
		const steer_alias_t alias = steer_group_alias(group, i);
		if (alias.name != NULL &&
		    !find_target(targets->lookup, alias.name, group->type, &targets->of[i])) {
			return false;
		}
	}
	return true;
}

static bool target_up(void *ctx, unsigned set)
{
	const targets_t *targets = ctx;
	const steer_few_health_t health = { .health_table = targets->lookup->health_table };
	unsigned work;
	bool up;
	return steer_presets_up(&targets->of[set].group, &health, &up, &work) && up;
}

/*! Chooses a set; its draw comes after all targets were found. */
static unsigned choose_set(const steer_group_t *group, targets_t *targets)
{
	const steer_lookup_t *lookup = targets->lookup;
	const steer_few_health_t health = { lookup->health_table, target_up, targets };
	steer_few_t few;
	(void)steer_presets_run_any(group, &health, lookup->chance, NULL, false, STEER_SETS_MAX, &few);
	return few.chosen[0];
}

/*! Copies RRs that are all of the answer. \retval STEER_OK, STEER_ESPACE */
static int copy_rrs(const steer_rrs_t *rrs, const steer_sink_t *sink, steer_outcome_t *outcome)
{
	*outcome = (steer_outcome_t) { .authoritative = true, .error = -1 };
	return steer_raw_put(sink, rrs, 1, rrs->ttl, outcome);
}

/*! Copies what a target answers with. \retval STEER_OK, STEER_ESPACE */
static int copy_target(const target_t *target, const steer_lookup_t *lookup,
                       const steer_sink_t *sink, steer_outcome_t *outcome)
{
	const steer_group_t *group = &target->group;
	if (target->preset == STEER_PRESET_NONE) {
		const steer_rrs_t rrs = steer_values_rrs(steer_group_values(group));
		return copy_rrs(&rrs, sink, outcome);
	}
	steer_few_t few;
	// Strictly, it would keep the same sets, or none; then it is run openly (rules H3, H6).
	steer_presets_draw(target->preset, group->node, group->at, lookup->health_table,
	                   lookup->chance, &few);
	return copy_few(group->node, group->at, &few, sink, outcome);
}

bool steer_answer_alias(const steer_found_t *found, const steer_lookup_t *lookup,
                        const steer_sink_t *sink, steer_outcome_t *outcome, int *ret)
{
	if (!found->alias || !found->raw || !takes_few(sink)) {
		return false;
	}
	steer_group_t group;
	targets_t targets;
	targets.lookup = lookup;
	steer_group_view(&group, found->node, found->at);
	if (!find_targets(&group, &targets)) {
		return false;
	}
	const unsigned set = group.program_len > 0 ? choose_set(&group, &targets) : 0;
	steer_rrs_t rrs;
	*ret = steer_group_rrs(&group, set, &rrs)
	       ? copy_rrs(&rrs, sink, outcome)
	       : copy_target(&targets.of[set], lookup, sink, outcome);
	return true;
}

/*! Chooses by the preset found, or as it did lately. \return false: it is left to its steps */
static inline bool choose_by_client(const steer_found_t *found, const steer_lookup_t *lookup,
                                    steer_locator_t *locator, steer_few_t *few)
{
	const steer_few_health_t health = { .health_table = lookup->health_table };
	const unsigned most = STEER_SETS_MAX; // These presets take one, however many are wanted.
	steer_recall_t recall;
	const bool memorable = found->memorable == STEER_MEMORABLE_YES && lookup->choice != NULL &&
	                       steer_recall_begin(&recall, locator, found->at, false);
	const steer_choice_t *known =
		memorable ? steer_recall_find(&recall, lookup, locator, most) : NULL;
	if (known != NULL) {
		few->count = known->count;
		few->chosen[0] = known->chosen[0];
		few->work = known->work;
		return true;
	}
	if (!steer_presets_run_by_client(found->preset, found->node, found->at, &health, locator,
	                                 false, few)) {
		return false;
	}
	if (memorable) {
		steer_recall_keep(&recall, lookup, locator, most, few->work, few->chosen, few->count);
	}
	return true;
}

bool steer_answer_by_client(const steer_found_t *found, const steer_lookup_t *lookup,
                            const steer_question_t *question, const steer_sink_t *sink,
                            steer_outcome_t *outcome, int *ret)
{
	steer_locator_t locator;
	steer_few_t few;
	if (!found->raw || sink->raw == NULL) {
		return false;
	}
	*outcome = (steer_outcome_t) { .authoritative = true, .error = -1 };
	steer_locator_begin(&locator, lookup->maps, question, &outcome->scope);
	if (!choose_by_client(found, lookup, &locator, &few) || few.count == 0 ||
	    STEER_COST_RUN + few.work + STEER_COST_CHOSEN > STEER_WORK_MAX) {
		return false;
	}
	const steer_rrs_t rrs = steer_set_rrs(found->node, found->at, few.chosen[0]);
	*ret = steer_raw_add(sink, &rrs, rrs.ttl, outcome) ? STEER_OK : STEER_ESPACE;
	return true;
}

int steer_answer_group(const steer_found_t *found, const steer_lookup_t *lookup,
                       const steer_question_t *question, const steer_sink_t *sink,
                       steer_outcome_t *outcome)
{
	steer_picked_t picked;
	steer_picker_t picker;
	steer_group_t group;
	*outcome = (steer_outcome_t) { .authoritative = true, .error = -1 };
	steer_picker_begin(&picker, lookup, question, sink, outcome);
	steer_group_view(&group, found->node, found->at);
	group.memorable = found->memorable;
	int ret = steer_pick(&picker, &group, 0, is_single(found->type), &picked);
	if (ret != STEER_OK) {
		return ret;
	}
	if (picked.records.count == 0) {
		return answer_nodata(&picker, question);
	}
	return steer_picker_put(&picker, STEER_ANSWER, NULL, &picked, -1, false);
}
