/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "ctl/options.h"
#include "ctl/output.h"
#include "ctl/types.h"
#include "ctl/view.h"

typedef struct {
	const view_t *view;
	steer_text_t *text;
	const steer_key_t *apex;
	bool titles; /*!< A comment before each zone. */
	FILE *out;
	int status;
} export_t;

static void export_group(export_t *export, const uint8_t *name, const steer_group_t *group)
{
	steer_set_t set;
	if (plain_set(group, &set)) {
		print_records(export->text, export->out, "", name, group->type, &set);
		return;
	}
	char owner[STEER_NAME_TEXT], type[STEER_TYPE_TEXT];
	steer_name_print(name, owner);
	steer_type_print(group->type, type);
	fprintf(stderr, "%s %s: a policy or an alias, which a zone file cannot say\n", owner, type);
	export->status = EXIT_REFUSED;
}

/* Types by number, but for the SOA, which readers of zone files want first. */
static int export_name(void *ctx, const uint8_t *name, const steer_face_t *face)
{
	export_t *export = ctx;
	steer_group_t group;
	bool soa = face->flags & STEER_FACE_APEX && steer_face_group(face, TYPE_SOA, &group);
	if (soa) {
		export_group(export, name, &group);
	}
	for (unsigned i = 0; i < face->count; i++) {
		steer_face_group_at(face, i, &group);
		if (!soa || group.type != TYPE_SOA) {
			export_group(export, name, &group);
		}
	}
	return GO_ON;
}

static int export_zone(void *ctx, const steer_key_t *apex)
{
	export_t *export = ctx;
	export->apex = apex;
	if (export->titles) {
		uint8_t name[STEER_NAME_MAX];
		char text[STEER_NAME_TEXT];
		steer_key_to_name(name, apex, apex->labels);
		steer_name_print(name, text);
		fprintf(export->out, "; zone %s\n", text);
	}
	int ret = view_each_name(export->view, apex, export_name, export);
	if (ret == EXIT_STORE) {
		export->status = EXIT_STORE; // A damaged name; the others and other zones go on.
		ret = GO_ON;
	}
	return ret;
}

/* All names are looked up before anything is printed. */
static int export_named(export_t *export, const run_t *run, int argc, char **argv)
{
	steer_key_t *apexes = calloc(argc, sizeof(*apexes));
	if (apexes == NULL) {
		return print_no_memory();
	}
	int ret = GO_ON;
	for (int i = 0; i < argc && ret == GO_ON; i++) {
		uint8_t name[STEER_NAME_MAX];
		ret = option_name(run, argv[i], name);
		if (ret == GO_ON) {
			ret = view_need_apex(export->view, argv[i], name, &apexes[i]);
		}
	}
	for (int i = 0; i < argc && ret == GO_ON; i++) {
		ret = export_zone(export, &apexes[i]);
	}
	free(apexes);
	return ret;
}

static int export_all(export_t *export, const run_t *run, int argc, char **argv)
{
	export->titles = argc != 1;
	int ret = argc == 0 ? view_each_zone(export->view, export_zone, export)
	                    : export_named(export, run, argc, argv);
	return ret == GO_ON ? export->status : ret;
}

/* As JSON: an object of zone names and zone files. */
static int export_json(export_t *export, const run_t *run, int argc, char **argv)
{
	char *text = NULL;
	size_t len;
	export->out = open_memstream(&text, &len);
	if (export->out == NULL) {
		return print_no_memory();
	}
	int ret = export_all(export, run, argc, argv);
	if (fclose(export->out) != 0) {
		ret = print_no_memory();
	}
	if (ret == EXIT_DONE) {
		ret = print_json(json_pack("{s:s, s:s%}", "format", "zone", "text", text, len));
	}
	free(text);
	return ret;
}

int verb_export(run_t *run, int argc, char **argv)
{
	const char *format = "zone";
	const option_t options[] = { { "format", OPTION_WORD, &format }, { 0 } };
	view_t view;
	int ret = options_parse(run, &argc, &argv, options, 0, INT32_MAX);
	if (ret == GO_ON && strcmp(format, "zone") != 0) {
		ret = options_wrong(run, "'%s' is no format; allowed: zone", format);
	}
	if (ret == GO_ON) {
		ret = view_open(&view, run, STEER_STORE_READ);
	}
	if (ret != GO_ON) {
		return ret;
	}
	export_t export = { .view = &view, .text = steer_text_new(), .out = stdout };
	if (export.text == NULL) {
		ret = print_no_memory();
	} else {
		ret = run->json ? export_json(&export, run, argc, argv)
		                : export_all(&export, run, argc, argv);
	}
	steer_text_free(export.text);
	view_close(&view);
	return ret;
}
