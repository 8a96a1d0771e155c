/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief check: what its files share.
 */
#pragma once

#include "core/node.h"
#include "ctl/map_shares.h"
#include "ctl/output.h"
#include "ctl/store_lookup.h"
#include "formats/text.h"

/*! A face of an ancestor of the current name, or of the name itself. */
typedef struct {
	uint8_t apex, flags, cut;
	bool wildcard;              /*!< A child "*" was found. */
	uint32_t children, counted; /*!< As stored in the face; as found. */
	uint32_t hidden;            /*!< Names with records that a hosted zone with this apex hides. */
} seen_t;

/*! The current name or an ancestor of it. */
typedef struct {
	seen_t faces[STEER_FACES_MAX];
	unsigned count;
	bool damaged;   /*!< Its node is damaged: nothing is known about its faces. */
	bool uncertain; /*!< A name below it is damaged, so its children cannot be counted. */
} level_t;

typedef struct {
	const run_t *run;
	store_lookup_t opened;
	view_t view; /*!< The view of the lookup. */
	json_list_t list;
	uint64_t findings;
	steer_key_t path; /*!< The current name, or the one before. */
	bool begun;
	bool unread;  /*!< A node is damaged: nobody knows what it refers to. */
	json_t *uses; /*!< Number of record sets that refer to a health check, by id. */
	json_t *target_uses; /*!< Number of aliases to a target, by type and name, as text. */
	json_t *lacking; /*!< Number of groups that need a map that is not there, by type and name. */
	map_shares_t *shares[STEER_MAPS_MAX]; /*!< Of each map of the set, once a policy needs it. */
	bool no_memory;
	level_t levels[STEER_LABELS_MAX + 1]; /*!< Path and its ancestors, by number of labels. */
} checker_t;

/*! A group with more than values that is being checked. */
typedef struct {
	checker_t *checker;
	const steer_key_t *key;
	const steer_group_t *group;
	uint8_t name[STEER_NAME_MAX];
	char type[STEER_TYPE_TEXT];
} check_group_t;

/*! Prints a finding about a key's ancestor with that many labels, or about the key itself. */
__attribute__((format(printf, 4, 5)))
void check_finding(checker_t *checker, const steer_key_t *key, unsigned labels, const char *format,
                   ...);

/*! Prints a finding about a group, or about one of its sets. \param[in] set  NULL: the group */
__attribute__((format(printf, 3, 4)))
void check_group_finding(const check_group_t *group, const steer_set_t *set, const char *format,
                         ...);

/*! Prints a finding about a map. */
__attribute__((format(printf, 3, 4)))
void check_map_finding(checker_t *checker, const char *map, const char *format, ...);

/*! Prints a finding about a health check. */
__attribute__((format(printf, 3, 4)))
void check_health_finding(checker_t *checker, const char *id, const char *format, ...);

/*! Prints a finding about a name as text. */
__attribute__((format(printf, 3, 4)))
void check_name_finding(checker_t *checker, const char *name, const char *format, ...);

/*! Prints a finding about the store as a whole, under the name of the root. */
__attribute__((format(printf, 2, 3)))
void check_store_finding(checker_t *checker, const char *format, ...);

/*! Checks the defined health checks. \return GO_ON, or EXIT_STORE after an error message */
int check_health(checker_t *checker);
/*! Checks all nodes. \return GO_ON, or EXIT_STORE after an error message */
int check_names(checker_t *checker);
/*! Counts a record set that refers to a health check. */
void check_use_of_check(checker_t *checker, const char *id);
/*! Counts an alias to a target. */
void check_use_of_target(checker_t *checker, uint16_t type, const uint8_t *name);
/*!
 * Checks the stored numbers of record sets that refer to health checks and of aliases to targets;
 * after the nodes. \return GO_ON, or EXIT_STORE after an error message
 */
int check_uses(checker_t *checker);
/*! Checks all zones and the filter of their apexes. \return GO_ON, or EXIT_STORE after a message */
int check_zones(checker_t *checker);
/*! Checks the maps. \return GO_ON, or EXIT_STORE after an error message */
int check_maps(checker_t *checker);
/*! Checks the dictionary. \return GO_ON, or EXIT_STORE after an error message */
int check_dictionary(checker_t *checker);
/*! Checks the change log. \return GO_ON, or EXIT_STORE after an error message */
int check_log(checker_t *checker);
/*! Checks the health log. \return GO_ON, or EXIT_STORE after an error message */
int check_health_log(checker_t *checker);
/*! Checks that a name's name servers have an address, if only this store can give them one. */
void check_servers(checker_t *checker, const steer_key_t *key, const steer_face_t *face);
/*!
 * Checks a name's policies and aliases: targets, health checks, record sets that are never chosen.
 */
void check_policies(checker_t *checker, const steer_key_t *key, const steer_face_t *face);
/*! Checks a group's policy against the maps by which it looks at clients. */
void check_clients(const check_group_t *group);
/*! Checks that the maps are there which policies need; after the nodes. \return GO_ON */
int check_lacking_maps(checker_t *checker);
