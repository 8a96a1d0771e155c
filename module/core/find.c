/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/find.h"
#include "core/types.h"

void steer_finder_begin(steer_finder_t *finder, const steer_lookup_t *lookup, const uint8_t *name)
{
	finder->lookup = lookup;
	finder->name = name;
	finder->ancestor_labels = STEER_LABELS_MAX + 1;
	finder->apex_zone = -1;
	finder->gets = 0;
	steer_key_from_name(&finder->key, name);
	finder->name_len = steer_name_len(name);
	finder->hash = steer_name_hash(name, finder->name_len);
}

static uint64_t hash_of(steer_finder_t *finder, unsigned labels)
{
	if (labels == finder->key.labels) {
		return finder->hash;
	}
	if (labels != finder->ancestor_labels) { // Usually it is the apex, again and again.
		finder->ancestor_labels = labels;
		const uint8_t *name = steer_finder_ancestor(finder, labels);
		finder->ancestor_hash = steer_name_hash(name, finder->name + finder->name_len - name);
	}
	return finder->ancestor_hash;
}

/*! Node of the name's ancestor with the given number of labels. */
static int get(steer_finder_t *finder, unsigned labels, steer_entry_t **entry,
               steer_entry_t *scratch)
{
	finder->gets++;
	return finder->lookup->get(finder->lookup->ctx, finder->key.bytes, finder->key.end[labels],
	                           hash_of(finder, labels), entry, scratch);
}

int steer_finder_place(steer_finder_t *finder, unsigned labels, steer_tree_place_t *place)
{
	if ((int)labels == finder->zone && finder->zone == finder->apex_zone) {
		*place = finder->apex;
		return STEER_OK;
	}
	steer_entry_t scratch, *entry;
	int ret = get(finder, labels, &entry, &scratch);
	if (ret != STEER_OK) {
		return ret;
	}
	if (!steer_node_face(&entry->node, finder->zone, &place->face)) {
		return STEER_ENOENT;
	}
	place->node = entry->node.at;
	place->labels = labels;
	place->wildcard = steer_key_is_wildcard(&finder->key, labels);
	return STEER_OK;
}

static inline bool maybe_apex(steer_finder_t *finder, unsigned labels)
{
	return finder->lookup->maybe_apex(finder->lookup->ctx, hash_of(finder, labels));
}

/*! Whether the name's ancestor with the given number of labels is a hosted apex. */
static int is_apex(steer_finder_t *finder, unsigned labels)
{
	if (!maybe_apex(finder, labels)) {
		return STEER_ENOENT;
	}
	steer_entry_t scratch, *entry;
	int ret = get(finder, labels, &entry, &scratch);
	if (ret != STEER_OK) {
		return ret;
	}
	if (!steer_node_face(&entry->node, labels, &finder->apex.face)) {
		return STEER_ENOENT;
	}
	finder->apex.node = entry->node.at;
	finder->apex.labels = labels;
	finder->apex.wildcard = steer_key_is_wildcard(&finder->key, labels);
	finder->apex_zone = labels;
	return STEER_OK;
}

/*!
 * Finds the closest hosted apex.
 *
 * \param[in]  labels  Label count to begin with.
 * \param[in]  known   Label count of an apex known to be hosted, or -1.
 * \param[out] zone    Label count of the apex found.
 */
static int closest_apex(steer_finder_t *finder, int labels, int known, int *zone)
{
	for (; labels >= 0; labels--) {
		int ret = labels == known ? STEER_OK : is_apex(finder, labels);
		if (ret != STEER_ENOENT) {
			*zone = labels;
			return ret;
		}
	}
	return STEER_ENOENT;
}

/*! Apex of the deepest face: that zone is hosted, since it has the name. */
static int deepest_face(const steer_node_t *node)
{
	steer_face_t face;
	steer_node_face_at(node, steer_node_faces(node) - 1, &face);
	return face.apex;
}

/*! Zone of a DS question: the parent side, if it is hosted at all (RFC 4035, section 3.1.4.1). */
static int zone_of_ds(steer_finder_t *finder, int *zone)
{
	int ret = closest_apex(finder, finder->key.labels - 1, -1, zone);
	if (ret == STEER_ENOENT) {
		ret = closest_apex(finder, finder->key.labels, -1, zone);
	}
	return ret;
}

int steer_finder_zone(steer_finder_t *finder, uint16_t type, bool *found,
                      steer_tree_place_t *place)
{
	steer_entry_t scratch, *entry;
	unsigned labels = finder->key.labels;
	int ret = get(finder, labels, &entry, &scratch);
	if (ret != STEER_OK && ret != STEER_ENOENT) {
		return ret;
	}
	*found = ret == STEER_OK;
	steer_node_t node = { 0 };
	if (*found) {
		node = entry->node;
	}

	if (type == TYPE_DS) {
		ret = zone_of_ds(finder, &finder->zone);
	} else if (*found && entry->zone != STEER_ZONE_UNKNOWN) {
		finder->zone = entry->zone;
		ret = STEER_OK;
	} else if (*found) {
		unsigned gets = finder->gets;
		ret = closest_apex(finder, labels, deepest_face(&node), &finder->zone);
		if (ret == STEER_OK && gets == finder->gets) { // No get since: the entry is still valid.
			entry->zone = finder->zone;
		}
	} else {
		ret = closest_apex(finder, labels, -1, &finder->zone);
	}
	if (ret != STEER_OK) {
		return ret;
	}

	if (*found) {
		*found = steer_node_face(&node, finder->zone, &place->face);
		place->node = node.at;
		place->labels = labels;
		place->wildcard = steer_key_is_wildcard(&finder->key, labels);
	}
	return STEER_OK;
}

/*! A zone has all ancestors of its names down from the apex, so a binary search will do. */
int steer_finder_encloser(steer_finder_t *finder, steer_tree_place_t *encloser)
{
	unsigned here = finder->zone, missing = finder->key.labels;
	int ret = steer_finder_place(finder, here, encloser);
	while (ret == STEER_OK && missing - here > 1) {
		unsigned middle = here + (missing - here) / 2;
		steer_tree_place_t place;
		ret = steer_finder_place(finder, middle, &place);
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

size_t steer_finder_wildcard_name(const steer_finder_t *finder, unsigned labels,
                                  uint8_t name[2 + STEER_NAME_MAX])
{
	const uint8_t *encloser = steer_finder_ancestor(finder, labels);
	size_t len = finder->name + finder->name_len - encloser;
	name[0] = 1;
	name[1] = '*';
	memcpy(name + 2, encloser, len);
	return 2 + len;
}

int steer_finder_wildcard(const steer_finder_t *finder, unsigned encloser_labels,
                          steer_tree_place_t *place)
{
	uint8_t name[2 + STEER_NAME_MAX];
	size_t len = steer_finder_wildcard_name(finder, encloser_labels, name);
	if (len > STEER_NAME_MAX) {
		return STEER_EDAMAGED;
	}
	steer_key_t key;
	steer_key_from_name(&key, name);
	steer_entry_t scratch, *entry;
	int ret = finder->lookup->get(finder->lookup->ctx, key.bytes, key.len,
	                              steer_name_hash(name, len), &entry, &scratch);
	if (ret != STEER_OK || !steer_node_face(&entry->node, finder->zone, &place->face)) {
		return STEER_EDAMAGED;
	}
	place->node = entry->node.at;
	place->labels = key.labels;
	place->wildcard = true;
	return STEER_OK;
}

int steer_finder_overlay(steer_finder_t *finder, const steer_tree_place_t *place, bool *overlay)
{
	const steer_tree_place_t *some = place != NULL ? place : &finder->apex;
	steer_tree_place_t apex;
	if (place == NULL && finder->apex_zone != finder->zone) {
		int ret = steer_finder_place(finder, finder->zone, &apex);
		if (ret != STEER_OK) {
			return ret == STEER_ENOENT ? STEER_EDAMAGED : ret; // A zone without its apex.
		}
		some = &apex;
	}
	*overlay = some->face.flags & STEER_FACE_OVERLAY;
	return STEER_OK;
}

/* What targets lead to. */

/*! What a place has for the type: its group, or a CNAME instead. */
static void look_at_place(steer_reached_t *reached, uint16_t type)
{
	const steer_face_t *face = &reached->place.face;
	reached->found = true;
	if (type != TYPE_CNAME && steer_face_group(face, TYPE_CNAME, &reached->group)) {
		reached->kind = STEER_REACHED_CNAME;
	} else if (steer_face_group(face, type, &reached->group)) {
		reached->kind = STEER_REACHED_GROUP;
	} else {
		reached->kind = STEER_REACHED_NODATA;
	}
}

/*! A name that its zone does not have: below a cut, under a wildcard or a DNAME, or none. */
static int look_around(steer_finder_t *finder, uint16_t type, steer_reached_t *reached)
{
	steer_tree_place_t *place = &reached->place;
	int ret = steer_finder_encloser(finder, place);
	bool wildcard = ret == STEER_OK && place->face.cut == 0 &&
	                (place->face.flags & STEER_FACE_WILDCARD);
	if (wildcard) {
		ret = steer_finder_wildcard(finder, place->labels, place);
	}
	if (ret != STEER_OK) {
		return ret;
	}
	if (place->face.cut != 0) {
		reached->kind = STEER_REACHED_EXTERNAL;
	} else if (wildcard) {
		look_at_place(reached, type);
	} else if (steer_face_group(&place->face, TYPE_DNAME, &reached->group)) {
		reached->kind = STEER_REACHED_DNAME;
	} else {
		reached->kind = STEER_REACHED_NODATA;
	}
	return STEER_OK;
}

int steer_finder_reach(steer_finder_t *finder, uint16_t type, steer_reached_t *reached)
{
	steer_tree_place_t *place = &reached->place;
	bool overlay;
	reached->found = reached->own = false;
	int ret = steer_finder_zone(finder, type, &reached->found, place);
	if (ret == STEER_ENOENT) {
		reached->kind = STEER_REACHED_EXTERNAL;
		return STEER_OK;
	}
	if (ret != STEER_OK) {
		return ret;
	}
	reached->own = reached->found;
	ret = steer_finder_overlay(finder, reached->found ? place : NULL, &overlay);
	if (ret != STEER_OK) {
		return ret;
	}
	if (!reached->found && !overlay) {
		return look_around(finder, type, reached);
	}
	bool hidden = reached->found && !overlay && place->face.cut != 0 &&
	              !(type == TYPE_DS && place->face.cut == place->labels);
	if (!reached->found || hidden) { // An overlay lacks it, or it is below a cut.
		reached->kind = STEER_REACHED_EXTERNAL;
		return STEER_OK;
	}
	look_at_place(reached, type);
	if (overlay && reached->kind == STEER_REACHED_NODATA) {
		reached->kind = STEER_REACHED_EXTERNAL; // What an overlay lacks is the host's to answer.
	}
	return STEER_OK;
}

int steer_finder_lead(const steer_lookup_t *lookup, const uint8_t *name, uint16_t type,
                      steer_lead_t *lead)
{
	steer_finder_t finder;
	steer_reached_t reached;
	steer_finder_begin(&finder, lookup, name);
	int ret = steer_finder_reach(&finder, type, &reached);
	if (ret != STEER_OK) {
		return ret;
	}
	*lead = (steer_lead_t) { .kind = reached.kind, .own = reached.own ? reached.place.node : NULL };
	if (reached.kind != STEER_REACHED_EXTERNAL && reached.kind != STEER_REACHED_NODATA) {
		lead->node = reached.group.node;
		lead->at = reached.group.at;
		lead->labels = reached.place.labels;
		lead->memorable = steer_choice_memorable(&reached.group);
	}
	return STEER_OK;
}
