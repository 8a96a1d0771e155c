/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/octodns/group.h"

#include <string.h>

#include "formats/octodns/ids.h"
#include "formats/program.h"

void steer_octodns_pass_policy(const steer_octodns_group_t *group, const char *program)
{
	steer_octodns_reading_t *reading = group->reading;
	uint8_t made[STEER_PROGRAM_MAX];
	steer_text_policy_t policy = {
		.owner = group->owner, .type = group->type->type, .program = made,
		.place = steer_yaml_tree_place(reading->tree, group->at),
	};
	if (reading->ret == STEER_OK) {
		reading->ret = steer_program_parse(program, made, &policy.len, reading->report.fault);
	}
	if (reading->ret == STEER_OK) {
		reading->ret = reading->sink->policy(reading->sink->ctx, &policy, reading->report.fault);
	}
}

void steer_octodns_pass_set(const steer_octodns_group_t *group, const steer_record_set_t *set,
                            const steer_yaml_value_t *at)
{
	steer_octodns_reading_t *reading = group->reading;
	const steer_text_set_t given = {
		.owner = group->owner, .type = group->type->type, .set = *set,
		.place = steer_yaml_tree_place(reading->tree, at),
	};
	if (reading->ret == STEER_OK) {
		reading->ret = reading->sink->set(reading->sink->ctx, &given, reading->report.fault);
	}
}

void steer_octodns_pass_values(const steer_octodns_group_t *group, const steer_yaml_value_t *values,
                               bool in_set)
{
	steer_octodns_reading_t *reading = group->reading;
	const steer_yaml_value_t *value = NULL;
	while (steer_octodns_next(reading, values, &value)) {
		steer_text_record_t record = {
			.owner = group->owner, .type = group->type->type, .ttl = group->ttl,
			.no_ttl = group->no_ttl, .in_set = in_set,
			.place = steer_yaml_tree_place(reading->tree, value),
		};
		if (steer_octodns_value(reading, group->line, group->type, value, &record.rdata,
		                        &record.rdata_len)) {
			reading->ret = reading->sink->record(reading->sink->ctx, &record,
			                                     reading->report.fault);
		}
	}
}

void steer_octodns_check_value(const steer_octodns_group_t *group, const steer_yaml_value_t *value,
                               bool down, bool pass, char id[STEER_CHECK_ID_MAX + 1])
{
	steer_octodns_reading_t *reading = group->reading;
	const uint8_t *rdata;
	uint16_t rdata_len;
	id[0] = '\0';
	if (!steer_octodns_value(reading, group->line, group->type, value, &rdata, &rdata_len)) {
		return;
	}
	const char *text = steer_rdata_print(reading->text, group->type->type, rdata, rdata_len);
	steer_octodns_check_id(id, group->owner, text, down);
	if (pass) {
		steer_octodns_pass_check(reading, &group->probe, value, group->owner, group->type->type,
		                         text, down);
	}
}
