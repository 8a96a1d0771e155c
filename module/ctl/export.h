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
#include "formats/octodns/write.h"
#include "formats/route53/write.h"
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
	const export_zone_t *zone; /*!< That which is being looked at or printed. */
	steer_text_t *text;
	FILE *out;
	steer_yaml_writer_t *yaml;
	steer_octodns_writer_t *octodns;
	steer_route53_writer_t *route53;
	steer_reader_t *maps; /*!< If the format has any; NULL: the store has never had one. */
	void *collections;   /*!< Tree of the names of collections whose maps are to be printed. */
	void *checks;        /*!< Tree of the ids of health checks that the named zones need. */
	uint64_t checks_count; /*!< Number of health checks to print. */
	uint64_t lost;       /*!< Number of things that the format cannot express. */
	bool damaged, no_memory;
} export_t;

/*!
 * A format. Before anything is printed, its functions look at what is to be exported, and tell by
 * export_lose() what it cannot express; NULL: it can express all of that.
 */
typedef struct export_format {
	const char *name;
	const char *title; /*!< For messages, with its article. */
	bool one_zone;     /*!< A file is of one zone, which has to be named. */
	bool maps;         /*!< It has what is in maps. */
	/*! Looks at a zone, apart from its names. */
	void (*look_at_zone)(export_t *export, const export_zone_t *zone);
	/*! Looks at a name, apart from its groups. */
	void (*look_at_name)(export_t *export, const uint8_t *name, const steer_face_t *face);
	void (*look_at_group)(export_t *export, const uint8_t *name, const steer_group_t *group);
	void (*look_at_check)(export_t *export, const char *id, const steer_health_check_t *check);
	/*! Looks at maps, after all else. \return GO_ON, or the exit status after an error message */
	int (*look_at_maps)(export_t *export);
	/*! Prints a zone. \return GO_ON, or the exit status after an error message */
	int (*print)(export_t *export, const export_zone_t *zone);
	/*! Prints the health checks, of which there is at least one. NULL: it cannot. */
	int (*print_checks)(export_t *export);
	/*! Prints the maps that policies need. NULL: it has none. */
	int (*print_maps)(export_t *export);
} export_format_t;

/*!
 * Tells what the format cannot express.
 *
 * \param[in] type    0: it is of the whole name.
 * \param[in] id      Identifier of the record set; NULL: it is of the whole group.
 * \param[in] format  What it is, such as "an alias".
 */
__attribute__((format(printf, 5, 6)))
void export_lose(export_t *export, const uint8_t *name, uint16_t type, const char *id,
                 const char *format, ...);
/*! The same of something that is not at a name: kind, such as "health check ", and its name. */
__attribute__((format(printf, 4, 5)))
void export_lose_of(export_t *export, const char *kind, const char *name, const char *format, ...);
/*! Looks at a comment, for formats that are text. */
void export_look_at_comment(export_t *export, const export_zone_t *zone);
/*! Looks at the apex: most readers give a zone without NS records those of the delegation set. */
void export_look_at_servers(export_t *export, const uint8_t *name, const steer_face_t *face);
/*! Looks for numbers without a name in a group, which is damage, as no reader can know them. */
void export_look_at_numbers(export_t *export, const uint8_t *name, const steer_group_t *group);

/*! Notes the health checks that a group's record sets refer to. */
void export_need_checks(export_t *export, const steer_group_t *group);
/*! Whether a health check is to be printed, once all groups were looked at. */
bool export_needs_check(const export_t *export, const char *id);
/*!
 * Counts the health checks to print, and looks at them.
 *
 * \return GO_ON, or the exit status after an error message
 */
int export_count_checks(export_t *export);
void export_free_checks(export_t *export);

/* Formats that have a file of their own. */

extern const export_format_t export_yaml, export_route53, export_octodns;
void export_octodns_free(export_t *export);
void export_route53_free(export_t *export);
