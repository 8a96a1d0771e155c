/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Knot's log uses Knot's RCU domain, which is of another flavour than the engine's: no other file
 * of the module may include this header. */
#include <urcu.h>

#include "steer/engine.h"

void steer_host_thread_begin(void)
{
	rcu_register_thread();
}

void steer_host_thread_end(void)
{
	rcu_unregister_thread();
}
