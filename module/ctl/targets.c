/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/targets.h"

#include <stdio.h>
#include <string.h>

#include "core/types.h"
#include "ctl/steerd_page.h"
#include "formats/name_text.h"
#include "store/settings.h"

int targets_begin(targets_t *targets, const health_view_t *health)
{
	const steer_setting_t *stale_max = &steer_settings[STEER_SETTING_STALE_MAX];
	*targets = (targets_t) {
		.health = health, .stale_max = stale_max->default_value, .told = json_object(),
	};
	// What cannot be read is for check to report.
	(void)steer_setting_read(health->view.reader, stale_max, &targets->stale_max);
	return targets->told != NULL ? STEER_OK : STEER_ENOMEM;
}

void targets_end(targets_t *targets)
{
	json_decref(targets->told);
	targets->told = NULL;
}

/* Asking steerd. */

/*! Room for a target as it is told apart from others. */
#define KEY_TEXT (STEER_NAME_TEXT + STEER_TYPE_TEXT)

static void print_key(char text[KEY_TEXT], const uint8_t *name, const char *type)
{
	char shown[STEER_NAME_TEXT];
	steer_name_print(name, shown);
	snprintf(text, KEY_TEXT, "%s %s", shown, type);
}

/*! Whether a character stands for itself in a query (RFC 3986, section 2.3). */
static bool is_unreserved(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_';
}

/*! Room for the path and query of a page. */
#define PAGE_TEXT (sizeof("/targets?name=") + 3 * STEER_NAME_TEXT)

/*! Makes the path and query of a page. \param[in] name  NULL: of all targets. */
static void print_page(char page[PAGE_TEXT], const uint8_t *name)
{
	char text[STEER_NAME_TEXT];
	int at = sprintf(page, name != NULL ? "/targets?name=" : "/targets");
	if (name == NULL) {
		return;
	}
	steer_name_print(name, text);
	for (const char *from = text; *from != '\0'; from++) {
		at += sprintf(page + at, is_unreserved(*from) ? "%c" : "%%%02X", (unsigned char)*from);
	}
}

void targets_ask(targets_t *targets, const uint8_t *name)
{
	char page[PAGE_TEXT], key[KEY_TEXT];
	json_t *answer, *target;
	size_t i;
	print_page(page, name);
	if (targets->fault.code != STEER_OK || json_object_get(targets->told, page) != NULL) {
		return;
	}
	json_object_set_new_nocheck(targets->told, page, json_true()); // Keys have a blank, pages none.
	if (steerd_page(targets->health->view.store, page, &answer, &targets->fault) != STEER_OK) {
		return;
	}
	json_array_foreach(answer, i, target) {
		uint8_t wire[STEER_NAME_MAX];
		const char *text = json_string_value(json_object_get(target, "target"));
		const char *type = json_string_value(json_object_get(target, "type"));
		if (text != NULL && type != NULL && strlen(type) < STEER_TYPE_TEXT &&
		    steer_name_parse(text, wire) == STEER_OK) {
			print_key(key, wire, type);
			json_object_set_nocheck(targets->told, key, target);
		}
	}
	json_decref(answer);
}

/* What is known. */

/*! A number of seconds, or less than 0. */
static int64_t told_seconds(const json_t *told, const char *key)
{
	const json_t *value = json_object_get(told, key);
	json_int_t seconds = json_is_integer(value) ? json_integer_value(value) : -1;
	return seconds < UINT32_MAX ? seconds : UINT32_MAX;
}

/*! Finds the word for a state. \return false: there is no such state */
static bool told_state(const json_t *told, steer_external_state_t *state)
{
	const char *word = json_string_value(json_object_get(told, "state"));
	for (unsigned i = 0; word != NULL && i < STEER_EXTERNAL_STATE_COUNT; i++) {
		if (strcmp(word, steer_external_state_name(i)) == 0) {
			*state = i;
			return true;
		}
	}
	return false;
}

/*! Takes what steerd tells, which is newer than what it has stored. */
static void take_told(target_t *target, const json_t *told)
{
	steer_external_state_t state;
	if (!told_state(told, &state)) {
		return;
	}
	const json_t *error = json_object_get(told, "error");
	target->told = true;
	target->next = steerd_page_number(told, "next");
	target->refreshes = steerd_page_number(told, "refreshes");
	target->failed = steerd_page_number(told, "failed");
	target->tries = (target_tries_t) {
		.state = state, .age = told_seconds(told, "age"), .left = told_seconds(told, "removed_in"),
		.tried = steerd_page_number(told, "tried"),
		.failures = steerd_page_number(told, "failures"),
		.error = json_string_value(error), .error_len = json_string_length(error),
	};
}

/*! Takes how the tries had gone when the answer was stored. */
static void take_stored(target_t *target, const targets_t *targets)
{
	const steer_external_answer_t *answer = &target->answer;
	const health_view_t *health = targets->health;
	int64_t ms = -steer_now_until(&health->now, &answer->resolved), age = ms > 0 ? ms / 1000 : 0;
	int64_t left = (int64_t)answer->ttl + targets->stale_max - age;
	bool left_alone = health->silence.silent && age > answer->ttl;
	target->tries = (target_tries_t) {
		.state = left_alone ? STEER_EXTERNAL_STALE
		         : steer_external_state(true, answer->held, answer->failures),
		.age = age, .left = left > 0 ? left : 0, .tried = answer->tried,
		.failures = answer->failures, .error = answer->error, .error_len = answer->error_len,
	};
}

void targets_get(const targets_t *targets, uint16_t type, const steer_key_t *name,
                 target_t *target)
{
	char key[KEY_TEXT], text[STEER_TYPE_TEXT];
	*target = (target_t) {
		.type = type, .tries = { .state = STEER_EXTERNAL_PENDING, .age = -1, .left = -1 },
	};
	steer_key_to_name(target->name, name, name->labels);
	target->found = steer_status_external_answer(targets->health->status, type, name,
	                                             &target->answer);
	if (target->found == STEER_OK) {
		take_stored(target, targets);
	}
	steer_type_text(type, text);
	print_key(key, target->name, text);
	take_told(target, json_object_get(targets->told, key));
}
