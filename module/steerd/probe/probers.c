/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/probe/probers.h"

int probers_open(probers_t *probers, struct ev_loop *loop, const char *ca_file,
                 const char *const *resolvers, bool commands, steer_fault_t *fault)
{
	*probers = (probers_t) {
		.loop = loop, .commands = commands, .processes = { .loop = loop },
	};
	int ret = tls_open(&probers->tls, ca_file, fault);
	if (ret == STEER_OK) {
		const resolver_options_t options = { .servers = resolvers, .hosts_file = true };
		ret = resolver_open(&probers->resolver, loop, &options, fault);
	}
	return ret == STEER_OK ? curl_loop_open(&probers->curl, loop, fault) : ret;
}

void probers_reload(probers_t *probers)
{
	tls_reload(probers->tls);
	resolver_reload(probers->resolver);
}

void probers_close(probers_t *probers)
{
	processes_close(&probers->processes);
	curl_loop_close(probers->curl);
	resolver_close(probers->resolver);
	tls_close(probers->tls);
	*probers = (probers_t) { .loop = NULL };
}
