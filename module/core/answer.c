/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/answer.h"

enum { /* Types with a meaning to the walk (IANA, DNS parameters). */
	TYPE_A = 1, TYPE_NS = 2, TYPE_CNAME = 5, TYPE_SOA = 6, TYPE_MX = 15, TYPE_AAAA = 28,
	TYPE_SRV = 33, TYPE_DNAME = 39, TYPE_DS = 43, TYPE_RRSIG = 46, TYPE_NSEC = 47,
	TYPE_SVCB = 64, TYPE_HTTPS = 65, TYPE_ANY = 255,
};

enum { RCODE_NXDOMAIN = 3, RCODE_YXDOMAIN = 6 };

/*! Where one step of the walk led. */
typedef enum {
	HIT,
	NODATA,
	MISS,
	DELEGATION,
	FOLLOW, /*!< A CNAME was put; its target is the next name. */
	FAILED, /*!< The walk's error says how. */
} step_t;

/*! A name of the store in one zone. */
typedef struct {
	steer_face_t face;
	const uint8_t *node; /*!< Identity: the node's address. */
	uint8_t labels;      /*!< Of the node's own name. */
	bool wildcard;       /*!< Its first label is "*". */
} place_t;

typedef struct {
	const steer_lookup_t *lookup;
	const steer_question_t *question;
	const steer_sink_t *sink;
	steer_outcome_t *outcome;
	int error;
	steer_found_t found;  /*!< The values that are the answer, if there is no more to it. */

	const uint8_t *name;  /*!< Current name: the asked one or the last target. */
	const uint8_t *owner; /*!< Owner of what is found there; NULL: the asked name. */
	steer_key_t key;      /*!< Its key. */
	size_t name_len;      /*!< Bytes of the name. */
	uint64_t hash;        /*!< The name's hash. */
	uint64_t ancestor_hash;      /*!< Of the ancestor asked for last. */
	unsigned ancestor_labels;
	int zone;             /*!< Label count of its zone's apex. */
	const uint8_t *overlay;      /*!< Apex of the overlay that the walk began in; NULL: in none. */
	place_t apex;         /*!< The apex's node, if apex_zone is zone. */
	int apex_zone;
	place_t place;        /*!< The node found for it, or a wildcard's. */

	uint8_t target[STEER_NAME_MAX]; /*!< Target that a DNAME made; name may point here. */
	unsigned gets; /*!< Calls of the lookup's get. */
	unsigned chain;
	unsigned visits;
	struct {
		const uint8_t *node;
		uint16_t type;
	} visited[STEER_CHAIN_MAX]; /*!< CNAMEs and DNAMEs put. */

	steer_group_t last; /*!< Last RRset put in answer or authority, for the additional section. */
	bool last_put;
	int naming;           /*!< RR of it that the additional section is at. */
	bool expanded;        /*!< A wildcard stands for the name. */
} walk_t;

/* Finding. */

/*! The current name's ancestor of so many labels, in wire form. */
static const uint8_t *ancestor(const walk_t *walk, unsigned labels)
{
	return steer_name_skip(walk->name, walk->key.labels - labels);
}

static uint64_t hash_of(walk_t *walk, unsigned labels)
{
	if (labels == walk->key.labels) {
		return walk->hash;
	}
	if (labels != walk->ancestor_labels) { // Mostly it is the apex, again and again.
		walk->ancestor_labels = labels;
		const uint8_t *name = ancestor(walk, labels);
		walk->ancestor_hash = steer_name_hash(name, walk->name + walk->name_len - name);
	}
	return walk->ancestor_hash;
}

/*! Node of the current name's ancestor of so many labels. */
static int get(walk_t *walk, unsigned labels, steer_entry_t **entry, steer_entry_t *scratch)
{
	walk->gets++;
	return walk->lookup->get(walk->lookup->ctx, walk->key.bytes, walk->key.end[labels],
	                         hash_of(walk, labels), entry, scratch);
}

/*! The same as a place in the current zone; STEER_ENOENT: the name is not in it. */
static int get_place(walk_t *walk, unsigned labels, place_t *place)
{
	if ((int)labels == walk->zone && walk->zone == walk->apex_zone) {
		*place = walk->apex;
		return STEER_OK;
	}
	steer_entry_t scratch, *entry;
	int ret = get(walk, labels, &entry, &scratch);
	if (ret != STEER_OK) {
		return ret;
	}
	if (!steer_node_face(&entry->node, walk->zone, &place->face)) {
		return STEER_ENOENT;
	}
	place->node = entry->node.at;
	place->labels = labels;
	place->wildcard = steer_key_is_wildcard(&walk->key, labels);
	return STEER_OK;
}

static inline bool maybe_apex(walk_t *walk, unsigned labels)
{
	return walk->lookup->maybe_apex(walk->lookup->ctx, hash_of(walk, labels));
}

/*! Whether a hosted zone begins at the current name's ancestor of so many labels. */
static int is_apex(walk_t *walk, unsigned labels)
{
	if (!maybe_apex(walk, labels)) {
		return STEER_ENOENT;
	}
	steer_entry_t scratch, *entry;
	int ret = get(walk, labels, &entry, &scratch);
	if (ret != STEER_OK) {
		return ret;
	}
	if (!steer_node_face(&entry->node, labels, &walk->apex.face)) {
		return STEER_ENOENT;
	}
	walk->apex.node = entry->node.at;
	walk->apex.labels = labels;
	walk->apex.wildcard = steer_key_is_wildcard(&walk->key, labels);
	walk->apex_zone = labels;
	return STEER_OK;
}

/*!
 * Finds the closest hosted apex at most so many labels deep.
 *
 * \param[in]  known  Label count of an apex known to be hosted, or -1.
 * \param[out] zone   Its label count.
 */
static int closest_apex(walk_t *walk, int labels, int known, int *zone)
{
	for (; labels >= 0; labels--) {
		int ret = labels == known ? STEER_OK : is_apex(walk, labels);
		if (ret != STEER_ENOENT) {
			*zone = labels;
			return ret;
		}
	}
	return STEER_ENOENT;
}

/*! Apex of the deepest face: that zone is hosted, since the name is in it. */
static int deepest_face(const steer_node_t *node)
{
	steer_face_t face;
	steer_node_face_at(node, steer_node_faces(node) - 1, &face);
	return face.apex;
}

/*! Zone of a DS question: the parent side, if it is hosted at all (RFC 4035, section 3.1.4.1). */
static int find_zone_ds(walk_t *walk, int *zone)
{
	int ret = closest_apex(walk, walk->key.labels - 1, -1, zone);
	if (ret == STEER_ENOENT) {
		ret = closest_apex(walk, walk->key.labels, -1, zone);
	}
	return ret;
}

/*! Finds the zone of the current name and, if the name is in it, its place. */
static int find_zone(walk_t *walk, bool *found)
{
	steer_entry_t scratch, *entry;
	unsigned labels = walk->key.labels;
	int ret = get(walk, labels, &entry, &scratch);
	if (ret != STEER_OK && ret != STEER_ENOENT) {
		return ret;
	}
	*found = ret == STEER_OK;
	steer_node_t node = { 0 };
	if (*found) {
		node = entry->node;
	}

	if (walk->question->type == TYPE_DS) {
		ret = find_zone_ds(walk, &walk->zone);
	} else if (*found && entry->zone != STEER_ZONE_UNKNOWN) {
		walk->zone = entry->zone;
		ret = STEER_OK;
	} else if (*found) {
		unsigned gets = walk->gets;
		ret = closest_apex(walk, labels, deepest_face(&node), &walk->zone);
		if (ret == STEER_OK && gets == walk->gets) { // The entry is still this name's.
			entry->zone = walk->zone;
		}
	} else {
		ret = closest_apex(walk, labels, -1, &walk->zone);
	}
	if (ret != STEER_OK) {
		return ret;
	}

	if (*found) {
		*found = steer_node_face(&node, walk->zone, &walk->place.face);
		walk->place.node = node.at;
		walk->place.labels = labels;
		walk->place.wildcard = steer_key_is_wildcard(&walk->key, labels);
	}
	return STEER_OK;
}

/*!
 * Finds the closest encloser of a name that is not in the zone (RFC 4592, section 3.3.1).
 *
 * A zone's names have all their ancestors up to the apex in it, so a binary search does.
 */
static int find_encloser(walk_t *walk, place_t *encloser)
{
	unsigned here = walk->zone, missing = walk->key.labels;
	int ret = get_place(walk, here, encloser);
	while (ret == STEER_OK && missing - here > 1) {
		unsigned middle = here + (missing - here) / 2;
		place_t place;
		ret = get_place(walk, middle, &place);
		if (ret == STEER_OK) {
			*encloser = place;
			here = middle;
		} else if (ret == STEER_ENOENT) {
			missing = middle;
			ret = STEER_OK;
		}
	}
	// A zone without its apex node is as damaged as a node that does not open.
	return ret == STEER_ENOENT ? STEER_EDAMAGED : ret;
}

/*! Writes the wildcard's name below the ancestor of so many labels. \return its bytes. */
static size_t wildcard_name(const walk_t *walk, unsigned labels, uint8_t name[2 + STEER_NAME_MAX])
{
	const uint8_t *encloser = ancestor(walk, labels);
	size_t len = walk->name + walk->name_len - encloser;
	name[0] = 1;
	name[1] = '*';
	memcpy(name + 2, encloser, len);
	return 2 + len;
}

/*! Place of the wildcard below an encloser that says it is there. */
static int get_wildcard(const walk_t *walk, unsigned encloser_labels, place_t *place)
{
	uint8_t name[2 + STEER_NAME_MAX];
	size_t len = wildcard_name(walk, encloser_labels, name);
	if (len > STEER_NAME_MAX) {
		return STEER_EDAMAGED;
	}
	steer_key_t key;
	steer_key_from_name(&key, name);
	steer_entry_t scratch, *entry;
	int ret = walk->lookup->get(walk->lookup->ctx, key.bytes, key.len, steer_name_hash(name, len),
	                            &entry, &scratch);
	if (ret != STEER_OK || !steer_node_face(&entry->node, walk->zone, &place->face)) {
		return STEER_EDAMAGED;
	}
	place->node = entry->node.at;
	place->labels = key.labels;
	place->wildcard = true;
	return STEER_OK;
}

/*! Makes the key of the current name; nothing is known of its ancestors yet. */
static void set_name(walk_t *walk)
{
	walk->ancestor_labels = STEER_LABELS_MAX + 1;
	walk->apex_zone = -1;
	steer_key_from_name(&walk->key, walk->name);
	walk->name_len = steer_name_len(walk->name);
	walk->hash = steer_name_hash(walk->name, walk->name_len);
}

/* Putting. */

static int put_set(walk_t *walk, steer_section_t section, const uint8_t *owner, uint16_t type,
                   const steer_set_t *set, uint32_t ttl, bool optional)
{
	const steer_rrs_t part = { set->body, set->body_len, set->ttl, set->count };
	const steer_rrset_t rrset = {
		.owner = owner, .parts = &part, .parts_count = 1, .ttl = ttl, .type = type,
		.named_by = section == STEER_ADDITIONAL ? walk->naming : -1,
	};
	return walk->sink->put(walk->sink->ctx, section, &rrset, optional);
}

/*! The only record set of a group; one with a policy has no rule here and is answered as damage. */
static int only_set(const steer_group_t *group, steer_set_t *set)
{
	steer_group_set(group, 0, set);
	return group->count == 1 && group->program_len == 0 && !set->alias ? STEER_OK : STEER_EDAMAGED;
}

static int put_group(walk_t *walk, steer_section_t section, const uint8_t *owner,
                     const steer_group_t *group)
{
	steer_set_t set;
	int ret = only_set(group, &set);
	if (ret == STEER_OK) {
		ret = put_set(walk, section, owner, group->type, &set, set.ttl, false);
	}
	if (ret == STEER_OK) {
		walk->last = *group;
		walk->last_put = true;
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
	place_t apex;
	steer_group_t group;
	steer_set_t set;
	int ret = get_place(walk, walk->zone, &apex);
	if (ret != STEER_OK || !steer_face_group(&apex.face, TYPE_SOA, &group) ||
	    only_set(&group, &set) != STEER_OK || set.body_len < STEER_RR_HEAD + 4) {
		return STEER_EDAMAGED;
	}
	uint32_t minimum = steer_wire_u32(set.body + set.body_len - 4);
	ret = put_set(walk, STEER_AUTHORITY, ancestor(walk, walk->zone), TYPE_SOA, &set,
	              set.ttl < minimum ? set.ttl : minimum, true);
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
static int find_glue(walk_t *walk, const uint8_t *name, place_t *place)
{
	walk_t glue; // Of the same zone; it has no answer of its own.
	glue.lookup = walk->lookup;
	glue.zone = walk->zone;
	glue.gets = 0;
	glue.name = name;
	set_name(&glue);
	unsigned apex_end = walk->key.end[walk->zone];
	if (glue.key.len < apex_end || memcmp(glue.key.bytes, walk->key.bytes, apex_end) != 0) {
		return STEER_ENOENT;
	}
	int ret = get_place(&glue, glue.key.labels, place);
	if (ret == STEER_ENOENT) {
		place_t encloser;
		ret = find_encloser(&glue, &encloser);
		if (ret == STEER_OK) {
			ret = encloser.face.flags & STEER_FACE_WILDCARD
			      ? get_wildcard(&glue, encloser.labels, place) : STEER_ENOENT;
		}
	}
	return ret;
}

/*! Puts the addresses of one target, and of a service its next records (RFC 9460, section 4.1). */
static int put_addresses(walk_t *walk, const uint8_t *name, const place_t *place, bool optional)
{
	uint16_t type = walk->last.type;
	const uint16_t types[] = { TYPE_A, TYPE_AAAA, type };
	unsigned count = type == TYPE_SVCB || type == TYPE_HTTPS ? 3 : 2;
	for (unsigned i = 0; i < count; i++) {
		steer_group_t group;
		steer_set_t set;
		if (!steer_face_group(&place->face, types[i], &group) ||
		    only_set(&group, &set) != STEER_OK) {
			continue;
		}
		int ret = put_set(walk, STEER_ADDITIONAL, name, types[i], &set, set.ttl, optional);
		if (ret != STEER_OK) {
			return ret;
		}
	}
	return STEER_OK;
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
	int offset = walk->last_put ? name_offset(walk->last.type) : -1;
	if (offset < 0) {
		return STEER_OK;
	}
	steer_set_t set;
	steer_group_set(&walk->last, 0, &set);

	int result = STEER_OK;
	for (int optional = delegation == NULL; optional <= 1; optional++) {
		const uint8_t *at = set.body, *end = at + set.body_len, *rdata;
		uint16_t len;
		for (walk->naming = 0; (rdata = steer_rr_next(&at, end, &len)) != NULL; walk->naming++) {
			place_t place;
			const uint8_t *name = rdata + offset;
			if (len <= offset) {
				continue;
			}
			bool needed = delegation != NULL && steer_name_in(name, delegation);
			if (needed == optional || find_glue(walk, name, &place) != STEER_OK) {
				continue;
			}
			if (put_addresses(walk, name, &place, optional) == STEER_ESPACE && needed) {
				result = STEER_ESPACE;
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
		return failed(walk, ret);
	}
	if (again) {
		return HIT;
	}
	steer_set_t set;
	steer_group_set(group, 0, &set);
	walk->name = walk->owner = set.body + STEER_RR_HEAD;
	return FOLLOW;
}

/*! Puts the CNAME that a DNAME makes of the current name (RFC 6672, section 3.1). */
static int put_synthesized(walk_t *walk, uint32_t ttl)
{
	uint8_t rr[STEER_RR_HEAD + STEER_NAME_MAX];
	size_t len = steer_name_len(walk->target);
	const steer_set_t set = {
		.count = 1, .body = rr, .ttl = ttl,
		.body_len = steer_rr_write(rr, TYPE_CNAME, ttl, walk->target, len),
	};
	return put_set(walk, STEER_ANSWER, walk->owner, TYPE_CNAME, &set, ttl, false);
}

/*! Replaces the DNAME owner's labels of the current name; false: the result is too long. */
static bool substitute(walk_t *walk, const uint8_t *dname_target)
{
	size_t prefix_len = ancestor(walk, walk->place.labels) - walk->name;
	size_t target_len = steer_name_len(dname_target);
	if (prefix_len + target_len > STEER_NAME_MAX) {
		return false;
	}
	memcpy(walk->target, walk->name, prefix_len);
	memcpy(walk->target + prefix_len, dname_target, target_len);
	return true;
}

static step_t follow_dname(walk_t *walk, const steer_group_t *group)
{
	if (++walk->chain > STEER_CHAIN_MAX) {
		return HIT;
	}
	// Knot expands every owner that begins with a "*", this one too.
	bool wildcard = walk->place.wildcard;
	const uint8_t *owner = wildcard ? walk->owner : ancestor(walk, walk->place.labels);
	bool again = visited_before(walk, TYPE_DNAME);
	int ret = again && !wildcard ? STEER_OK : put_group(walk, STEER_ANSWER, owner, group);
	if (ret != STEER_OK) {
		return failed(walk, ret);
	}

	steer_set_t set;
	steer_group_set(group, 0, &set);
	const uint8_t *dname_target = set.body + STEER_RR_HEAD;
	uint8_t name[STEER_NAME_MAX];
	if (walk->owner != NULL) { // It may be the target of an earlier DNAME, rewritten below.
		memcpy(name, walk->name, steer_name_len(walk->name));
		walk->name = walk->owner = name;
	}
	if (!substitute(walk, dname_target)) {
		walk->outcome->rcode = RCODE_YXDOMAIN;
		walk->name = walk->owner = dname_target; // Knot goes on with the bare target.
		return again ? HIT : FOLLOW;
	}
	ret = put_synthesized(walk, set.ttl);
	walk->name = walk->owner = walk->target;
	if (ret != STEER_OK) {
		return failed(walk, ret);
	}
	return walk->question->type == TYPE_CNAME || (again && wildcard) ? HIT : FOLLOW;
}

static bool cname_answers(uint16_t type)
{
	return type == TYPE_CNAME || type == TYPE_RRSIG || type == TYPE_NSEC || type == TYPE_ANY;
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
	if (type == TYPE_ANY && face->count > 0) { // One RRset is enough (RFC 8482, section 4.1).
		steer_face_group_at(face, 0, &group);
	} else if (!steer_face_group(face, type, &group)) {
		return NODATA;
	}
	int ret = put_group(walk, STEER_ANSWER, walk->owner, &group);
	if (ret != STEER_OK) {
		return failed(walk, ret);
	}
	if (walk->chain == 0 && name_offset(group.type) < 0) {
		walk->found = (steer_found_t) {
			.values = steer_group_values(&group), .type = group.type,
			.own = !walk->expanded,
		};
	}
	return HIT;
}

static step_t name_not_found(walk_t *walk)
{
	int ret = find_encloser(walk, &walk->place);
	if (ret != STEER_OK) {
		return failed(walk, ret);
	}
	const steer_face_t *encloser = &walk->place.face;
	if (encloser->cut != 0) {
		return DELEGATION;
	}
	if (encloser->flags & STEER_FACE_WILDCARD) {
		walk->expanded = true;
		ret = get_wildcard(walk, walk->place.labels, &walk->place);
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
	place_t place;
	int ret = STEER_OK;
	if (cut == walk->place.labels) {
		place = walk->place;
	} else {
		ret = get_place(walk, cut, &place);
	}
	steer_group_t group;
	if (ret != STEER_OK || !steer_face_group(&place.face, TYPE_NS, &group)) {
		return STEER_EDAMAGED;
	}
	uint8_t wildcard[2 + STEER_NAME_MAX];
	const uint8_t *owner = wildcard;
	if (place.wildcard) { // Its delegation is given under its own name.
		wildcard_name(walk, cut - 1, wildcard);
	} else {
		owner = ancestor(walk, cut);
	}
	ret = put_group(walk, STEER_AUTHORITY, owner, &group);
	return ret == STEER_OK ? put_additional(walk, owner) : ret;
}

/*! Whether the host's zone for the asked name is closer to it than ours (DESIGN section 5). */
static bool host_is_closer(const walk_t *walk)
{
	const steer_question_t *question = walk->question;
	int host = question->host_labels, asked = walk->key.labels;
	if (question->host_only) {
		return walk->zone != host;
	}
	if (question->type == TYPE_DS) { // The child side counts less than any parent side.
		bool host_is_child = host == asked, we_are_child = walk->zone == asked;
		if (host_is_child != we_are_child) {
			return host != STEER_NO_ZONE && we_are_child;
		}
	}
	return walk->zone < host;
}

/*! Whether the current zone is an overlay; found: its name is in it. */
static int is_overlay(walk_t *walk, bool found, bool *overlay)
{
	const place_t *place = found ? &walk->place : &walk->apex;
	place_t apex;
	if (!found && walk->apex_zone != walk->zone) {
		int ret = get_place(walk, walk->zone, &apex);
		if (ret != STEER_OK) {
			return ret == STEER_ENOENT ? STEER_EDAMAGED : ret; // A zone without its apex.
		}
		place = &apex;
	}
	*overlay = place->face.flags & STEER_FACE_OVERLAY;
	return STEER_OK;
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
	const uint8_t *apex = ancestor(walk, walk->zone);
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
	int ret = find_zone(walk, &found);
	if (ret == STEER_ENOENT && walk->chain > 0) {
		return HIT; // The chain leaves our zones; its client goes on.
	}
	if (ret == STEER_OK && walk->chain == 0 && host_is_closer(walk)) {
		ret = STEER_ENOENT;
	}
	bool overlay = false;
	if (ret == STEER_OK) {
		ret = is_overlay(walk, found, &overlay);
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
		return put_soa(walk);
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

/*! A walk is of 3 KiB, so it is not cleared. */
static void begin(walk_t *walk, const steer_lookup_t *lookup, const steer_question_t *question)
{
	walk->lookup = lookup;
	walk->question = question;
	walk->name = question->name;
	walk->owner = walk->overlay = NULL;
	walk->gets = walk->chain = walk->visits = 0;
	walk->last_put = walk->expanded = false;
	walk->found.values = NULL;
	set_name(walk);
}

int steer_answer_exists(const steer_lookup_t *lookup, const steer_question_t *question)
{
	walk_t walk;
	bool found;
	begin(&walk, lookup, question);
	int ret = find_zone(&walk, &found);
	return ret == STEER_OK && found && (walk.place.face.flags & STEER_FACE_OVERLAY) &&
	       !host_is_closer(&walk) && bar_of(question) == STEER_BAR_NONE ? STEER_OK : STEER_ENOENT;
}

int steer_answer(const steer_lookup_t *lookup, const steer_question_t *question,
                 const steer_sink_t *sink, steer_outcome_t *outcome, steer_found_t *found)
{
	walk_t walk;
	begin(&walk, lookup, question);
	walk.sink = sink;
	walk.outcome = outcome;
	*outcome = (steer_outcome_t) { .authoritative = true };
	step_t last = step(&walk);
	outcome->authoritative = last != DELEGATION;
	while (last == FOLLOW) {
		set_name(&walk);
		last = step(&walk);
	}
	if (found != NULL) {
		*found = walk.found;
	}
	return finish(&walk, last);
}

int steer_answer_found(const steer_found_t *found, const steer_sink_t *sink,
                       steer_outcome_t *outcome)
{
	const uint8_t *values = found->values;
	const steer_rrs_t part = {
		.rrs = values + STEER_VALUES_SIZE, .len = get_values_rrs(values),
		.ttl = get_values_ttl(values), .count = get_values_count(values),
	};
	const steer_rrset_t rrset = {
		.parts = &part, .parts_count = 1, .ttl = part.ttl, .type = found->type, .named_by = -1,
	};
	*outcome = (steer_outcome_t) { .kind = STEER_KIND_POSITIVE, .authoritative = true };
	return sink->put(sink->ctx, STEER_ANSWER, &rrset, false);
}
