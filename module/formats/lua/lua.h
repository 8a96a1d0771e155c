/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief LUA records of PowerDNS: those of common forms become policies and health checks.
 *
 * No code is run. A record of another form is left out with a warning that tells why.
 *
 * Threads:  belongs to one thread.
 * Memory:   what one record needs, which is bounded, and some 200 bytes a health check.
 * Trust:    records can be anything; time is bounded by their size.
 * Sources:  the manual of PowerDNS, "Lua Records".
 */
#pragma once

#include "formats/reading.h"
#include "formats/zonefile.h"

/*! What LUA records, which may be of several files, have in common: their health checks. */
typedef struct steer_lua steer_lua_t;

/*! Tells where a host is. \return false: it is not known */
typedef bool (*steer_locate_f)(void *ctx, const steer_network_t *host, steer_coordinates_t *point);

/*!
 * NULL: out of memory.
 *
 * \param[in] sink    Receives what records become, and warnings.
 * \param[in] locate  Tells where addresses are that are chosen by distance.
 */
steer_lua_t *steer_lua_new(const steer_reading_t *sink, steer_locate_f locate, void *ctx);
/*! NULL is fine. */
void steer_lua_free(steer_lua_t *lua);
/*! Takes a record, see steer_dialects_t, and passes on what it becomes. */
int steer_lua_take(steer_lua_t *lua, const steer_lua_line_t *line, steer_report_t *report);
