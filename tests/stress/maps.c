/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gives numbers to names of a store's dictionary, and puts maps, as an import does.
 *
 * A map of version V says of each of its networks that the region "vV" is V microseconds away.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "formats/map/map_builder.h"
#include "store/change/change.h"
#include "store/dictionary.h"
#include "store/maps.h"

static const char usage[] =
	"usage: maps DIR number KIND NAME...\n"
	"       maps DIR put MAP FROM NETWORKS\n"
	"       maps DIR get MAP\n"
	"\n"
	"number  gives numbers to names of a kind, \"region\", \"collection\" or \"location\", in one\n"
	"        change set, and prints the numbers, a line each\n"
	"put     puts a map of so many networks, of version FROM + 1, then FROM + 2, ..., until it is\n"
	"        killed; prints the version when it was put\n"
	"get     prints the version of a map, 0 if there is none; fails if it is of several\n";

static void die(const char *what)
{
	fprintf(stderr, "maps: %s\n", what);
	exit(1);
}

static void must(int ret, const steer_fault_t *fault)
{
	if (ret != STEER_OK) {
		die(fault->text);
	}
}

static void number(steer_store_t *store, const steer_dictionary_name_t *names, size_t count,
                   uint32_t *numbers)
{
	static const steer_apply_t options = { .who = "maps", .what = "number" };
	steer_fault_t fault;
	must(steer_store_apply_names(store, names, count, &options, numbers, &fault), &fault);
}

static void number_words(steer_store_t *store, uint8_t kind, char **words, size_t count)
{
	steer_dictionary_name_t *names = calloc(count, sizeof(*names));
	uint32_t *numbers = calloc(count, sizeof(*numbers));
	for (size_t i = 0; i < count; i++) {
		names[i] = (steer_dictionary_name_t) { kind, strlen(words[i]), words[i] };
	}
	number(store, names, count, numbers);
	for (size_t i = 0; i < count; i++) {
		printf("%u\n", numbers[i]);
	}
	free(numbers);
	free(names);
}

static void add_networks(steer_map_builder_t *builder, uint32_t version, uint32_t networks)
{
	char region[16];
	steer_fault_t fault;
	snprintf(region, sizeof(region), "v%u", version);
	for (uint32_t i = 0; i < networks; i++) {
		steer_map_row_t row = {
			.network = { .family = 4, .length = 32 }, .name = region, .rtt_us = version,
			.at = { "maps", i + 1, 1 },
		};
		const uint32_t address = htonl(2 * i); // Not merged: between two there is a hole.
		memcpy(row.network.address, &address, sizeof(address));
		must(steer_map_builder_add(builder, &row, &fault), &fault);
	}
	must(steer_map_builder_end(builder, &fault), &fault);
}

static void put_version(steer_store_t *store, const char *map, uint32_t version, uint32_t networks)
{
	static const steer_map_origin_t origin;
	steer_map_builder_t *builder = steer_map_builder_new(STEER_MAP_LATENCY, NULL);
	const steer_dictionary_name_t *names;
	uint32_t region;
	uint8_t *value;
	size_t size;
	steer_fault_t fault;
	add_networks(builder, version, networks);
	const size_t count = steer_map_builder_names(builder, &names);
	number(store, names, count, &region);
	must(steer_map_builder_write(builder, &region, &origin, &value, &size, &fault), &fault);
	must(steer_maps_put(store, map, value, size, &fault), &fault);
	free(value);
	steer_map_builder_free(builder);
}

/*! Puts one version after the other; each line is written at once, so it was acknowledged. */
static void put_versions(steer_store_t *store, const char *map, uint32_t from, uint32_t networks)
{
	for (uint32_t version = from + 1; ; version++) {
		char line[16];
		put_version(store, map, version, networks);
		int len = snprintf(line, sizeof(line), "%u\n", version);
		if (write(STDOUT_FILENO, line, len) != len) {
			die("the line of a version cannot be written");
		}
	}
}

/*! Version of a map, all of whose networks must have it, and whose region must have its name. */
static uint32_t version_of(const steer_map_t *map, const steer_reader_t *records)
{
	if (map->networks.classes_count != 1) {
		die("the map has other classes than it should");
	}
	const steer_map_latencies_t latencies = steer_map_latencies(map, 1);
	const steer_map_latency_t latency = steer_map_latency_at(&latencies, 0);
	for (uint32_t i = 0; i < 2 * map->networks.networks; i++) {
		steer_client_t client = { .family = 4, .length = 32 };
		const uint32_t address = htonl(i);
		memcpy(client.address, &address, sizeof(address));
		if (steer_network_map_find(&map->networks, &client).class != 1 - i % 2) {
			die("a network is not as it should be");
		}
	}
	steer_dictionary_name_t name;
	char region[16];
	snprintf(region, sizeof(region), "v%u", latency.rtt_us);
	if (steer_dictionary_name(records, latency.region, &name) != STEER_OK ||
	    name.len != strlen(region) || memcmp(name.text, region, name.len) != 0) {
		die("a region has not the name of its version");
	}
	return latency.rtt_us;
}

static void get_version(steer_store_t *store, const char *name)
{
	steer_reader_t *maps, *records;
	steer_fault_t fault = { .text = "it cannot be read" };
	steer_map_t map;
	uint64_t id;
	int ret = steer_reader_open(&maps, store, STEER_ENV_MAPS, &fault);
	if (ret == STEER_ENOENT) {
		puts("0");
		return;
	}
	must(ret, &fault);
	must(steer_reader_renew(maps, &id), &fault);
	must(steer_reader_open(&records, store, STEER_ENV_RECORDS, &fault), &fault);
	must(steer_reader_renew(records, &id), &fault);
	ret = steer_maps_find(maps, name, &map);
	if (ret != STEER_OK && ret != STEER_ENOENT) {
		die(steer_strerror(ret));
	}
	printf("%u\n", ret == STEER_OK ? version_of(&map, records) : 0);
	steer_reader_close(records);
	steer_reader_close(maps);
}

int main(int argc, char **argv)
{
	steer_store_t *store;
	steer_fault_t fault;
	if (argc < 4) {
		die(usage);
	}
	bool get = strcmp(argv[2], "get") == 0;
	must(steer_store_open(&store, argv[1], get ? STEER_STORE_READ : STEER_STORE_WRITE, &fault),
	     &fault);
	if (get) {
		get_version(store, argv[3]);
	} else if (strcmp(argv[2], "number") == 0 && argc > 4) {
		number_words(store, argv[3][0], argv + 4, argc - 4);
	} else if (strcmp(argv[2], "put") == 0 && argc == 6) {
		put_versions(store, argv[3], strtoul(argv[4], NULL, 10), strtoul(argv[5], NULL, 10));
	} else {
		die(usage);
	}
	steer_store_close(store);
	return 0;
}
