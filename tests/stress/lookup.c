/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes a map of networks from sources as steerctl imports them, tells what it costs, and compares
 * what it says of clients with a search for each length of a prefix.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/map.h"
#include "core/network_map.h"
#include "formats/map/map_source.h"
#include "stress/lookup_search.h"

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#endif

#define LOOKS  2000000 /* For the time of one. */
#define ROUNDS 5       /* The best of them counts. */
#define COUNTED 100000 /* Looks under callgrind. */

static const char usage[] =
	"usage: lookup [-c CLIENTS] TYPE FILE...\n"
	"\n"
	"TYPE is geo or asn. Prints, line by line: 'networks N, classes N, bytes N'; 'sorted SECONDS,\n"
	"made SECONDS, opened SECONDS'; for each IP version 'IPvN: networks N, ranges N, NS ns, in\n"
	"turn NS ns', which is a look for an address of a network drawn, the second time where each\n"
	"look waits for the one before. With -c it then compares so many clients of each version, and\n"
	"prints 'compared N'; it fails at the first whose class or scope is another. Under\n"
	"callgrind it only looks 100,000 times for each version, and dumps the counts after each.\n";

static void die(const char *what)
{
	fprintf(stderr, "lookup: %s\n", what);
	exit(1);
}

static void *allocate(void *old, size_t size)
{
	void *at = realloc(old, size + (size == 0));
	if (at == NULL) {
		die("out of memory");
	}
	return at;
}

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static uint64_t draw(void)
{
	static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state >> 16;
}

/* Reading. A class of a row is a number that stands for what it says. */

static struct {
	steer_classed_network_t *networks;
	uint64_t *says;
	uint32_t count, room;
} rows;

static int take(void *ctx, const steer_map_row_t *row, steer_fault_t *fault)
{
	(void)ctx;
	(void)fault;
	if (rows.count == rows.room) {
		rows.room = rows.room == 0 ? 1 << 16 : 2 * rows.room;
		rows.networks = allocate(rows.networks, rows.room * sizeof(*rows.networks));
		rows.says = allocate(rows.says, rows.room * sizeof(*rows.says));
	}
	rows.networks[rows.count] = (steer_classed_network_t) { row->network, 0, row->at.line };
	rows.says[rows.count++] = (uint64_t)row->anycast << 63 | (uint64_t)row->geo << 32 | row->asn;
	return STEER_OK;
}

static int compare_numbers(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

/*! Gives rows that say the same the same class; what says nothing has none. \return classes */
static uint32_t classify(void)
{
	uint64_t *classes = allocate(NULL, rows.count * sizeof(*classes));
	uint32_t count = 0;
	if (rows.count > 0) {
		memcpy(classes, rows.says, rows.count * sizeof(*classes));
		qsort(classes, rows.count, sizeof(*classes), compare_numbers);
	}
	for (uint32_t i = 0; i < rows.count; i++) {
		if (classes[i] != 0 && (count == 0 || classes[i] != classes[count - 1])) {
			classes[count++] = classes[i];
		}
	}
	for (uint32_t i = 0; i < rows.count; i++) {
		const uint64_t *found = bsearch(&rows.says[i], classes, count, sizeof(*classes),
		                                compare_numbers);
		rows.networks[i].class = found == NULL ? 0 : found - classes + 1;
	}
	free(classes);
	return count;
}

static void read_sources(steer_map_type_t type, char **paths)
{
	steer_map_summary_t summary;
	steer_fault_t fault = { 0 };
	const steer_map_sink_t sink = { .row = take };
	for (; *paths != NULL; paths++) {
		const steer_map_source_t source = { .type = type, .path = *paths };
		if (steer_map_read(&source, &sink, &summary, &fault) != STEER_OK) {
			die(fault.text);
		}
	}
}

/* Making. */

static uint8_t *make(steer_network_map_t *map, uint32_t classes)
{
	static const uint8_t none;
	const steer_network_map_model_t model = {
		.networks = rows.networks, .networks_count = rows.count,
		.classes_count = classes, .classes = &none,
	};
	size_t size = 0;
	uint32_t at = 0;
	const double begin = seconds();
	int ret = steer_network_map_build(NULL, &size, &model, &at);
	const double sorted = seconds();
	if (ret != STEER_OK) {
		fprintf(stderr, "lookup: line %" PRIu32 ": %s\n", rows.networks[at].line,
		        steer_strerror(ret));
		exit(1);
	}
	uint8_t *bytes = allocate(NULL, size);
	ret = steer_network_map_build(bytes, &size, &model, &at);
	const double made = seconds();
	if (ret != STEER_OK || steer_network_map_open(map, bytes, size) != STEER_OK) {
		die("the map cannot be opened");
	}
	printf("networks %" PRIu32 ", classes %" PRIu32 ", bytes %zu\n", rows.count, classes, size);
	printf("sorted %.3f, made %.3f, opened %.4f\n", sorted - begin, made - sorted,
	       seconds() - made);
	return bytes;
}

/*! Networks of a family: they are together, since they are sorted. */
static uint32_t family_begin(uint8_t family, uint32_t *count)
{
	uint32_t begin = 0;
	while (begin < rows.count && rows.networks[begin].network.family != family) {
		begin++;
	}
	*count = 0;
	while (begin + *count < rows.count &&
	       rows.networks[begin + *count].network.family == family) {
		++*count;
	}
	return begin;
}

/*! An address drawn of a network drawn, or next to one. */
static steer_client_t draw_client(const steer_classed_network_t *networks, uint32_t count,
                                  bool beside)
{
	const steer_network_t *network = &networks[draw() % count].network;
	steer_client_t client = { network->family, steer_network_bits(network), { 0 } };
	memcpy(client.address, network->address, sizeof(client.address));
	for (unsigned bit = network->length; bit < client.length; bit++) {
		client.address[bit / 8] |= (draw() & 1) << (7 - bit % 8);
	}
	if (beside) {
		const unsigned bit = draw() % client.length;
		client.address[bit / 8] ^= 0x80 >> bit % 8;
	}
	return client;
}

/*! Seconds for all looks. \param[in] in_turn  Each waits for the one before. */
static double look(const steer_network_map_t *map, const steer_client_t *clients, bool in_turn)
{
	double best = 1e9;
	for (unsigned round = 0; round < ROUNDS; round++) {
		const double begin = seconds();
		uint32_t sum = 0;
		for (uint32_t i = 0; i < LOOKS; i++) {
			const uint32_t wait = in_turn ? sum >> 31 : 0; // Is 0, which only we know.
			const steer_network_match_t match = steer_network_map_find(map, &clients[i + wait]);
			sum = in_turn ? match.class + match.scope : sum + match.class + match.scope;
		}
		__asm__ volatile("" : : "r"(sum));
		const double took = seconds() - begin;
		best = took < best ? took : best;
	}
	return best;
}

#ifdef RUNNING_ON_VALGRIND
/*! Counts the instructions of looks, if callgrind runs the program. */
static bool count_looks(const steer_network_map_t *map, const steer_client_t *clients)
{
	if (RUNNING_ON_VALGRIND) {
		CALLGRIND_START_INSTRUMENTATION;
		for (uint32_t i = 0; i < COUNTED; i++) {
			steer_network_map_find(map, &clients[i]);
		}
		CALLGRIND_DUMP_STATS;
		CALLGRIND_STOP_INSTRUMENTATION;
	}
	return RUNNING_ON_VALGRIND;
}
#else
static bool count_looks(const steer_network_map_t *map, const steer_client_t *clients)
{
	(void)map;
	(void)clients;
	return false;
}
#endif

static void measure(const steer_network_map_t *map, uint8_t family, uint64_t compared)
{
	uint32_t count, begin = family_begin(family, &count);
	const steer_classed_network_t *networks = rows.networks + begin;
	if (count == 0) {
		return;
	}
	steer_client_t *clients = allocate(NULL, (LOOKS + 1) * sizeof(*clients));
	for (uint32_t i = 0; i <= LOOKS; i++) {
		clients[i] = draw_client(networks, count, false);
	}
	if (count_looks(map, clients)) {
		free(clients);
		return;
	}
	const double free_ns = look(map, clients, false) / LOOKS * 1e9;
	const double turn_ns = look(map, clients, true) / LOOKS * 1e9;
	printf("IPv%u: networks %" PRIu32 ", ranges %" PRIu32 ", %.1f ns, in turn %.1f ns\n", family,
	       count, family == 4 ? map->v4.count : map->v6.count, free_ns, turn_ns);
	free(clients);
	if (compared == 0) {
		return;
	}
	search_t *search = search_make(networks, count);
	for (uint64_t i = 0; i < compared; i++) {
		const steer_client_t client = draw_client(networks, count, i % 2 == 0);
		const steer_network_match_t match = steer_network_map_find(map, &client);
		if (match.class != search_class(search, client.address)) {
			die("a class is wrong");
		}
		if (!search_is_scope(search, client.address, match.scope)) {
			die("a scope is wrong");
		}
	}
	printf("compared %" PRIu64 "\n", compared);
	search_free(search);
}

int main(int argc, char **argv)
{
	uint64_t compared = 0;
	steer_map_type_t type;
	int option;
	while ((option = getopt(argc, argv, "c:")) == 'c') {
		compared = strtoull(optarg, NULL, 10);
	}
	if (option != -1 || argc - optind < 2 || !steer_map_type_parse(argv[optind], &type) ||
	    (type != STEER_MAP_GEO && type != STEER_MAP_ASN)) {
		fputs(usage, stderr);
		return 2;
	}
	steer_network_map_t map;
	read_sources(type, argv + optind + 1);
	uint8_t *bytes = make(&map, classify());
	measure(&map, 4, compared);
	measure(&map, 6, compared);
	free(bytes);
	free(rows.networks);
	free(rows.says);
	return 0;
}
