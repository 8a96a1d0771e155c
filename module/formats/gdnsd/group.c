/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/gdnsd/group.h"

#include <stdlib.h>
#include <string.h>

#include "core/types.h"
#include "core/utf8.h"
#include "formats/array.h"
#include "formats/yaml/scalar.h"

/*! Longest label of a name. */
#define LABEL_MAX 63
/*! Longest name of a group: what a name can have beside the labels of all groups and a zone. */
#define NAME_MAX_LEN 200

/*! Adds a label, in lower case, after those that a name has. \return false: no room */
static bool add_label(steer_gdnsd_group_t *group, const char *label, size_t len)
{
	if (len == 0 || len > LABEL_MAX || group->name_len + 1 + len > NAME_MAX_LEN) {
		return false;
	}
	group->name[group->name_len++] = len;
	for (size_t i = 0; i < len; i++) {
		const char c = label[i];
		group->name[group->name_len++] = c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
	}
	return true;
}

/*! Adds the labels of plugin!name/datacenter, or of the plugin alone, the last one first. */
static bool add_path(steer_gdnsd_group_t *group, const char *path)
{
	const char *mark = strchr(path, '!');
	if (mark == NULL) {
		return add_label(group, path, strlen(path));
	}
	const char *name = mark + 1, *end = name + strlen(name);
	for (const char *slash; (slash = memrchr(name, '/', end - name)) != NULL; end = slash) {
		if (!add_label(group, slash + 1, end - slash - 1)) {
			return false;
		}
	}
	return add_label(group, name, end - name) && add_label(group, path, mark - path);
}

steer_gdnsd_group_t *steer_gdnsd_group_new(steer_gdnsd_config_t *config, const char *label,
                                           const char *path, const steer_place_t *place)
{
	steer_gdnsd_group_t *group = steer_gdnsd_get(config->reading, sizeof(*group));
	if (group == NULL) {
		return NULL;
	}
	group->program = "";
	group->place = *place;
	group->next = config->groups;
	config->groups = group;
	if ((label != NULL && !add_label(group, label, strlen(label))) || !add_path(group, path)) {
		steer_gdnsd_wrong(config->reading, place, "%.200s%s%.200s: too long for a name, or empty; "
		                  "allowed: 1 to %d bytes each, %d together", path,
		                  label != NULL ? "/" : "", label != NULL ? label : "", LABEL_MAX,
		                  NAME_MAX_LEN);
		return NULL;
	}
	return group;
}

void steer_gdnsd_groups_free(steer_gdnsd_config_t *config)
{
	for (steer_gdnsd_group_t *group = config->groups; group != NULL; group = group->next) {
		free(group->members);
	}
}

uint16_t steer_gdnsd_rr_type(steer_gdnsd_type_t type)
{
	static const uint16_t types[] = {
		[STEER_GDNSD_A] = TYPE_A, [STEER_GDNSD_AAAA] = TYPE_AAAA,
		[STEER_GDNSD_CNAME] = TYPE_CNAME,
	};
	return types[type];
}

steer_gdnsd_member_t *steer_gdnsd_add(steer_gdnsd_config_t *config, steer_gdnsd_group_t *group,
                                      const char *id, const steer_place_t *place)
{
	if (id == NULL || config->reading->ret != STEER_OK) {
		return NULL;
	}
	if (id[0] == '\0' || strlen(id) > STEER_SET_ID_MAX || !steer_yaml_is_line(id)) {
		steer_gdnsd_wrong(config->reading, place, "'%.200s': no identifier of a record set; "
		                  "allowed: 1 to %d bytes of UTF-8, with what it is in, without control "
		                  "characters",
		                  id, STEER_SET_ID_MAX);
		return NULL;
	}
	if (group->count == STEER_GDNSD_MEMBERS) {
		steer_gdnsd_wrong(config->reading, place, "more than %d record sets of a group; allowed: "
		                  "fewer", STEER_GDNSD_MEMBERS);
		return NULL;
	}
	steer_gdnsd_member_t **more = steer_array_grown(group->members, &group->room,
	                                                group->count + 1, sizeof(*more));
	if (more == NULL) {
		steer_gdnsd_no_memory(config->reading);
		return NULL;
	}
	group->members = more;
	steer_gdnsd_member_t *member = steer_gdnsd_get(config->reading, sizeof(*member));
	if (member == NULL) {
		return NULL;
	}
	*member = (steer_gdnsd_member_t) { .id = id, .weight = 1, .stable = STEER_GDNSD_STABLE,
	                                   .place = *place };
	group->members[group->count++] = member;
	return member;
}

bool steer_gdnsd_has_checks(const steer_gdnsd_group_t *group)
{
	for (size_t i = 0; i < group->count; i++) {
		if (group->members[i]->check != NULL) {
			return true;
		}
	}
	return false;
}

void steer_gdnsd_note_checks(steer_gdnsd_group_t *group)
{
	group->checked = steer_gdnsd_has_checks(group);
	for (size_t i = 0; i < group->count && !group->checked; i++) {
		const steer_gdnsd_group_t *inner = group->members[i]->group;
		group->checked = inner != NULL && inner->checked;
	}
}

uint32_t steer_gdnsd_stable(const steer_gdnsd_group_t *group)
{
	uint32_t stable = STEER_GDNSD_STABLE;
	for (size_t i = 0; i < group->count; i++) {
		const steer_gdnsd_member_t *member = group->members[i];
		const uint32_t of = member->group != NULL ? steer_gdnsd_stable(member->group)
		                                          : member->stable;
		stable = of < stable ? of : stable;
	}
	return stable;
}

void steer_gdnsd_limit(steer_gdnsd_group_t *group, uint32_t stable)
{
	for (size_t i = 0; i < group->count; i++) {
		steer_gdnsd_member_t *member = group->members[i];
		member->stable = stable < member->stable ? stable : member->stable;
		if (member->group != NULL) {
			steer_gdnsd_limit(member->group, stable);
		}
	}
}

unsigned steer_gdnsd_share_of(unsigned count, double share)
{
	const double exact = count * share;
	const unsigned whole = exact;
	return whole + (whole < exact);
}

int steer_gdnsd_percent(unsigned needed, unsigned count, double share)
{
	// What N percent need is at least needed, and more than one fewer.
	const unsigned written = share * 100 + 0.5, exact = 100 * needed / count;
	const unsigned both[] = { written, exact };
	if (needed <= 1) {
		return 0; // One that is healthy is enough.
	}
	for (unsigned i = 0; i < 2; i++) {
		if (both[i] * count > 100 * (needed - 1) && both[i] * count <= 100 * needed) {
			return both[i];
		}
	}
	return -1;
}
