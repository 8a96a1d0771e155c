/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/batch_sets.h"

#include <search.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/program.h"
#include "core/types.h"
#include "ctl/batch_match.h"
#include "formats/name_text.h"
#include "formats/program.h"

/* What has been looked at. */

/*! Of a name, which has no type; of a group, which has no identifier; or of a record set. */
typedef struct {
	const batch_zone_t *zone;
	const uint8_t *name;
	uint16_t type;
	const char *id;
} set_key_t;

typedef struct {
	set_key_t key;
	unsigned groups; /*!< How many it has now, ... */
	bool cname;      /*!< ... and whether one of CNAME. */
	bool stored;
	steer_face_t face; /*!< If it is stored. */
} name_t;

typedef struct {
	set_key_t key;
	name_t *name;
	unsigned sets;         /*!< How many it has now, ... */
	const uint8_t *program; /*!< ... and their policy. */
	size_t program_len;
	bool stored;
	steer_group_t group;   /*!< If it is stored. */
} group_t;

typedef struct {
	set_key_t key;
	steer_route53_action_t last; /*!< The last change, ... */
	steer_place_t place;         /*!< ... and where it is. */
} set_t;

static int by_key(const void *a, const void *b)
{
	const set_key_t *x = a, *y = b;
	if (x->zone != y->zone) {
		return x->zone->number > y->zone->number ? 1 : -1;
	}
	if (x->type != y->type) {
		return x->type > y->type ? 1 : -1;
	}
	const int order = steer_key_cmp(x->name, steer_name_len(x->name), y->name,
	                                steer_name_len(y->name));
	return order != 0 ? order : strcmp(x->id, y->id);
}

/*! Finds what has a key in a tree, or adds it with so many bytes. \return NULL: out of memory */
static void *find(void **tree, const set_key_t *key, size_t size, bool *added)
{
	set_key_t *const *found = tfind(key, tree, by_key);
	*added = found == NULL;
	if (found != NULL) {
		return *found;
	}
	set_key_t *made = calloc(1, size);
	if (made == NULL) {
		return NULL;
	}
	*made = *key;
	if (tsearch(made, tree, by_key) == NULL) {
		free(made);
		return NULL;
	}
	return made;
}

static int no_memory(steer_fault_t *fault)
{
	return steer_fault(fault, STEER_ENOMEM, "out of memory");
}

static int find_name(batch_sets_t *batch, const set_key_t *key, name_t **name,
                     steer_fault_t *fault)
{
	const set_key_t wanted = { key->zone, key->name, 0, "" };
	steer_group_t cname;
	bool added;
	*name = find(&batch->names, &wanted, sizeof(**name), &added);
	if (*name == NULL) {
		return no_memory(fault);
	}
	if (!added) {
		return STEER_OK;
	}
	int ret = view_face(batch->view, &key->zone->apex, key->name, &(*name)->face);
	if (ret == STEER_OK) {
		(*name)->stored = true;
		(*name)->groups = (*name)->face.count;
		(*name)->cname = steer_face_group(&(*name)->face, TYPE_CNAME, &cname);
	}
	return ret == STEER_OK || ret == STEER_ENOENT ? STEER_OK
	       : steer_fault(fault, ret, "%s", steer_strerror(ret));
}

static int find_group(batch_sets_t *batch, const set_key_t *key, group_t **group,
                      steer_fault_t *fault)
{
	const set_key_t wanted = { key->zone, key->name, key->type, "" };
	name_t *name;
	bool added;
	int ret = find_name(batch, key, &name, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	group_t *found = *group = find(&batch->groups, &wanted, sizeof(*found), &added);
	if (found == NULL) {
		return no_memory(fault);
	}
	if (added && name->stored && steer_face_group(&name->face, key->type, &found->group)) {
		found->stored = true;
		found->sets = found->group.count;
		found->program = found->group.program;
		found->program_len = found->group.program_len;
	}
	found->name = name;
	return STEER_OK;
}

/*! Finds a record set of the store. */
static bool find_stored(const group_t *group, const char *id, steer_set_t *stored)
{
	for (unsigned i = 0; group->stored && i < group->group.count; i++) {
		steer_group_set(&group->group, i, stored);
		if (steer_key_cmp(stored->id, stored->id_len, (const uint8_t *)id, strlen(id)) == 0) {
			return true;
		}
	}
	return false;
}

void batch_sets_end(batch_sets_t *batch)
{
	tdestroy(batch->names, free);
	tdestroy(batch->groups, free);
	tdestroy(batch->sets, free);
}

/* What is refused. */

__attribute__((format(printf, 3, 4)))
static int refuse(steer_fault_t *fault, const steer_route53_change_t *change, const char *format,
                  ...)
{
	static const char *const actions[] = {
		[STEER_ROUTE53_CREATE] = "CREATE",
		[STEER_ROUTE53_UPSERT] = "UPSERT",
		[STEER_ROUTE53_DELETE] = "DELETE",
	};
	char name[STEER_NAME_TEXT], type[STEER_TYPE_TEXT], text[512];
	const char *id = change->set.id, *quote = id[0] != '\0' ? "'" : "";
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	steer_name_print(change->owner, name);
	steer_type_text(change->type, type);
	return steer_fault(fault, STEER_EINVAL, "%s: %.255s %s%s%s%s%s: %s", actions[change->action],
	                   name, type, quote[0] != '\0' ? " " : "", quote, id, quote, text);
}

static const char *policy_text(const uint8_t *program, size_t len, char text[STEER_PROGRAM_TEXT])
{
	if (len == 0) {
		return "no policy";
	}
	steer_program_print(program, len, text);
	return text;
}

/*! Checks that a record set may be created or replaced. */
static int check_given(const group_t *group, bool there, const steer_route53_change_t *change,
                       steer_fault_t *fault)
{
	const name_t *name = group->name;
	if (there && change->action == STEER_ROUTE53_CREATE) {
		return refuse(fault, change, "is there already; allowed: UPSERT, which replaces it");
	}
	if (group->sets > 0 && steer_key_cmp(group->program, group->program_len, change->program,
	                                     change->program_len) != 0) {
		char given[STEER_PROGRAM_TEXT], is[STEER_PROGRAM_TEXT];
		return refuse(fault, change, "%s, and what is there has %s; allowed: one policy for all "
		              "record sets of a name and type, or DELETE of the others before",
		              policy_text(change->program, change->program_len, given),
		              policy_text(group->program, group->program_len, is));
	}
	if (change->type == TYPE_CNAME && name->groups > (group->sets > 0)) {
		return refuse(fault, change, "there are records of other types at the name; allowed: a "
		              "CNAME alone, or DELETE of the others before");
	}
	if (change->type != TYPE_CNAME && name->cname) {
		return refuse(fault, change, "there is a CNAME at the name, which stands alone; allowed: "
		              "DELETE of the CNAME before");
	}
	return STEER_OK;
}

/*! Checks that a record set may be deleted. \param[in] stored  NULL: it is not there. */
static int check_deleted(const batch_sets_t *batch, const group_t *group,
                         const steer_set_t *stored, const steer_route53_change_t *change,
                         steer_fault_t *fault)
{
	char fields[BATCH_FIELDS_TEXT];
	if (change->type == TYPE_SOA) {
		return refuse(fault, change, "an SOA goes only with its zone; allowed: UPSERT");
	}
	if (stored == NULL) {
		return refuse(fault, change, "no such record set; allowed: one that is there");
	}
	int ret = batch_match(batch->view->reader, &group->group, stored, change, fields);
	if (ret != STEER_OK) {
		return steer_fault(fault, ret, "%s", steer_strerror(ret));
	}
	return fields[0] == '\0' ? STEER_OK
	       : refuse(fault, change, "is there with another %s; allowed: all fields as they are, or "
	                "UPSERT, which replaces it", fields);
}

/* Changing. */

/*! Notes that a record set is gone. */
static void remove_set(group_t *group)
{
	if (--group->sets == 0) {
		group->name->groups--;
		group->name->cname = group->name->cname && group->key.type != TYPE_CNAME;
	}
}

/*! Notes that there is another record set. */
static void add_set(group_t *group, const steer_route53_change_t *change)
{
	if (group->sets++ == 0) {
		group->name->groups++;
		group->name->cname = group->name->cname || group->key.type == TYPE_CNAME;
		group->program = change->program;
		group->program_len = change->program_len;
	}
}

int batch_sets_change(batch_sets_t *batch, const batch_zone_t *zone,
                      const steer_route53_change_t *change, steer_fault_t *fault)
{
	const set_key_t key = { zone, change->owner, change->type, change->set.id };
	const bool deletes = change->action == STEER_ROUTE53_DELETE;
	steer_set_t stored;
	group_t *group;
	bool added;
	int ret = find_group(batch, &key, &group, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	set_t *set = find(&batch->sets, &key, sizeof(*set), &added);
	if (set == NULL) {
		return no_memory(fault);
	}
	const bool anew = !added && set->last == STEER_ROUTE53_DELETE &&
	                  change->action == STEER_ROUTE53_CREATE;
	if (!added && !anew) {
		return refuse(fault, change, "is changed in %s:%u:%u, too; allowed: once, or by DELETE "
		              "and then CREATE", set->place.file, set->place.line, set->place.column);
	}
	const bool there = !anew && find_stored(group, change->set.id, &stored);
	ret = deletes ? check_deleted(batch, group, there ? &stored : NULL, change, fault)
	      : check_given(group, there, change, fault);
	set->last = change->action;
	set->place = change->place;
	if (there && deletes) { // Also what may not be changed, or later changes would be misjudged.
		remove_set(group);
	} else if (!there && !deletes) {
		add_set(group, change);
	}
	return ret;
}
