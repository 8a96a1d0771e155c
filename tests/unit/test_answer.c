/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "core/node.h"
#include "unit/answers.h"
#include "unit/records.h"
#include "unit/test.h"

#define EDAMAGED "error 5\n"
#define ESPACE   "error 4\n"
#define ENOENT   "error 1\n"
#define EREFUSED "error 6\n"

typedef struct {
	const char *what;
	const char *name;
	uint16_t type;
	const char *want;
} case_t;

/*!
 * Each question is asked in three ways that must not matter: plain, with a cache, without a filter.
 */
static void check_cases(const char *const *zones, const case_t *cases, size_t count)
{
	model_t model;
	model_make(&model, zones);
	world_t cached = { .model = &model, .keep = true };
	for (size_t i = 0; i < count; i++) {
		print_message("  %s\n", cases[i].what);
		const steer_question_t question = question_of(cases[i].name, cases[i].type);
		world_t plain = { .model = &model };
		char *text = ask(&plain, &question, ROOMY, world_maybe_apex);
		assert_string_equal(text, cases[i].want);
		for (unsigned again = 0; again < 2; again++) {
			char *same = ask(&cached, &question, ROOMY, world_maybe_apex);
			assert_string_equal(same, text);
			free(same);
		}
		char *same = ask(&plain, &question, ROOMY, always_maybe_apex);
		assert_string_equal(same, text);
		free(same);
		free(text);
	}
	model_free(&model);
}

#define SOA "@ 3600 SOA ns hm 1 2 3 4 600\n"
#define NEGATIVE(zone) "AU? " zone " 600 SOA ns." zone " hm." zone " 1 2 3 4 600\n"

static const char *const plain_zone[] = {
	"example.\n" SOA
	"@ NS ns\n"
	"ns A 192.0.2.1\n"
	"www A 192.0.2.3\n"
	"www A 192.0.2.2\n"
	"www 60 TXT hello\n"
	"www TYPE65400 c0ffee\n"
	"a.deep.tree A 192.0.2.4\n"
	"*.w A 192.0.2.5\n"
	"*.w MX 10 mail\n"
	"exists.w TXT here\n"
	"x.ent.w TXT here\n"
	"mail AAAA 2001:db8::1\n"
	"mail A 192.0.2.6\n"
	"mx MX 10 mail\n"
	"mx MX 20 y.w\n"
	"mx MX 30 mail.elsewhere.\n"
	"mx MX 40 nothing\n"
	"srv SRV 1 2 3 mail\n"
	"svc HTTPS 1 other\n"
	"other A 192.0.2.7\n"
	"other HTTPS 0 www\n"
	"*.c CNAME mail\n"
	"*.n.w NS ns.w\n"
	"\\000x TXT zero\n",
	NULL
};

static void names_are_answered_by_what_the_zone_has(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "all values, in their stored order", "www.example.", T_A,
		  "POSITIVE 0 AA\nAN = 300 A 192.0.2.2\nAN = 300 A 192.0.2.3\n" },
		{ "each type has its TTL", "www.example.", T_TXT,
		  "POSITIVE 0 AA\nAN = 60 TXT hello\n" },
		{ "an unknown type", "www.example.", 65400,
		  "POSITIVE 0 AA\nAN = 300 TYPE65400 c0ffee\n" },
		{ "SOA at the apex keeps its own TTL", "example.", T_SOA,
		  "POSITIVE 0 AA\nAN = 3600 SOA ns.example. hm.example. 1 2 3 4 600\n" },
		{ "NS at the apex brings addresses that may be left out", "example.", T_NS,
		  "POSITIVE 0 AA\nAN = 300 NS ns.example.\nAR? ns.example. 300 A 192.0.2.1 <0\n" },
		{ "ANY takes the first RRset", "www.example.", T_ANY,
		  "POSITIVE 0 AA\nAN = 300 A 192.0.2.2\nAN = 300 A 192.0.2.3\n" },
		{ "NODATA", "www.example.", T_MX, "NODATA 0 AA\n" NEGATIVE("example.") },
		{ "NODATA at the apex", "example.", T_MX, "NODATA 0 AA\n" NEGATIVE("example.") },
		{ "an empty non-terminal is NODATA", "tree.example.", T_A,
		  "NODATA 0 AA\n" NEGATIVE("example.") },
		{ "ANY at an empty non-terminal is NODATA", "deep.tree.example.", T_ANY,
		  "NODATA 0 AA\n" NEGATIVE("example.") },
		{ "NXDOMAIN", "no.example.", T_A, "NXDOMAIN 3 AA\n" NEGATIVE("example.") },
		{ "NXDOMAIN many labels deep", "a.b.c.d.e.f.g.www.example.", T_A,
		  "NXDOMAIN 3 AA\n" NEGATIVE("example.") },
		{ "NXDOMAIN below an empty non-terminal", "b.deep.tree.example.", T_A,
		  "NXDOMAIN 3 AA\n" NEGATIVE("example.") },
		{ "a zero byte in a label", "\\000x.example.", T_TXT, "POSITIVE 0 AA\n"
		  "AN = 300 TXT zero\n" },
		{ "not the name without it", "x.example.", T_TXT,
		  "NXDOMAIN 3 AA\n" NEGATIVE("example.") },
		{ "outside all zones", "www.example2.", T_A, ENOENT },
		{ "above the zone", ".", T_A, ENOENT },
		{ "DS inside the zone is an ordinary type", "www.example.", T_DS,
		  "NODATA 0 AA\n" NEGATIVE("example.") },
		{ "DS of an apex without a parent here is the child's NODATA", "example.", T_DS,
		  "NODATA 0 AA\n" NEGATIVE("example.") },
	};
	check_cases(plain_zone, cases, COUNT(cases));
}

static void wildcards_stand_for_names_that_do_not_exist(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "one label", "y.w.example.", T_A, "POSITIVE 0 AA\nAN = 300 A 192.0.2.5\n" },
		{ "several labels", "a.b.c.y.w.example.", T_A, "POSITIVE 0 AA\nAN = 300 A 192.0.2.5\n" },
		{ "the name of the wildcard itself", "*.w.example.", T_A,
		  "POSITIVE 0 AA\nAN = 300 A 192.0.2.5\n" },
		{ "a wildcard below a name that a wildcard stands for", "*.y.w.example.", T_A,
		  "POSITIVE 0 AA\nAN = 300 A 192.0.2.5\n" },
		{ "NODATA", "y.w.example.", T_TXT, "NODATA 0 AA\n" NEGATIVE("example.") },
		{ "ANY", "y.w.example.", T_ANY, "POSITIVE 0 AA\nAN = 300 A 192.0.2.5\n" },
		{ "additional data", "y.w.example.", T_MX,
		  "POSITIVE 0 AA\nAN = 300 MX 10 mail.example.\n"
		  "AR? mail.example. 300 A 192.0.2.6 <0\n"
		  "AR? mail.example. 300 AAAA 2001:db8::1 <0\n" },
		{ "a name that exists blocks it", "exists.w.example.", T_A,
		  "NODATA 0 AA\n" NEGATIVE("example.") },
		{ "also for names below", "y.exists.w.example.", T_A,
		  "NXDOMAIN 3 AA\n" NEGATIVE("example.") },
		{ "an empty non-terminal blocks it", "ent.w.example.", T_A,
		  "NODATA 0 AA\n" NEGATIVE("example.") },
		{ "also for names below an empty non-terminal", "y.ent.w.example.", T_A,
		  "NXDOMAIN 3 AA\n" NEGATIVE("example.") },
		{ "the parent of a wildcard is an empty non-terminal", "w.example.", T_A,
		  "NODATA 0 AA\n" NEGATIVE("example.") },
		{ "CNAME at a wildcard", "y.c.example.", T_AAAA,
		  "POSITIVE 0 AA\nAN = 300 CNAME mail.example.\nAN mail.example. 300 AAAA 2001:db8::1\n" },
		{ "a delegation at a wildcard is given under its own name", "y.n.w.example.", T_A,
		  "REFERRAL 0\nAU *.n.w.example. 300 NS ns.w.example.\n"
		  "AR? ns.w.example. 300 A 192.0.2.5 <0\n" },
	};
	check_cases(plain_zone, cases, COUNT(cases));
}

static void additional_data_follow_the_names_in_the_answer(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "MX: by position, wildcards too, other zones and missing names not", "mx.example.", T_MX,
		  "POSITIVE 0 AA\n"
		  "AN = 300 MX 10 mail.example.\nAN = 300 MX 20 y.w.example.\n"
		  "AN = 300 MX 30 mail.elsewhere.\nAN = 300 MX 40 nothing.example.\n"
		  "AR? mail.example. 300 A 192.0.2.6 <0\n"
		  "AR? mail.example. 300 AAAA 2001:db8::1 <0\n"
		  "AR? y.w.example. 300 A 192.0.2.5 <1\n" },
		{ "SRV", "srv.example.", T_SRV,
		  "POSITIVE 0 AA\nAN = 300 SRV 1 2 3 mail.example.\n"
		  "AR? mail.example. 300 A 192.0.2.6 <0\n"
		  "AR? mail.example. 300 AAAA 2001:db8::1 <0\n" },
		{ "HTTPS: addresses, then the target's HTTPS", "svc.example.", T_HTTPS,
		  "POSITIVE 0 AA\nAN = 300 HTTPS 1 other.example.\n"
		  "AR? other.example. 300 A 192.0.2.7 <0\n"
		  "AR? other.example. 300 HTTPS 0 www.example. <0\n" },
	};
	check_cases(plain_zone, cases, COUNT(cases));
}

static const char *const chain_zones[] = {
	"example.\n" SOA
	"@ NS ns.other.\n"
	"www A 192.0.2.1\n"
	"one CNAME two\n"
	"two 60 CNAME www\n"
	"nodata CNAME tree\n"
	"x.tree TXT x\n"
	"nxdomain CNAME missing\n"
	"cross CNAME www.other.\n"
	"away CNAME www.elsewhere.\n"
	"self CNAME self\n"
	"ping CNAME pong\n"
	"pong CNAME ping\n"
	"*.wild CNAME x.wild\n"
	"*.pingpong CNAME x.*.pingpong\n"
	"towild CNAME y.wilda\n"
	"*.wilda A 192.0.2.2\n"
	"todele CNAME host.dele\n"
	"dele NS ns.dele\n"
	"ns.dele A 192.0.2.3\n"
	"todname CNAME www.dname\n"
	"dname 60 DNAME example.\n"
	"dtree DNAME other.\n"
	"dloop DNAME x.dloop\n"
	"daway DNAME elsewhere.\n"
	"*.dwild DNAME other.\n"
	"dself DNAME dself\n"
	"dping DNAME dpong\n"
	"dpong DNAME dping\n",
	"other.\n" SOA
	"www A 192.0.2.9\n"
	"back CNAME www.example.\n"
	"mx MX 1 www\n",
	NULL
};

static void cnames_are_followed(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "a chain", "one.example.", T_A,
		  "POSITIVE 0 AA\nAN = 300 CNAME two.example.\nAN two.example. 60 CNAME www.example.\n"
		  "AN www.example. 300 A 192.0.2.1\n" },
		{ "CNAME itself is not", "one.example.", T_CNAME,
		  "POSITIVE 0 AA\nAN = 300 CNAME two.example.\n" },
		{ "ANY is not", "one.example.", T_ANY, "POSITIVE 0 AA\nAN = 300 CNAME two.example.\n" },
		{ "RRSIG is not", "one.example.", T_RRSIG, "NODATA 0 AA\n" NEGATIVE("example.") },
		{ "NODATA at the end", "nodata.example.", T_A,
		  "NODATA 0 AA\nAN = 300 CNAME tree.example.\n" NEGATIVE("example.") },
		{ "NXDOMAIN at the end", "nxdomain.example.", T_A,
		  "NXDOMAIN 3 AA\nAN = 300 CNAME missing.example.\n" NEGATIVE("example.") },
		{ "into another hosted zone", "cross.example.", T_A,
		  "POSITIVE 0 AA\nAN = 300 CNAME www.other.\nAN www.other. 300 A 192.0.2.9\n" },
		{ "NODATA in another hosted zone: its SOA", "cross.example.", T_AAAA,
		  "NODATA 0 AA\nAN = 300 CNAME www.other.\n" NEGATIVE("other.") },
		{ "and back", "back.other.", T_A,
		  "POSITIVE 0 AA\nAN = 300 CNAME www.example.\nAN www.example. 300 A 192.0.2.1\n" },
		{ "out of all our zones", "away.example.", T_A,
		  "POSITIVE 0 AA out\nAN = 300 CNAME www.elsewhere.\n" },
		{ "to a wildcard: the owner is the target", "towild.example.", T_A,
		  "POSITIVE 0 AA\nAN = 300 CNAME y.wilda.example.\nAN y.wilda.example. 300 A 192.0.2.2\n" },
		{ "to a delegation: a referral, with the authority of the first name", "todele.example.",
		  T_A,
		  "REFERRAL 0 AA\nAN = 300 CNAME host.dele.example.\n"
		  "AU dele.example. 300 NS ns.dele.example.\nAR ns.dele.example. 300 A 192.0.2.3 <0\n" },
		{ "a loop of one", "self.example.", T_A, "POSITIVE 0 AA\nAN = 300 CNAME self.example.\n" },
		{ "a loop of two", "ping.example.", T_A,
		  "POSITIVE 0 AA\nAN = 300 CNAME pong.example.\n"
		  "AN pong.example. 300 CNAME ping.example.\n" },
		{ "a loop at a wildcard ends behind the second", "y.wild.example.", T_A,
		  "POSITIVE 0 AA\nAN = 300 CNAME x.wild.example.\n"
		  "AN x.wild.example. 300 CNAME x.wild.example.\n" },
		{ "to a DNAME", "todname.example.", T_A,
		  "POSITIVE 0 AA\nAN = 300 CNAME www.dname.example.\n"
		  "AN dname.example. 60 DNAME example.\n"
		  "AN www.dname.example. 60 CNAME www.example.\n"
		  "AN www.example. 300 A 192.0.2.1\n" },
	};
	check_cases(chain_zones, cases, COUNT(cases));
}

static void dnames_are_followed(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "synthesis", "www.dname.example.", T_A,
		  "POSITIVE 0 AA\nAN dname.example. 60 DNAME example.\n"
		  "AN = 60 CNAME www.example.\nAN www.example. 300 A 192.0.2.1\n" },
		{ "several labels are kept", "x.tree.dname.example.", T_TXT,
		  "POSITIVE 0 AA\nAN dname.example. 60 DNAME example.\n"
		  "AN = 60 CNAME x.tree.example.\nAN x.tree.example. 300 TXT x\n" },
		{ "the owner itself is an ordinary name", "dname.example.", T_A,
		  "NODATA 0 AA\n" NEGATIVE("example.") },
		{ "asked for", "dname.example.", T_DNAME, "POSITIVE 0 AA\nAN = 60 DNAME example.\n" },
		{ "a question for CNAME ends at the synthesized one", "www.dname.example.", T_CNAME,
		  "POSITIVE 0 AA\nAN dname.example. 60 DNAME example.\nAN = 60 CNAME www.example.\n" },
		{ "into another hosted zone", "www.dtree.example.", T_A,
		  "POSITIVE 0 AA\nAN dtree.example. 300 DNAME other.\n"
		  "AN = 300 CNAME www.other.\nAN www.other. 300 A 192.0.2.9\n" },
		{ "with additional data there", "mx.dtree.example.", T_MX,
		  "POSITIVE 0 AA\nAN dtree.example. 300 DNAME other.\n"
		  "AN = 300 CNAME mx.other.\nAN mx.other. 300 MX 1 www.other.\n"
		  "AR? www.other. 300 A 192.0.2.9 <0\n" },
		{ "NXDOMAIN at the end", "no.dtree.example.", T_A,
		  "NXDOMAIN 3 AA\nAN dtree.example. 300 DNAME other.\n"
		  "AN = 300 CNAME no.other.\n" NEGATIVE("other.") },
		{ "at a wildcard it is no CNAME for what the wildcard stands for", "www.dwild.example.",
		  T_A,
		  "NODATA 0 AA\n" NEGATIVE("example.") },
		{ "below the wildcard's own name it is expanded, as Knot does", "www.*.dwild.example.", T_A,
		  "POSITIVE 0 AA\nAN = 300 DNAME other.\n"
		  "AN = 300 CNAME www.other.\nAN www.other. 300 A 192.0.2.9\n" },
		{ "out of all our zones", "www.daway.example.", T_A,
		  "POSITIVE 0 AA out\nAN daway.example. 300 DNAME elsewhere.\n"
		  "AN = 300 CNAME www.elsewhere.\n" },
	};
	check_cases(chain_zones, cases, COUNT(cases));
}

static char *ask_one(world_t *world, const char *name, uint16_t type, unsigned room)
{
	const steer_question_t question = question_of(name, type);
	return ask(world, &question, room, world_maybe_apex);
}

static size_t count_lines(const char *text, const char *what)
{
	size_t count = 0;
	for (const char *at = text; (at = strstr(at, what)) != NULL; at++) {
		count++;
	}
	return count;
}

static void endless_dnames_end(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		size_t dnames; /*!< Each is put once. */
	} cases[] = {
		{ "x.dself.example.", 1 },
		{ "x.dloop.example.", 1 },
		{ "x.dping.example.", 2 },
	};
	model_t model;
	model_make(&model, chain_zones);
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].name);
		world_t world = { .model = &model };
		char *text = ask_one(&world, cases[i].name, T_A, ROOMY);
		assert_int_equal(strncmp(text, "POSITIVE 0 AA\n", 14), 0);
		assert_int_equal(count_lines(text, " DNAME "), cases[i].dnames);
		assert_in_range(count_lines(text, " CNAME "), 1, STEER_CHAIN_MAX);
		assert_in_range(world.gets, 1, STEER_CHAIN_MAX * 9 + 9);
		free(text);
	}
	model_free(&model);
}

#define LABEL_50 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee"

static void a_dname_that_makes_the_name_too_long_is_yxdomain(void **state)
{
	(void)state;
	static const char *const zones[] = {
		"example.\n" SOA
		"d DNAME " LABEL_50 "." LABEL_50 ".x\n"
		LABEL_50 "." LABEL_50 ".x A 192.0.2.1\n"
		"e DNAME " LABEL_50 "." LABEL_50 ".elsewhere.\n",
		NULL
	};
	static const char deep[] = LABEL_50 "." LABEL_50 "." LABEL_50 ".d.example.";
	static const char far[] = LABEL_50 "." LABEL_50 "." LABEL_50 ".e.example.";
	model_t model;
	model_make(&model, zones);
	world_t world = { .model = &model };
	char *text = ask_one(&world, far, T_A, ROOMY);
	assert_string_equal(text, "POSITIVE 6 AA\nAN e.example. 300 DNAME "
	                          LABEL_50 "." LABEL_50 ".elsewhere.\n");
	free(text);
	text = ask_one(&world, deep, T_A, ROOMY);
	assert_int_equal(strncmp(text, "POSITIVE 6 AA\nAN d.example. 300 DNAME ", 38), 0);
	free(text);

	// One byte makes the difference: 256, then 255.
	text = ask_one(&world, "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd." LABEL_50 "." LABEL_50
	                       ".d.example.", T_TXT, ROOMY);
	assert_null(strstr(text, "AN = 300 CNAME "));
	free(text);
	static const char fits[] = "aaaaaaaaaabbbbbbbbbbccccccccccddddddddd." LABEL_50
	                           "." LABEL_50 ".d.example.";
	text = ask_one(&world, fits, T_TXT, ROOMY);
	assert_int_equal(strncmp(text, "NXDOMAIN 3 AA\nAN d.example.", 27), 0);
	assert_non_null(strstr(text, "AN = 300 CNAME "));
	free(text);
	model_free(&model);
}

static void a_chain_ends_at_its_limit(void **state)
{
	(void)state;
	char zone[4096] = "example.\n" SOA;
	for (unsigned i = 0; i < STEER_CHAIN_MAX + 2; i++) {
		sprintf(zone + strlen(zone), "c%u CNAME c%u\n", i, i + 1);
	}
	sprintf(zone + strlen(zone), "c%u A 192.0.2.1\n", STEER_CHAIN_MAX + 2);
	const char *const zones[] = { zone, NULL };
	model_t model;
	model_make(&model, zones);
	world_t world = { .model = &model };
	static const struct {
		const char *name;
		size_t cnames, addresses;
	} cases[] = {
		{ "c0.example.", STEER_CHAIN_MAX, 0 },
		{ "c1.example.", STEER_CHAIN_MAX, 0 },
		{ "c2.example.", STEER_CHAIN_MAX, 1 },
		{ "c3.example.", STEER_CHAIN_MAX - 1, 1 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *text = ask_one(&world, cases[i].name, T_A, ROOMY);
		assert_int_equal(strncmp(text, "POSITIVE 0 AA\n", 14), 0);
		assert_int_equal(count_lines(text, " CNAME "), cases[i].cnames);
		assert_int_equal(count_lines(text, " A "), cases[i].addresses);
		free(text);
	}
	model_free(&model);
}

static void a_chain_leads_out_before_its_limit_alone(void **state)
{
	(void)state;
	enum { LINKS = 20 }; // More than any host follows.
	char zone[8192] = "example.\n" SOA;
	for (unsigned i = 0; i < LINKS; i++) {
		sprintf(zone + strlen(zone), "c%u CNAME c%u%s\n", i, i + 1,
		        i == LINKS - 1 ? ".elsewhere." : "");
		sprintf(zone + strlen(zone), "d%u DNAME d%u%s\n", i, i + 1,
		        i == LINKS - 1 ? ".elsewhere." : "");
	}
	const char *const zones[] = { zone, NULL };
	model_t model;
	model_make(&model, zones);
	world_t world = { .model = &model };
	for (unsigned links = 1; links <= LINKS; links++) {
		for (unsigned dname = 0; dname < 2; dname++) {
			char name[64];
			sprintf(name, "%s%u.example.", dname ? "x.d" : "c", LINKS - links);
			char *text = ask_one(&world, name, T_A, ROOMY);
			assert_int_equal(strncmp(text, "POSITIVE 0 AA out\n", 18) == 0,
			                 links <= STEER_CHAIN_MAX);
			assert_int_equal(count_lines(text, " CNAME "),
			                 links < STEER_CHAIN_MAX ? links : STEER_CHAIN_MAX);
			free(text);
		}
	}
	model_free(&model);
}

static const char *const cut_zones[] = {
	"example.\n" SOA
	"@ NS ns\n"
	"ns A 192.0.2.1\n"
	"mix NS ns.mix\n"
	"mix NS ns\n"
	"mix NS ns.elsewhere.\n"
	"mix NS nowhere\n"
	"mix DS 1 8 2 abcd\n"
	"mix TXT occluded\n"
	"ns.mix A 192.0.2.2\n"
	"ns.mix AAAA 2001:db8::2\n"
	"low.mix NS ns.low.mix\n"
	"ns.low.mix A 192.0.2.3\n"
	"nods NS ns\n"
	"child NS ns.child\n"
	"child DS 2 8 2 ef\n"
	"ns.child A 192.0.2.4\n"
	"sib NS ns.mix\n",
	"child.example.\n" SOA
	"@ NS ns\n"
	"ns A 192.0.2.5\n"
	"www A 192.0.2.6\n"
	"up CNAME ns.example.\n",
	"quiet.deep.example.\n" SOA
	"www A 192.0.2.7\n",
	NULL
};

static void delegations_are_referred(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "no glue is below the cut: none is needed", "nods.example.", T_A,
		  "REFERRAL 0\nAU nods.example. 300 NS ns.example.\nAR? ns.example. 300 A 192.0.2.1 <0\n" },
		{ "glue below a sibling's cut is optional", "sib.example.", T_A,
		  "REFERRAL 0\nAU sib.example. 300 NS ns.mix.example.\n"
		  "AR? ns.mix.example. 300 A 192.0.2.2 <0\nAR? ns.mix.example. 300 AAAA 2001:db8::2 <0\n" },
		{ "DS at the cut is answered here", "mix.example.", T_DS,
		  "POSITIVE 0 AA\nAN = 300 DS 1 8 2 abcd\n" },
		{ "no DS at the cut is NODATA here", "nods.example.", T_DS,
		  "NODATA 0 AA\n" NEGATIVE("example.") },
		{ "in a hosted child it is the child that answers", "www.child.example.", T_A,
		  "POSITIVE 0 AA\nAN = 300 A 192.0.2.6\n" },
		{ "at its apex too", "child.example.", T_NS,
		  "POSITIVE 0 AA\nAN = 300 NS ns.child.example.\n"
		  "AR? ns.child.example. 300 A 192.0.2.5 <0\n" },
		{ "the child's address, not the parent's glue", "ns.child.example.", T_A,
		  "POSITIVE 0 AA\nAN = 300 A 192.0.2.5\n" },
		{ "DS of a hosted child comes from the parent", "child.example.", T_DS,
		  "POSITIVE 0 AA\nAN = 300 DS 2 8 2 ef\n" },
		{ "NXDOMAIN in the child has the child's SOA", "no.child.example.", T_A,
		  "NXDOMAIN 3 AA\n" NEGATIVE("child.example.") },
		{ "a chain from the child to the parent", "up.child.example.", T_A,
		  "POSITIVE 0 AA\nAN = 300 CNAME ns.example.\nAN ns.example. 300 A 192.0.2.1\n" },
		{ "a hosted child without a delegation", "www.quiet.deep.example.", T_A,
		  "POSITIVE 0 AA\nAN = 300 A 192.0.2.7\n" },
		{ "it makes its ancestors exist in the parent", "deep.example.", T_A,
		  "NODATA 0 AA\n" NEGATIVE("example.") },
		{ "its DS is NODATA from the parent", "quiet.deep.example.", T_DS,
		  "NODATA 0 AA\n" NEGATIVE("example.") },
	};
	check_cases(cut_zones, cases, COUNT(cases));

	static const char *const asked[] = {
		"mix.example.", "ns.mix.example.", "a.b.mix.example.", "x.low.mix.example.",
		"low.mix.example.",
	};
	model_t model;
	model_make(&model, cut_zones);
	for (size_t i = 0; i < 2 * COUNT(asked) - 1; i++) {
		bool ds = i >= COUNT(asked); // At the cut itself it is answered, see above.
		const char *name = asked[ds ? i - COUNT(asked) + 1 : i];
		print_message("  the topmost cut, at %s\n", name);
		world_t world = { .model = &model };
		char *text = ask_one(&world, name, ds ? T_DS : T_TXT, ROOMY);
		// Canonical order of NS rdata is that of their wire forms.
		assert_int_equal(count_lines(text, "AU mix.example. 300 NS "), 4);
		assert_int_equal(count_lines(text, "AR "), 2);
		assert_int_equal(count_lines(text, "AR? "), 1);
		assert_true(strstr(text, "AR ns.mix.example. 300 AAAA") < strstr(text, "AR? ns.example."));
		assert_int_equal(strncmp(text, "REFERRAL 0\n", 11), 0);
		free(text);
	}
	model_free(&model);
}

static void a_full_sink_truncates_what_is_needed_and_no_more(void **state)
{
	(void)state;
	static const struct {
		const char *what, *name;
		uint16_t type;
		unsigned room;
		const char *want;
	} cases[] = {
		{ "the answer", "www.example.", T_A, 0, ESPACE "POSITIVE 0 AA\nAN full\n" },
		{ "the SOA is left out", "www.example.", T_AAAA, 0, "NODATA 0 AA\nAU? full\n" },
		{ "also of NXDOMAIN", "no.example.", T_A, 0, "NXDOMAIN 3 AA\nAU? full\n" },
		{ "the first CNAME", "c.example.", T_A, 0, ESPACE "POSITIVE 0 AA\nAN full\n" },
		{ "the target", "c.example.", T_A, 1,
		  ESPACE "POSITIVE 0 AA\nAN = 300 CNAME www.example.\nAN full\n" },
		{ "the DNAME", "www.d.example.", T_A, 0, ESPACE "POSITIVE 0 AA\nAN full\n" },
		{ "the synthesized CNAME", "www.d.example.", T_A, 1,
		  ESPACE "POSITIVE 0 AA\nAN d.example. 300 DNAME example.\nAN full\n" },
		{ "additional data are left out", "example.", T_NS, 1,
		  "POSITIVE 0 AA\nAN = 300 NS www.example.\nAR? full\n" },
		{ "a delegation", "x.cut.example.", T_A, 0, ESPACE "REFERRAL 0\nAU full\n" },
		{ "what a chain leads out to is not put, so it leads out", "o.example.", T_A, 1,
		  "POSITIVE 0 AA out\nAN = 300 CNAME www.elsewhere.\n" },
		{ "a chain that would lead out", "o.example.", T_A, 0,
		  ESPACE "POSITIVE 0 AA\nAN full\n" },
		{ "needed glue", "x.cut.example.", T_A, 1,
		  ESPACE "REFERRAL 0\nAU cut.example. 300 NS ns.cut.example.\nAR full\n" },
	};
	static const char *const zones[] = {
		"example.\n" SOA
		"@ NS www\n"
		"www A 192.0.2.1\n"
		"c CNAME www\n"
		"o CNAME www.elsewhere.\n"
		"d DNAME example.\n"
		"cut NS ns.cut\n"
		"ns.cut A 192.0.2.2\n",
		NULL
	};
	model_t model;
	model_make(&model, zones);
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		world_t world = { .model = &model };
		char *text = ask_one(&world, cases[i].name, cases[i].type, cases[i].room);
		assert_string_equal(text, cases[i].want);
		free(text);
	}
	model_free(&model);
}

static void the_closest_zone_answers_ours_or_the_hosts(void **state)
{
	(void)state;
	enum { OURS, HOSTS };
	static const struct {
		const char *what, *name;
		uint16_t type;
		int host_labels;
		bool host_only;
		int want;
	} cases[] = {
		{ "the host has none",                        "www.b.a.",   T_A,  STEER_NO_ZONE, false,
		  OURS },
		{ "the host's root zone encloses ours",       "www.b.a.",   T_A,  0, false, OURS },
		{ "the host's zone encloses ours",            "www.b.a.",   T_A,  1, false, OURS },
		{ "of equal zones ours answers",              "www.b.a.",   T_A,  2, false, OURS },
		{ "the host's zone is closer",                "x.www.b.a.", T_A,  3, false, HOSTS },
		{ "our inner zone is closer than the host's", "www.c.b.a.", T_A,  2, false, OURS },
		{ "of equal inner zones ours answers",        "www.c.b.a.", T_A,  3, false, OURS },
		{ "the name of our apex",                     "b.a.",       T_A,  1, false, OURS },
		{ "the name of the host's closer apex",       "h.b.a.",     T_A,  3, false, HOSTS },
		{ "a name of the host alone",                 "www.x.a.",   T_A,  1, false, HOSTS },
		{ "DS: we are the parent, the host the child", "h.b.a.",    T_DS, 3, false, OURS },
		{ "DS: the host is the parent, we the child", "b.a.",       T_DS, 1, false, HOSTS },
		{ "DS: the host has the root, we the child",  "b.a.",       T_DS, 0, false, HOSTS },
		{ "DS: both are the child",                   "b.a.",       T_DS, 2, false, OURS },
		{ "DS: no parent anywhere",                   "b.a.",       T_DS, STEER_NO_ZONE, false,
		  OURS },
		{ "DS: of two parents the closer: the host",  "x.h.b.a.",   T_DS, 3, false, HOSTS },
		{ "DS: of two parents the closer: ours",      "c.b.a.",     T_DS, 1, false, OURS },
		{ "DS: of equal parents ours",                "c.b.a.",     T_DS, 2, false, OURS },
		{ "at zone scope: that zone",                 "www.b.a.",   T_A,  2, true, OURS },
		{ "at zone scope: not an outer one of ours",  "www.h.b.a.", T_A,  3, true, HOSTS },
		{ "at zone scope: not an inner one of ours",  "www.c.b.a.", T_A,  2, true, HOSTS },
		{ "at zone scope: not the parent's DS",       "c.b.a.",     T_DS, 3, true, HOSTS },
		{ "at zone scope: DS inside the zone",        "www.b.a.",   T_DS, 2, true, OURS },
	};
	static const char *const zones[] = {
		"b.a.\n" SOA "www A 192.0.2.1\n",
		"c.b.a.\n" SOA "www A 192.0.2.1\n",
		NULL
	};
	model_t model;
	model_make(&model, zones);
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		const uint8_t *name = name_of(cases[i].name);
		host_t host = { .name = name, .labels = cases[i].host_labels };
		const steer_question_t question = {
			.name = name, .name_len = steer_name_len(name), .type = cases[i].type,
			.host_only = cases[i].host_only, .zone = host_zone, .host = &host,
		};
		bool (*const filters[])(void *, uint64_t) = { world_maybe_apex, always_maybe_apex };
		for (size_t k = 0; k < COUNT(filters); k++) {
			world_t world = { .model = &model };
			char *text = ask(&world, &question, ROOMY, filters[k]);
			assert_int_equal(strcmp(text, ENOENT) == 0 ? HOSTS : OURS, cases[i].want);
			free(text);
		}
	}
	model_free(&model);
}

static const char *const overlaid_zones[] = {
	"example. overlay\n"
	"@ A 192.0.2.1\n"
	"@ NS new\n"
	"@ MX 10 mail\n"
	"@ MX 20 new\n"
	"new A 192.0.2.2\n"
	"x.ent A 192.0.2.3\n"
	"c CNAME new\n"
	"cc CNAME c\n"
	"lost CNAME nothing\n"
	"text CNAME t\n"
	"t TXT hello\n"
	"out CNAME www.elsewhere.\n"
	"loop CNAME pool\n"
	"pool CNAME loop\n"
	"in CNAME www.h\n"
	"inno CNAME no.h\n"
	"away CNAME other.\n"
	"far CNAME www.another.\n"
	"h DS 1 8 2 00\n",
	"h.example.\n" SOA
	"www A 192.0.2.9\n"
	"up CNAME new.example.\n"
	"upno CNAME no.example.\n",
	"other. overlay\n"
	"@ A 192.0.2.20\n",
	"another.\n" SOA
	"www A 192.0.2.30\n",
	"o.another. overlay\n"
	"@ A 192.0.2.31\n",
	NULL
};

static void an_overlay_answers_what_it_holds(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "its record set at the apex", "example.", T_A, "POSITIVE 0 AA\nAN = 300 A 192.0.2.1\n" },
		{ "another type at the apex", "example.", T_TXT, ENOENT },
		{ "the SOA is never its", "example.", T_SOA, ENOENT },
		{ "ANY is the host's", "example.", T_ANY, ENOENT },
		{ "its addresses beside its names", "example.", T_MX,
		  "POSITIVE 0 AA\nAN = 300 MX 10 mail.example.\nAN = 300 MX 20 new.example.\n"
		  "AR? new.example. 300 A 192.0.2.2 <1\n" },
		{ "name servers at the apex are no delegation", "example.", T_NS,
		  "POSITIVE 0 AA\nAN = 300 NS new.example.\nAR? new.example. 300 A 192.0.2.2 <0\n" },
		{ "a name below them", "new.example.", T_A, "POSITIVE 0 AA\nAN = 300 A 192.0.2.2\n" },
		{ "a type that the name lacks", "new.example.", T_AAAA, ENOENT },
		{ "a name that it lacks", "no.example.", T_A, ENOENT },
		{ "a name below one of its own", "y.new.example.", T_A, ENOENT },
		{ "an empty non-terminal", "ent.example.", T_A, ENOENT },
		{ "a CNAME in place of all types", "c.example.", T_A,
		  "POSITIVE 0 AA\nAN = 300 CNAME new.example.\nAN new.example. 300 A 192.0.2.2\n" },
		{ "the CNAME itself", "c.example.", T_CNAME,
		  "POSITIVE 0 AA\nAN = 300 CNAME new.example.\n" },
		{ "a type that the target lacks", "c.example.", T_TXT,
		  "POSITIVE 0 AA out\nAN = 300 CNAME new.example.\n" },
		{ "two CNAMEs", "cc.example.", T_A,
		  "POSITIVE 0 AA\nAN = 300 CNAME c.example.\nAN c.example. 300 CNAME new.example.\n"
		  "AN new.example. 300 A 192.0.2.2\n" },
		{ "to a name that it lacks", "lost.example.", T_A,
		  "POSITIVE 0 AA out\nAN = 300 CNAME nothing.example.\n" },
		{ "to a name of another type", "text.example.", T_A,
		  "POSITIVE 0 AA out\nAN = 300 CNAME t.example.\n" },
		{ "to that type", "text.example.", T_TXT,
		  "POSITIVE 0 AA\nAN = 300 CNAME t.example.\nAN t.example. 300 TXT hello\n" },
		{ "out of all zones", "out.example.", T_A,
		  "POSITIVE 0 AA out\nAN = 300 CNAME www.elsewhere.\n" },
		{ "in a circle", "loop.example.", T_A,
		  "POSITIVE 0 AA\nAN = 300 CNAME pool.example.\n"
		  "AN pool.example. 300 CNAME loop.example.\n" },
		{ "into a hosted zone inside", "in.example.", T_A,
		  "POSITIVE 0 AA\nAN = 300 CNAME www.h.example.\n"
		  "AN www.h.example. 300 A 192.0.2.9\n" },
		{ "to a name that this one lacks", "inno.example.", T_A,
		  "NXDOMAIN 3 AA\nAN = 300 CNAME no.h.example.\n" NEGATIVE("h.example.") },
		{ "into a hosted zone elsewhere", "far.example.", T_A,
		  "POSITIVE 0 AA\nAN = 300 CNAME www.another.\nAN www.another. 300 A 192.0.2.30\n" },
		{ "into another overlay: nobody knows the host's zone there", "away.example.", T_A,
		  "POSITIVE 0 AA out\nAN = 300 CNAME other.\n" },
		{ "from a hosted zone into one", "up.h.example.", T_A,
		  "POSITIVE 0 AA out\nAN = 300 CNAME new.example.\n" },
		{ "also to a name that it lacks", "upno.h.example.", T_A,
		  "POSITIVE 0 AA out\nAN = 300 CNAME no.example.\n" },
		{ "a hosted zone inside is answered whole", "no.h.example.", T_A,
		  "NXDOMAIN 3 AA\n" NEGATIVE("h.example.") },
		{ "its DS is the overlay's", "h.example.", T_DS,
		  "POSITIVE 0 AA\nAN = 300 DS 1 8 2 00\n" },
		{ "a DS that the overlay lacks", "new.example.", T_DS, ENOENT },
		{ "the DS of its own apex", "example.", T_DS, ENOENT },
		{ "the DS of one inside a hosted zone", "o.another.", T_DS,
		  "NODATA 0 AA\n" NEGATIVE("another.") },
		{ "what one inside a hosted zone holds", "o.another.", T_A,
		  "POSITIVE 0 AA\nAN = 300 A 192.0.2.31\n" },
		{ "what it lacks is not the hosted zone's", "x.o.another.", T_A, ENOENT },
	};
	check_cases(overlaid_zones, cases, COUNT(cases));
}

/*! For the tables. */
enum { NONE = STEER_BAR_NONE, SIGNED = STEER_BAR_SIGNED, ABSENT = STEER_BAR_ABSENT };

static void what_the_host_has_decides_over_an_overlay(void **state)
{
	(void)state;
	enum { OURS, HOSTS, REFUSED };
	enum { GLOBAL, ZONE, END };
	static const struct {
		const char *what, *name;
		uint16_t type;
		int host_labels;
		int bar;
		int scope, want;
		bool asked; /*!< Whether the host is asked. */
	} cases[] = {
		{ "its zone lies below", "new.example.", T_A, 1, NONE, GLOBAL, OURS, true },
		{ "its zone is signed", "new.example.", T_A, 1, SIGNED, GLOBAL, REFUSED, true },
		{ "its zone is not there", "new.example.", T_A, 1, ABSENT, GLOBAL, HOSTS, true },
		{ "signed, and nothing held", "no.example.", T_A, 1, SIGNED, GLOBAL, HOSTS, false },
		{ "signed, and another type", "new.example.", T_TXT, 1, SIGNED, GLOBAL, HOSTS, false },
		{ "a CNAME and a signed zone", "c.example.", T_A, 1, SIGNED, GLOBAL, REFUSED, true },
		{ "its zone is closer", "x.ent.example.", T_A, 2, NONE, GLOBAL, HOSTS, false },
		{ "its zone is higher up", "new.example.", T_A, 0, NONE, GLOBAL, OURS, true },
		{ "at zone scope: that zone", "new.example.", T_A, 1, NONE, ZONE, OURS, true },
		{ "at zone scope: another", "new.example.", T_A, 0, NONE, ZONE, HOSTS, false },
		{ "hosted zones ask nobody", "www.h.example.", T_A, 1, SIGNED, GLOBAL, OURS, false },
		{ "from an overlay: its record set", "new.example.", T_A, 1, NONE, END, OURS, true },
		{ "from an overlay: a chain", "in.example.", T_A, 1, NONE, END, OURS, true },
		{ "from an overlay: nothing held", "no.example.", T_A, 1, NONE, END, HOSTS, false },
		{ "from an overlay: a hosted zone", "www.h.example.", T_A, 1, NONE, END, HOSTS, false },
		{ "from an overlay: signed", "new.example.", T_A, 1, SIGNED, END, REFUSED, true },
	};
	model_t model;
	model_make(&model, overlaid_zones);
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		const uint8_t *name = name_of(cases[i].name);
		host_t host = { .name = name, .labels = cases[i].host_labels, .bar = cases[i].bar };
		const steer_question_t question = {
			.name = name, .name_len = steer_name_len(name), .type = cases[i].type,
			.host_only = cases[i].scope == ZONE, .overlay_only = cases[i].scope == END,
			.zone = host_zone, .bar = host_bar, .host = &host,
		};
		world_t world = { .model = &model };
		char *text = ask(&world, &question, ROOMY, world_maybe_apex);
		assert_int_equal(strcmp(text, ENOENT) == 0 ? HOSTS
		                 : strcmp(text, EREFUSED) == 0 ? REFUSED : OURS, cases[i].want);
		assert_int_equal(host.bars_asked > 0, cases[i].asked);
		free(text);
	}
	model_free(&model);
}

static void an_overlay_makes_names_exist(void **state)
{
	(void)state;
	static const struct {
		const char *what, *name;
		int host_labels;
		int bar;
		bool host_only, exists;
	} cases[] = {
		{ "a name that it holds",               "new.example.",   1, NONE, false, true },
		{ "its apex",                           "example.",       1, NONE, false, true },
		{ "an empty non-terminal",              "ent.example.",   1, NONE, false, true },
		{ "a name below its own",               "y.new.example.", 1, NONE, false, false },
		{ "a name that it lacks",               "no.example.",    1, NONE, false, false },
		{ "a name of no zone",                  "elsewhere.",     0, NONE, false, false },
		{ "a name of a hosted zone inside",     "www.h.example.", 1, NONE, false, false },
		{ "the host's zone is signed",          "new.example.",   1, SIGNED, false, false },
		{ "the host's zone is not there",       "new.example.",   1, ABSENT, false, false },
		{ "the host's zone is closer",          "new.example.",   2, NONE, false, false },
		{ "at zone scope: that zone",           "new.example.",   1, NONE, true, true },
		{ "at zone scope: another",             "new.example.",   0, NONE, true, false },
	};
	model_t model;
	model_make(&model, overlaid_zones);
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		const uint8_t *name = name_of(cases[i].name);
		host_t host = { .name = name, .labels = cases[i].host_labels, .bar = cases[i].bar };
		const steer_question_t question = {
			.name = name, .name_len = steer_name_len(name), .type = T_TXT,
			.host_only = cases[i].host_only,
			.zone = host_zone, .bar = host_bar, .host = &host,
		};
		world_t world = { .model = &model };
		const steer_lookup_t lookup = world_lookup(&world, world_maybe_apex);
		assert_int_equal(steer_answer_exists(&lookup, &question, zone_len(&host)),
		                 cases[i].exists ? STEER_OK : STEER_ENOENT);
	}
	model_free(&model);
}

static void few_lookups_are_made(void **state)
{
	(void)state;
	static const struct {
		const char *what, *name;
		uint16_t type;
		unsigned gets;
	} cases[] = {
		{ "a name that exists: its node",        "www.example.",           T_A,   1 },
		{ "NODATA: and the apex",                "www.example.",           T_MX,  2 },
		{ "NXDOMAIN below the apex",             "no.example.",            T_A,   3 },
		{ "a wildcard: and its encloser, found by halves", "y.w.example.", T_A,   4 },
	};
	model_t model;
	model_make(&model, plain_zone);
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		world_t world = { .model = &model };
		free(ask_one(&world, cases[i].name, cases[i].type, ROOMY));
		assert_in_range(world.gets, 1, cases[i].gets);
	}
	model_free(&model);
}

static void only_whole_answers_are_found_again(void **state)
{
	(void)state;
	static const struct {
		const char *what, *name;
		uint16_t type;
		bool again, own;
	} cases[] = {
		{ "values",            "www.example.",   T_A,    true,  true },
		{ "ANY",               "www.example.",   T_ANY,  true,  true },
		{ "a wildcard",        "y.w.example.",   T_A,    true,  false },
		{ "an unknown type",   "www.example.",   65400,  true,  true },
		{ "additional data",   "mx.example.",    T_MX,   false, false },
		{ "ANY with additional data", "mx.example.", T_ANY, false, false },
		{ "a chain",           "y.c.example.",   T_A,    false, false },
		{ "NODATA",            "www.example.",   T_MX,   true,  true },
		{ "NODATA of an empty non-terminal", "tree.example.", T_A, true, true },
		{ "NODATA of a wildcard", "y.w.example.", T_TXT, true,  false },
		{ "NODATA after a chain", "y.c.example.", T_TXT, false, false },
		{ "NODATA for ANY",    "tree.example.",  T_ANY,  false, false },
		{ "NXDOMAIN",          "no.example.",    T_A,    true,  false },
		{ "a referral",        "y.n.w.example.", T_A,    false, false },
	};
	model_t model;
	model_make(&model, plain_zone);
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		world_t world = { .model = &model };
		const steer_question_t question = question_of(cases[i].name, cases[i].type);
		const steer_found_t found = found_for(&world, &question);
		assert_int_equal(found.at != NULL, cases[i].again);
		assert_int_equal(found.at != NULL && found.own != NULL, cases[i].own);
	}
	model_free(&model);
}

static void a_negative_answer_takes_the_smaller_ttl(void **state)
{
	(void)state;
	static const struct {
		const char *zone, *want;
	} cases[] = {
		{ "e.\n@ 100 SOA . . 1 2 3 4 50\n",  "NXDOMAIN 3 AA\nAU? e. 50 SOA . . 1 2 3 4 50\n" },
		{ "e.\n@ 50 SOA . . 1 2 3 4 100\n",  "NXDOMAIN 3 AA\nAU? e. 50 SOA . . 1 2 3 4 100\n" },
		{ "e.\n@ 50 SOA . . 1 2 3 4 0\n",    "NXDOMAIN 3 AA\nAU? e. 0 SOA . . 1 2 3 4 0\n" },
		{ "e.\n@ 2147483647 SOA . . 1 2 3 4 4294967295\n",
		  "NXDOMAIN 3 AA\nAU? e. 2147483647 SOA . . 1 2 3 4 4294967295\n" },
		{ "e.\n@ 2147483647 SOA . . 1 2 3 4 2147483648\n",
		  "NXDOMAIN 3 AA\nAU? e. 2147483647 SOA . . 1 2 3 4 2147483648\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *const zones[] = { cases[i].zone, NULL };
		model_t model;
		model_make(&model, zones);
		world_t world = { .model = &model };
		char *text = ask_one(&world, "x.e.", T_A, ROOMY);
		assert_string_equal(text, cases[i].want);
		free(text);
		model_free(&model);
	}
}

static void a_root_zone_answers(void **state)
{
	(void)state;
	static const char *const zones[] = {
		".\n@ SOA . . 1 2 3 4 5\n@ NS ns\nns A 192.0.2.1\n*.w A 192.0.2.2\ncom NS ns.com\n"
		"ns.com A 192.0.2.3\ncom DS 1 8 2 00\n",
		NULL
	};
	static const case_t cases[] = {
		{ "its apex", ".", T_SOA, "POSITIVE 0 AA\nAN = 300 SOA . . 1 2 3 4 5\n" },
		{ "NODATA at its apex", ".", T_A, "NODATA 0 AA\nAU? . 5 SOA . . 1 2 3 4 5\n" },
		{ "DS of the root", ".", T_DS, "NODATA 0 AA\nAU? . 5 SOA . . 1 2 3 4 5\n" },
		{ "a name", "ns.", T_A, "POSITIVE 0 AA\nAN = 300 A 192.0.2.1\n" },
		{ "NXDOMAIN", "no.", T_A, "NXDOMAIN 3 AA\nAU? . 5 SOA . . 1 2 3 4 5\n" },
		{ "a wildcard", "a.b.w.", T_A, "POSITIVE 0 AA\nAN = 300 A 192.0.2.2\n" },
		{ "a referral", "www.com.", T_A,
		  "REFERRAL 0\nAU com. 300 NS ns.com.\nAR ns.com. 300 A 192.0.2.3 <0\n" },
		{ "DS", "com.", T_DS, "POSITIVE 0 AA\nAN = 300 DS 1 8 2 00\n" },
	};
	check_cases(zones, cases, COUNT(cases));
}

static void the_longest_names_are_answered(void **state)
{
	(void)state;
	char zone[1024] = "x.\n@ SOA . . 1 2 3 4 5\n";
	char labels[512] = "", most[520], full[520];
	for (unsigned i = 0; i < 126; i++) {
		strcat(labels, "a.");
	}
	sprintf(most, "%sx.", labels); // 127 labels, 255 bytes.
	sprintf(zone + strlen(zone), "%s A 192.0.2.1\n", most);
	const char *const zones[] = { zone, NULL };
	model_t model;
	model_make(&model, zones);
	world_t world = { .model = &model };
	char *text = ask_one(&world, most, T_A, ROOMY);
	assert_string_equal(text, "POSITIVE 0 AA\nAN = 300 A 192.0.2.1\n");
	free(text);

	sprintf(full, "b.%sx.", labels + 2); // As long, and missing: the search is short all the same.
	world.gets = 0;
	text = ask_one(&world, full, T_A, ROOMY);
	assert_string_equal(text, "NXDOMAIN 3 AA\nAU? x. 5 SOA . . 1 2 3 4 5\n");
	assert_in_range(world.gets, 1, 11);
	free(text);
	model_free(&model);
}

static void a_damaged_node_costs_its_name(void **state)
{
	(void)state;
	static const struct {
		const char *what, *damaged, *name;
		uint16_t type;
		bool costs;
	} cases[] = {
		{ "the name itself",          "www.example.",  "www.example.",     T_A, true },
		{ "the target of a CNAME",    "www.example.",  "c.example.",       T_A, true },
		{ "a wildcard",               "*.w.example.",  "x.w.example.",     T_A, true },
		{ "the apex of NXDOMAIN",     "example.",      "no.example.",      T_A, true },
		{ "the apex of NODATA",       "example.",      "www.example.",     T_TXT, true },
		{ "the delegation",           "cut.example.",  "x.cut.example.",   T_A, true },
		{ "an encloser",              "w.example.",    "x.w.example.",     T_A, true },
		{ "the apex of a positive answer", "example.", "www.example.",     T_A, false },
		{ "another name",             "c.example.",    "www.example.",     T_A, false },
		{ "an address of additional data", "www.example.", "mx.example.",  T_MX, false },
	};
	static const char *const zones[] = {
		"example.\n" SOA
		"www A 192.0.2.1\n"
		"c CNAME www\n"
		"mx MX 1 www\n"
		"*.w A 192.0.2.1\n"
		"cut NS ns.cut\n",
		NULL
	};
	model_t model;
	model_make(&model, zones);
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		uint8_t damaged[STEER_NAME_MAX];
		memcpy(damaged, name_of(cases[i].damaged), sizeof(damaged));
		world_t world = { .model = &model, .damaged = damaged };
		char *text = ask_one(&world, cases[i].name, cases[i].type, ROOMY);
		assert_int_equal(strcmp(text, EDAMAGED) == 0, cases[i].costs);
		free(text);
	}
	model_free(&model);
}

/*! Replaces a model's node by one with other faces. */
static void replace_node(model_t *model, const char *name, const steer_face_t *faces,
                         unsigned count)
{
	steer_key_t key;
	steer_key_from_name(&key, name_of(name));
	model_node_t *node = model_find(model, key.bytes, key.len);
	assert_non_null(node);
	assert_int_equal(steer_node_build(NULL, &node->size, faces, count), STEER_OK);
	node->bytes = realloc(node->bytes, node->size);
	assert_int_equal(steer_node_build(node->bytes, &node->size, faces, count), STEER_OK);
}

static void nodes_that_contradict_each_other_are_damage(void **state)
{
	(void)state;
	static const struct {
		const char *what, *replaced, *name;
		steer_face_t face;
	} cases[] = {
		{ "a wildcard flag without the wildcard", "w.example.", "x.w.example.",
		  { .apex = 1, .flags = STEER_FACE_WILDCARD } },
		{ "a cut without NS", "cut.example.", "x.cut.example.", { .apex = 1, .cut = 2 } },
		{ "an apex without SOA", "example.", "no.example.",
		  { .apex = 1, .flags = STEER_FACE_APEX } },
		{ "an apex not in its zone", "example.", "no.example.", { .apex = 0 } },
	};
	static const char *const zones[] = {
		"example.\n" SOA "w A 192.0.2.1\ncut NS ns\n", NULL
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		model_t model;
		model_make(&model, zones);
		replace_node(&model, cases[i].replaced, &cases[i].face, 1);
		world_t world = { .model = &model };
		char *text = ask_one(&world, cases[i].name, T_A, ROOMY);
		if (cases[i].face.apex == 0) { // Then no hosted zone is known to be there.
			assert_string_equal(text, ENOENT);
		} else {
			assert_string_equal(text, EDAMAGED);
		}
		free(text);
		model_free(&model);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_answered_by_what_the_zone_has),
		cmocka_unit_test(wildcards_stand_for_names_that_do_not_exist),
		cmocka_unit_test(additional_data_follow_the_names_in_the_answer),
		cmocka_unit_test(cnames_are_followed),
		cmocka_unit_test(dnames_are_followed),
		cmocka_unit_test(endless_dnames_end),
		cmocka_unit_test(a_dname_that_makes_the_name_too_long_is_yxdomain),
		cmocka_unit_test(a_chain_ends_at_its_limit),
		cmocka_unit_test(a_chain_leads_out_before_its_limit_alone),
		cmocka_unit_test(delegations_are_referred),
		cmocka_unit_test(a_full_sink_truncates_what_is_needed_and_no_more),
		cmocka_unit_test(the_closest_zone_answers_ours_or_the_hosts),
		cmocka_unit_test(an_overlay_answers_what_it_holds),
		cmocka_unit_test(what_the_host_has_decides_over_an_overlay),
		cmocka_unit_test(an_overlay_makes_names_exist),
		cmocka_unit_test(few_lookups_are_made),
		cmocka_unit_test(only_whole_answers_are_found_again),
		cmocka_unit_test(a_negative_answer_takes_the_smaller_ttl),
		cmocka_unit_test(a_root_zone_answers),
		cmocka_unit_test(the_longest_names_are_answered),
		cmocka_unit_test(a_damaged_node_costs_its_name),
		cmocka_unit_test(nodes_that_contradict_each_other_are_damage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
