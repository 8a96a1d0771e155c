/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Health checks of LUA records: what the functions ifportup, ifurlup and ifurlextup probe.
 *
 * Equal probes are one check, as in PowerDNS; its identifier is what it probes, with a number if
 * others differ in their options.
 *
 * Threads:  belongs to one thread.
 * Sources:  the manual of PowerDNS, "Lua Records".
 */
#pragma once

#include "formats/name_set.h"
#include "formats/reading.h"

/*! What a function probes; NULL: not given. */
typedef struct {
	const char *url;     /*!< Of ifurlup and ifurlextup. */
	const char *port;    /*!< Of ifportup. */
	const char *address; /*!< Of ifportup and ifurlup. */
	const char *timeout, *interval, *failures, *match, *agent, *code;
} steer_lua_probe_t;

/*! Zeroed memory has no checks. */
typedef struct {
	struct steer_lua_check *of;
	size_t count, room;
	steer_name_set_t ids;
} steer_lua_checks_t;

/*! No check. */
#define STEER_LUA_UNCHECKED UINT32_MAX

/*!
 * Adds the check of a probe, unless there is an equal one.
 *
 * \param[out] number  Of the check.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EINVAL  fault says what it cannot be.
 */
int steer_lua_check_add(steer_lua_checks_t *checks, const steer_lua_probe_t *probe,
                        uint32_t *number, steer_fault_t *fault);
/*! Identifier of a check. */
const char *steer_lua_check_id(const steer_lua_checks_t *checks, uint32_t number);
/*! Passes on a check the first time. \return As the receiver, or STEER_OK */
int steer_lua_check_pass(steer_lua_checks_t *checks, uint32_t number, const steer_reading_t *sink,
                         const steer_place_t *place, steer_fault_t *fault);
void steer_lua_checks_free(steer_lua_checks_t *checks);
