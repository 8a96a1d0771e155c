/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A module around the one named by $BENCH_MODULE: reports how long its load callback takes. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <knot/module.h>

__attribute__((visibility("default")))
knotd_mod_api_t knotd_mod_api;

static knotd_mod_load_f load;

static int timed_load(knotd_mod_t *mod)
{
	struct timespec before, after;
	clock_gettime(CLOCK_MONOTONIC, &before);
	int ret = load(mod);
	clock_gettime(CLOCK_MONOTONIC, &after);
	knotd_mod_log(mod, LOG_INFO, "load took %ld us", (after.tv_sec - before.tv_sec) * 1000000 +
	              (after.tv_nsec - before.tv_nsec) / 1000);
	return ret;
}

__attribute__((constructor))
static void wrap(void)
{
	const char *path = getenv("BENCH_MODULE");
	void *handle = path == NULL ? NULL : dlopen(path, RTLD_NOW | RTLD_LOCAL);
	const knotd_mod_api_t *api = handle == NULL ? NULL : dlsym(handle, "knotd_mod_api");
	if (api != NULL) {
		memcpy(&knotd_mod_api, api, sizeof(knotd_mod_api));
		load = api->load;
		knotd_mod_api.load = timed_load;
	}
}
