/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log of BIND 9.20 uses RCU of its own, another flavour than the engine's: no other file of the
 * plugin may include this header. In 9.18 it takes locks, which any thread may. */
#include <ns/hooks.h>

#include "steer/engine.h"

#if NS_PLUGIN_VERSION == 1

void steer_host_thread_begin(void)
{
}

void steer_host_thread_end(void)
{
}

#else

#include <urcu.h>

void steer_host_thread_begin(void)
{
	rcu_register_thread();
}

void steer_host_thread_end(void)
{
	rcu_unregister_thread();
}

#endif
