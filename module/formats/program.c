/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/program.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/utf8.h"

#define SIMPLE "simple"
#define SEPARATORS " \t,"

/*! A word of the text. */
typedef struct {
	const char *at;
	size_t len;
} word_t;

/*! A program that is being parsed. */
typedef struct {
	uint8_t *program;
	size_t len;
	steer_step_t step;  /*!< The current one; number 0: none yet. */
	unsigned given;     /*!< Bit for each of the options that the step has. */
	bool has_number;    /*!< The number after its name was given. */
	steer_fault_t *fault;
} reader_t;

/* Values of options, by their numbers. */

static const char *const all_downs[] = {
	[STEER_ALL_DOWN_ALL] = "all", [STEER_ALL_DOWN_NONE] = "none",
	[STEER_ALL_DOWN_SERVFAIL] = "servfail",
};
static const char *const stickies[] = {
	[STEER_STICKY_CLIENT] = "client", [STEER_STICKY_NONE] = "none",
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static bool is_word(const word_t *word, const char *text)
{
	return strlen(text) == word->len && memcmp(word->at, text, word->len) == 0;
}

static bool take_name(const word_t *word, const char *const *names, size_t count, uint8_t *number)
{
	for (size_t i = 0; i < count; i++) {
		if (is_word(word, names[i])) {
			*number = i;
			return true;
		}
	}
	return false;
}

/*! Parses digits as a number from 0 to max. */
static bool take_number(const word_t *word, unsigned max, unsigned *number)
{
	unsigned value = 0;
	for (size_t i = 0; i < word->len; i++) {
		if (!isdigit((unsigned char)word->at[i])) {
			return false;
		}
		value = value * 10 + (word->at[i] - '0');
		if (value > max) {
			return false;
		}
	}
	*number = value;
	return word->len > 0;
}

static bool take_all_down(const word_t *word, steer_step_t *step)
{
	return take_name(word, all_downs, COUNT(all_downs), &step->all_down);
}

static bool take_percent(const word_t *word, unsigned max, unsigned *percent)
{
	const word_t digits = { word->at, word->len > 0 ? word->len - 1 : 0 };
	return word->len > 0 && word->at[word->len - 1] == '%' && take_number(&digits, max, percent);
}

static bool take_min_healthy(const word_t *word, steer_step_t *step)
{
	unsigned percent;
	if (!take_percent(word, 100, &percent)) {
		return false;
	}
	step->min_healthy = percent;
	return true;
}

static bool take_sticky(const word_t *word, steer_step_t *step)
{
	return take_name(word, stickies, COUNT(stickies), &step->sticky);
}

static const struct {
	uint8_t step;
	const char *key;
	const char *form;    /*!< In a list of what is allowed. */
	const char *allowed; /*!< Values. */
	bool (*take)(const word_t *value, steer_step_t *step);
} options[] = {
	{ STEER_STEP_UP, "all-down", "all-down=all|none|servfail", "all, none or servfail",
	  take_all_down },
	{ STEER_STEP_UP, "min-healthy", "min-healthy=N%", "0% to 100%", take_min_healthy },
	{ STEER_STEP_WEIGHTED, "sticky", "sticky=client|none", "client or none", take_sticky },
};

/* Steps. */

static const struct {
	uint8_t number;
	const char *name;
} steps[] = {
#define X(symbol, step, text, arguments) { STEER_STEP_##symbol, text },
	STEER_STEPS(X)
#undef X
};

static const char *step_name(uint8_t number)
{
	for (size_t i = 0; i < COUNT(steps); i++) {
		if (steps[i].number == number) {
			return steps[i].name;
		}
	}
	return "";
}

/* What is allowed, for messages. */

#define LIST_MAX 256

static void add_to_list(char list[LIST_MAX], const char *text)
{
	size_t len = strlen(list);
	snprintf(list + len, LIST_MAX - len, "%s%s", len > 0 ? ", " : "", text);
}

static const char *allowed_steps(char list[LIST_MAX])
{
	list[0] = '\0';
	for (size_t i = 0; i < COUNT(steps); i++) {
		add_to_list(list, steps[i].name);
	}
	return list;
}

static const char *allowed_presets(char list[LIST_MAX])
{
	list[0] = '\0';
	add_to_list(list, SIMPLE);
	for (steer_preset_t preset = 0; preset < STEER_PRESETS; preset++) {
		add_to_list(list, steer_preset_name(preset));
	}
	return list;
}

/*! Says that a word, or the lack of one (""), is not a step. */
static int no_step(const reader_t *reader, const word_t *word)
{
	char shown[STEER_SHOWN], list[LIST_MAX], presets[LIST_MAX];
	if (word->len == 0) {
		return steer_fault(reader->fault, STEER_EINVAL, "a step is missing; allowed: %s, or a "
		                   "preset: %s", allowed_steps(list), allowed_presets(presets));
	}
	return steer_fault(reader->fault, STEER_EINVAL, "'%s' is not a step; allowed: %s, or a preset: "
	                   "%s", steer_shown(shown, word->at, word->len), allowed_steps(list),
	                   allowed_presets(presets));
}

static bool find_preset(const word_t *word, steer_preset_t *preset)
{
	for (*preset = 0; *preset < STEER_PRESETS; (*preset)++) {
		if (is_word(word, steer_preset_name(*preset))) {
			return true;
		}
	}
	return is_word(word, SIMPLE);
}

static int no_option(const reader_t *reader, const word_t *word)
{
	char shown[STEER_SHOWN], list[LIST_MAX] = "";
	for (size_t i = 0; i < COUNT(options); i++) {
		if (options[i].step == reader->step.number) {
			add_to_list(list, options[i].form);
		}
	}
	return steer_fault(reader->fault, STEER_EINVAL, "%s: no option '%s'; allowed: %s",
	                   step_name(reader->step.number), steer_shown(shown, word->at, word->len),
	                   list[0] != '\0' ? list : "none");
}

/* Reading. */

/*! Appends the current step, if there is one, to the program. */
static int end_step(reader_t *reader)
{
	const steer_step_t *step = &reader->step;
	uint8_t bytes[STEER_STEP_HEAD + 2];
	if (step->number == 0) {
		return STEER_OK;
	}
	if (step->number == STEER_STEP_TAKE && !reader->has_number) {
		return steer_fault(reader->fault, STEER_EINVAL, "take: a number is missing; allowed: take "
		                   "N, from 1 to %u", STEER_SETS_MAX);
	}
	if (step->number == STEER_STEP_WITHIN && !reader->has_number) {
		return steer_fault(reader->fault, STEER_EINVAL, "within: a percentage is missing; allowed: "
		                   "within P%%, from 0%% to %u%%", STEER_WITHIN_MAX);
	}
	size_t len = steer_step_write(bytes, step);
	if (reader->len + len > STEER_PROGRAM_MAX) {
		return steer_fault(reader->fault, STEER_EINVAL, "a policy of too many steps; allowed: %u "
		                   "bytes of them", STEER_PROGRAM_MAX);
	}
	memcpy(reader->program + reader->len, bytes, len);
	reader->len += len;
	reader->step = (steer_step_t) { 0 };
	reader->given = 0;
	reader->has_number = false;
	return STEER_OK;
}

static int begin_step(reader_t *reader, const word_t *word)
{
	steer_preset_t preset;
	char list[LIST_MAX];
	int ret = end_step(reader);
	if (ret != STEER_OK) {
		return ret;
	}
	for (size_t i = 0; i < COUNT(steps); i++) {
		if (is_word(word, steps[i].name)) {
			reader->step.number = steps[i].number;
			return STEER_OK;
		}
	}
	if (find_preset(word, &preset)) {
		return steer_fault(reader->fault, STEER_EINVAL, "'%.*s' is a preset, which stands alone; "
		                   "allowed with others: %s", (int)word->len, word->at,
		                   allowed_steps(list));
	}
	return no_step(reader, word);
}

/*! Parses an option of the step; value is what follows the sign. */
static int take_option(reader_t *reader, const word_t *word, const word_t *value)
{
	const word_t key = { word->at, value->at - 1 - word->at };
	char shown[STEER_SHOWN];
	size_t i = 0;
	while (i < COUNT(options) && (options[i].step != reader->step.number ||
	                              !is_word(&key, options[i].key))) {
		i++;
	}
	if (i == COUNT(options)) {
		return no_option(reader, &key);
	}
	if (reader->given & 1u << i) {
		return steer_fault(reader->fault, STEER_EINVAL, "%s: %s is given twice; allowed: once",
		                   step_name(reader->step.number), options[i].key);
	}
	if (!options[i].take(value, &reader->step)) {
		return steer_fault(reader->fault, STEER_EINVAL, "'%s': allowed: %s",
		                   steer_shown(shown, word->at, word->len), options[i].allowed);
	}
	reader->given |= 1u << i;
	return STEER_OK;
}

static int take_count(reader_t *reader, const word_t *word)
{
	char shown[STEER_SHOWN];
	unsigned number;
	if (!take_number(word, STEER_SETS_MAX, &number) || number == 0) {
		return steer_fault(reader->fault, STEER_EINVAL, "take: '%s'; allowed: take N, from 1 to "
		                   "%u", steer_shown(shown, word->at, word->len), STEER_SETS_MAX);
	}
	reader->step.take = number;
	reader->has_number = true;
	return STEER_OK;
}

static int take_within(reader_t *reader, const word_t *word)
{
	char shown[STEER_SHOWN];
	unsigned percent;
	if (!take_percent(word, STEER_WITHIN_MAX, &percent)) {
		return steer_fault(reader->fault, STEER_EINVAL, "within: '%s'; allowed: within P%%, from "
		                   "0%% to %u%%", steer_shown(shown, word->at, word->len),
		                   STEER_WITHIN_MAX);
	}
	reader->step.within = percent;
	reader->has_number = true;
	return STEER_OK;
}

static int take_word(reader_t *reader, const word_t *word)
{
	const char *sign = memchr(word->at, '=', word->len);
	if (sign != NULL && reader->step.number != 0) {
		const word_t value = { sign + 1, word->at + word->len - sign - 1 };
		return take_option(reader, word, &value);
	}
	bool digit = *word->at == '-' || isdigit((unsigned char)*word->at);
	if (digit && reader->step.number == STEER_STEP_TAKE && !reader->has_number) {
		return take_count(reader, word);
	}
	if (digit && reader->step.number == STEER_STEP_WITHIN && !reader->has_number) {
		return take_within(reader, word);
	}
	return begin_step(reader, word);
}

/*! Parses what is before a comma or the end: at least one step. */
static int take_part(reader_t *reader, const char *at, const char *end)
{
	unsigned words = 0;
	while ((at += strspn(at, " \t")) < end) {
		const word_t word = { at, strcspn(at, SEPARATORS) };
		int ret = take_word(reader, &word);
		if (ret != STEER_OK) {
			return ret;
		}
		at += word.len;
		words++;
	}
	return words > 0 ? end_step(reader) : no_step(reader, &(word_t) { "", 0 });
}

/*! Whether a text is the name of a preset and nothing else. */
static bool is_preset(const char *text, steer_preset_t *preset)
{
	text += strspn(text, " \t");
	const word_t word = { text, strcspn(text, SEPARATORS) };
	return text[word.len + strspn(text + word.len, " \t")] == '\0' && find_preset(&word, preset);
}

int steer_program_parse(const char *text, uint8_t *program, size_t *len, steer_fault_t *fault)
{
	steer_preset_t preset;
	uint8_t bytes[STEER_PROGRAM_MAX];
	reader_t reader = { .program = bytes, .fault = fault };
	if (is_preset(text, &preset)) {
		const uint8_t *whole = preset < STEER_PRESETS ? steer_preset_program(preset, &reader.len)
		                                              : bytes;
		memcpy(program, whole, reader.len);
		*len = reader.len;
		return STEER_OK;
	}
	for (const char *at = text, *end; at != NULL; at = *end == ',' ? end + 1 : NULL) {
		end = at + strcspn(at, ",");
		int ret = take_part(&reader, at, end);
		if (ret != STEER_OK) {
			return ret;
		}
	}
	memcpy(program, bytes, reader.len);
	*len = reader.len;
	return STEER_OK;
}

/* Printing. */

void steer_step_print(const steer_step_t *step, char *text, size_t size)
{
	char all_down[24] = "", min_healthy[24] = "", sticky[24] = "", count[8] = "";
	if (step->all_down != STEER_ALL_DOWN_ALL) {
		snprintf(all_down, sizeof(all_down), " all-down=%s", all_downs[step->all_down]);
	}
	if (step->min_healthy > 0) {
		snprintf(min_healthy, sizeof(min_healthy), " min-healthy=%u%%", step->min_healthy);
	}
	if (step->sticky != STEER_STICKY_NONE) {
		snprintf(sticky, sizeof(sticky), " sticky=%s", stickies[step->sticky]);
	}
	if (step->number == STEER_STEP_TAKE) {
		snprintf(count, sizeof(count), " %u", step->take);
	} else if (step->number == STEER_STEP_WITHIN) {
		snprintf(count, sizeof(count), " %u%%", step->within);
	}
	snprintf(text, size, "%s%s%s%s%s", step_name(step->number), all_down, min_healthy, sticky,
	         count);
}

void steer_program_print(const uint8_t *program, size_t len, char text[STEER_PROGRAM_TEXT])
{
	steer_preset_t preset = steer_program_preset(program, len), alone;
	const uint8_t *at = program;
	steer_step_t step;
	size_t used = 0;
	if (len == 0 || preset != STEER_PRESET_NONE) {
		strcpy(text, len == 0 ? SIMPLE : steer_preset_name(preset));
		return;
	}
	while (steer_program_next(&at, program + len, &step)) {
		used += snprintf(text + used, STEER_PROGRAM_TEXT - used, "%s", used > 0 ? ", " : "");
		steer_step_print(&step, text + used, STEER_PROGRAM_TEXT - used);
		used += strlen(text + used);
	}
	if (is_preset(text, &alone)) { // A step and nothing else would read as the preset.
		strcpy(text + used, alone == STEER_PRESET_WEIGHTED ? " sticky=none" : ", take 1000");
	}
}
