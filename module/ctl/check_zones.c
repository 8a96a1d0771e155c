/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief check: zones, the filter of their apexes, and their name servers.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/check.h"
#include "ctl/options.h"
#include "ctl/types.h"
#include "store/apexes.h"

/*! The stored filter, and what it should be as counted. */
typedef struct {
	checker_t *checker;
	steer_apexes_t stored;
	uint64_t *counted; /*!< NULL: the stored filter is damaged. */
	uint64_t zones;
} filter_t;

static unsigned enclosing_labels(const view_t *view, const steer_key_t *apex)
{
	const void *value;
	size_t len;
	for (unsigned labels = apex->labels; labels > 0; labels--) {
		if (steer_reader_get(view->reader, STEER_DB_ZONES, apex->bytes,
		                     apex->end[labels - 1], &value, &len) == STEER_OK) {
			return labels - 1;
		}
	}
	return STEER_ZONE_TOP;
}

/*! The enclosing zone must have the name too, or else its answers would hide the zone. */
static void check_enclosing(checker_t *checker, const steer_key_t *apex, const uint8_t *name)
{
	steer_key_t above = *apex;
	steer_face_t face;
	above.labels = enclosing_labels(&checker->view, apex);
	if (above.labels != STEER_ZONE_TOP &&
	    view_face(&checker->view, &above, name, &face) != STEER_OK) {
		check_finding(checker, apex, apex->labels,
		              "damaged: its enclosing zone does not know it");
	}
}

static void count_apex(filter_t *filter, const uint8_t *apex, size_t len)
{
	uint64_t hashes[STEER_APEXES_HASHES];
	unsigned count = steer_apexes_hashes(apex, len, hashes);
	for (unsigned i = 0; i < count; i++) {
		filter->counted[(hashes[i] >> filter->stored.shift) * STEER_APEXES_COUNTERS +
		                steer_apexes_counter(hashes[i])]++;
	}
}

static int check_zone(void *ctx, const steer_key_t *apex)
{
	filter_t *filter = ctx;
	checker_t *checker = filter->checker;
	steer_zone_t zone;
	steer_face_t face;
	uint8_t name[STEER_NAME_MAX];
	size_t name_len = steer_key_to_name(name, apex, apex->labels);
	filter->zones++;
	if (filter->counted != NULL) {
		count_apex(filter, name, name_len);
	}
	if (view_zone(&checker->view, apex, &zone) != STEER_OK) {
		check_finding(checker, apex, apex->labels, "damaged: the entry of the zone");
		return GO_ON;
	}
	if (zone.labels != apex->labels ||
	    zone.enclosing != enclosing_labels(&checker->view, apex)) {
		check_finding(checker, apex, apex->labels,
		              "damaged: where the zone begins, or which zone encloses it");
	}
	if (view_face(&checker->view, apex, name, &face) != STEER_OK) {
		check_finding(checker, apex, apex->labels, "damaged: the zone has no apex");
	}
	check_enclosing(checker, apex, name);
	return GO_ON;
}

static void open_filter(filter_t *filter)
{
	steer_apexes_t *stored = &filter->stored;
	if (steer_apexes_open(stored, filter->checker->view.reader, NULL) == STEER_OK &&
	    stored->damaged == 0) {
		filter->counted = calloc(steer_apexes_count(stored) * STEER_APEXES_COUNTERS,
		                         sizeof(*filter->counted));
	}
}

static bool filter_agrees(const filter_t *filter)
{
	if (filter->counted == NULL) {
		return false;
	}
	const uint64_t *counted = filter->counted;
	for (size_t page = 0; page < steer_apexes_count(&filter->stored); page++) {
		for (size_t i = 0; i < STEER_APEXES_COUNTERS; i++, counted++) {
			// A counter that has reached its maximum is no longer changed.
			uint8_t stored = filter->stored.pages[page][i];
			if (stored != UINT8_MAX && stored != *counted) {
				return false;
			}
		}
	}
	return true;
}

int check_zones(checker_t *checker)
{
	filter_t filter = { .checker = checker };
	open_filter(&filter);
	int ret = view_each_zone(&checker->view, check_zone, &filter);
	if (ret == GO_ON && !filter_agrees(&filter)) {
		check_store_finding(checker, "damaged: the filter of the %" PRIu64 " hosted zones",
		                    filter.zones);
	}
	free(filter.counted);
	steer_apexes_close(&filter.stored);
	return ret;
}

/* Name servers. */

static bool has_address(const steer_face_t *face)
{
	steer_group_t group;
	return steer_face_group(face, TYPE_A, &group) || steer_face_group(face, TYPE_AAAA, &group);
}

/*! Whether a name server has an address, unless that is for others to know. */
static bool has_own_address(checker_t *checker, const uint8_t *server)
{
	steer_key_t zone, key;
	steer_zone_t value;
	steer_face_t face;
	if (view_find_zone(&checker->view, server, 0, &zone) != STEER_OK ||
	    view_zone(&checker->view, &zone, &value) != STEER_OK ||
	    value.mode == STEER_ZONE_OVERLAY) { // What an overlay lacks may be in the zone below it.
		return true;
	}
	int ret = view_face(&checker->view, &zone, server, &face);
	if (ret == STEER_OK) {
		return has_address(&face) || face.cut != 0;
	}
	// Below a delegation others know it, and a wildcard may provide it.
	uint8_t name[STEER_NAME_MAX];
	steer_key_from_name(&key, server);
	for (unsigned labels = key.labels; labels > zone.labels; labels--) {
		steer_key_to_name(name, &key, labels - 1);
		if (view_face(&checker->view, &zone, name, &face) == STEER_OK) {
			return face.cut != 0 || face.flags & STEER_FACE_WILDCARD;
		}
	}
	return false;
}

static void check_server(checker_t *checker, const steer_key_t *key, const steer_face_t *face,
                         const uint8_t *server)
{
	char text[STEER_NAME_TEXT];
	steer_key_t apex = *key;
	steer_face_t glue;
	uint8_t name[STEER_NAME_MAX];
	steer_key_to_name(name, key, key->labels);
	steer_name_print(server, text);
	apex.labels = face->apex;
	apex.len = key->end[face->apex];
	bool delegates = !(face->flags & STEER_FACE_APEX);
	if (delegates && steer_name_in(server, name)) { // It needs glue in this zone.
		if (view_face(&checker->view, &apex, server, &glue) != STEER_OK || !has_address(&glue)) {
			check_finding(checker, key, key->labels,
			              "delegated to %s, which has no address here (glue)", text);
		}
	} else if (!has_own_address(checker, server)) {
		check_finding(checker, key, key->labels, delegates
		              ? "delegated to %s, which has no address"
		              : "its name server %s has no address", text);
	}
}

void check_servers(checker_t *checker, const steer_key_t *key, const steer_face_t *face)
{
	steer_group_t group;
	bool apex = face->flags & STEER_FACE_APEX;
	bool delegates = face->cut == key->labels && !(face->flags & STEER_FACE_HOSTED);
	if ((!apex && !delegates) || !steer_face_group(face, TYPE_NS, &group)) {
		return;
	}
	for (unsigned i = 0; i < group.count; i++) {
		steer_set_t set;
		steer_group_set(&group, i, &set);
		const uint8_t *at = set.body, *rdata;
		uint16_t len;
		while (!set.alias && (rdata = steer_rr_next(&at, set.body + set.body_len, &len)) != NULL) {
			if (steer_rdata_check(TYPE_NS, rdata, len)) {
				check_server(checker, key, face, rdata);
			}
		}
	}
}
