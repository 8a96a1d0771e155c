/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What probes share: the loop, and what each kind opens once for all its probes.
 *
 * Threads:  the loop's.
 */
#pragma once

#include <ev.h>

#include "steer/fault.h"

typedef struct {
	struct ev_loop *loop;
} probers_t;

/*! Opens what probes share. \retval STEER_OK, STEER_ENOMEM, STEER_EIO */
int probers_open(probers_t *probers, struct ev_loop *loop, steer_fault_t *fault);
/*! Closes it, after all probes were stopped. */
void probers_close(probers_t *probers);
