/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/probers.h"

int probers_open(probers_t *probers, struct ev_loop *loop, steer_fault_t *fault)
{
	(void)fault;
	*probers = (probers_t) { .loop = loop };
	return STEER_OK;
}

void probers_close(probers_t *probers)
{
	*probers = (probers_t) { .loop = NULL };
}
