/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/alias.h"

#include "core/pick.h"
#include "core/types.h"

static bool reach(const steer_lookup_t *lookup, const uint8_t *name, uint16_t type,
                  steer_reached_t *reached)
{
	steer_finder_t finder;
	steer_finder_begin(&finder, lookup, name);
	return steer_finder_reach(&finder, type, reached) == STEER_OK;
}

bool steer_alias_is_half(const steer_lookup_t *lookup, const uint8_t *name, uint16_t type,
                         const uint8_t *target)
{
	uint16_t other = type == TYPE_A ? TYPE_AAAA : TYPE_A;
	steer_reached_t reached;
	if ((type != TYPE_A && type != TYPE_AAAA) || !reach(lookup, name, other, &reached) ||
	    reached.kind != STEER_REACHED_GROUP) {
		return false;
	}
	bool same = false;
	for (unsigned i = 0; i < reached.group.count && !same; i++) {
		steer_set_t set;
		steer_group_set(&reached.group, i, &set);
		same = set.alias && steer_name_equal(set.body, target);
	}
	return same && reach(lookup, target, other, &reached) && reached.kind != STEER_REACHED_NODATA;
}

/*! A walk over all that an alias can lead to. */
typedef struct {
	const steer_lookup_t *lookup;
	steer_alias_end_f take; /*!< Receives external ends; NULL: only the extent is wanted. */
	void *ctx;
	bool deep, wide;
	unsigned names;
	uint64_t seen[STEER_NAMES_MAX]; /*!< Hashes of the names so far, each with what was wanted. */
} extent_t;

/*! Whether a name was reached before, for the same type and depth; records that it is now. */
static bool reached_before(extent_t *extent, const uint8_t *name, uint16_t type, bool link,
                          unsigned depth)
{
	uint64_t hash = steer_name_hash(name, steer_name_len(name)) ^
	                ((uint64_t)type << 16 | depth << 1 | link);
	for (unsigned i = 0; i < extent->names; i++) {
		if (extent->seen[i] == hash) {
			return true;
		}
	}
	if (extent->names == STEER_NAMES_MAX) {
		extent->wide = true;
		return true;
	}
	extent->seen[extent->names++] = hash;
	return false;
}

/*! Whether nothing else is wanted. */
static bool is_over(const extent_t *extent)
{
	return extent->wide || (extent->deep && extent->take == NULL);
}

static void walk(extent_t *extent, const uint8_t *name, uint16_t type, bool link, unsigned depth);

/*! Goes on from a record set, looking for records of a type. */
static void walk_set(extent_t *extent, const steer_reached_t *at, const uint8_t *name,
                     const steer_set_t *set, uint16_t type, bool link, unsigned depth)
{
	uint8_t room[STEER_NAME_MAX];
	const uint8_t *next = set->alias ? set->body : set->body + STEER_RR_HEAD;
	if (at->kind == STEER_REACHED_GROUP) {
		if (set->alias && extent->take == NULL) {
			walk(extent, next, at->group.type, false, depth + 1);
		}
	} else if (set->alias) { // The CNAME of its target is the link.
		walk(extent, next, type, true, depth + 1);
	} else if (at->kind == STEER_REACHED_CNAME) {
		walk(extent, next, type, false, depth + 1);
	} else if (steer_name_substitute(room, name, at->place.labels, next)) {
		walk(extent, room, type, link, depth + 1);
	}
}

/*!
 * Follows all links from a name. As in core/pick.c, a name that is reached again is not looked at
 * again.
 *
 * \param[in] link  Its CNAME is wanted, and the records of the CNAME's target.
 */
static void walk(extent_t *extent, const uint8_t *name, uint16_t type, bool link, unsigned depth)
{
	steer_reached_t reached;
	if (depth > STEER_ALIAS_DEPTH) {
		extent->deep = true;
		return;
	}
	if (is_over(extent) || reached_before(extent, name, type, link, depth)) {
		return;
	}
	bool sound = reach(extent->lookup, name, link ? TYPE_CNAME : type, &reached);
	if (!sound || reached.kind == STEER_REACHED_EXTERNAL) {
		if (extent->take != NULL) {
			extent->take(extent->ctx, type, name);
		}
		return;
	}
	if (reached.kind == STEER_REACHED_NODATA) {
		return;
	}
	if (link && reached.kind == STEER_REACHED_GROUP) {
		reached.kind = STEER_REACHED_CNAME;
	}
	for (unsigned i = 0; i < reached.group.count && !is_over(extent); i++) {
		steer_set_t set;
		steer_group_set(&reached.group, i, &set);
		walk_set(extent, &reached, name, &set, type, link, depth);
	}
}

steer_extent_t steer_alias_extent(const steer_lookup_t *lookup, const steer_group_t *group)
{
	extent_t extent = { .lookup = lookup };
	for (unsigned i = 0; i < group->count && !is_over(&extent); i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		if (set.alias) {
			walk(&extent, set.body, group->type, false, 1);
		}
	}
	return extent.deep ? STEER_EXTENT_DEEP : extent.wide ? STEER_EXTENT_WIDE : STEER_EXTENT_FINE;
}

bool steer_alias_ends(const steer_lookup_t *lookup, uint16_t type, const uint8_t *target,
                      steer_alias_end_f take, void *ctx)
{
	extent_t extent = { .lookup = lookup, .take = take, .ctx = ctx };
	walk(&extent, target, type, false, 1);
	return !extent.wide;
}
