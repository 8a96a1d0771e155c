/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Any bytes as a stored check, state, target, heartbeat or transition: refused, or every part
 *        is inside, and written again it is the same; any text as options: refused, or in a stable
 *        form.
 *
 * The first byte says what the rest is: 0 a check, 1 a state, 2 a target's answer, 3 a type and
 * then lines KEY=VALUE, 8 a heartbeat, 16 a transition. With 4 in it a value's sum is corrected
 * first.
 */
#include <stdlib.h>
#include <string.h>

#include "core/external_answer.h"
#include "core/health_transition.h"
#include "core/heartbeat.h"
#include "core/node.h"
#include "formats/health_check.h"
#include "tests/fuzz/target.h"

#define TYPE_A  1

static void try_check(const uint8_t *bytes, size_t size)
{
	static steer_health_check_t check;
	static uint8_t again[STEER_CHECK_MAX];
	if (steer_health_check_open(&check, bytes, size) != STEER_OK) {
		return;
	}
	const steer_health_option_t *option;
	const char *text;
	size_t at = 0, len;
	while (steer_health_check_next(&check, &at, &option, &text, &len)) {
		const uint8_t *begin = (const uint8_t *)text, *end = check.options + check.options_len;
		require(option != NULL && (steer_health_check_flag(option) != 0 ||
		                        (begin >= check.options && begin + len <= end)));
	}
	require(steer_health_check_write(again, &check) == size && memcmp(again, bytes, size) == 0);
}

static void try_state(const uint8_t *bytes, size_t size)
{
	uint8_t again[STEER_HEALTH_STATE_MAX];
	const steer_now_t now = { .wall = 1700000000, .boot_ms = 1000 };
	steer_health_state_t state;
	if (steer_health_state_open(&state, bytes, size) != STEER_OK) {
		return;
	}
	uint64_t left = steer_health_state_left(&state, &now);
	require(left <= STEER_LEFT_MAX || left == UINT64_MAX);
	require(steer_health_state_write(again, &state) == size && memcmp(again, bytes, size) == 0);
}

static void try_target(const uint8_t *bytes, size_t size)
{
	static uint8_t again[STEER_EXTERNAL_ANSWER_MAX];
	steer_external_answer_t target;
	if (steer_external_answer_open(&target, TYPE_A, bytes, size) != STEER_OK) {
		return;
	}
	const uint8_t *at = target.rrs, *end = target.rrs + target.rrs_len;
	uint16_t len;
	unsigned count = 0;
	while (steer_rr_next(&at, end, &len) != NULL) {
		count++;
	}
	require(at == end && count == target.count);
	require(steer_external_answer_write(again, &target) == size && memcmp(again, bytes, size) == 0);
}

static void try_heartbeat(const uint8_t *bytes, size_t size)
{
	uint8_t again[STEER_HEARTBEAT_SIZE];
	steer_now_t beat;
	if (steer_heartbeat_open(&beat, bytes, size) == STEER_OK) {
		require(steer_heartbeat_write(again, &beat) == size && memcmp(again, bytes, size) == 0);
	}
}

static void try_transition(const uint8_t *bytes, size_t size)
{
	uint8_t again[STEER_TRANSITION_MAX], state[STEER_HEALTH_STATE_MAX];
	steer_health_transition_t transition;
	if (steer_health_transition_open(&transition, bytes, size) != STEER_OK) {
		return;
	}
	size_t len = steer_health_state_write(state, &transition.state);
	require(steer_health_transition_write(again, transition.kind, transition.id,
	                                      transition.id_len, state, len) == size &&
	        memcmp(again, bytes, size) == 0);
}

/*! Whether a check's options, as they are printed, make the same options. */
static void set_again(const steer_health_check_t *check)
{
	static steer_health_check_t again;
	static char value[STEER_CHECK_MAX];
	steer_fault_t fault;
	const steer_health_option_t *option;
	const char *text;
	size_t at = 0, len;
	again = (steer_health_check_t) { .type = check->type };
	while (steer_health_check_next(check, &at, &option, &text, &len)) {
		memcpy(value, text, len);
		value[len] = '\0';
		require(steer_health_check_set(&again, option->name, value, &fault) == STEER_OK);
	}
	require(again.flags == check->flags && again.options_len == check->options_len &&
	     memcmp(again.options, check->options, check->options_len) == 0);
}

static void try_text(char *text)
{
	static steer_health_check_t check, opened;
	static uint8_t value[STEER_CHECK_MAX];
	steer_fault_t fault;
	char *line = strsep(&text, "\n");
	check = (steer_health_check_t) { 0 };
	if (!steer_health_check_type_parse(line, &check.type)) {
		return;
	}
	while ((line = strsep(&text, "\n")) != NULL) {
		char *end = strchr(line, '=');
		if (end != NULL) {
			*end = '\0';
			fault.text[0] = '\0';
			require((steer_health_check_set(&check, line, end + 1, &fault) == STEER_OK) ==
			     (fault.text[0] == '\0'));
		}
	}
	(void)steer_health_check_complete(&check, &fault);
	size_t size = steer_health_check_write(value, &check);
	require(steer_health_check_open(&opened, value, size) == STEER_OK);
	set_again(&opened);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) {
		return 0;
	}
	static void (*const values[])(const uint8_t *, size_t) = {
		try_check, try_state, try_target, NULL, try_heartbeat, try_transition,
	};
	unsigned what = data[0], kind = (what & 16) != 0 ? 5 : (what & 8) != 0 ? 4 : what % 4;
	size--;
	uint8_t *exact = malloc(size + (values[kind] == NULL));
	if (exact == NULL) {
		return 0;
	}
	memcpy(exact, data + 1, size);
	if (values[kind] == NULL) {
		exact[size] = '\0';
		try_text((char *)exact);
		free(exact);
		return 0;
	}
	if ((what & 4) != 0 && size >= STEER_SUM_SIZE) {
		put_check_sum(exact, steer_value_sum(exact, size)); // All have it in the same place.
	}
	values[kind](exact, size);
	free(exact);
	return 0;
}
