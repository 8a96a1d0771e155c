/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The places of a query's way through BIND where the plugin is called.
 *
 * Threads:  each worker, with queries of its own; an instance does not change.
 */
#pragma once

#include <stdbool.h>

#include <ns/hooks.h>

#include "steer/engine.h"

/*! An instance of the plugin, which belongs to a view. */
typedef struct {
	steer_engine_t *engine;
	bool ecs;          /*!< Whether EDNS Client Subnet tells who asks. */
	isc_mem_t *mctx;   /*!< The instance's own memory is of it. */
	isc_log_t *log;
} steer_instance_t;

/*! Adds the hooks of an instance to a view's table. */
void steer_query_add_hooks(ns_hooktable_t *table, isc_mem_t *mctx, steer_instance_t *instance);
