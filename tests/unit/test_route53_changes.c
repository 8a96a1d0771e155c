/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What batches of changes of Route 53 become: their zones, actions and record sets.
 */
#include <stdlib.h>
#include <string.h>

#include "formats/route53/lists.h"
#include "unit/route53_story.h"
#include "unit/test.h"

#define BATCH(changes) "{'Comment':'x','Changes':[\n" changes "]}"
#define DO(action, set) "{'Action':'" action "','ResourceRecordSet':{" set "}}"
#define WWW "'Name':'www.a.test.','Type':'A',"
#define ONE "'TTL':60,'ResourceRecords':[{'Value':'192.0.2.1'}]"
#define OWN "{'HostedZone':{'Id':'/hostedzone/Z1','Name':'a.test.'}}"
#define IN_WWW "names in www.a.test.\n"

static void changes_are_told_in_their_order(void **state)
{
	(void)state;
	static const route53_case_t cases[] = {
		{ "each action", { BATCH(DO("DELETE", WWW ONE) ",\n" DO("CREATE", "'Name':'A.test',"
		  "'Type':'A','SetIdentifier':'x','Weight':3," ONE) ",\n" DO("UPSERT", WWW "'TTL':5,"
		  "'ResourceRecords':[{'Value':'192.0.2.3'},{'Value':'192.0.2.2'},{'Value':'192.0.2.3'}"
		  "]")) },
		  "names in a.test.\nDELETE\n+2:40 www.a.test. A ''\n  2:110 www.a.test. 60 A 192.0.2.1\n"
		  "CREATE set weighted\n+3:40 a.test. A 'x' weight=3\n  3:136 a.test. 60 A 192.0.2.1\n"
		  "UPSERT\n+4:40 www.a.test. A ''\n  4:131 www.a.test. 5 A 192.0.2.2\n"
		  "  4:109 www.a.test. 5 A 192.0.2.3\n" },
		{ "an alias, a health check, a location",
		  { BATCH(DO("UPSERT", WWW "'HealthCheckId':'c-1','AliasTarget':{'HostedZoneId':'Z1',"
		             "'DNSName':'b.a.test','EvaluateTargetHealth':true}") ",\n"
		          DO("UPSERT", WWW "'SetIdentifier':'l','CidrRoutingConfig':{'CollectionId':'c-1',"
		             "'LocationName':'oslo'}," ONE)),
		    "{'CidrCollections':[{'Id':'c-1','Name':'offices'}]}" },
		  IN_WWW "UPSERT set\n+2:40 www.a.test. A '' alias=b.a.test. evaluate health=c-1\n"
		  "UPSERT set ip\n+3:40 www.a.test. A 'l' cidr=offices/oslo\n"
		  "  3:195 www.a.test. 60 A 192.0.2.1\n" },
		{ "two batches, in the order of the files",
		  { BATCH(DO("CREATE", WWW ONE)) " [" BATCH(DO("DELETE", WWW ONE)) "]" },
		  IN_WWW "CREATE\n+2:40 www.a.test. A ''\n  2:110 www.a.test. 60 A 192.0.2.1\n" IN_WWW
		  "DELETE\n+3:40 www.a.test. A ''\n  3:110 www.a.test. 60 A 192.0.2.1\n" },
		{ "name servers of Route 53 are left out, but not of a delegation",
		  { "{'HostedZoneId':'Z1','ChangeBatch':{'Changes':[\n" DO("UPSERT", "'Name':'a.test.',"
		    "'Type':'NS','TTL':9,'ResourceRecords':[{'Value':'ns-1.awsdns-2.com.'}]") ",\n"
		    DO("CREATE", "'Name':'b.a.test.','Type':'NS','TTL':9,'ResourceRecords':[{'Value':"
		       "'ns-1.awsdns-2.com.'}]") "]}}", OWN },
		  "zone a.test.\n%2:1 ResourceRecordSet: the name servers of Route 53, so this change is "
		  "left out\nCREATE\n+3:40 b.a.test. NS ''\n  3:108 b.a.test. 9 NS ns-1.awsdns-2.com.\n" },
	};
	check_route53(cases, COUNT(cases), STEER_OK);
}

#define CREATE_WWW "CREATE\n+2:40 www.a.test. A ''\n  2:110 www.a.test. 60 A 192.0.2.1\n"
#define REQUEST(id) "{'HostedZoneId':'" id "','ChangeBatch':{'Changes':[\n" \
                    DO("CREATE", WWW ONE) "]}}"

static void batches_find_their_zones(void **state)
{
	(void)state;
	static const route53_case_t cases[] = {
		{ "by the identifier", { REQUEST("Z1"), "{'HostedZones':[{'Id':'/hostedzone/Z1','Name':"
		  "'a.test.'},{'Id':'Z2','Name':'www.a.test.'}]}" },
		  "zone a.test.\n" CREATE_WWW },
		{ "by the identifier with its folder", { REQUEST("/hostedzone/Z1"), OWN },
		  "zone a.test.\n" CREATE_WWW },
		{ "by the only hosted zone", { BATCH(DO("CREATE", WWW ONE)), OWN },
		  "zone a.test.\n" CREATE_WWW },
		{ "an identifier that nothing explains", { REQUEST("Z3") }, IN_WWW CREATE_WWW },
		{ "two hosted zones", { BATCH(DO("CREATE", WWW ONE)), "{'HostedZones':[{'Id':'Z1','Name':"
		  "'a.test.'},{'Id':'Z2','Name':'www.a.test.'}]}" },
		  // It is one of both; which, the caller has to decide.
		  IN_WWW CREATE_WWW },
	};
	check_route53(cases, COUNT(cases), STEER_OK);
	static const char *const files[STORY_FILES] = { REQUEST("Z1"), OWN };
	int ret;
	char *told = tell_route53(files, (const uint8_t *)"\4test", &ret);
	assert_int_equal(ret, STEER_OK);
	assert_string_equal(told, "zone test.\n" CREATE_WWW);
	free(told);
}

#define ACTIONS "allowed: CREATE, DELETE, UPSERT\n"

static void what_is_wrong_is_told_with_its_place(void **state)
{
	(void)state;
	static const route53_case_t cases[] = {
		{ "no changes", { "{'Changes':[]} {'Changes':{}} {'ChangeBatch':[]} {'ChangeBatch':{}}" },
		  "!1:12 Changes: none; allowed: one or more\n!1:27 Changes: an object; allowed: a list\n"
		  "!1:46 ChangeBatch: a list; allowed: an object\n"
		  "!1:65 Changes: missing; allowed: a list of changes\n" },
		{ "changes that are none", { BATCH("7, {}, {'Action':1}, {'Action':'create'},\n"
		  "{'Action':'CREATE'}, {'Action':'CREATE','ResourceRecordSet':[]},\n"
		  "{'Action':'DELETE','ResourceRecordSet':{},'Wait':1}") },
		  "!2:1 a number; allowed: an object\n!2:4 Action: missing; " ACTIONS
		  "!2:18 Action: a number; allowed: text in quotes\n!2:32 Action: 'create'; " ACTIONS
		  "!3:1 ResourceRecordSet: missing; allowed: the record set\n"
		  "!3:61 ResourceRecordSet: a list; allowed: an object\n!4:43 Wait: no field that is "
		  "known here; allowed: Action, ResourceRecordSet\n"
		  "!4:40 Name: missing; allowed: the name of the record set\n" },
		{ "fields that are not known",
		  { "{'Changes':[" DO("CREATE", WWW ONE) "],'A':1} {'B':2,'ChangeBatch':{'C':3,'Changes':["
		    DO("CREATE", WWW ONE) "]}}" },
		  "!1:139 A: no field that is known here; allowed: Changes, Comment\n!1:147 B: no field "
		  "that is known here; allowed: HostedZoneId, ChangeBatch\n!1:168 C: no field that is "
		  "known here; allowed: Changes, Comment\n" },
		{ "record sets that are wrong, all of them",
		  { BATCH(DO("CREATE", WWW "'TTL':60,'ResourceRecords':[{'Value':'192.0.2'}]") ",\n"
		          DO("CREATE", WWW "'Weight':300," ONE) ",\n" DO("DELETE", WWW ONE ",'AliasTarget'"
		             ":{}")) },
		  IN_WWW "!2:110 Value: invalid IPv4 address, near '192.0.2'; allowed: four numbers from 0 "
		  "to 255\n!3:40 SetIdentifier: missing; allowed: one for each record set with Weight\n"
		  "!3:82 Weight: 300; allowed: 0 to 255\n!4:138 AliasTarget: given with "
		  "ResourceRecords; allowed: AliasTarget, or TTL and ResourceRecords\n" },
		{ "what may be left out of a list, but not of a batch",
		  { BATCH(DO("UPSERT", WWW "'TrafficPolicyInstanceId':'11111111-2222'") ",\n"
		          DO("UPSERT", WWW "'TTL':60,'ResourceRecords':[{'Value':'This resource record set "
		             "includes an attribute that is unsupported on this Route 53 API version'}]")) },
		  IN_WWW "!2:40 TrafficPolicyInstanceId: a change cannot have the record sets of a "
		  "traffic policy; allowed: TTL and ResourceRecords, or AliasTarget\n"
		  "!3:110 Value: invalid address character, near 'This'; allowed: an address such as "
		  "192.0.2.1, of AAAA such as 2001:db8::1\n" },
		{ "what the receiver refuses, all of it",
		  { BATCH(DO("CREATE", WWW "'TTL':13,'ResourceRecords':[{'Value':'192.0.2.1'}]") ",\n"
		          DO("CREATE", WWW "'TTL':13,'ResourceRecords':[{'Value':'192.0.2.2'}]")) },
		  IN_WWW "CREATE\n+2:40 www.a.test. A ''\n  2:110 www.a.test. 13 A 192.0.2.1\n"
		  "!2:1 an unlucky TTL\nCREATE\n+3:40 www.a.test. A ''\n"
		  "  3:110 www.a.test. 13 A 192.0.2.2\n!3:1 an unlucky TTL\n" },
		{ "a zone that the receiver refuses",
		  { BATCH(DO("CREATE", WWW ONE) ",\n" DO("CREATE", "'Name':'b.','Type':'A'," ONE)) },
		  "names in .\n!1:26 no zone\n" },
	};
	check_route53(cases, COUNT(cases), STEER_EREFUSED);
}

static void names_have_a_bound(void **state)
{
	(void)state;
	static const char *const files[STORY_FILES] = { OWN };
	char *copy = strdup(files[0]);
	steer_fault_t fault;
	steer_input_t *input = NULL;
	steer_json_t json = { .file = NULL };
	story_t story = { 0 };
	story_begin(&story);
	steer_route53_reading_t reading = {
		.sink = &story.reading, .report = { story.reading.error, &story, "f", &fault, 0 },
	};
	steer_route53_lists_t lists = { .names_len = STEER_ROUTE53_NAMES_MAX - 7 };
	for (char *at = copy; (at = strchr(at, '\'')) != NULL;) {
		*at = '"';
	}
	assert_int_equal(steer_input_text(&input, "f", copy, strlen(copy)), STEER_OK);
	assert_int_equal(steer_json_read(&json, input, &reading.report), STEER_OK);
	const steer_field_at_t answer = { &json, json.values };
	const steer_field_at_t hosted = { &json, steer_json_get(&json, answer.value, "HostedZone") };
	steer_route53_add_hosted_zone(&lists, &reading, &hosted);
	char *told = story_end(&story);
	assert_string_equal(told, "!1:45 more names than fit; allowed: 4294967295 bytes of them in an "
	                    "import\n");
	assert_int_equal(lists.ids_count, 0);
	lists.names_len = 0;
	steer_route53_lists_free(&lists);
	steer_json_free(&json);
	steer_input_free(input);
	free(told);
	free(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_are_told_in_their_order),
		cmocka_unit_test(batches_find_their_zones),
		cmocka_unit_test(what_is_wrong_is_told_with_its_place),
		cmocka_unit_test(names_have_a_bound),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
