/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Knot's log call enters Knot's own RCU domain, the default flavour; everything else in this room
 * uses urcu-bp, so this file stands alone. */
#include <urcu.h>

#include "engine/internal.h"

void steer_host_thread_begin(void)
{
	rcu_register_thread();
}

void steer_host_thread_end(void)
{
	rcu_unregister_thread();
}
