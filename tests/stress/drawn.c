/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stress/drawn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/count.h"

const char *const drawn_zones[DRAWN_ZONES] = {
	"test.", "sub.test.", "deep.sub.test.", "other.", "over.test.",
};
const char *const drawn_names[DRAWN_NAMES] = {
	"*.w", "x.w", "y.x.w", "z.w", "*.x.w", "w", "@", "a", "b", "e.f.g", "d", "x.d", "cut", "ns.cut",
	"x.cut", "sub", "x.sub", "*.sub", "deep.sub", "over", "x.over", "n1", "n2", "n3",
};
const char *const drawn_types[DRAWN_TYPES] = { "A", "AAAA", "TXT", "MX", "NS", "CNAME", "DNAME" };
const char *const drawn_targets[DRAWN_TARGETS] = { "one.outside.", "two.outside." };

unsigned drawn_below(steer_chance_t *chance, unsigned bound)
{
	return steer_chance_below(chance, bound);
}

bool drawn_percent(steer_chance_t *chance, unsigned percent)
{
	return drawn_below(chance, 100) < percent;
}

unsigned drawn_label(steer_chance_t *chance)
{
	return drawn_below(chance, drawn_percent(chance, 40) ? DRAWN_OFTEN : DRAWN_NAMES);
}

void drawn_name(char *to, unsigned zone, unsigned name)
{
	bool apex = strcmp(drawn_names[name], "@") == 0;
	sprintf(to, "%s%s%s", apex ? "" : drawn_names[name], apex ? "" : ".", drawn_zones[zone]);
}

/*! Writes a name of any zone, or an external one, without wildcards' asterisks. */
static void drawn_target(steer_chance_t *chance, char *to)
{
	if (drawn_percent(chance, 10)) {
		strcpy(to, drawn_targets[drawn_below(chance, DRAWN_TARGETS)]);
		return;
	}
	char name[STEER_NAME_MAX];
	unsigned label = drawn_label(chance);
	drawn_name(name, drawn_below(chance, DRAWN_ZONES), label);
	if (*name == '*') {
		*name = 's';
	}
	strcpy(to, name);
}

/*! Writes rdata; of few values, so that sets have some in common. \return its end */
static char *drawn_value(steer_chance_t *chance, char *to, unsigned type, unsigned number,
                         bool large)
{
	char target[STEER_NAME_MAX];
	drawn_target(chance, target);
	switch (type) {
	case 0:  return to + sprintf(to, "192.0.2.%u", number);
	case 1:  return to + sprintf(to, "2001:db8::%u", number);
	case 2:  return to + sprintf(to, "%03u%0*u", number, large ? 200 : 1, 0);
	case 3:  return to + sprintf(to, "%u %s", number % 10, target);
	default: return to + sprintf(to, "%s", target);
	}
}

/*! A program that a group may have; some leave no set if all are down. */
static const char *drawn_program(steer_chance_t *chance)
{
	static const char *const programs[] = {
		"weighted", "failover", "multivalue", "up-none", "up-none", "up-none,weighted,take1",
		"up-none,shuffle,take2", "up-servfail,shuffle", "up,tier", "tier,up-none",
		"up,weighted-client,take1", "weighted-client", "up-none,weighted-client,take2", "shuffle",
		"geo,up,take1", "up-none,cidr", "asn,weighted,take1", "up,latency,within20,take2",
		"up,nearest,geo,take1",
	};
	return programs[drawn_below(chance, COUNT(programs))];
}

/*! Writes where a set or its clients are, for the steps that read it. */
static char *drawn_place(steer_chance_t *chance, char *to, unsigned type, const char *program)
{
	static const char *const places[] = {
		"continent:EU", "country:US", "country:US/NY", "country:DE", "default",
	};
	bool nearest = strstr(program, "nearest") != NULL;
	if (strstr(program, "geo") != NULL) {
		to += sprintf(to, " geo=%s", places[drawn_below(chance, COUNT(places))]);
	}
	if (strstr(program, "cidr") != NULL && drawn_percent(chance, 70)) {
		to += sprintf(to, " cidr=c%u/l%u", type, drawn_below(chance, 6));
	}
	if (strstr(program, "asn") != NULL && drawn_percent(chance, 70)) {
		unsigned first = drawn_below(chance, 5);
		to += sprintf(to, " asn=%u,%u", first + 3, first + 1);
	}
	if ((nearest || strstr(program, "latency") != NULL) && drawn_percent(chance, 80)) {
		to += sprintf(to, " region=r%u", drawn_below(chance, 6));
	}
	if (nearest && drawn_percent(chance, 30)) {
		unsigned bias = drawn_below(chance, 99), lon = drawn_below(chance, 18000);
		to += sprintf(to, " at=%u,-%u bias=%u", drawn_below(chance, 9000), lon, bias);
	}
	return to;
}

static bool drawn_may_alias(unsigned type)
{
	return type != DRAWN_NS && type != DRAWN_DNAME;
}

/*! Writes the lines of one set; its values differ from those of most others. */
static char *drawn_set(steer_chance_t *chance, char *to, const char *owner, unsigned type, char id,
                       const char *program, bool large)
{
	unsigned count = type >= DRAWN_CNAME ? 1 : 1 + drawn_below(chance, 3);
	unsigned first = drawn_below(chance, 200);
	to += sprintf(to, "%s %u %s +%c", owner, DRAWN_TTL, drawn_types[type], id);
	if (strstr(program, "weighted") != NULL) {
		to += sprintf(to, " weight=%u", drawn_below(chance, 4));
	}
	if (strstr(program, "tier") != NULL || strcmp(program, "failover") == 0) {
		to += sprintf(to, " tier=%u", drawn_below(chance, 2));
	}
	to = drawn_place(chance, to, type, program);
	if (drawn_percent(chance, 90)) {
		to += sprintf(to, " health=h%u", drawn_below(chance, DRAWN_CHECKS));
	}
	if (drawn_may_alias(type) && drawn_percent(chance, 20)) {
		char target[STEER_NAME_MAX];
		drawn_target(chance, target);
		return to + sprintf(to, " alias=%s evaluate=%s\n", target,
		                    drawn_percent(chance, 70) ? "yes" : "no");
	}
	for (unsigned i = 0; i < count; i++) {
		to += i > 0 ? sprintf(to, "%s %u %s +%c", owner, DRAWN_TTL, drawn_types[type], id) : 0;
		*to++ = ' ';
		to = drawn_value(chance, to, type, first + i, large);
		*to++ = '\n';
	}
	*to = '\0';
	return to;
}

static void drawn_policy(steer_chance_t *chance, char *to, const char *owner, unsigned type)
{
	const char *program = drawn_program(chance);
	unsigned sets = 1 + drawn_below(chance, drawn_percent(chance, 5) ? 11 : 4);
	to += sprintf(to, "%s %s =%s\n", owner, drawn_types[type], program);
	for (unsigned i = 0; i < sets; i++) {
		to = drawn_set(chance, to, owner, type, 'a' + i, program,
		               sets <= 4 && drawn_percent(chance, 20));
	}
}

/*! Writes the lines of a group. */
static void drawn_group(steer_chance_t *chance, char *to, const char *owner, unsigned type)
{
	// Large values of a wildcard stay in place when a name replaces it.
	bool wildcard = *owner == '*';
	unsigned dice = drawn_below(chance, 100);
	if (dice < (wildcard ? 20 : 50) && strcmp(owner, "@") != 0) {
		drawn_policy(chance, to, owner, type);
	} else if (dice < (wildcard ? 30 : 62) && drawn_may_alias(type)) {
		char target[STEER_NAME_MAX];
		drawn_target(chance, target);
		sprintf(to, "%s %s + alias=%s\n", owner, drawn_types[type], target);
	} else {
		bool large = drawn_percent(chance, wildcard ? 80 : 5);
		unsigned count = type >= DRAWN_CNAME ? 1 : 1 + drawn_below(chance, 3);
		unsigned first = drawn_below(chance, 100);
		if (large && (type == 0 || type == 2)) {
			count = type == 0 ? 150 : 15; // More than two of which share a page.
		}
		for (unsigned i = 0; i < count; i++) {
			to += sprintf(to, "%s %u %s ", owner, 10 + 10 * (dice % 7), drawn_types[type]);
			to = drawn_value(chance, to, type, first + i, large);
			*to++ = '\n';
		}
		*to = '\0';
	}
}

void drawn_rename(steer_chance_t *chance, drawn_zone_t *zone, unsigned name)
{
	char (*groups)[DRAWN_TEXT] = zone->groups[name];
	const char *owner = drawn_names[name];
	unsigned dice = drawn_below(chance, 100);
	bool apex = strcmp(owner, "@") == 0;
	if (dice < 15) {
		memset(groups, 0, sizeof(zone->groups[name]));
	} else if (dice < 85 || apex) {
		unsigned type = drawn_percent(chance, 50) ? 0 : drawn_below(chance, DRAWN_PLAIN);
		groups[DRAWN_CNAME][0] = '\0';
		drawn_group(chance, groups[type], owner, type);
	} else {
		unsigned type = strstr(owner, "cut") != NULL ? DRAWN_NS
		                : strchr("dx", *owner) != NULL ? DRAWN_DNAME : DRAWN_CNAME;
		memset(groups, 0, sizeof(zone->groups[name]));
		drawn_group(chance, groups[type], owner, type);
	}
}

/*! Whether a zone may have a group: overlays have rules of their own. */
static bool drawn_allowed(const drawn_zone_t *zone, unsigned name, unsigned type)
{
	return !zone->overlay ||
	       (*drawn_names[name] != '*' && type != DRAWN_NS && type != DRAWN_DNAME);
}

char *drawn_text(const drawn_zone_t *zone, unsigned number)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fprintf(out, "%s\n", drawn_zones[number]);
	if (zone->there && !zone->overlay) {
		fputs("@ SOA ns hm 1 2 3 4 5\n@ NS ns.outside.\n", out);
	}
	for (unsigned name = 0; zone->there && name < DRAWN_NAMES; name++) {
		for (unsigned type = 0; type < DRAWN_TYPES; type++) {
			fputs(drawn_allowed(zone, name, type) ? zone->groups[name][type] : "", out);
		}
	}
	fclose(out);
	return text;
}

static void change_check(steer_chance_t *chance, steer_change_t *change)
{
	static const steer_source_location_t origin;
	char id[] = "h0";
	id[1] += drawn_below(chance, DRAWN_CHECKS);
	bool removed = drawn_percent(chance, 25), inverted = drawn_percent(chance, 10);
	bool disabled = drawn_percent(chance, 5);
	const steer_health_check_t check = {
		.type = STEER_CHECK_MANUAL,
		.flags = (inverted ? STEER_CHECK_INVERTED : 0) | (disabled ? STEER_CHECK_DISABLED : 0),
	};
	(void)steer_change_health_check(change, id, removed ? NULL : &check, &origin);
}

/*! Changes a zone and adds it to the change set. */
static int change_zone(steer_chance_t *chance, drawn_zone_t *zone, unsigned number,
                       steer_change_t *change)
{
	bool was = zone->there;
	zone->there = zone->there ? !drawn_percent(chance, 5) : drawn_percent(chance, 60);
	if (drawn_percent(chance, was ? 3 : 50)) {
		zone->overlay = drawn_percent(chance, number == DRAWN_ZONES - 1 ? 80 : 10);
	}
	if (!was && !zone->there) {
		return STEER_OK;
	}
	unsigned names = was ? 1 + drawn_below(chance, 3) : drawn_below(chance, 2 * DRAWN_NAMES);
	for (unsigned i = 0; i < names; i++) {
		drawn_rename(chance, zone, drawn_label(chance));
	}
	char *text = drawn_text(zone, number);
	int ret = change_add_text(change, zone->there ? STEER_ZONE_REPLACE : STEER_ZONE_DELETE, text);
	free(text);
	return ret;
}

int drawn_change(steer_chance_t *chance, drawn_store_t *store, steer_change_t *change)
{
	memcpy(store->before, store->zones, sizeof(store->zones));
	unsigned first = drawn_below(chance, DRAWN_ZONES), count = 1 + drawn_percent(chance, 30);
	unsigned added = 0;
	for (unsigned i = 0; i < count; i++) {
		unsigned number = (first + i) % DRAWN_ZONES;
		drawn_zone_t *zone = &store->zones[number];
		int ret = change_zone(chance, zone, number, change);
		if (ret != STEER_OK) {
			return ret;
		}
		if (zone->there) {
			steer_change_mode(change, added, zone->overlay ? STEER_ZONE_OVERLAY
			                                               : STEER_ZONE_AUTHORITATIVE);
			if (drawn_percent(chance, 10)) {
				(void)steer_change_comment(change, added, drawn_percent(chance, 50) ? "one" : "two");
			}
		}
		added += zone->there || store->before[number].there;
	}
	if (drawn_percent(chance, 25)) {
		change_check(chance, change);
	}
	return STEER_OK;
}

void drawn_take_back(drawn_store_t *store)
{
	memcpy(store->zones, store->before, sizeof(store->zones));
}
