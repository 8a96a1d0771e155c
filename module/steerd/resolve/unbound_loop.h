/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief An event base by which libunbound runs in a loop of libev.
 *
 * So it needs neither a thread nor libevent, which it is linked with: libev has functions of the
 * same names, which take the place of those of libevent where both are loaded.
 *
 * Threads:  the loop's.
 */
#pragma once

#include <ev.h>
#include <unbound-event.h>

typedef struct {
	struct ub_event_base base; /*!< For ub_ctx_create_ub_event(). */
	struct ev_loop *loop;
} unbound_loop_t;

void unbound_loop_init(unbound_loop_t *unbound, struct ev_loop *loop);
