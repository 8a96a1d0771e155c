/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief export: what its formats share.
 *
 * Zones are first searched for damage, which is reported and left out, and for what the format
 * cannot express. Then they are printed.
 */
#pragma once

#include "ctl/output.h"
#include "ctl/view.h"
#include "formats/yaml/write.h"

/*! A zone that is being exported. */
typedef struct {
	const steer_key_t *apex;
	uint8_t name[STEER_NAME_MAX];
	bool overlay;
	char comment[STEER_COMMENT_MAX + 1]; /*!< "": none. */
} export_zone_t;

typedef struct export {
	const run_t *run;
	const view_t *view;
	const struct export_format *format;
	steer_key_t *apexes; /*!< Of the named zones; NULL: all zones. */
	int count;
	bool titles;         /*!< Print a line before each zone, as there may be several. */
	steer_text_t *text;
	steer_yaml_writer_t *yaml;
	FILE *out;
	void *checks;        /*!< Tree of the ids of health checks that the named zones need. */
	uint64_t checks_count; /*!< Number of health checks to print. */
	uint64_t lost;       /*!< Number of things that the format cannot express. */
	bool damaged, no_memory;
} export_t;

typedef struct export_format {
	const char *name;
	const char *title; /*!< For messages, with its article. */
	bool modes;        /*!< Can express that a zone is an overlay. */
	bool policies;     /*!< Can express aliases, policies and health checks. */
	bool comments;     /*!< Can express a zone's comment, if it is one line of UTF-8. */
	bool no_servers;   /*!< Can express that a zone has no NS records, as it has no default. */
	/*! Prints a zone. \return GO_ON, or the exit status after an error message */
	int (*print)(export_t *export, const export_zone_t *zone);
	/*! Prints the health checks, of which there is at least one. NULL: it cannot. */
	int (*print_checks)(export_t *export);
} export_format_t;

/*! Notes the health checks that a group's record sets refer to. */
void export_need_checks(export_t *export, const steer_group_t *group);
/*! Counts the health checks to print. \return GO_ON, or the exit status after an error message */
int export_count_checks(export_t *export);
void export_free_checks(export_t *export);

/*! Begins a document of Steer YAML. \return GO_ON or EXIT_STORE */
int export_yaml_begin(export_t *export);
/*! Prints health checks as a document of Steer YAML. */
int export_yaml_checks(export_t *export);
/*! Prints a zone as a document of Steer YAML. */
int export_yaml(export_t *export, const export_zone_t *zone);
