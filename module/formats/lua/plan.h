/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What the expression of a LUA record answers, if it has a form that policies have.
 *
 * It has branches, each for some clients, and values in each; what is done with the values is the
 * same in all branches.
 *
 * Threads:  belongs to one thread.
 * Sources:  the manual of PowerDNS, "Lua Records".
 */
#pragma once

#include "core/geo.h"
#include "core/network.h"
#include "formats/lua/checks.h"
#include "formats/lua/syntax.h"

/*! What is done with the values of a branch. */
typedef enum {
	STEER_LUA_ONE,      /*!< There is one. */
	STEER_LUA_ALL,      /*!< All answer. */
	STEER_LUA_RANDOM,   /*!< Some, at random. */
	STEER_LUA_WEIGHTED, /*!< One, by weights. */
	STEER_LUA_HASHED,   /*!< One, by the client. */
	STEER_LUA_WEIGHTED_HASHED,
	STEER_LUA_CLOSEST,  /*!< One of those that are nearest to the client. */
} steer_lua_order_t;

/*! What tells the branches apart. */
typedef enum {
	STEER_LUA_NOWHERE, /*!< There is one branch. */
	STEER_LUA_PLACES,
	STEER_LUA_NETWORKS,
	STEER_LUA_ASNS,
} steer_lua_where_t;

typedef struct {
	uint32_t value;  /*!< Offset in the texts of the tree. */
	uint32_t branch;
	uint32_t weight;
	uint32_t check;  /*!< Number; STEER_LUA_UNCHECKED: none. */
	uint8_t tier;
	uint16_t alike;  /*!< How many before it in its branch have its value. */
} steer_lua_member_t;

/*! Clients of a branch. */
typedef struct {
	uint32_t branch;
	steer_geo_t place;
	uint32_t asn;
	steer_network_t network;
} steer_lua_clients_t;

/*! Most values of a record, and most places, networks or systems. */
#define STEER_LUA_MEMBERS_MAX STEER_SETS_MAX
#define STEER_LUA_CLIENTS_MAX 1000
/*! Room for why a record is left out, and for a remark. */
#define STEER_LUA_TEXT_MAX    320
/*! No branch. */
#define STEER_LUA_NO_BRANCH   UINT32_MAX

typedef struct {
	steer_lua_tree_t tree;
	steer_lua_checks_t checks;       /*!< Of all records. */
	steer_lua_where_t where;
	steer_lua_order_t order;
	uint32_t take;                   /*!< Of STEER_LUA_RANDOM: how many. */
	bool checked, tiers, none_if_down;
	uint32_t branches;
	uint32_t otherwise;              /*!< Branch of all other clients; STEER_LUA_NO_BRANCH: none. */
	uint8_t covered;                 /*!< Families, as bits 4 and 6, whose networks are all there. */
	steer_lua_member_t members[STEER_LUA_MEMBERS_MAX];
	size_t members_count;
	steer_lua_clients_t clients[STEER_LUA_CLIENTS_MAX];
	size_t clients_count;
	size_t regions_count;            /*!< Regions that were looked at, once for each country. */
	char why[STEER_LUA_TEXT_MAX];    /*!< Of STEER_EINVAL. */
	char note[STEER_LUA_TEXT_MAX];   /*!< What is lost of a record that is read; "": nothing. */
} steer_lua_plan_t;

/*!
 * Makes the plan of code, in place of the one before. Zeroed memory is one that has not been made.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_EINVAL  It has no such form; plan.why tells.
 */
int steer_lua_plan_make(steer_lua_plan_t *plan, const char *code, size_t len);
void steer_lua_plan_free(steer_lua_plan_t *plan);
