/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief check: maps, and the names of the regions and locations in them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ctl/check.h"
#include "ctl/options.h"
#include "store/dictionary.h"

static void finding(checker_t *checker, const char *map, const char *text)
{
	check_store_finding(checker, "damaged: map '%s' %s; import it again", map, text);
}

/*! Whether a number has a name of the kind, and that is one of a map, if it is a location. */
static bool is_named(const checker_t *checker, const char *map, uint8_t type, uint32_t number)
{
	steer_dictionary_name_t name;
	if (steer_dictionary_name(checker->view.reader, number, &name) != STEER_OK) {
		return false;
	}
	const size_t len = strlen(map);
	return type == STEER_MAP_CIDR
	       ? name.kind == STEER_DICTIONARY_LOCATION && name.len > len && name.text[len] == '/' &&
	         memcmp(name.text, map, len) == 0
	       : name.kind == STEER_DICTIONARY_REGION;
}

/*! Looks up each number once in a row: those of many entries are equal. */
static void check_numbers(checker_t *checker, const char *name, const steer_map_t *map)
{
	uint32_t before = 0;
	for (uint32_t i = 0; i < map->networks.classes_count; i++) {
		const uint32_t number = steer_map_entry_number(map, i);
		if (number != before && !is_named(checker, name, map->networks.type, number)) {
			char text[80];
			snprintf(text, sizeof(text), "has a %s without a name, number %" PRIu32,
			         map->networks.type == STEER_MAP_CIDR ? "location" : "region", number);
			finding(checker, name, text);
			return; // There may be millions.
		}
		before = number;
	}
}

int check_maps(checker_t *checker)
{
	const steer_map_set_t *set = checker->opened.map_set;
	for (unsigned i = 0; i < set->count; i++) {
		if (set->all[i].damaged) {
			finding(checker, set->all[i].name, "cannot be read");
		} else {
			check_numbers(checker, set->all[i].name, &set->all[i].map);
		}
	}
	return GO_ON;
}
