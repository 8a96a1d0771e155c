/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/options.h"
#include "ctl/output.h"
#include "store/store.h"

int verb_backup(run_t *run, int argc, char **argv)
{
	const option_t options[] = { { 0 } };
	int ret = options_parse(run, &argc, &argv, options, 1, 1);
	if (ret != GO_ON) {
		return ret;
	}
	steer_fault_t fault;
	steer_store_t *store = NULL;
	if (steer_store_open(&store, run->dir, STEER_STORE_READ, &fault) != STEER_OK) {
		return print_fault(&fault, EXIT_STORE);
	}
	ret = steer_store_backup(store, argv[0], &fault);
	steer_store_close(store);
	if (ret != STEER_OK) {
		return print_store_fault(&fault);
	}
	return run->json ? print_json(json_pack("{s:s}", "backup", argv[0])) : EXIT_DONE;
}
