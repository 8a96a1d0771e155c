/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>

#include "ctl/options.h"
#include "ctl/output.h"
#include "store/store.h"

static int print_stats_json(const run_t *run, const steer_store_stats_t *stats)
{
	json_t *databases = json_object();
	for (int i = 0; i < STEER_DBS; i++) {
		if (stats->db[i].name != NULL) {
			json_object_set_new(databases, stats->db[i].name, json_pack("{s:I, s:I}",
			        "entries", (json_int_t)stats->db[i].entries,
			        "bytes", (json_int_t)stats->db[i].bytes));
		}
	}
	return print_json(json_pack("{s:s, s:i, s:I, s:I, s:I, s:I, s:i, s:i, s:o}",
	        "storage", run->dir, "version", (int)stats->version,
	        "sequence", (json_int_t)stats->sequence,
	        "transaction", (json_int_t)stats->txn_id,
	        "map_size", (json_int_t)stats->map_size, "used", (json_int_t)stats->used,
	        "readers", (int)stats->readers, "readers_max", (int)stats->readers_max,
	        "databases", databases));
}

static int print_stats(const run_t *run, const steer_store_stats_t *stats)
{
	printf("storage:      %s\n", run->dir);
	printf("version:      %u\n", stats->version);
	printf("change sets:  %" PRIu64 "\n", stats->sequence);
	printf("transaction:  %" PRIu64 "\n", stats->txn_id);
	printf("used:         %" PRIu64 " of %" PRIu64 " bytes\n", stats->used, stats->map_size);
	printf("readers:      %u of %u\n", stats->readers, stats->readers_max);
	for (int i = 0; i < STEER_DBS; i++) {
		if (stats->db[i].name != NULL) {
			printf("%s:%*s%" PRIu64 " entries, %" PRIu64 " bytes\n", stats->db[i].name,
			       (int)(13 - strlen(stats->db[i].name)), "", stats->db[i].entries,
			       stats->db[i].bytes);
		}
	}
	return EXIT_DONE;
}

int verb_stats(run_t *run, int argc, char **argv)
{
	const option_t options[] = { { 0 } };
	int ret = options_parse(run, &argc, &argv, options, 0, 0);
	if (ret != GO_ON) {
		return ret;
	}
	steer_fault_t fault;
	steer_store_t *store = NULL;
	if (steer_store_open(&store, run->dir, STEER_STORE_READ, &fault) != STEER_OK) {
		return print_fault(&fault, EXIT_STORE);
	}
	steer_store_stats_t stats;
	if (steer_store_stats(store, &stats, &fault) != STEER_OK) {
		ret = print_fault(&fault, EXIT_STORE);
	} else {
		ret = run->json ? print_stats_json(run, &stats) : print_stats(run, &stats);
	}
	steer_store_close(store);
	return ret;
}
