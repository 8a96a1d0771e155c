/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "ctl/export.h"
#include "ctl/options.h"
#include "ctl/record_set.h"
#include "ctl/types.h"
#include "store/dictionary.h"

/*! TTL of a document without record sets: the same as a reader's default. */
#define TTL_DEFAULT 3600
/*! How many different TTLs are counted: a bound on memory that no zone made by people reaches. */
#define TTLS_MAX    1024

#define SOA_NUMBERS 20 /*!< Bytes after the names of an SOA. */

/*! What is found out about a zone before it is written. */
typedef struct {
	export_t *export;
	const steer_key_t *apex;
	steer_yaml_zone_t zone;
	uint8_t soa[2 * STEER_NAME_MAX + SOA_NUMBERS]; /*!< A copy, as the reader may be renewed. */
	struct {
		uint32_t ttl;
		uint64_t sets;
	} ttls[TTLS_MAX]; /*!< Sorted by TTL. */
	unsigned count;
} survey_t;

/*! Whether a group is written under records. The SOA of a zone has a key of its own. */
static bool is_record_set(const steer_face_t *face, const steer_group_t *group)
{
	return (face->flags & STEER_FACE_APEX) == 0 || group->type != TYPE_SOA;
}

static void count_ttl(survey_t *survey, uint32_t ttl)
{
	unsigned low = 0, high = survey->count;
	while (low < high) {
		unsigned middle = (low + high) / 2;
		if (survey->ttls[middle].ttl < ttl) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	if (low == survey->count || survey->ttls[low].ttl != ttl) {
		if (survey->count == TTLS_MAX) {
			return;
		}
		memmove(&survey->ttls[low + 1], &survey->ttls[low],
		        (survey->count - low) * sizeof(*survey->ttls));
		survey->ttls[low].ttl = ttl;
		survey->ttls[low].sets = 0;
		survey->count++;
	}
	survey->ttls[low].sets++;
}

/*! The most frequent TTL, or the smallest of several. */
static uint32_t common_ttl(const survey_t *survey)
{
	if (survey->count == 0) {
		return survey->zone.soa != NULL ? survey->zone.soa_ttl : TTL_DEFAULT;
	}
	unsigned best = 0;
	for (unsigned i = 1; i < survey->count; i++) {
		if (survey->ttls[i].sets > survey->ttls[best].sets) {
			best = i;
		}
	}
	return survey->ttls[best].ttl;
}

static void take_soa(survey_t *survey, const steer_group_t *group)
{
	steer_set_t set;
	if (!plain_set(group, &set)) {
		return;
	}
	const uint8_t *at = set.body;
	uint16_t len;
	const uint8_t *rdata = steer_rr_next(&at, set.body + set.body_len, &len);
	if (rdata == NULL || !steer_rdata_check(TYPE_SOA, rdata, len) || len > sizeof(survey->soa)) {
		const steer_key_t *apex = survey->apex;
		survey->export->damaged = true;
		view_damaged(apex->bytes, apex->len);
		return;
	}
	survey->zone.soa = memcpy(survey->soa, rdata, len);
	survey->zone.soa_ttl = set.ttl;
}

static int survey_name(void *ctx, const uint8_t *name, const steer_face_t *face)
{
	(void)name;
	survey_t *survey = ctx;
	steer_group_t group;
	uint32_t ttl;
	for (unsigned i = 0; i < face->count; i++) {
		steer_face_group_at(face, i, &group);
		if (is_record_set(face, &group) && steer_yaml_group_ttl(&group, &ttl)) {
			count_ttl(survey, ttl);
		}
	}
	if (face->flags & STEER_FACE_APEX && steer_face_group(face, TYPE_SOA, &group)) {
		take_soa(survey, &group);
	}
	return GO_ON;
}

static int write_name(void *ctx, const uint8_t *name, const steer_face_t *face)
{
	steer_yaml_writer_t *writer = ((export_t *)ctx)->yaml;
	steer_group_t group;
	unsigned count = 0;
	for (unsigned i = 0; i < face->count; i++) {
		steer_face_group_at(face, i, &group);
		count += is_record_set(face, &group);
	}
	if (count == 0) {
		return GO_ON;
	}
	steer_yaml_write_name(writer, name, count);
	for (unsigned i = 0; i < face->count; i++) {
		steer_face_group_at(face, i, &group);
		if (is_record_set(face, &group)) {
			steer_yaml_write_group(writer, &group);
		}
	}
	return GO_ON;
}

/*! Begins a document. \return GO_ON or EXIT_STORE */
static int begin_document(export_t *export)
{
	if (export->yaml != NULL) {
		steer_yaml_write_mark(export->yaml);
		return GO_ON;
	}
	export->yaml = steer_yaml_writer_new(export->text,
	                                     steer_dictionary_names(export->view->reader),
	                                     export->out);
	return export->yaml != NULL ? GO_ON : print_no_memory();
}

static int print_zone(export_t *export, const export_zone_t *zone)
{
	if (begin_document(export) != GO_ON) {
		return EXIT_STORE;
	}
	survey_t survey = { .export = export, .apex = zone->apex, .zone = {
		.name = zone->name, .overlay = zone->overlay,
		.comment = zone->comment[0] != '\0' ? zone->comment : NULL,
	} };
	const int surveyed = view_each_name_again(export->view, zone->apex, survey_name, &survey);
	survey.zone.ttl = common_ttl(&survey);
	steer_yaml_write_zone(export->yaml, &survey.zone);
	const int written = view_each_name_again(export->view, zone->apex, write_name, export);
	return written != GO_ON ? written : surveyed;
}

static int write_check(void *ctx, const char *id, const steer_health_check_t *check)
{
	export_t *export = ctx;
	if (export_needs_check(export, id)) {
		steer_yaml_write_check(export->yaml, id, check);
	}
	return GO_ON;
}

static int print_checks(export_t *export)
{
	int ret = begin_document(export);
	if (ret == GO_ON) {
		steer_yaml_write_health(export->yaml);
		ret = view_each_check(export->view, write_check, export);
	}
	return ret == EXIT_STORE && export->damaged ? GO_ON : ret;
}

const export_format_t export_yaml = {
	.name = "yaml", .title = "Steer YAML",
	.look_at_zone = export_look_at_comment, .look_at_name = export_look_at_servers,
	.look_at_group = export_look_at_numbers,
	.print = print_zone, .print_checks = print_checks,
};
