/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/probe/probers.h"

int probers_open(probers_t *probers, struct ev_loop *loop, tls_t *tls,
                 const steer_forwarders_t *resolvers, bool commands, steer_fault_t *fault)
{
	const resolver_options_t options = { .hosts_file = true, .tls = tls };
	*probers = (probers_t) {
		.loop = loop, .commands = commands, .processes = { .loop = loop }, .tls = tls,
	};
	int ret = resolver_open(&probers->resolver, loop, &options, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	resolver_configure(probers->resolver, resolvers);
	return curl_loop_open(&probers->curl, loop, fault);
}

void probers_reload(probers_t *probers)
{
	resolver_reload(probers->resolver);
}

void probers_close(probers_t *probers)
{
	processes_close(&probers->processes);
	curl_loop_close(probers->curl);
	resolver_close(probers->resolver);
	*probers = (probers_t) { .loop = NULL };
}
