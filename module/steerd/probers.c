/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/probers.h"

int probers_open(probers_t *probers, struct ev_loop *loop, const char *ca_file,
                 steer_fault_t *fault)
{
	*probers = (probers_t) { .loop = loop };
	int ret = tls_open(&probers->tls, ca_file, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	return curl_loop_open(&probers->curl, loop, fault);
}

void probers_reload(probers_t *probers)
{
	tls_reload(probers->tls);
}

void probers_close(probers_t *probers)
{
	curl_loop_close(probers->curl);
	tls_close(probers->tls);
	*probers = (probers_t) { .loop = NULL };
}
