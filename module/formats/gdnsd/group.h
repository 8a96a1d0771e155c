/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What a resource of gdnsd becomes for a type: a group of record sets with a policy.
 *
 * A resource inside another becomes a group with a name of its own, to which an alias leads.
 *
 * Memory:   that of the reading.
 * Rules:    steer-policies(7), S1 to S16 and H3.
 */
#pragma once

#include "core/coordinates.h"
#include "core/geo.h"
#include "core/name.h"
#include "formats/gdnsd/service.h"

typedef struct steer_gdnsd_group steer_gdnsd_group_t;

/*! The types that resources answer for. */
typedef enum {
	STEER_GDNSD_A,
	STEER_GDNSD_AAAA,
	STEER_GDNSD_CNAME,
	STEER_GDNSD_TYPES,
} steer_gdnsd_type_t;

/*! A record set of a group. */
typedef struct {
	const char *id;
	enum {
		STEER_GDNSD_VALUE,   /*!< An address, or of a CNAME a name. */
		STEER_GDNSD_GROUP,   /*!< An alias to a group. */
		STEER_GDNSD_NAME,    /*!< An alias to a name, which is always healthy. */
		STEER_GDNSD_NOTHING, /*!< An alias to a name without records, which is always healthy. */
	} kind;
	uint8_t rdata[STEER_NAME_MAX]; /*!< The value, or the name. */
	uint8_t rdata_len;
	steer_gdnsd_group_t *group;
	bool evaluate;         /*!< Of an alias to a group. */
	const char *check;     /*!< NULL: none. */
	uint32_t stable;       /*!< Of a value: seconds in which what is well cannot change. */
	uint32_t weight;
	uint8_t tier;
	steer_geo_t geo;
	const char *location;  /*!< NULL: any. */
	bool has_point;
	steer_coordinates_t point;
	steer_place_t place;
} steer_gdnsd_member_t;

struct steer_gdnsd_group {
	steer_gdnsd_group_t *next; /*!< The one made before. */
	uint8_t name[STEER_NAME_MAX]; /*!< Labels before those of all such groups, without the root. */
	uint8_t name_len;
	const char *program;   /*!< Text; "": no policy. */
	steer_gdnsd_member_t **members;
	size_t count, room;    /*!< The array is freed with all groups. */
	bool checked;          /*!< It has health checks, or a group in it has. */
	steer_place_t place;
};

/*! Most record sets of a group. */
#define STEER_GDNSD_MEMBERS 1000

/*!
 * Makes a group.
 *
 * \param[in] label  Before those of its resource; NULL: none.
 * \param[in] path   Of the resource: plugin!name/datacenter.
 *
 * \return NULL: an error, which was reported
 */
steer_gdnsd_group_t *steer_gdnsd_group_new(steer_gdnsd_config_t *config, const char *label,
                                           const char *path, const steer_place_t *place);
/*! Frees all groups' arrays. */
void steer_gdnsd_groups_free(steer_gdnsd_config_t *config);
/*! The type of records. */
uint16_t steer_gdnsd_rr_type(steer_gdnsd_type_t type);
/*! Adds a record set, of weight 1. \return NULL: an error, which was reported */
steer_gdnsd_member_t *steer_gdnsd_add(steer_gdnsd_config_t *config, steer_gdnsd_group_t *group,
                                      const char *id, const steer_place_t *place);
/*! Whether one of a group's own record sets has a health check. */
bool steer_gdnsd_has_checks(const steer_gdnsd_group_t *group);
/*! Notes whether a group has checks, when those in it are complete. */
void steer_gdnsd_note_checks(steer_gdnsd_group_t *group);
/*! Seconds in which none of a group's values, or of those in its groups, can change. */
uint32_t steer_gdnsd_stable(const steer_gdnsd_group_t *group);
/*! Gives no value, nor one in its groups, more of these. */
void steer_gdnsd_limit(steer_gdnsd_group_t *group, uint32_t stable);
/*!
 * The percentage that min-healthy needs for at least so many of a number.
 *
 * \param[in] share  That of the configuration.
 *
 * \return -1: none means the same
 */
int steer_gdnsd_percent(unsigned needed, unsigned count, double share);
/*! The smallest whole number that is not less than a share of another. */
unsigned steer_gdnsd_share_of(unsigned count, double share);
