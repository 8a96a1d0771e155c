/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief check: how many record sets name a health check or an alias target.
 */
#include <inttypes.h>
#include <string.h>

#include "core/utf8.h"
#include "ctl/check.h"
#include "ctl/health_print.h"
#include "ctl/options.h"
#include "formats/text.h"
#include "store/uses.h"

/*! Room for target_text(). */
#define TARGET_TEXT (STEER_TYPE_TEXT + STEER_NAME_TEXT)

/*! Such as "A www.example.". */
static void target_text(uint16_t type, const uint8_t *name, char text[TARGET_TEXT])
{
	char of[STEER_TYPE_TEXT], target[STEER_NAME_TEXT];
	steer_name_print(name, target);
	snprintf(text, TARGET_TEXT, "%s %s", steer_type_text(type, of), target);
}

static void count_use(json_t *uses, const char *of)
{
	json_int_t count = json_integer_value(json_object_get(uses, of));
	(void)json_object_set_new_nocheck(uses, of, json_integer(count + 1));
}

void check_use_of_check(checker_t *checker, const char *id)
{
	count_use(checker->uses, id);
}

void check_use_of_target(checker_t *checker, uint16_t type, const uint8_t *name)
{
	char text[TARGET_TEXT];
	target_text(type, name, text);
	count_use(checker->target_uses, text);
}

static void compare_uses(checker_t *checker, const char *id, uint64_t stored, uint64_t found)
{
	if (stored != found) {
		check_health_finding(checker, id, "damaged: %" PRIu64 " record sets that refer to it are "
		                     "counted, %" PRIu64 " are there", stored, found);
	}
}

static bool look_at_uses(void *ctx, const char *stored, size_t len, uint64_t count)
{
	checker_t *checker = ctx;
	char id[CHECK_ID_TEXT];
	steer_utf8_mask(id, sizeof(id), stored, len < sizeof(id) ? len : 0);
	compare_uses(checker, id, count, json_integer_value(json_object_get(checker->uses, id)));
	(void)json_object_del(checker->uses, id);
	return true;
}

static void compare_target_uses(checker_t *checker, const char *target, uint64_t stored,
                                uint64_t found)
{
	const char *name = strchr(target, ' ');
	if (stored != found) {
		check_name_finding(checker, name + 1, "damaged: %" PRIu64 " record sets of type %.*s that "
		                   "are aliases of it are counted, %" PRIu64 " are there", stored,
		                   (int)(name - target), target, found);
	}
}

static bool look_at_target_uses(void *ctx, const steer_target_use_t *use)
{
	checker_t *checker = ctx;
	uint8_t name[STEER_NAME_MAX];
	char text[TARGET_TEXT];
	steer_key_to_name(name, &use->name, use->name.labels);
	target_text(use->type, name, text);
	compare_target_uses(checker, text, use->count,
	                    json_integer_value(json_object_get(checker->target_uses, text)));
	(void)json_object_del(checker->target_uses, text);
	return true;
}

int check_uses(checker_t *checker)
{
	const char *of;
	json_t *found;
	if (checker->unread) {
		return GO_ON;
	}
	int ret = steer_uses_walk(checker->view.reader, look_at_uses, checker);
	if (ret == STEER_OK) {
		ret = steer_uses_targets_walk(checker->view.reader, look_at_target_uses, checker);
	}
	if (ret == STEER_EDAMAGED) {
		check_store_finding(checker, "damaged: the number of aliases of something that is no name");
	} else if (ret != STEER_OK) {
		fprintf(stderr, "steerctl: the uses of health checks and targets cannot be read: %s\n",
		        steer_strerror(ret));
		return EXIT_STORE;
	}
	json_object_foreach(checker->uses, of, found) {
		compare_uses(checker, of, 0, json_integer_value(found));
	}
	json_object_foreach(checker->target_uses, of, found) {
		compare_target_uses(checker, of, 0, json_integer_value(found));
	}
	return GO_ON;
}
