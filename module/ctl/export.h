/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief export: what its formats share.
 *
 * Zones are looked at first: for damage, which is told and left out, and for what the format cannot
 * say. Then they are printed.
 */
#pragma once

#include "ctl/output.h"
#include "ctl/view.h"
#include "formats/yaml/write.h"

/*! A zone on its way. */
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
	steer_key_t *apexes; /*!< Of the zones named; NULL: all zones. */
	int count;
	bool titles;         /*!< A line before each zone, since there may be several. */
	steer_text_t *text;
	steer_yaml_writer_t *yaml;
	FILE *out;
	void *checks;        /*!< Ids of the health checks that zones named need: a tree. */
	uint64_t checks_count; /*!< Of health checks to be printed. */
	uint64_t lost;       /*!< What the format cannot say. */
	bool damaged, no_memory;
} export_t;

typedef struct export_format {
	const char *name;
	const char *title; /*!< With its article, for a person. */
	bool modes;        /*!< It can say that a zone is an overlay. */
	bool policies;     /*!< It can say aliases, policies and health checks. */
	bool comments;     /*!< It can say a zone's comment, if that is one line of UTF-8. */
	bool no_servers;   /*!< It can say that there are no NS records: there is no default. */
	/*! Prints a zone. \return GO_ON, or the exit status: it has been said. */
	int (*print)(export_t *export, const export_zone_t *zone);
	/*! Prints the health checks, of which there are some. NULL: it cannot. */
	int (*print_checks)(export_t *export);
} export_format_t;

/*! Notes the health checks that a group's record sets name. */
void export_need_checks(export_t *export, const steer_group_t *group);
/*! Counts the health checks to be printed. \return GO_ON, or the exit status. */
int export_count_checks(export_t *export);
void export_free_checks(export_t *export);

/*! Begins a document of Steer YAML. \return GO_ON or EXIT_STORE */
int export_yaml_begin(export_t *export);
/*! Prints health checks as a document of Steer YAML. */
int export_yaml_checks(export_t *export);
/*! Prints a zone as a document of Steer YAML. */
int export_yaml(export_t *export, const export_zone_t *zone);
