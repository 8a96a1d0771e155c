/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief check: what its parts share.
 */
#pragma once

#include "ctl/output.h"
#include "ctl/store_lookup.h"

/*! A face of a name on the way from the root to the one looked at. */
typedef struct {
	uint8_t apex, flags, cut;
	bool wildcard;              /*!< A child "*" has been met. */
	uint32_t children, counted; /*!< As the face says; as met. */
	uint32_t hidden;            /*!< Names with records that a hosted zone beginning here hides. */
} seen_t;

/*! A name on that way. */
typedef struct {
	seen_t faces[STEER_FACES_MAX];
	unsigned count;
	bool damaged;   /*!< Nothing is known of its faces. */
	bool uncertain; /*!< A name below it is damaged, so children cannot be counted. */
} level_t;

typedef struct {
	const run_t *run;
	store_lookup_t opened;
	view_t view; /*!< That of the lookup. */
	json_list_t list;
	uint64_t findings;
	steer_key_t path; /*!< The name looked at before. */
	bool begun;
	level_t levels[STEER_LABELS_MAX + 1]; /*!< Of path and its ancestors, by label count. */
} checker_t;

/*! Prints a finding about the ancestor, of so many labels, of a key. */
__attribute__((format(printf, 4, 5)))
void check_finding(checker_t *checker, const steer_key_t *key, unsigned labels, const char *format,
                   ...);

/*! Prints one about a health check. */
__attribute__((format(printf, 3, 4)))
void check_health_finding(checker_t *checker, const char *id, const char *format, ...);

/*! Prints one about the store as a whole, for which the root's name stands. */
__attribute__((format(printf, 2, 3)))
void check_store_finding(checker_t *checker, const char *format, ...);

/*! Checks the health checks that are defined. \return GO_ON, or EXIT_STORE: it has been said. */
int check_health(checker_t *checker);
/*! Checks all nodes. \return GO_ON, or EXIT_STORE: it has been said. */
int check_names(checker_t *checker);
/*! Checks all zones and the filter of their apexes. \return GO_ON, or EXIT_STORE. */
int check_zones(checker_t *checker);
/*! Checks that the change log can be read. \return GO_ON, or EXIT_STORE: it has been said. */
int check_log(checker_t *checker);
/*! Checks the name servers of a name: those that only we can give an address have one. */
void check_servers(checker_t *checker, const steer_key_t *key, const steer_face_t *face);
/*! Checks a name's policies and aliases: targets, health checks, sets that are never chosen. */
void check_policies(checker_t *checker, const steer_key_t *key, const steer_face_t *face);
