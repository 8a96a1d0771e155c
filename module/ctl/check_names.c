/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief check: every node, and whether it agrees with those above it.
 *
 * Nodes come in canonical order: an ancestor is directly followed by all of its descendants. So
 * only the path from the root to the current name has to be remembered.
 */
#include <string.h>

#include "ctl/check.h"
#include "ctl/options.h"
#include "ctl/record_set.h"
#include "ctl/types.h"

/*! The face that is being checked. */
typedef struct {
	checker_t *checker;
	const steer_key_t *key;
	const steer_face_t *face;
	seen_t *parent; /*!< The zone's face of the parent name; NULL: none, or an apex. */
} look_t;

static seen_t *find_face(level_t *level, unsigned apex)
{
	for (unsigned i = 0; i < level->count; i++) {
		if (level->faces[i].apex == apex) {
			return &level->faces[i];
		}
	}
	return NULL;
}

/*! Checks an ancestor, all of whose descendants have been visited. */
static void close_level(checker_t *checker, unsigned labels)
{
	const level_t *level = &checker->levels[labels];
	for (unsigned i = 0; i < level->count; i++) {
		const seen_t *seen = &level->faces[i];
		if (seen->hidden > 0) {
			check_finding(checker, &checker->path, labels, "the hosted zone that begins here hides "
			              "%u name%s of the zone above, with records that are never served",
			              seen->hidden, plural(seen->hidden));
		}
	}
	for (unsigned i = 0; i < level->count && !level->uncertain; i++) {
		const seen_t *seen = &level->faces[i];
		bool wildcard = seen->flags & STEER_FACE_WILDCARD;
		if (seen->children != seen->counted) {
			check_finding(checker, &checker->path, labels,
			              "damaged: %u names below it are counted, %u are there",
			              seen->children, seen->counted);
		}
		if (wildcard != seen->wildcard) {
			check_finding(checker, &checker->path, labels,
			              "damaged: a wildcard below it is %s",
			              wildcard ? "marked, but not there" : "there, but not marked");
		}
	}
}

static unsigned shared_labels(const steer_key_t *a, const steer_key_t *b)
{
	unsigned labels = 0;
	while (labels < a->labels && labels < b->labels &&
	       a->end[labels + 1] == b->end[labels + 1] &&
	       memcmp(a->bytes, b->bytes, a->end[labels + 1]) == 0) {
		labels++;
	}
	return labels;
}

/*! Moves the path to a key; NULL: after the last one. */
static void move_to(checker_t *checker, const steer_key_t *key)
{
	unsigned open = 0; // Levels that the key shares with the path.
	if (checker->begun) {
		open = key != NULL ? shared_labels(&checker->path, key) + 1 : 0;
		for (unsigned labels = checker->path.labels + 1; labels > open; labels--) {
			close_level(checker, labels - 1);
		}
	}
	if (key == NULL) {
		return;
	}
	for (unsigned labels = open; labels <= key->labels; labels++) {
		checker->levels[labels].count = 0;
		checker->levels[labels].damaged = false;
		checker->levels[labels].uncertain = false;
	}
	checker->path = *key;
	checker->begun = true;
}

/*! Checks SOA and NS, of which an overlay has neither: it uses those of the zone below. */
static void look_at_basics(const look_t *look)
{
	steer_group_t group;
	steer_set_t set;
	checker_t *checker = look->checker;
	const steer_key_t *key = look->key;
	if (!steer_face_group(look->face, TYPE_SOA, &group) || !plain_set(&group, &set) ||
	    set.count != 1) {
		check_finding(checker, key, key->labels, "damaged: not exactly one SOA record at the apex");
	}
	if (!steer_face_group(look->face, TYPE_NS, &group)) {
		check_finding(checker, key, key->labels, "no NS record at the apex");
	}
}

static void look_at_apex(const look_t *look)
{
	steer_zone_t zone;
	checker_t *checker = look->checker;
	const steer_key_t *key = look->key;
	bool overlay = look->face->flags & STEER_FACE_OVERLAY;
	if (!(look->face->flags & STEER_FACE_APEX)) {
		check_finding(checker, key, key->labels, "damaged: an apex that is not marked");
	}
	int ret = view_zone(&checker->view, key, &zone);
	if (ret == STEER_ENOENT) {
		check_finding(checker, key, key->labels,
		              "damaged: records of a zone that is not hosted");
	} else if (ret == STEER_OK && overlay != (zone.mode == STEER_ZONE_OVERLAY)) {
		check_finding(checker, key, key->labels, overlay
		              ? "damaged: marked as an overlay, but is not one"
		              : "damaged: an overlay that is not marked");
	}
	if (!overlay) {
		look_at_basics(look);
	}
}

static void look_at_parent(const look_t *look)
{
	checker_t *checker = look->checker;
	const steer_key_t *key = look->key;
	const steer_face_t *face = look->face;
	if (face->flags & STEER_FACE_APEX) {
		check_finding(checker, key, key->labels, "damaged: marked as an apex, but is not one");
	}
	if (look->parent == NULL) {
		if (!checker->levels[key->labels - 1].damaged) {
			check_finding(checker, key, key->labels,
			              "damaged: the name above it is missing in its zone");
		}
		return;
	}
	if ((look->parent->flags ^ face->flags) & STEER_FACE_OVERLAY) {
		check_finding(checker, key, key->labels,
		              "damaged: only one of it and the name above is marked as an overlay's");
	}
	look->parent->counted++;
	look->parent->wildcard |= steer_key_is_wildcard(key, key->labels);
}

static void look_at_cut(const look_t *look)
{
	steer_group_t group;
	const steer_key_t *key = look->key;
	unsigned cut = look->parent != NULL ? look->parent->cut : 0;
	if (cut == 0 && look->face->apex < key->labels &&
	    steer_face_group(look->face, TYPE_NS, &group)) {
		cut = key->labels;
	}
	bool known = look->parent != NULL || look->face->apex == key->labels;
	if (known && look->face->cut != cut) {
		check_finding(look->checker, key, key->labels,
		              "damaged: its delegation is marked at %u labels, but is at %u",
		              look->face->cut, cut);
	}
}

static bool are_values_good(const steer_group_t *group)
{
	bool good = true;
	for (unsigned i = 0; i < group->count; i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		const uint8_t *at = set.body, *rdata;
		uint16_t len;
		while (!set.alias && (rdata = steer_rr_next(&at, set.body + set.body_len, &len)) != NULL) {
			good = good && steer_rdata_check(group->type, rdata, len);
		}
	}
	return good;
}

static void look_at_groups(const look_t *look)
{
	for (unsigned i = 0; i < look->face->count; i++) {
		steer_group_t group;
		steer_face_group_at(look->face, i, &group);
		if (!are_values_good(&group)) {
			char type[STEER_TYPE_TEXT];
			steer_type_text(group.type, type);
			check_finding(look->checker, look->key, look->key->labels,
			              "damaged: malformed rdata of type %s", type);
		}
	}
}

static void look_at_hosted(const look_t *look)
{
	steer_zone_t zone;
	bool marked = look->face->flags & STEER_FACE_HOSTED;
	bool hosted = look->face->apex < look->key->labels &&
	              view_zone(&look->checker->view, look->key, &zone) == STEER_OK &&
	              zone.enclosing == look->face->apex;
	if (marked != hosted) {
		check_finding(look->checker, look->key, look->key->labels,
		              hosted ? "damaged: a hosted zone inside another one is not marked"
		                     : "damaged: marked as a hosted zone, but is not one");
	}
}

/*! Whether a face has more than a parent zone may have at or below a zone cut: NS, DS and glue. */
static bool has_lower(const steer_face_t *face, bool border, bool delegated)
{
	for (unsigned i = 0; i < face->count; i++) {
		steer_group_t group;
		steer_face_group_at(face, i, &group);
		bool upper = border && (group.type == TYPE_NS || group.type == TYPE_DS);
		bool glue = delegated && (group.type == TYPE_A || group.type == TYPE_AAAA);
		if (!upper && !glue) {
			return true;
		}
	}
	return false;
}

/*! Counts a name that is hidden by a hosted zone inside its own: that zone answers for it. */
static void look_at_hidden(const look_t *look)
{
	const steer_face_t *face = look->face;
	for (unsigned labels = face->apex + 1; labels <= look->key->labels; labels++) {
		seen_t *seen = find_face(&look->checker->levels[labels], face->apex);
		if (seen != NULL && (seen->flags & STEER_FACE_HOSTED)) {
			seen->hidden += has_lower(face, labels == look->key->labels, seen->cut != 0);
			return;
		}
	}
}

static void look_at_face(checker_t *checker, const steer_key_t *key, const steer_face_t *face)
{
	look_t look = { .checker = checker, .key = key, .face = face };
	if (face->apex > key->labels) {
		check_finding(checker, key, key->labels, "damaged: records of a zone below it");
		return;
	}
	if (face->apex == key->labels) {
		look_at_apex(&look);
	} else {
		look.parent = find_face(&checker->levels[key->labels - 1], face->apex);
		look_at_parent(&look);
	}
	look_at_cut(&look);
	look_at_hosted(&look);
	look_at_hidden(&look);
	look_at_groups(&look);
	check_servers(checker, key, face);
	check_policies(checker, key, face);
}

static void look_at_node(checker_t *checker, const steer_pair_t *pair)
{
	steer_key_t key;
	steer_node_t node;
	if (steer_key_from_bytes(&key, pair->key, pair->key_len) != STEER_OK) {
		steer_key_from_name(&key, (const uint8_t *)"");
		check_finding(checker, &key, 0, "damaged: a key that is not a name");
		checker->unread = true;
		return;
	}
	move_to(checker, &key);
	level_t *level = &checker->levels[key.labels];
	if (steer_node_open(&node, pair->value, pair->value_len) != STEER_OK) {
		check_finding(checker, &key, key.labels,
		              "damaged: restore a backup, or import an export into a new store");
		level->damaged = checker->unread = true;
		if (key.labels > 0) {
			checker->levels[key.labels - 1].uncertain = true;
		}
		return;
	}
	level->count = steer_node_faces(&node);
	for (unsigned i = 0; i < level->count; i++) {
		steer_face_t face;
		steer_node_face_at(&node, i, &face);
		level->faces[i] = (seen_t) {
			.apex = face.apex, .flags = face.flags, .cut = face.cut,
			.children = face.children,
		};
		look_at_face(checker, &key, &face);
	}
}

int check_names(checker_t *checker)
{
	steer_cursor_t *cursor = NULL;
	steer_pair_t pair;
	int ret = steer_cursor_open(&cursor, checker->view.reader, STEER_DB_NODES);
	if (ret != STEER_OK) {
		goto failed;
	}
	for (ret = steer_cursor_seek(cursor, "", 0, &pair); ret == STEER_OK;
	     ret = steer_cursor_next(cursor, &pair)) {
		look_at_node(checker, &pair);
	}
	steer_cursor_close(cursor);
	if (ret != STEER_ENOENT) {
		goto failed;
	}
	move_to(checker, NULL);
	return GO_ON;
failed:
	fprintf(stderr, "steerctl: the names cannot be read: %s\n", steer_strerror(ret));
	return EXIT_STORE;
}
