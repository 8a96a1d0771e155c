/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/random.h>

#include "ctl/options.h"
#include "ctl/output.h"
#include "store/store.h"

static int print_result(const run_t *run, bool created)
{
	if (run->json) {
		return print_json(json_pack("{s:s, s:b}", "storage", run->dir, "created", created));
	}
	if (!created) {
		fprintf(stderr, "%s: already a store, left as it is\n", run->dir);
	}
	return EXIT_DONE;
}

int verb_init(run_t *run, int argc, char **argv)
{
	words_t names = { .count = 0 };
	const char *group = NULL, *size = NULL;
	const option_t options[] = {
		{ "ns", OPTION_WORDS, &names },
		{ "group", OPTION_WORD, &group },
		{ "map-size", OPTION_WORD, &size },
		{ 0 },
	};
	int ret = options_parse(run, &argc, &argv, options, 0, 0);
	if (ret != GO_ON) {
		return ret;
	}
	uint8_t servers[STEER_SERVERS_MAX];
	steer_store_options_t store = { .servers = servers, .group = group };
	ret = option_names(run, &names, servers, &store.servers_len);
	if (ret != GO_ON) {
		return ret;
	}
	if (size != NULL && (!option_size(size, &store.map_size) ||
	                     store.map_size < STEER_MAP_SIZE_MIN)) {
		return options_wrong(run, "'%s' is not a size; allowed: bytes, or with K, M, G, T; 1M or "
		                     "more", size);
	}
	if (getrandom(store.id, sizeof(store.id), 0) != sizeof(store.id)) {
		fprintf(stderr, "%s: the system gives no random numbers\n", run->program);
		return EXIT_STORE;
	}
	bool created;
	steer_fault_t fault;
	if (steer_store_init(run->dir, &store, &created, &fault) != STEER_OK) {
		return print_fault(&fault, fault.code == STEER_EINVAL ? EXIT_REFUSED : EXIT_STORE);
	}
	return print_result(run, created);
}
