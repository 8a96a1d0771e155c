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
#include "formats/yaml_write.h"

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
	uint64_t lost;       /*!< What the format cannot say. */
	bool damaged;
} export_t;

typedef struct export_format {
	const char *name;
	const char *title; /*!< With its article, for a person. */
	bool modes;        /*!< It can say that a zone is an overlay. */
	bool comments;     /*!< It can say a zone's comment, if that is one line of UTF-8. */
	bool no_servers;   /*!< It can say that there are no NS records: there is no default. */
	/*! Prints a zone. \return GO_ON, or the exit status: it has been said. */
	int (*print)(export_t *export, const export_zone_t *zone);
} export_format_t;

/*! Prints a zone as a document of Steer YAML. */
int export_yaml(export_t *export, const export_zone_t *zone);
