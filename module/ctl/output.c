/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/output.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/utf8.h"
#include "ctl/options.h"

/*! Number of records between two looks at the clock. */
#define PROGRESS_STEP 4096

/*! Prints a message, which may quote arbitrary bytes of files, on standard error. */
static void print_masked(const char *text, const char *end)
{
	size_t len = strlen(text), size = STEER_MASKED(len);
	char *masked = malloc(size);
	if (masked != NULL) {
		fputs(steer_utf8_mask(masked, size, text, len), stderr);
		free(masked);
	}
	fputs(end, stderr);
}

int print_fault(const steer_fault_t *fault, int status)
{
	print_masked(fault->text, "\n");
	return status;
}

int print_store_fault(const steer_fault_t *fault)
{
	switch (fault->code) {
	case STEER_EREFUSED:
	case STEER_ENOENT:
	case STEER_EEXIST:
	case STEER_EINVAL:
	case STEER_ESPACE:
		return print_fault(fault, EXIT_REFUSED);
	default:
		return print_fault(fault, EXIT_STORE);
	}
}

int print_no_memory(void)
{
	fprintf(stderr, "steerctl: %s\n", steer_strerror(STEER_ENOMEM));
	return EXIT_STORE;
}

void print_at(const char *file, uint32_t line, uint32_t column, const char *text)
{
	char place[32] = "";
	if (file != NULL) {
		print_masked(file, "");
		snprintf(place, sizeof(place), column > 0 ? ":%u:%u: " : line > 0 ? ":%u: " : ": ", line,
		         column);
	}
	fputs(place, stderr);
	print_masked(text, "\n");
}

void print_field(const char *name, const char *text, const char *behind)
{
	printf("%s:%*s%s%s\n", name, FIELD_WIDTH - (int)strlen(name), "", text, behind);
}

void time_print(char text[TIME_TEXT], uint64_t seconds)
{
	time_t then = seconds;
	struct tm local;
	char zone[8];
	if (then < 0 || (uint64_t)then != seconds || localtime_r(&then, &local) == NULL ||
	    strftime(text, TIME_TEXT, "%Y-%m-%dT%H:%M:%S", &local) == 0 ||
	    strftime(zone, sizeof(zone), "%z", &local) != 5) {
		snprintf(text, TIME_TEXT, "@%" PRIu64, seconds);
		return;
	}
	size_t len = strlen(text);
	snprintf(text + len, TIME_TEXT - len, "%.3s:%s", zone, zone + 3);
}

bool time_parse(const char *text, uint64_t *seconds)
{
	static const char *const forms[] = {
		"%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d",
	};
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct tm given = { .tm_isdst = -1 };
		const char *end = strptime(text, forms[i], &given);
		if (end == NULL || *end != '\0') {
			continue;
		}
		struct tm is = given;
		time_t then = i == 0 ? timegm(&is) - given.tm_gmtoff : mktime(&is);
		if (then < 0 || is.tm_mday != given.tm_mday) { // Such as the 31st of February.
			return false;
		}
		*seconds = then;
		return true;
	}
	return text[0] == '@' && option_number(text + 1, INT64_MAX, seconds);
}

json_t *json_name(const uint8_t *name)
{
	char text[STEER_NAME_TEXT];
	steer_name_print(name, text);
	return json_string(text);
}

json_t *json_coordinates(const steer_coordinates_t *point)
{
	return json_pack("[f, f]", point->lat / 100.0, point->lon / 100.0);
}

const char *json_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text != NULL ? text : "";
}

json_int_t json_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

int print_json(json_t *value)
{
	if (value == NULL) {
		return print_no_memory();
	}
	json_dumpf(value, stdout, JSON_INDENT(2) | JSON_PRINTED);
	putchar('\n');
	json_decref(value);
	return EXIT_DONE;
}

void json_list_begin(json_list_t *list, FILE *out)
{
	*list = (json_list_t) { .out = out };
}

static void next_value(json_list_t *list)
{
	fputs(list->begun ? ",\n" : "[\n", list->out);
	list->begun = true;
}

int json_list_add(json_list_t *list, json_t *value)
{
	if (value == NULL) {
		return STEER_ENOMEM;
	}
	next_value(list);
	json_dumpf(value, list->out, JSON_PRINTED);
	json_decref(value);
	return STEER_OK;
}

void json_list_end(json_list_t *list)
{
	fputs(list->begun ? "\n]" : "[]", list->out);
}

int print_list_end(const run_t *run, json_list_t *list, int ret)
{
	if (run->json && (ret == GO_ON || list->begun)) {
		json_list_end(list);
		putchar('\n');
	}
	return ret == GO_ON ? EXIT_DONE : ret;
}

int json_open(FILE *out, json_t *object)
{
	char *text = object != NULL ? json_dumps(object, JSON_PRINTED) : NULL;
	json_decref(object);
	if (text == NULL) {
		return STEER_ENOMEM;
	}
	fprintf(out, "%.*s", (int)strlen(text) - 1, text);
	free(text);
	return STEER_OK;
}

int json_list_open(json_list_t *list, json_t *object)
{
	if (object == NULL) {
		return STEER_ENOMEM;
	}
	next_value(list);
	return json_open(list->out, object);
}

void json_open_member(FILE *out, const char *key)
{
	fprintf(out, ",\n \"%s\": ", key);
}

void json_open_end(FILE *out)
{
	putc('}', out);
}

/* Progress. */

static double seconds_since(const struct timespec *then)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - then->tv_sec) + (now.tv_nsec - then->tv_nsec) / 1e9;
}

/*! Writes a number with a comma between thousands. */
static const char *grouped(uint64_t number, char text[32])
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%" PRIu64, number);
	char *at = text;
	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0) {
			*at++ = ',';
		}
		*at++ = digits[i];
	}
	*at = '\0';
	return text;
}

void progress_begin(progress_t *progress)
{
	*progress = (progress_t) { .shown = isatty(STDERR_FILENO) };
	clock_gettime(CLOCK_MONOTONIC, &progress->begin);
	progress->last = progress->begin;
}

void progress_show(const progress_t *progress, const char *what)
{
	if (!progress->shown) {
		return;
	}
	double seconds = seconds_since(&progress->begin);
	char count[32], rate[32];
	fprintf(stderr, "\r\033[K%s records, %s/s%s", grouped(progress->records, count),
	        grouped(seconds > 0 ? progress->records / seconds : 0, rate), what);
	fflush(stderr);
}

void progress_count(progress_t *progress)
{
	progress->records++;
	if (progress->shown && progress->records % PROGRESS_STEP == 0 &&
	    seconds_since(&progress->last) > 0.2) {
		progress_show(progress, "");
		clock_gettime(CLOCK_MONOTONIC, &progress->last);
	}
}

void progress_clear(const progress_t *progress)
{
	if (progress->shown) {
		fputs("\r\033[K", stderr);
	}
}
