/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which external names aliases need, and that answers ask for no others. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alias.h"
#include "core/name.h"
#include "core/pick.h"
#include "unit/answers.h"
#include "unit/records.h"
#include "unit/test.h"

#define SOA "@ SOA . . 1 2 3 4 5\n"

/*! Names that are needed, as lines "TYPE NAME", each once. */
typedef struct {
	char *text;
	size_t size;
	bool wide; /*!< Some are missing (rule A8). */
} ends_t;

static bool has_end(const ends_t *ends, const char *line)
{
	for (const char *at = ends->text; at != NULL && (at = strstr(at, line)) != NULL; at++) {
		if (at == ends->text || at[-1] == '\n') {
			return true;
		}
	}
	return false;
}

static void end_line(char line[STEER_NAME_TEXT_MAX + 8], uint16_t type, const uint8_t *name)
{
	char text[STEER_NAME_TEXT_MAX];
	steer_name_to_text(text, name);
	snprintf(line, STEER_NAME_TEXT_MAX + 8, "%u %s\n", type, text);
}

static void take_end(void *ctx, uint16_t type, const uint8_t *name)
{
	ends_t *ends = ctx;
	char line[STEER_NAME_TEXT_MAX + 8];
	end_line(line, type, name);
	if (!has_end(ends, line)) {
		size_t len = strlen(line);
		ends->text = realloc(ends->text, ends->size + len + 1);
		assert_non_null(ends->text);
		memcpy(ends->text + ends->size, line, len + 1);
		ends->size += len;
	}
}

static void ends_are_where_cnames_and_dnames_lead(void **state)
{
	(void)state;
	static const struct {
		const char *what, *zone; /*!< The alias is that of a name t. */
		uint16_t type;
		const char *ends;        /*!< NULL: none. */
	} cases[] = {
		{ "the target itself", "", T_A, "1 t.far.\n" },
		{ "likewise below a delegation", "t.far. NS ns.\n", T_A, "1 t.far.\n" },
		{ "another type", "", T_TXT, "16 t.far.\n" },
		{ "a hosted one", "t A 192.0.2.1\n", T_A, NULL },
		{ "one that is not there", "u A 192.0.2.1\n", T_A, NULL },
		{ "by a CNAME", "t CNAME x.far.\n", T_A, "1 x.far.\n" },
		{ "its CNAME", "t CNAME x.far.\n", T_CNAME, NULL },
		{ "by a chain", "t CNAME u\nu CNAME v\nv CNAME x.far.\n", T_A, "1 x.far.\n" },
		{ "a chain that ends here", "t CNAME u\nu A 192.0.2.1\n", T_A, NULL },
		{ "by a wildcard", "t CNAME u.w\n*.w CNAME x.far.\n", T_A, "1 x.far.\n" },
		{ "by a DNAME", "t CNAME a.b.d\nd DNAME e.far.\n", T_A, "1 a.b.e.far.\n" },
		{ "by a DNAME, then a CNAME", "t CNAME a.d\nd DNAME e\na.e CNAME x.far.\n", T_A,
		  "1 x.far.\n" },
		{ "all of a group", "t CNAME =weighted\nt CNAME +a weight=0 x.far.\nt CNAME +b u\n"
		  "t CNAME +c y.far.\nu A 192.0.2.1\n", T_A, "1 x.far.\n1 y.far.\n" },
		{ "by an alias of CNAME type", "t CNAME + alias=x.far.\n", T_A, "1 x.far.\n" },
		{ "by two of them", "t CNAME + alias=u\nu CNAME + alias=x.far.\n", T_A, "1 x.far.\n" },
		{ "by one to a CNAME", "t CNAME + alias=u\nu CNAME x.far.\n", T_A, "1 x.far.\n" },
		{ "not by one to an address", "t CNAME + alias=u\nu A 192.0.2.1\n", T_A, NULL },
		{ "not by an alias of the type, which has its own", "t A + alias=x.far.\n", T_A, NULL },
		{ "nor behind a CNAME", "t CNAME u\nu A + alias=x.far.\n", T_A, NULL },
		{ "an alias of CNAME type that is asked for has its own", "t CNAME + alias=x.far.\n",
		  T_CNAME, NULL },
		{ "all but a loop of a group", "t CNAME =up\nt CNAME +a t\nt CNAME +b x.far.\n", T_A,
		  "1 x.far.\n" },
		{ "a loop", "t CNAME u\nu CNAME t\n", T_A, NULL },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *zone;
		bool hosted = cases[i].zone[0] != '\0' && strncmp(cases[i].zone, "t.far", 5) != 0;
		assert_true(asprintf(&zone, "%s\n" SOA "%s", hosted ? "example." : "far.",
		                     cases[i].zone) > 0);
		const char *const hosted_zones[] = { zone, NULL }, *const none[] = { NULL };
		model_t model;
		model_make(&model, cases[i].zone[0] == '\0' ? none : hosted_zones);
		world_t world = { .model = &model };
		const steer_lookup_t lookup = world_lookup(&world, world_maybe_apex);
		ends_t ends = { .size = 0 };
		bool all = steer_alias_ends(&lookup, cases[i].type,
		                            name_of(hosted ? "t.example." : "t.far."), take_end, &ends);
		if (!all || (ends.text == NULL) != (cases[i].ends == NULL) ||
		    (ends.text != NULL && strcmp(ends.text, cases[i].ends) != 0)) {
			fail_msg("%s: %s", cases[i].what, ends.text);
		}
		free(ends.text);
		model_free(&model);
		free(zone);
	}
}

static void what_cannot_be_read_may_be_external(void **state)
{
	(void)state;
	const char *const zones[] = { "example.\n" SOA "t CNAME u\nu CNAME x.far.\n", NULL };
	model_t model;
	model_make(&model, zones);
	world_t world = { .model = &model };
	const steer_lookup_t lookup = world_lookup(&world, world_maybe_apex);
	static const struct {
		const char *damaged, *ends;
	} cases[] = {
		{ "t.example.", "1 t.example.\n" }, { "u.example.", "1 u.example.\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		ends_t ends = { .size = 0 };
		uint8_t damaged[STEER_NAME_MAX];
		memcpy(damaged, name_of(cases[i].damaged), strlen(cases[i].damaged) + 1);
		world.damaged = damaged;
		(void)steer_alias_ends(&lookup, T_A, name_of("t.example."), take_end, &ends);
		assert_string_equal(ends.text, cases[i].ends);
		free(ends.text);
	}
	model_free(&model);
}

/*! A group of CNAMEs with more names than one answer may look at. */
static void too_many_names_end_the_walk(void **state)
{
	(void)state; // Rule A8.
	for (unsigned names = STEER_NAMES_MAX - 1; names <= STEER_NAMES_MAX; names++) {
		char *zone = NULL;
		size_t size;
		FILE *out = open_memstream(&zone, &size);
		fputs("example.\n" SOA "t CNAME =weighted\n", out);
		for (unsigned i = 0; i < names; i++) {
			fprintf(out, "t CNAME +%u x%u.far.\n", i, i);
		}
		fclose(out);
		const char *const zones[] = { zone, NULL };
		model_t model;
		model_make(&model, zones);
		world_t world = { .model = &model };
		const steer_lookup_t lookup = world_lookup(&world, world_maybe_apex);
		ends_t ends = { .size = 0 };
		assert_int_equal(steer_alias_ends(&lookup, T_A, name_of("t.example."), take_end, &ends),
		                 names < STEER_NAMES_MAX);
		unsigned count = 0;
		for (const char *at = ends.text; (at = strchr(at, '\n')) != NULL; at++) {
			count++;
		}
		assert_int_equal(count, STEER_NAMES_MAX - 1);
		free(ends.text);
		model_free(&model);
		free(zone);
	}
}

/* Stores drawn at random. */

static const char *const names[] = { "@", "a", "b", "c", "d", "x.d", "y.x.d", "*.e", "z.e" };
static const char *const goals[] = {
	"a", "b", "c", "d", "x.d", "y.x.d", "z.e", "w.e", "u.v.far.", "v.far.", "w.far.", "q.c",
};
static const char *const questions[] = {
	"example.", "a.example.", "b.example.", "c.example.", "d.example.", "x.d.example.",
	"y.x.d.example.", "z.e.example.", "w.e.example.", "q.c.example.",
};

static unsigned draw(steer_chance_t *chance, unsigned bound)
{
	return steer_chance_below(chance, bound);
}

/*! Writes the groups of a name: of one type or two, each with or without a policy. */
static void draw_name(FILE *out, steer_chance_t *chance, const char *name)
{
	static const char *const types[] = { "A", "AAAA", "CNAME", "DNAME", "NS" };
	static const char *const presets[] = { "weighted", "up", "up-none,take1" };
	unsigned type = draw(chance, *name == '@' ? 2 : *name == '*' ? 3 : COUNT(types));
	unsigned sets = type < 4 ? draw(chance, 4) : 0;
	if (sets > 1) {
		fprintf(out, "%s %s =%s\n", name, types[type], presets[draw(chance, COUNT(presets))]);
	}
	for (unsigned i = 0; i < (sets > 0 ? sets : 1); i++) {
		const char *goal = goals[draw(chance, COUNT(goals))];
		char id[8] = "";
		if (sets > 0) {
			snprintf(id, sizeof(id), "+%.*s ", sets > 1, &"xyz"[i]);
		}
		if (sets > 0 && type != 3 && draw(chance, 4) > 0) {
			fprintf(out, "%s %s %salias=%s evaluate=%s\n", name, types[type], id, goal,
			        draw(chance, 2) ? "yes" : "no");
		} else {
			fprintf(out, "%s %s %s%s\n", name, types[type], id,
			        type == 0 ? "192.0.2.1" : type == 1 ? "2001:db8::1" : goal);
		}
	}
}

static char *draw_zone(steer_chance_t *chance)
{
	char *zone = NULL;
	size_t size;
	FILE *out = open_memstream(&zone, &size);
	fputs("example.\n" SOA, out);
	for (size_t i = 0; i < COUNT(names); i++) {
		if (draw(chance, 4) > 0) {
			draw_name(out, chance, names[i]);
		}
	}
	fclose(out);
	return zone;
}

static void collect_ends_of_face(const steer_lookup_t *lookup, const steer_face_t *face,
                                 ends_t *ends)
{
	for (unsigned i = 0; i < face->count; i++) {
		steer_group_t group;
		steer_face_group_at(face, i, &group);
		for (unsigned k = 0; k < group.count; k++) {
			steer_set_t set;
			steer_group_set(&group, k, &set);
			if (set.alias) {
				ends->wide |= !steer_alias_ends(lookup, group.type, set.body, take_end, ends);
			}
		}
	}
}

static void collect_ends(const steer_lookup_t *lookup, const model_t *model, ends_t *ends)
{
	for (size_t i = 0; i < model->node_count; i++) {
		steer_node_t node;
		steer_face_t face;
		assert_int_equal(steer_node_open(&node, model->nodes[i].bytes, model->nodes[i].size),
		                 STEER_OK);
		for (unsigned k = 0; k < steer_node_faces(&node); k++) {
			steer_node_face_at(&node, k, &face);
			collect_ends_of_face(lookup, &face, ends);
		}
	}
}

/*! What answers may ask for, and how many did; a target's result is drawn. */
static const ends_t *allowed;
static unsigned asked;
static steer_chance_t *chance_of_targets;

static int drawn_target(void *ctx, uint16_t type, const steer_key_t *name,
                        steer_external_answer_t *target)
{
	(void)ctx;
	static const uint8_t a[] = { 0xC0, 0x0C, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 203, 0, 113, 9 };
	static const uint8_t cname[] = { 0xC0, 0x0C, 0, 5, 0, 1, 0, 0, 0, 9, 0, 3, 1, 'f', 0 };
	uint8_t wire[STEER_NAME_MAX];
	char line[STEER_NAME_TEXT_MAX + 8];
	steer_key_to_name(wire, name, name->labels);
	end_line(line, type, wire);
	if (!has_end(allowed, line)) {
		fail_msg("an answer asks for %s", line);
	}
	asked++;
	unsigned what = draw(chance_of_targets, 3);
	bool records = what == 0 && type != T_AAAA;
	*target = (steer_external_answer_t) {
		.ttl = 9, .rrs = type == T_A ? a : cname, .count = records,
		.rrs_len = !records ? 0 : type == T_A ? sizeof(a) : sizeof(cname),
	};
	return what == 1 ? STEER_ENOENT : STEER_OK;
}

static int take_any(void *ctx, steer_section_t section, const steer_rrset_t *rrset, bool optional)
{
	(void)ctx;
	(void)section;
	(void)rrset;
	(void)optional;
	return STEER_OK;
}

static void ask_something(const steer_lookup_t *lookup, steer_chance_t *chance)
{
	static const uint16_t types[] = { T_A, T_AAAA, T_CNAME, T_ANY };
	const steer_question_t question = question_of(questions[draw(chance, COUNT(questions))],
	                                              types[draw(chance, COUNT(types))]);
	const steer_sink_t sink = { .put = take_any, .room = STEER_WIRE_MAX };
	steer_outcome_t outcome;
	steer_found_t found;
	(void)steer_answer(lookup, &question, steer_question_zone(&question), &sink, &outcome, &found);
}

static void answers_ask_for_no_other_targets(void **state)
{
	(void)state;
	static const steer_health_table_t no_health;
	steer_chance_t chance;
	steer_chance_seed(&chance, 11);
	chance_of_targets = &chance;
	for (unsigned i = 0; i < 10000; i++) {
		char *zone = draw_zone(&chance);
		const char *const zones[] = { zone, NULL };
		model_t model;
		ends_t ends = { .size = 0 };
		model_make(&model, zones);
		world_t world = { .model = &model, .health_table = &no_health, .chance = &chance,
		                  .target = drawn_target };
		const steer_lookup_t lookup = world_lookup(&world, world_maybe_apex);
		collect_ends(&lookup, &model, &ends);
		allowed = &ends;
		for (unsigned k = 0; k < 20 && !ends.wide; k++) {
			ask_something(&lookup, &chance);
		}
		free(ends.text);
		model_free(&model);
		free(zone);
	}
	assert_true(asked > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_are_where_cnames_and_dnames_lead),
		cmocka_unit_test(what_cannot_be_read_may_be_external),
		cmocka_unit_test(too_many_names_end_the_walk),
		cmocka_unit_test(answers_ask_for_no_other_targets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
