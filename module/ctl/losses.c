/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/losses.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "core/program.h"
#include "ctl/output.h"
#include "ctl/record_set.h"
#include "formats/memory_stream.h"
#include "formats/program.h"

/* What one group loses. */

typedef struct {
	unsigned sets, aliases, checks; /*!< Of sets that are gone, or have lost theirs. */
	bool policy;                    /*!< It is gone or replaced. */
	char first[STEER_SET_ID_MAX + 1]; /*!< Identifier of the first set that is gone. */
} lost_t;

static bool find_set(const steer_group_t *group, const steer_set_t *wanted, steer_set_t *found)
{
	for (unsigned i = 0; group != NULL && i < group->count; i++) {
		steer_group_set(group, i, found);
		if (steer_key_cmp(found->id, found->id_len, wanted->id, wanted->id_len) == 0) {
			return true;
		}
	}
	return false;
}

static bool has_check(const steer_set_t *set)
{
	char id[CHECK_ID_TEXT];
	return steer_set_health(set, id);
}

static bool has_policy(const steer_group_t *group)
{
	return group != NULL && group->program_len > 0;
}

/*! Finds what a group has lost. Sets that go with their policy are not counted separately. */
static void compare(const steer_group_t *was, const steer_group_t *is, lost_t *lost)
{
	*lost = (lost_t) {
		.policy = has_policy(was) &&
		          (!has_policy(is) || steer_key_cmp(was->program, was->program_len, is->program,
		                                            is->program_len) != 0),
	};
	if (has_policy(was) && !has_policy(is)) {
		return;
	}
	for (unsigned i = 0; i < was->count; i++) {
		steer_set_t old, new;
		steer_group_set(was, i, &old);
		bool stays = find_set(is, &old, &new);
		if (!stays && old.id_len > 0 && lost->sets++ == 0) {
			memcpy(lost->first, old.id, old.id_len);
			lost->first[old.id_len] = '\0';
		}
		if (stays || old.id_len == 0) {
			lost->aliases += old.alias && !(stays && new.alias);
			lost->checks += has_check(&old) && !(stays && has_check(&new));
		}
	}
}

static void print_policy(FILE *out, const char *before, const steer_group_t *group)
{
	char text[STEER_PROGRAM_TEXT];
	steer_program_print(group->program, group->program_len, text);
	fprintf(out, "%s%s", before, text);
}

static void print_parts(FILE *out, const lost_t *lost)
{
	if (lost->sets > 0) {
		fprintf(out, "; %u record set%s gone: %s%s", lost->sets, plural(lost->sets), lost->first,
		        lost->sets > 1 ? " and more" : "");
	}
	if (lost->aliases > 0) {
		fprintf(out, "; %u of its record sets %s", lost->aliases,
		        lost->aliases == 1 ? "is no longer an alias" : "are no longer aliases");
	}
	if (lost->checks > 0) {
		fprintf(out, "; %u of its record sets lost the health check", lost->checks);
	}
}

static void print_group(FILE *out, const steer_group_t *was, const steer_group_t *is,
                        const lost_t *lost)
{
	steer_set_t set;
	char text[STEER_NAME_TEXT];
	steer_group_set(was, 0, &set);
	if (has_policy(was)) {
		print_policy(out, "was ", was);
		fprintf(out, " with %u record set%s", was->count, plural(was->count));
		if (lost->policy && has_policy(is)) {
			print_policy(out, ", is now ", is);
		}
		print_parts(out, lost);
	} else if (lost->aliases > 0) {
		steer_name_print(set.body, text);
		fprintf(out, "was an alias for %s", text);
	} else {
		(void)steer_set_health(&set, text);
		fprintf(out, "had the health check %s", text);
	}
}

static char *line_of(const uint8_t *name, const steer_group_t *was, const steer_group_t *is,
                     const lost_t *lost)
{
	char *line = NULL, owner[STEER_NAME_TEXT], type[STEER_TYPE_TEXT];
	size_t len;
	FILE *out = open_memstream(&line, &len);
	if (out == NULL) {
		return NULL;
	}
	steer_name_print(name, owner);
	steer_type_text(was->type, type);
	fprintf(out, "%s %s: note: ", owner, type);
	print_group(out, was, is, lost);
	return steer_memory_stream_close(out, &line);
}

/* All of them. */

/*! Finds the zone of a name; groups come zone by zone. */
static losses_zone_t *find_zone(losses_t *losses, const uint8_t *name)
{
	const uint8_t *apex = losses->zone_of(losses->ctx, name);
	if (losses->last != NULL && steer_name_equal(losses->last->name, apex)) {
		return losses->last;
	}
	losses_zone_t *zone = calloc(1, sizeof(*zone));
	if (zone != NULL) {
		memcpy(zone->name, apex, steer_name_len(apex));
		*(losses->last != NULL ? &losses->last->next : &losses->first) = zone;
		losses->last = zone;
	}
	return zone;
}

static void note(void *ctx, const uint8_t *name, const steer_group_t *was, const steer_group_t *is)
{
	losses_t *losses = ctx;
	lost_t lost;
	if (was == NULL) {
		return;
	}
	compare(was, is, &lost);
	if (!lost.policy && lost.sets + lost.aliases + lost.checks == 0) {
		return;
	}
	losses_zone_t *zone = find_zone(losses, name);
	if (zone == NULL) {
		losses->no_memory = true;
		return;
	}
	zone->policies += lost.policy;
	zone->sets += lost.sets;
	zone->aliases += lost.aliases;
	zone->checks += lost.checks;
	if (zone->groups < LOSSES_TOLD) {
		zone->lines[zone->groups] = line_of(name, was, is, &lost);
		losses->no_memory |= zone->lines[zone->groups] == NULL;
	}
	zone->groups++;
}

void losses_begin(losses_t *losses, const uint8_t *(*zone_of)(void *ctx, const uint8_t *name),
                  void *ctx)
{
	*losses = (losses_t) {
		.pairs = { .take = note, .ctx = losses }, .zone_of = zone_of, .ctx = ctx,
	};
}

static void print_zone(const losses_zone_t *zone)
{
	char name[STEER_NAME_TEXT];
	for (size_t i = 0; zone->groups <= LOSSES_TOLD && i < zone->groups; i++) {
		fprintf(stderr, "%s\n", zone->lines[i] != NULL ? zone->lines[i] : "");
	}
	if (zone->groups > LOSSES_TOLD) {
		steer_name_print(zone->name, name);
		fprintf(stderr, "zone %s: note: %" PRIu64 " names and types lose policies: %" PRIu64
		        ", record sets of policies: %" PRIu64 ", aliases: %" PRIu64 ", health checks of "
		        "record sets: %" PRIu64 "\n", name, zone->groups, zone->policies, zone->sets,
		        zone->aliases, zone->checks);
	}
}

void losses_print(losses_t *losses)
{
	pairs_flush(&losses->pairs);
	for (const losses_zone_t *zone = losses->first; zone != NULL; zone = zone->next) {
		print_zone(zone);
	}
	if (losses->no_memory || losses->pairs.no_memory) {
		(void)print_no_memory(); // The change is made; only notes are missing.
	}
}

void losses_end(losses_t *losses)
{
	pairs_end(&losses->pairs);
	for (losses_zone_t *zone = losses->first, *next; zone != NULL; zone = next) {
		next = zone->next;
		for (size_t i = 0; i < LOSSES_TOLD; i++) {
			free(zone->lines[i]);
		}
		free(zone);
	}
}
