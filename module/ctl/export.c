/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/export.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "ctl/options.h"
#include "ctl/record_set.h"
#include "ctl/types.h"
#include "formats/memory_stream.h"
#include "formats/yaml/scalar.h"
#include "store/dictionary.h"

/* Zone files. */

/*! Prints the values of a name and type; a health check is left out. */
static void print_group(const export_t *export, const uint8_t *name, const steer_group_t *group)
{
	steer_set_t set;
	steer_group_set(group, 0, &set);
	if (group->program_len == 0 && !set.alias) {
		steer_records_write(export->text, export->out, "", "", name, group->type, set.ttl,
		                    set.body, set.body_len);
	}
}

/*! Prints types by number, except for SOA, which readers of zone files expect first. */
static int print_name(void *ctx, const uint8_t *name, const steer_face_t *face)
{
	export_t *export = ctx;
	steer_group_t group;
	bool soa = face->flags & STEER_FACE_APEX && steer_face_group(face, TYPE_SOA, &group);
	if (soa) {
		print_group(export, name, &group);
	}
	for (unsigned i = 0; i < face->count; i++) {
		steer_face_group_at(face, i, &group);
		if (!soa || group.type != TYPE_SOA) {
			print_group(export, name, &group);
		}
	}
	return GO_ON;
}

static int print_zone_file(export_t *export, const export_zone_t *zone)
{
	if (export->titles) {
		char text[STEER_NAME_TEXT];
		steer_name_print(zone->name, text);
		fprintf(export->out, "; zone %s\n", text);
	}
	return view_each_name_again(export->view, zone->apex, print_name, export);
}

static void look_at_head(export_t *export, const export_zone_t *zone)
{
	if (zone->overlay) {
		export_lose(export, zone->name, 0, NULL, "the mode overlay");
	}
	if (zone->comment[0] != '\0') {
		export_lose(export, zone->name, 0, NULL, "a comment");
	}
}

static const char *what_it_is(const steer_group_t *group, const steer_set_t *first)
{
	if (group->program_len > 0) {
		return "a policy";
	}
	return first->alias ? "an alias" : "a health check";
}

static void look_at_values(export_t *export, const uint8_t *name, const steer_group_t *group)
{
	steer_set_t set;
	if (!plain_set(group, &set)) {
		steer_group_set(group, 0, &set);
		export_lose(export, name, group->type, NULL, "%s", what_it_is(group, &set));
	}
}

static const export_format_t export_zone_file = {
	.name = "zone", .title = "a zone file",
	.look_at_zone = look_at_head, .look_at_group = look_at_values,
	.print = print_zone_file,
};

static const export_format_t *const formats[] = {
	&export_zone_file, &export_yaml, &export_route53, &export_octodns,
};

#define FORMATS (sizeof(formats) / sizeof(*formats))

/* What a format cannot express. */

static void lose(export_t *export, const char *of, const char *format, va_list args)
{
	fprintf(stderr, "%s: ", of);
	vfprintf(stderr, format, args);
	fprintf(stderr, ", which %s cannot express\n", export->format->title);
	export->lost++;
}

void export_lose(export_t *export, const uint8_t *name, uint16_t type, const char *id,
                 const char *format, ...)
{
	char owner[STEER_NAME_TEXT], type_text[STEER_TYPE_TEXT] = "", shown[STEER_SHOWN] = "";
	char of[sizeof(owner) + sizeof(type_text) + sizeof(shown) + 16];
	va_list args;
	steer_name_print(name, owner);
	if (type != 0) {
		steer_type_text(type, type_text);
	}
	if (id != NULL) {
		steer_shown(shown, id, strlen(id));
	}
	snprintf(of, sizeof(of), "%s%s%s%s%s", owner, type != 0 ? " " : "", type_text,
	         id != NULL ? " set " : "", shown);
	va_start(args, format);
	lose(export, of, format, args);
	va_end(args);
}

void export_lose_of(export_t *export, const char *kind, const char *name, const char *format, ...)
{
	char of[2 * STEER_NAME_TEXT];
	va_list args;
	snprintf(of, sizeof(of), "%s%s", kind, name);
	va_start(args, format);
	lose(export, of, format, args);
	va_end(args);
}

void export_look_at_comment(export_t *export, const export_zone_t *zone)
{
	if (!steer_yaml_is_line(zone->comment)) {
		export_lose(export, zone->name, 0, NULL, "a comment that is not one line of UTF-8");
	}
}

void export_look_at_servers(export_t *export, const uint8_t *name, const steer_face_t *face)
{
	const uint8_t apex = face->flags & (STEER_FACE_APEX | STEER_FACE_OVERLAY);
	steer_group_t servers;
	if (apex == STEER_FACE_APEX && !steer_face_group(face, TYPE_NS, &servers)) {
		export_lose(export, name, 0, NULL, "a zone without NS records");
	}
}

static bool has_name(const steer_names_t *names, uint32_t number)
{
	steer_dictionary_name_t name;
	return number == 0 || names->find(names->ctx, number, &name);
}

void export_look_at_numbers(export_t *export, const uint8_t *name, const steer_group_t *group)
{
	const steer_names_t names = steer_dictionary_names(export->view->reader);
	for (unsigned i = 0; i < group->count; i++) {
		steer_set_t set;
		steer_group_set(group, i, &set);
		const bool region = !has_name(&names, set.region);
		if (region || !has_name(&names, set.location)) {
			char owner[STEER_NAME_TEXT], type[STEER_TYPE_TEXT];
			steer_name_print(name, owner);
			steer_type_text(group->type, type);
			fprintf(stderr, "%s %s: the %s #%" PRIu32 " has no name in the store; steerctl check "
			        "shows all damage\n", owner, type, region ? "region" : "location",
			        region ? set.region : set.location);
			export->damaged = true;
			return;
		}
	}
}

static int look_at_name(void *ctx, const uint8_t *name, const steer_face_t *face)
{
	export_t *export = ctx;
	const export_format_t *format = export->format;
	if (format->look_at_name != NULL) {
		format->look_at_name(export, name, face);
	}
	for (unsigned i = 0; i < face->count; i++) {
		steer_group_t group;
		steer_face_group_at(face, i, &group);
		export_need_checks(export, &group);
		if (format->look_at_group != NULL) {
			format->look_at_group(export, name, &group);
		}
	}
	return GO_ON;
}

static int look_at_zone(export_t *export, const export_zone_t *zone)
{
	export->zone = zone;
	if (export->format->look_at_zone != NULL) {
		export->format->look_at_zone(export, zone);
	}
	return view_each_name(export->view, zone->apex, look_at_name, export);
}

/* Zones. */

/*! If the zone's own entry is damaged, its mode and comment are lost, not its records. */
static void open_zone(export_t *export, const steer_key_t *apex, bool say, export_zone_t *zone)
{
	steer_zone_t value;
	*zone = (export_zone_t) { .apex = apex };
	steer_key_to_name(zone->name, apex, apex->labels);
	if (view_zone(export->view, apex, &value) != STEER_OK) {
		export->damaged = true;
		if (say) {
			view_damaged(apex->bytes, apex->len);
		}
		return;
	}
	zone->overlay = value.mode == STEER_ZONE_OVERLAY;
	memcpy(zone->comment, value.comment, value.comment_len);
}

static int look(void *ctx, const steer_key_t *apex)
{
	export_t *export = ctx;
	export_zone_t zone;
	open_zone(export, apex, true, &zone);
	int ret = look_at_zone(export, &zone);
	if (ret == EXIT_STORE) {
		export->damaged = true; // A name; other names and zones are still exported.
		ret = GO_ON;
	}
	return ret;
}

/*!
 * Reports health checks that cannot be exported, except those of named zones: record sets that have
 * one were reported themselves.
 */
static int look_at_checks(export_t *export)
{
	int ret = export_count_checks(export);
	if (ret != GO_ON) {
		return ret;
	}
	if (export->format->print_checks == NULL && export->apexes == NULL &&
	    export->checks_count > 0) {
		fprintf(stderr, "%" PRIu64 " health check%s, which %s cannot express\n",
		        export->checks_count, plural(export->checks_count), export->format->title);
		export->lost++;
	}
	return GO_ON;
}

static int print(void *ctx, const steer_key_t *apex)
{
	export_t *export = ctx;
	export_zone_t zone;
	open_zone(export, apex, false, &zone);
	export->zone = &zone;
	int ret = export->format->print(export, &zone);
	return ret == EXIT_STORE && export->damaged ? GO_ON : ret;
}

static int each_zone(export_t *export, view_zone_f take)
{
	int ret = GO_ON;
	if (export->apexes != NULL) {
		for (int i = 0; i < export->count && ret == GO_ON; i++) {
			ret = take(export, &export->apexes[i]);
		}
		return ret;
	}
	ret = take == look ? view_each_zone(export->view, take, export)
	                   : view_each_zone_again(export->view, take, export);
	if (ret == EXIT_STORE && !export->no_memory) {
		export->damaged = true; // The zones that were not reached have been reported.
		return GO_ON;
	}
	return ret;
}

/*! Prints nothing unless everything can be expressed, or the user can do without the rest. */
static int export_zones(export_t *export, bool lossy)
{
	int ret = each_zone(export, look);
	if (ret != GO_ON) {
		return ret;
	}
	ret = look_at_checks(export);
	if (ret == GO_ON && export->format->look_at_maps != NULL) {
		ret = export->format->look_at_maps(export);
	}
	if (ret != GO_ON) {
		return ret;
	}
	if (export->lost > 0 && !lossy) {
		fprintf(stderr, "%s: nothing printed; --lossy leaves out what %s cannot express\n",
		        export->run->program, export->format->title);
		return EXIT_REFUSED;
	}
	ret = each_zone(export, print);
	if (ret != GO_ON) {
		return ret;
	}
	if (export->format->print_checks != NULL && export->checks_count > 0) {
		ret = export->format->print_checks(export);
	}
	if (ret == GO_ON && export->format->print_maps != NULL) {
		ret = export->format->print_maps(export);
	}
	if (ret != GO_ON) {
		return ret;
	}
	return export->damaged ? EXIT_STORE : EXIT_DONE;
}

/* The verb. */

/*! Prints a JSON object with the format's name and the text. */
static int export_json(export_t *export, bool lossy)
{
	char *text = NULL;
	size_t len;
	export->out = open_memstream(&text, &len);
	if (export->out == NULL) {
		return print_no_memory();
	}
	int ret = export_zones(export, lossy);
	if (steer_memory_stream_close(export->out, &text) == NULL) {
		ret = print_no_memory();
	}
	if (ret == EXIT_DONE) {
		ret = print_json(json_pack("{s:s, s:s%}", "format", export->format->name, "text", text,
		                           len));
	}
	free(text);
	return ret;
}

/*! Looks up all names before anything is printed. */
static int find_zones(export_t *export, int argc, char **argv)
{
	if (argc == 0) {
		return GO_ON;
	}
	export->apexes = calloc(argc, sizeof(*export->apexes));
	if (export->apexes == NULL) {
		return print_no_memory();
	}
	for (int i = 0; i < argc; i++) {
		uint8_t name[STEER_NAME_MAX];
		int ret = option_name(export->run, argv[i], name);
		if (ret != GO_ON) {
			return ret;
		}
		ret = view_need_apex(export->view, argv[i], name, &export->apexes[i]);
		if (ret != GO_ON) {
			return ret;
		}
	}
	export->count = argc;
	return GO_ON;
}

static int run_export(export_t *export, bool lossy, int argc, char **argv)
{
	int ret = find_zones(export, argc, argv);
	if (ret == GO_ON && export->format->maps) {
		ret = view_open_maps(export->view, export->run, &export->maps);
	}
	if (ret != GO_ON) {
		goto done;
	}
	export->titles = argc != 1;
	export->text = steer_text_new();
	if (export->text == NULL) {
		ret = print_no_memory();
		goto done;
	}
	ret = export->run->json ? export_json(export, lossy) : export_zones(export, lossy);
done:
	steer_yaml_writer_free(export->yaml);
	export_octodns_free(export);
	export_route53_free(export);
	steer_reader_close(export->maps);
	steer_text_free(export->text);
	export_free_checks(export);
	free(export->apexes);
	return ret;
}

static int find_format(const run_t *run, const char *name, const export_format_t **format)
{
	char allowed[64] = "";
	for (size_t i = 0; i < FORMATS; i++) {
		if (strcmp(formats[i]->name, name) == 0) {
			*format = formats[i];
			return GO_ON;
		}
		option_list(allowed, sizeof(allowed), formats[i]->name);
	}
	return options_wrong(run, "'%s' is not a format; allowed: %s", name, allowed);
}

int verb_export(run_t *run, int argc, char **argv)
{
	const char *format = formats[0]->name;
	bool lossy = false;
	const option_t options[] = {
		{ "format", OPTION_WORD, &format }, { "lossy", OPTION_FLAG, &lossy }, { 0 },
	};
	view_t view;
	export_t export = { .run = run, .view = &view, .out = stdout };
	int ret = options_parse(run, &argc, &argv, options, 0, INT32_MAX);
	if (ret != GO_ON) {
		return ret;
	}
	ret = find_format(run, format, &export.format);
	if (ret == GO_ON && export.format->one_zone && argc != 1) {
		ret = options_wrong(run, "a file of %s is of one zone; allowed: one ZONE",
		                    export.format->title);
	}
	if (ret != GO_ON) {
		return ret;
	}
	ret = view_open(&view, run, STEER_STORE_READ);
	if (ret != GO_ON) {
		return ret;
	}
	view.rescue = true;
	ret = run_export(&export, lossy, argc, argv);
	view_close(&view);
	return ret;
}
