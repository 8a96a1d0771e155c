/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief target: the external alias targets and their answers.
 */
#include <fnmatch.h>
#include <string.h>

#include "ctl/externals.h"
#include "ctl/options.h"
#include "ctl/output.h"
#include "ctl/target_print.h"
#include "ctl/verbs.h"
#include "store/uses.h"

/*! Which targets are printed, and how. */
typedef struct {
	const run_t *run;
	const char *asked;   /*!< A pattern, or a name as it was given; NULL: all are listed. */
	const uint8_t *name; /*!< Only those of that name, with all that is known; NULL: a list. */
	uint16_t type;       /*!< 0: of any type. */
	health_view_t health;
	targets_t targets;
	steer_text_t *text;
	json_list_t list;
	uint64_t count;      /*!< Printed so far. */
	bool damaged;
} printer_t;

/*! Whether a name matches the pattern, with or without its final dot. */
static bool matches(const char *pattern, const uint8_t *name)
{
	char text[STEER_NAME_TEXT];
	steer_name_print(name, text);
	if (fnmatch(pattern, text, FNM_CASEFOLD) == 0) {
		return true;
	}
	text[strlen(text) - 1] = '\0';
	return text[0] != '\0' && fnmatch(pattern, text, FNM_CASEFOLD) == 0;
}

static bool is_wanted(const printer_t *printer, uint16_t type, const steer_key_t *key)
{
	uint8_t name[STEER_NAME_MAX];
	steer_key_to_name(name, key, key->labels);
	if (printer->name != NULL) {
		return steer_name_equal(name, printer->name) &&
		       (printer->type == 0 || printer->type == type);
	}
	return printer->asked == NULL || matches(printer->asked, name);
}

/*! Reports that something about a target cannot be read. The rest is still worth printing. */
static void report(printer_t *printer, const target_t *target, const char *what, int error)
{
	char name[STEER_NAME_TEXT], type[STEER_TYPE_TEXT];
	if (error != STEER_OK && error != STEER_ENOENT) {
		steer_name_print(target->name, name);
		fprintf(stderr, "%s: %s: %s: %s\n", name, steer_type_text(target->type, type), what,
		        steer_strerror(error));
		printer->damaged = true;
	}
}

static json_t *whole_json(const printer_t *printer, const target_t *target, uint64_t uses)
{
	json_t *object = target_json(target, &printer->health.now);
	if (object == NULL) {
		return NULL;
	}
	json_object_set_new(object, "uses", json_integer(uses));
	json_object_set_new(object, "steerd_silent_since", health_silent_since(&printer->health));
	if (printer->name != NULL) {
		json_object_set_new(object, "values", target_values_json(target, printer->text));
	}
	return object;
}

/*! \return GO_ON, or the exit status after an error message */
static int print_target(printer_t *printer, uint16_t type, const steer_key_t *key)
{
	target_t target;
	uint64_t uses = 0;
	if (printer->count++ == 0) {
		targets_ask(&printer->targets, printer->name);
	}
	targets_get(&printer->targets, type, key, &target);
	report(printer, &target, "its answer", target.found);
	report(printer, &target, "the number of aliases that name it",
	       steer_uses_of_target(printer->health.view.reader, type, key, &uses));
	if (printer->run->json) {
		return json_list_add(&printer->list, whole_json(printer, &target, uses)) == STEER_OK
		       ? GO_ON : print_no_memory();
	}
	if (printer->name == NULL) {
		target_print_row(&target, &printer->health.now);
	} else {
		fputs(printer->count > 1 ? "\n" : "", stdout);
		target_print_full(&target, uses, printer->text, &printer->health.now);
	}
	return GO_ON;
}

/*! Says that nothing is as asked for. \return EXIT_REFUSED */
static int find_none(const printer_t *printer)
{
	if (printer->name != NULL) {
		fprintf(stderr, "%s: no such external alias target; steerctl target list shows them\n",
		        printer->asked);
	} else {
		fprintf(stderr, "%s: no external alias target matches '%s'\n", printer->run->program,
		        printer->asked);
	}
	return EXIT_REFUSED;
}

/*! Prints the targets. \return GO_ON, or the exit status after an error message */
static int print_all(printer_t *printer)
{
	externals_t externals;
	int ret = externals_gather(&externals, printer->health.view.reader), status = GO_ON;
	for (size_t i = 0; i < externals.count && status == GO_ON; i++) {
		uint16_t type;
		steer_key_t key;
		externals_get(&externals, i, &type, &key);
		if (is_wanted(printer, type, &key)) {
			status = print_target(printer, type, &key);
		}
	}
	externals_free(&externals);
	if (ret != STEER_OK) {
		fprintf(stderr, "steerctl: alias targets: %s\n", steer_strerror(ret));
		return EXIT_STORE;
	}
	if (status != GO_ON || printer->damaged) {
		return EXIT_STORE;
	}
	return printer->count == 0 && printer->asked != NULL ? find_none(printer) : GO_ON;
}

static int print_asked(printer_t *printer)
{
	int ret = health_open(&printer->health, printer->run, STEER_STORE_READ);
	if (ret != GO_ON) {
		return ret;
	}
	printer->text = steer_text_new();
	if (printer->text == NULL || targets_begin(&printer->targets, &printer->health) != STEER_OK) {
		ret = print_no_memory();
		goto end;
	}
	json_list_begin(&printer->list, stdout);
	ret = print_list_end(printer->run, &printer->list, print_all(printer));
	if (!printer->run->json && printer->count > 0) {
		health_warn(&printer->health, "the last answers of alias targets are kept",
		            &printer->targets.fault, "how alias targets are resolved is not known");
	}
	targets_end(&printer->targets);
end:
	steer_text_free(printer->text);
	health_close(&printer->health);
	return ret;
}

static int list(run_t *run, int argc, char **argv)
{
	const option_t options[] = { { 0 } };
	printer_t printer = { .run = run };
	int ret = options_parse(run, &argc, &argv, options, 0, 1);
	if (ret != GO_ON) {
		return ret;
	}
	printer.asked = argc > 0 ? argv[0] : NULL;
	return print_asked(&printer);
}

static int show(run_t *run, int argc, char **argv)
{
	const option_t options[] = { { 0 } };
	uint8_t name[STEER_NAME_MAX];
	printer_t printer = { .run = run, .name = name };
	int ret = options_parse(run, &argc, &argv, options, 1, 2);
	if (ret != GO_ON) {
		return ret;
	}
	ret = option_name(run, argv[0], name);
	if (ret == GO_ON && argc > 1) {
		ret = option_type(run, argv[1], &printer.type);
	}
	printer.asked = argv[0];
	return ret == GO_ON ? print_asked(&printer) : ret;
}

int verb_target(run_t *run, int argc, char **argv)
{
	static const action_t actions[] = {
		{ "list", "steerctl target list", list },
		{ "show", "steerctl target show", show },
		{ 0 },
	};
	return options_action(run, argc, argv, actions);
}
