/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/map_put.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/author.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "store/change/change.h"
#include "store/maps.h"

int map_put_fault(int ret, const steer_fault_t *fault)
{
	return print_fault(fault, ret == STEER_ENOMEM ? EXIT_STORE : EXIT_REFUSED);
}

/*! A map as it will be stored. */
typedef struct {
	uint8_t *value;
	size_t size;
} made_t;

/* Making the map. */

int map_put_end(const map_put_t *put)
{
	steer_fault_t fault;
	int ret = steer_map_builder_end(put->builder, &fault);
	return ret == STEER_OK ? GO_ON : map_put_fault(ret, &fault);
}

/*! Gives the names in the map their numbers, in a change set. */
static int number_names(const map_put_t *put, uint32_t **numbers)
{
	const steer_dictionary_name_t *names;
	const size_t names_count = steer_map_builder_names(put->builder, &names);
	char who[AUTHOR_TEXT];
	steer_fault_t fault;
	*numbers = NULL;
	if (names_count == 0) {
		return GO_ON;
	}
	*numbers = calloc(names_count, sizeof(**numbers));
	if (*numbers == NULL) {
		return print_no_memory();
	}
	author_who(who);
	const steer_apply_t options = {
		.dry_run = put->dry_run, .who = who, .what = put->run->what, .now = put->now,
	};
	return steer_store_apply_names(put->view->store, names, names_count, &options, *numbers,
	                               &fault) == STEER_OK ? GO_ON : print_store_fault(&fault);
}

static int make_map(const map_put_t *put, made_t *made)
{
	const steer_map_origin_t origin = {
		.imported = put->now.wall, .file = put->files, .file_len = strlen(put->files),
		.format = put->formats, .format_len = strlen(put->formats),
	};
	uint32_t *numbers;
	steer_fault_t fault;
	int ret = number_names(put, &numbers);
	if (ret == GO_ON) {
		ret = steer_map_builder_write(put->builder, numbers, &origin, &made->value, &made->size,
		                              &fault);
		ret = ret == STEER_OK ? GO_ON : map_put_fault(ret, &fault);
	}
	free(numbers);
	return ret;
}

/* The store. */

/*! Finds the map that is there. \return Its value; NULL: there is none that can be read */
static const void *find_map(const map_put_t *put, steer_map_t *map, size_t *size)
{
	const void *value;
	return put->maps != NULL && steer_reader_get(put->maps, STEER_DB_MAPS, put->name,
	                                             strlen(put->name), &value, size) == STEER_OK &&
	       steer_map_open(map, value, *size) == STEER_OK ? value : NULL;
}

int map_put_check(const map_put_t *put)
{
	steer_map_t map;
	size_t size;
	if (find_map(put, &map, &size) == NULL || map.networks.type == put->type) {
		return GO_ON;
	}
	fprintf(stderr, "%s: a map of the type %s; allowed: files of that type, another --name, or map "
	        "delete\n", put->name, steer_map_type_name(map.networks.type));
	return EXIT_REFUSED;
}

/*! Whether two maps differ in nothing but where they are from. */
static bool says_the_same(const made_t *made, const void *value, const steer_map_t *map,
                          size_t size)
{
	steer_map_t other;
	if (steer_map_open(&other, made->value, made->size) != STEER_OK) {
		return false;
	}
	const size_t was = steer_map_origin_size(&map->origin);
	const size_t is = steer_map_origin_size(&other.origin);
	return size - was == made->size - is &&
	       memcmp((const uint8_t *)value + was, made->value + is, size - was) == 0;
}

void map_put_let_go(const map_put_t *put)
{
	steer_reader_reset(put->view->reader);
	if (put->maps != NULL) {
		steer_reader_reset(put->maps);
	}
}

/*! Looks at the maps as they are now. \return GO_ON, or EXIT_STORE after an error message */
static int look_again(const map_put_t *put)
{
	uint64_t id;
	int ret = put->maps != NULL ? steer_reader_renew(put->maps, &id) : STEER_OK;
	if (ret != STEER_OK) {
		fprintf(stderr, "%s: maps: %s\n", put->run->dir, steer_strerror(ret));
		return EXIT_STORE;
	}
	return GO_ON;
}

static int put_made(const map_put_t *put, const made_t *made, const char **result)
{
	steer_map_t map;
	size_t size;
	steer_fault_t fault;
	int ret = look_again(put);
	if (ret != GO_ON) {
		return ret;
	}
	const void *value = find_map(put, &map, &size);
	*result = value == NULL ? "created" : "replaced";
	if (value != NULL && says_the_same(made, value, &map, size)) {
		*result = "unchanged";
		return GO_ON;
	}
	if (put->dry_run) {
		return GO_ON;
	}
	map_put_let_go(put);
	return steer_maps_put(put->view->store, put->name, made->value, made->size,
	                      &fault) == STEER_OK ? GO_ON : print_store_fault(&fault);
}

int map_put(const map_put_t *put, const char **result)
{
	made_t made = { .value = NULL };
	int ret = make_map(put, &made);
	if (ret == GO_ON) {
		ret = put_made(put, &made, result);
	}
	free(made.value);
	return ret;
}
