/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "formats/text.h"

#define OPTIONS_MAX 24

/*! What getopt_long() returns for common options, and for the first of a verb's long options. */
enum { COMMON_JSON = 'j', COMMON_HELP = 'h', COMMON_DIR = 'd', TABLE = 256 };

static void print_usage(FILE *out, const run_t *run)
{
	const verb_t *verb = run->verb;
	fprintf(out, "usage: steerctl %s%s%s\n", verb->name, verb->usage[0] != '\0' ? " " : "",
	        verb->usage);
}

int options_wrong(const run_t *run, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fprintf(stderr, "%s: ", run->program);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	print_usage(stderr, run);
	return EXIT_USAGE;
}

void options_help(const run_t *run)
{
	print_usage(stdout, run);
	printf("\n%s\n", run->verb->help);
}

static int take(const run_t *run, const option_t *option)
{
	words_t *words;
	switch (option->kind) {
	case OPTION_FLAG:
		*(bool *)option->value = true;
		break;
	case OPTION_WORD:
		*(const char **)option->value = optarg;
		break;
	case OPTION_WORDS:
		words = option->value;
		if (words->count == WORDS_MAX) {
			return options_wrong(run, "--%s more than %d times", option->name, WORDS_MAX);
		}
		words->items[words->count++] = optarg;
		break;
	}
	return GO_ON;
}

static bool is_letter(const option_t *option)
{
	return option->name[1] == '\0';
}

/*! Fills getopt_long()'s table of long names and its string of letters. */
static void fill_table(struct option *table, char *letters, const option_t *options)
{
	size_t count = 0;
	letters = stpcpy(letters, "d:h");
	for (size_t i = 0; options[i].name != NULL; i++) {
		int has_arg = options[i].kind == OPTION_FLAG ? no_argument : required_argument;
		if (is_letter(&options[i])) {
			*letters++ = options[i].name[0];
			letters = stpcpy(letters, has_arg == required_argument ? ":" : "");
		} else {
			table[count++] = (struct option){ options[i].name, has_arg, NULL, TABLE + i };
		}
	}
	table[count++] = (struct option) { "json", no_argument, NULL, COMMON_JSON };
	table[count++] = (struct option) { "help", no_argument, NULL, COMMON_HELP };
	table[count++] = (struct option) { 0 };
}

/*! The option that getopt_long() has found. */
static const option_t *found(const option_t *options, int option)
{
	if (option >= TABLE) {
		return &options[option - TABLE];
	}
	while (!is_letter(options) || options->name[0] != option) {
		options++;
	}
	return options;
}

int options_parse(run_t *run, int *argc, char ***argv, const option_t *options, int min, int max)
{
	struct option table[OPTIONS_MAX];
	char letters[2 * OPTIONS_MAX + 4];
	fill_table(table, letters, options);
	(*argv)[0] = (char *)run->program; // getopt_long() begins its messages with this.
	optind = 0;                        // Starts anew, after the program's own options.
	int ret, option;
	while ((option = getopt_long(*argc, *argv, letters, table, NULL)) != -1) {
		switch (option) {
		case COMMON_DIR:
			run->dir = optarg;
			break;
		case COMMON_JSON:
			run->json = true;
			break;
		case COMMON_HELP:
			options_help(run);
			return EXIT_DONE;
		case '?':
			print_usage(stderr, run);
			return EXIT_USAGE;
		default:
			ret = take(run, found(options, option));
			if (ret != GO_ON) {
				return ret;
			}
			break;
		}
	}
	*argc -= optind;
	*argv += optind;
	if (run->dir[0] == '\0') {
		return options_wrong(run, "-d takes the directory of a store");
	}
	if (*argc < min || *argc > max) {
		return options_wrong(run, *argc < min ? "too few arguments" : "too many arguments");
	}
	return GO_ON;
}

static int no_action(const run_t *run, const char *name, const action_t *actions)
{
	char allowed[128] = "";
	for (; actions->name != NULL; actions++) {
		option_list(allowed, sizeof(allowed), actions->name);
	}
	return options_wrong(run, "no action '%s'; allowed: %s", name, allowed);
}

int options_action(run_t *run, int argc, char **argv, const action_t *actions)
{
	const option_t options[] = { { 0 } };
	if (argc < 2 || argv[1][0] == '-') { // Common options may come before the action.
		int ret = options_parse(run, &argc, &argv, options, 1, INT32_MAX);
		if (ret != GO_ON) {
			return ret;
		}
	} else {
		argc--;
		argv++;
	}
	for (const action_t *action = actions; action->name != NULL; action++) {
		if (strcmp(argv[0], action->name) == 0) {
			run->program = action->program;
			return action->function(run, argc, argv);
		}
	}
	return no_action(run, argv[0], actions);
}

void option_list(char *list, size_t size, const char *word)
{
	size_t len = strlen(list);
	snprintf(list + len, size - len, "%s%s", len > 0 ? ", " : "", word);
}

bool option_number(const char *text, uint64_t max, uint64_t *number)
{
	char *end;
	errno = 0;
	unsigned long long value = strtoull(text, &end, 10);
	if (!isdigit((unsigned char)text[0]) || *end != '\0' || errno != 0 || value > max) {
		return false;
	}
	*number = value;
	return true;
}

bool option_size(const char *text, uint64_t *size)
{
	static const char units[] = "KMGT";
	char digits[24];
	size_t len = strlen(text);
	const char *unit = len > 1 ? strchr(units, toupper((unsigned char)text[len - 1])) : NULL;
	unsigned shift = unit != NULL ? 10 * (unit - units + 1) : 0;
	len -= unit != NULL;
	if (len == 0 || len >= sizeof(digits)) {
		return false;
	}
	memcpy(digits, text, len);
	digits[len] = '\0';
	if (!option_number(digits, UINT64_MAX >> shift, size)) {
		return false;
	}
	*size <<= shift;
	return true;
}

int option_name(const run_t *run, const char *text, uint8_t *name)
{
	if (steer_name_parse(text, name) != STEER_OK) {
		return options_wrong(run, "'%s' is not a domain name; allowed: labels of letters, digits, "
		                     "- _ / * and \\DDD, of 1 to 63 bytes, 255 in all; international "
		                     "names as xn--", text);
	}
	return GO_ON;
}

static bool holds_name(const uint8_t *names, size_t len, const uint8_t *name)
{
	for (size_t at = 0; at < len; at += steer_name_len(names + at)) {
		if (steer_name_equal(names + at, name)) {
			return true;
		}
	}
	return false;
}

int option_names(const run_t *run, const words_t *words, uint8_t *names, size_t *len)
{
	size_t end = 0;
	for (unsigned i = 0; i < words->count; i++) {
		if (option_name(run, words->items[i], names + end) != GO_ON) {
			return EXIT_USAGE;
		}
		if (holds_name(names, end, names + end)) {
			return options_wrong(run, "'%s' is given twice; allowed: each name once",
			                     words->items[i]);
		}
		end += steer_name_len(names + end);
	}
	*len = end;
	return GO_ON;
}

int option_type(const run_t *run, const char *text, uint16_t *type)
{
	if (steer_type_parse(text, type) != STEER_OK) {
		return options_wrong(run, "'%s' is not a record type; allowed: names like MX, or TYPE123",
		                     text);
	}
	return GO_ON;
}
