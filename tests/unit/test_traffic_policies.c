/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What traffic policies of Route 53 become: the groups of their rules, joined by aliases.
 */
#include <stdlib.h>
#include <string.h>

#include "unit/route53_story.h"
#include "unit/test.h"

#define LIST(sets) "{'ResourceRecordSets':[{'Name':'a.test.','Type':'SOA','TTL':900," \
                   "'ResourceRecords':[{'Value':'ns-1.awsdns-2.com. h. 1 2 3 4 5'}]},\n" sets "]}"
#define ENTRY(name, type, id) "{'Name':'" name "','Type':'" type "','TrafficPolicyInstanceId':'" \
                              id "'}"
#define INSTANCE(name, id, version, ttl) \
	"{'Id':'" id "','HostedZoneId':'Z1','Name':'" name "','TTL':" ttl ",'State':'Applied'," \
	"'Message':'','TrafficPolicyId':'p','TrafficPolicyVersion':" version "}"
#define INSTANCES(list) "{'TrafficPolicyInstances':[" list "],'IsTruncated':false,'MaxItems':'100'}"
#define ONE_LIST LIST(ENTRY("www.a.test.", "A", "i-1"))
#define ONE_INSTANCE INSTANCES(INSTANCE("www.a.test.", "i-1", "2", "60"))

/*! A file with a policy, whose document is quoted once more. */
static char *policy_of(const char *document)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	fprintf(out, "{'TrafficPolicy':{'Id':'p','Version':2,'Name':'n','Type':'A','Document':\n'");
	for (; *document != '\0'; document++) {
		fprintf(out, *document == '\n' ? "\\n" : *document == '\'' ? "\\'" : "%c", *document);
	}
	fprintf(out, "','Comment':''}}");
	fclose(out);
	return text;
}

typedef struct {
	const char *name, *document, *want;
} document_case_t;

static char *tell_document(const char *list, const char *document, int *ret)
{
	char *policy = policy_of(document);
	const char *const files[STORY_FILES] = { policy, ONE_INSTANCE, list };
	char *told = tell_route53(files, NULL, ret);
	free(policy);
	return told;
}

static void check_documents(const document_case_t *cases, size_t count, const char *list, int want)
{
	for (size_t i = 0; i < count; i++) {
		print_message("  %s\n", cases[i].name);
		int ret;
		char *told = tell_document(list, cases[i].document, &ret);
		assert_string_equal(told, cases[i].want);
		assert_int_equal(ret, want);
		free(told);
	}
}

#define DOCUMENT(version, type, rest) "{'AWSPolicyFormatVersion':'" version "'," \
                                      "'RecordType':'" type "'," rest "}"
#define OLD(rest) DOCUMENT("2015-10-01", "A", rest)
#define NEW(rest) DOCUMENT("2023-05-09", "A", rest)
#define VALUE(id, value) "'" id "':{'Type':'value','Value':'" value "'}"
#define X VALUE("x", "192.0.2.1")
#define Y VALUE("y", "192.0.2.2")
#define X_AND_Y "'Endpoints':{" X "," Y "}"
#define RULE(type, list, items) "'StartRule':'r','Rules':{'r':{'RuleType':'" type "','" list \
                                "':[" items "]}}"
#define REF(id) "'EndpointReference':'" id "'"
#define BELOW(id) "'RuleReference':'" id "'"
#define DRAW(id) BELOW(id) ",'Weight':1"
#define UNPLACED(column, region) "%2:" column " Region: the place of " region " is not known; " \
                                 "steerctl map import --type regions can tell it\n"

#define ID_55 "a234567890123456789012345678901234567890123456789012345"
#define ID_110 ID_55 ID_55

static void every_type_of_rules_becomes_a_policy(void **state)
{
	(void)state;
	static const document_case_t cases[] = {
		{ "weighted, numbers in quotes or not",
		  OLD(X_AND_Y "," RULE("weighted", "Items", "{" REF("x") ",'Weight':'3','HealthCheck':'c'},"
		  "{" REF("y") ",'Weight':0}")),
		  "=1:24 a.test.\n~2:221 www.a.test. A weighted\n+2:259 www.a.test. A 'x-1' weight=3 "
		  "health=c\n  2:87 www.a.test. 60 A 192.0.2.1\n+2:328 www.a.test. A 'y-2' weight=0\n  "
		  "2:138 www.a.test. 60 A 192.0.2.2\n" },
		{ "multivalue", OLD(X_AND_Y "," RULE("multivalue", "Items", "{" REF("x") "},{" REF("y")
		  ",'HealthCheck':'c'}")),
		  "=1:24 a.test.\n~2:221 www.a.test. A multivalue\n+2:261 www.a.test. A 'x-1'\n  2:87 "
		  "www.a.test. 60 A 192.0.2.1\n+2:291 www.a.test. A 'y-2' health=c\n  2:138 www.a.test. "
		  "60 A 192.0.2.2\n" },
		{ "failover", OLD(X_AND_Y ",'StartRule':'r','Rules':{'r':{'RuleType':'failover',"
		  "'Secondary':{" REF("y") "},'Primary':{" REF("x") ",'HealthCheck':'c'}}}"),
		  "=1:24 a.test.\n~2:221 www.a.test. A failover\n+2:304 www.a.test. A 'x-1' tier=0 "
		  "health=c\n  2:87 www.a.test. 60 A 192.0.2.1\n+2:262 www.a.test. A 'y-2' tier=1\n  "
		  "2:138 www.a.test. 60 A 192.0.2.2\n" },
		{ "geo", OLD(X_AND_Y "," RULE("geo", "Locations", "{" REF("x") ",'Country':'*'},{" REF("y")
		  ",'Country':'FR','IsDefault':false},{" REF("y") ",'Continent':'EU'},{" REF("y")
		  ",'Country':'US','Subdivision':'NY','IsDefault':'false'}")),
		  "=1:24 a.test.\n~2:221 www.a.test. A geolocation\n+2:258 www.a.test. A 'x-1' "
		  "geo=default\n  2:87 www.a.test. 60 A 192.0.2.1\n+2:306 www.a.test. A 'y-2' "
		  "geo=country:FR\n  2:138 www.a.test. 60 A 192.0.2.2\n+2:375 www.a.test. A 'y-3' "
		  "geo=continent:EU\n  2:138 www.a.test. 60 A 192.0.2.2\n+2:426 www.a.test. A 'y-4' "
		  "geo=country:US/NY\n  2:138 www.a.test. 60 A 192.0.2.2\n" },
		{ "geo by IsDefault", OLD(X_AND_Y "," RULE("geo", "Locations", "{" REF("x")
		  ",'IsDefault':true},{" REF("y") ",'Country':'FR'}")),
		  "=1:24 a.test.\n~2:221 www.a.test. A geolocation\n+2:258 www.a.test. A 'x-1' "
		  "geo=default\n  2:87 www.a.test. 60 A 192.0.2.1\n+2:307 www.a.test. A 'y-2' "
		  "geo=country:FR\n  2:138 www.a.test. 60 A 192.0.2.2\n" },
		{ "geo by both", OLD(X_AND_Y "," RULE("geo", "Locations", "{" REF("x")
		  ",'IsDefault':'true','Country':'*'},{" REF("y") ",'Country':'FR'}")),
		  "=1:24 a.test.\n~2:221 www.a.test. A geolocation\n+2:258 www.a.test. A 'x-1' "
		  "geo=default\n  2:87 www.a.test. 60 A 192.0.2.1\n+2:329 www.a.test. A 'y-2' "
		  "geo=country:FR\n  2:138 www.a.test. 60 A 192.0.2.2\n" },
		{ "latency", OLD(X_AND_Y "," RULE("latency", "Regions", "{" REF("x") ",'Region':"
		  "'us-east-1'},{" REF("y") ",'Region':'mars-1','HealthCheck':'c'}")),
		  "=1:24 a.test.\n" UNPLACED("355", "mars-1") "~2:221 www.a.test. A latency\n+2:260 www.a.test. A 'x-1' "
		  "region=us-east-1\n  2:87 www.a.test. 60 A 192.0.2.1\n+2:315 www.a.test. A 'y-2' "
		  "region=mars-1 health=c\n  2:138 www.a.test. 60 A 192.0.2.2\n" },
		{ "what is neither a region nor a Local Zone", OLD(X_AND_Y "," RULE("latency", "Regions",
		  "{" REF("x") ",'Region':'us-east-1a'},{" REF("y") ",'Region':'eu-west-12'},{" REF("y")
		  ",'Region':'us-east-1-atl-12'}")),
		  "=1:24 a.test.\n" UNPLACED("300", "us-east-1a") UNPLACED("356", "eu-west-12")
		  UNPLACED("412", "us-east-1-atl-12") "~2:221 www.a.test. A latency\n+2:260 www.a.test. A "
		  "'x-1' region=us-east-1a\n  2:87 www.a.test. 60 A 192.0.2.1\n+2:316 www.a.test. A "
		  "'y-2' region=eu-west-12\n  2:138 www.a.test. 60 A 192.0.2.2\n+2:372 www.a.test. A "
		  "'y-3' region=us-east-1-atl-12\n  2:138 www.a.test. 60 A 192.0.2.2\n" },
		{ "geoproximity of 2015", OLD(X_AND_Y "," RULE("geoproximity", "GeoproximityLocations",
		  "{" REF("x") ",'Region':'aws:route53:us-west-1','Bias':'10'},{" REF("y")
		  ",'Latitude':'51.50','Longitude':-0.16,'Bias':-7}")),
		  "=1:24 a.test.\n~2:221 www.a.test. A geoproximity\n+2:279 www.a.test. A 'x-1' "
		  "region=us-west-1 bias=10\n  2:87 www.a.test. 60 A 192.0.2.1\n+2:362 www.a.test. A "
		  "'y-2' coordinates=51.5,-0.16 bias=-7\n  2:138 www.a.test. 60 A 192.0.2.2\n" },
		{ "geoproximity of 2023", NEW(X_AND_Y "," RULE("geoproximity", "GeoproximityLocations",
		  "{" REF("x") ",'Location':{'Type':'Region','LocationName':'aws:route53:us-west-1'}},{"
		  REF("y") ",'Location':{'Type':'Coordinate','Latitude':'51.50','Longitude':'-0.16'},"
		  "'Bias':'0'},{" REF("y") ",'Location':{'Type':'LocalZone','LocationName':"
		  "'aws:route53:us-east-1-atl-1a'}}")),
		  "=1:24 a.test.\n~2:221 www.a.test. A geoproximity\n+2:279 www.a.test. A 'x-1' "
		  "region=us-west-1\n  2:87 www.a.test. 60 A 192.0.2.1\n+2:387 www.a.test. A 'y-2' "
		  "coordinates=51.5,-0.16 bias=0\n  2:138 www.a.test. 60 A 192.0.2.2\n+2:518 "
		  "www.a.test. A 'y-3' region=us-east-1-atl-1\n  2:138 www.a.test. 60 A 192.0.2.2\n" },
		{ "the longest identifier in those of record sets, and one that is longer",
		  OLD("'Endpoints':{" VALUE(ID_110, "192.0.2.1") "," VALUE("1" ID_110, "192.0.2.2") "},"
		      RULE("multivalue", "Items", "{" REF(ID_110) "},{" REF("1" ID_110) "}")),
		  "=1:24 a.test.\n~2:440 www.a.test. A multivalue\n+2:480 www.a.test. A '" ID_110 "-1'\n"
		  "  2:196 www.a.test. 60 A 192.0.2.1\n+2:619 www.a.test. A '2'\n  2:357 www.a.test. 60 "
		  "A 192.0.2.2\n" },
		{ "no rule", OLD("'StartEndpoint':'x','Endpoints':{" X "}"),
		  "=1:24 a.test.\n2:111 www.a.test. 60 A 192.0.2.1\n" },
		{ "no rule, but an alias", OLD("'StartEndpoint':'x','Endpoints':{'x':{'Type':'cloudfront',"
		  "'Value':'d111111abcdef8.cloudfront.net'}}"),
		  "=1:24 a.test.\n+2:111 www.a.test. A '' alias=d111111abcdef8.cloudfront.net. "
		  "evaluate\n%2:111 AliasTarget: names that no zone here has, such as those of AWS "
		  "services: 1; steerd resolves them (steerctl target list), and EvaluateTargetHealth "
		  "sees only whether they have records\n" },
		{ "an unused rule and an unused endpoint", OLD(X_AND_Y ",'StartEndpoint':'x',"
		  "'Rules':{'r':{'RuleType':'multivalue','Items':[{" REF("x") "}]}}"),
		  "=1:24 a.test.\n%2:225 Rules: nothing leads to 'r', so it is left out\n%2:138 "
		  "Endpoints: nothing leads to 'y', so it is left out\n2:87 www.a.test. 60 A 192.0.2.1\n" },
	};
	check_documents(cases, COUNT(cases), ONE_LIST, STEER_OK);
}

#define SERVICE(id, type, value) "'" id "':{'Type':'" type "','Value':'" value "'}"
#define WEBSITE(id, region) "'" id "':{'Type':'s3-website','Region':'" region "','Value':" \
                            "'www.example.com'}"

static void services_of_aws_become_aliases(void **state)
{
	(void)state;
	static const document_case_t cases[] = {
		{ "load balancers and Beanstalk", OLD("'Endpoints':{" SERVICE("a",
		  "application-load-balancer", "A-1.us-east-1.elb.amazonaws.com") "," SERVICE("b",
		  "elastic-load-balancer", "dualstack.b.us-east-1.elb.amazonaws.com.") "," SERVICE("c",
		  "network-load-balancer", "c.elb.us-east-1.amazonaws.com") "," SERVICE("d",
		  "elastic-beanstalk", "d.us-east-1.elasticbeanstalk.com") "}," RULE("weighted", "Items",
		  "{" REF("a") ",'Weight':1},{" REF("b") ",'Weight':1,'EvaluateTargetHealth':'false'},{"
		  REF("c") ",'Weight':1,'EvaluateTargetHealth':'true'},{" REF("d") ",'Weight':1,"
		  "'EvaluateTargetHealth':false,'HealthCheck':'h'}")),
		  "=1:24 a.test.\n~2:483 www.a.test. A weighted\n+2:521 www.a.test. A 'a-1' weight=1 "
		  "alias=a-1.us-east-1.elb.amazonaws.com. evaluate\n+2:564 www.a.test. A 'b-2' weight=1 "
		  "alias=dualstack.b.us-east-1.elb.amazonaws.com.\n+2:642 www.a.test. A 'c-3' weight=1 "
		  "alias=c.elb.us-east-1.amazonaws.com. evaluate\n+2:719 www.a.test. A 'd-4' weight=1 "
		  "alias=d.us-east-1.elasticbeanstalk.com. health=h\n%2:87 AliasTarget: names that no "
		  "zone here has, such as those of AWS services: 4; steerd resolves them (steerctl "
		  "target list), and EvaluateTargetHealth sees only whether they have records\n" },
		{ "websites, whose bucket is not part of the name", OLD("'Endpoints':{"
		  WEBSITE("a", "us-east-1") "," WEBSITE("b", "eu-central-1") "," WEBSITE("c", "cn-north-1")
		  "}," RULE("weighted", "Items", "{" REF("a") ",'Weight':1},{" REF("b") ",'Weight':1},{"
		  REF("c") ",'Weight':1}")),
		  "=1:24 a.test.\n~2:384 www.a.test. A weighted\n+2:422 www.a.test. A 'a-1' weight=1 "
		  "alias=s3-website-us-east-1.amazonaws.com. evaluate\n+2:465 www.a.test. A 'b-2' "
		  "weight=1 alias=s3-website.eu-central-1.amazonaws.com. evaluate\n+2:508 www.a.test. A "
		  "'c-3' weight=1 alias=s3-website.cn-north-1.amazonaws.com.cn. evaluate\n%2:87 "
		  "AliasTarget: names that no zone here has, such as those of AWS services: 3; steerd "
		  "resolves them (steerctl target list), and EvaluateTargetHealth sees only whether "
		  "they have records\n" },
	};
	check_documents(cases, COUNT(cases), ONE_LIST, STEER_OK);
}

static void rules_become_a_tree(void **state)
{
	(void)state;
	static const document_case_t cases[] = {
		{ "rules below each other", OLD("'StartRule':'geo','Endpoints':{" X "," Y "},'Rules':{"
		  "'over':{'RuleType':'failover','Primary':{" REF("x") ",'HealthCheck':'c'},'Secondary':{"
		  BELOW("many") "}},'geo':{'RuleType':'geo','Locations':[{" REF("y") ",'IsDefault':true},{"
		  BELOW("over") ",'Country':'US','EvaluateTargetHealth':false,'HealthCheck':'d'}]},'many':{"
		  "'RuleType':'multivalue','Items':[{" REF("x") "}]}}"),
		  "=1:24 a.test.\n~2:369 www.a.test. A geolocation\n+2:406 www.a.test. A 'y-1' "
		  "geo=default\n  2:160 www.a.test. 60 A 192.0.2.2\n+2:455 www.a.test. A 'over-2' "
		  "geo=country:US alias=over-3._i-1.a.test. health=d\n~2:567 many-2._i-1.a.test. A "
		  "multivalue\n+2:607 many-2._i-1.a.test. A 'x-1'\n  2:109 many-2._i-1.a.test. 60 A "
		  "192.0.2.1\n~2:226 over-3._i-1.a.test. A failover\n+2:265 over-3._i-1.a.test. A 'x-1' "
		  "tier=0 health=c\n  2:109 over-3._i-1.a.test. 60 A 192.0.2.1\n+2:331 "
		  "over-3._i-1.a.test. A 'many-2' tier=1 alias=many-2._i-1.a.test. evaluate\n" },
		{ "a rule below several others is one group", OLD("'StartRule':'a','Endpoints':{" X "},"
		  "'Rules':{'a':{'RuleType':'weighted','Items':[{" DRAW("b") "},{" DRAW("c")
		  "}]},'b':{'RuleType':'weighted','Items':[{" DRAW("c") "},{" DRAW("c")
		  "}]},'c':{'RuleType':'multivalue','Items':[{" REF("x") "}]}}"),
		  "=1:24 a.test.\n~2:170 www.a.test. A weighted\n+2:208 www.a.test. A 'b-1' weight=1 "
		  "alias=b-2._i-1.a.test. evaluate\n+2:247 www.a.test. A 'c-2' weight=1 "
		  "alias=c-3._i-1.a.test. evaluate\n~2:294 b-2._i-1.a.test. A weighted\n+2:332 "
		  "b-2._i-1.a.test. A 'c-1' weight=1 alias=c-3._i-1.a.test. evaluate\n+2:371 "
		  "b-2._i-1.a.test. A 'c-2' weight=1 alias=c-3._i-1.a.test. evaluate\n~2:418 "
		  "c-3._i-1.a.test. A multivalue\n+2:458 c-3._i-1.a.test. A 'x-1'\n  2:107 "
		  "c-3._i-1.a.test. 60 A 192.0.2.1\n" },
		{ "names that are alike or no labels", OLD("'StartRule':'a','Endpoints':{"
		  VALUE("", "192.0.2.3") "},'Rules':{'a':{'RuleType':'weighted','Items':[{" DRAW("A") "},{" DRAW("b c") "},{"
		  DRAW("012345678901234567890123456789012345678901234567890") "}]},"
		  "'A':{'RuleType':'multivalue','Items':[{" REF("") "}]},"
		  "'b c':{'RuleType':'multivalue','Items':[{" REF("") "}]},"
		  "'012345678901234567890123456789012345678901234567890':{'RuleType':'multivalue',"
		  "'Items':[{" REF("") "}]}}"),
		  "=1:24 a.test.\n~2:169 www.a.test. A weighted\n+2:207 www.a.test. A 'A-1' weight=1 "
		  "alias=a-2._i-1.a.test. evaluate\n+2:246 www.a.test. A 'b c-2' weight=1 "
		  "alias=rule-4._i-1.a.test. evaluate\n+2:287 www.a.test. A "
		  "'012345678901234567890123456789012345678901234567890-3' weight=1 "
		  "alias=rule-1._i-1.a.test. evaluate\n~2:590 rule-1._i-1.a.test. A multivalue\n+2:630 "
		  "rule-1._i-1.a.test. A '1'\n  2:106 rule-1._i-1.a.test. 60 A 192.0.2.3\n~2:384 "
		  "a-2._i-1.a.test. A multivalue\n+2:424 a-2._i-1.a.test. A '1'\n  2:106 "
		  "a-2._i-1.a.test. 60 A 192.0.2.3\n~2:463 rule-4._i-1.a.test. A multivalue\n+2:503 "
		  "rule-4._i-1.a.test. A '1'\n  2:106 rule-4._i-1.a.test. 60 A 192.0.2.3\n" },
	};
	check_documents(cases, COUNT(cases), ONE_LIST, STEER_OK);
}

#define ITEMS(items) X_AND_Y "," RULE("multivalue", "Items", items)
#define NEAR(items) X_AND_Y "," RULE("geoproximity", "GeoproximityLocations", items)

static void wrong_documents_are_told_with_their_places(void **state)
{
	(void)state;
	static const document_case_t cases[] = {
		{ "no JSON", "{'a':\n}",
		  "!2:11 not JSON: no value; allowed: an object, a list, text in quotes, a number, "
		  "true, false, null\n" },
		{ "not an object", "[]",
		  "=1:24 a.test.\n!2:1 Document: not an object alone; allowed: the document of a "
		  "traffic policy\n" },
		{ "more than an object", "{} {}",
		  "=1:24 a.test.\n!2:1 Document: not an object alone; allowed: the document of a "
		  "traffic policy\n" },
		{ "nothing", "{}",
		  "=1:24 a.test.\n!2:2 AWSPolicyFormatVersion: missing; allowed: 2015-10-01, "
		  "2023-05-09\n" },
		{ "another format", DOCUMENT("2016-10-01", "A", "'StartRule':'r'"),
		  "=1:24 a.test.\n!2:30 AWSPolicyFormatVersion: '2016-10-01'; allowed: 2015-10-01, "
		  "2023-05-09\n" },
		{ "no type", DOCUMENT("2023-05-09", "ALIAS", "'StartRule':'r'"),
		  "=1:24 a.test.\n!2:60 RecordType: 'ALIAS' is not a type of records; allowed: such as "
		  "A\n" },
		{ "another type", DOCUMENT("2015-10-01", "AAAA", "'Endpoints':{" VALUE("x", "::1")
		  "},'StartEndpoint':'x'"),
		  "=1:24 a.test.\n!2:1 Type: its traffic policy is for records of the type AAAA\n" },
		{ "no start", OLD("'Rules':{}"),
		  "=1:24 a.test.\n!2:2 no start; allowed: StartRule, or StartEndpoint\n" },
		{ "two starts", OLD("'StartRule':'r','StartEndpoint':'x'"),
		  "=1:24 a.test.\n!2:2 two starts; allowed: StartRule, or StartEndpoint\n" },
		{ "starts that are not there", OLD("'StartEndpoint':'r','Endpoints':{" X "},'Rules':{'r':{"
		  "'RuleType':'multivalue','Items':[{" REF("x") "}]}}"),
		  "=1:24 a.test.\n!2:84 'r' is not in Endpoints\n" },
		{ "fields that are not known", OLD(ITEMS("{" REF("x") ",'Weight':1}") ",'Notes':[]"),
		  "=1:24 a.test.\n!2:307 Notes: no field that is known here; allowed: "
		  "AWSPolicyFormatVersion, RecordType, StartRule, StartEndpoint, Endpoints, Rules\n"
		  "!2:290 Weight: no field that is known here; allowed: EndpointReference, "
		  "EvaluateTargetHealth, HealthCheck\n" },
		{ "what are no objects", OLD("'StartEndpoint':'x','Endpoints':{'x':1,'y':null},'Rules':{"
		  "'r':[]}"),
		  "=1:24 a.test.\n!2:111 x: a number; allowed: an object\n!2:119 y: null; allowed: an "
		  "object\n!2:142 r: a list; allowed: an object\n!2:84 'x' is not in Endpoints\n" },
		{ "endpoints", OLD("'StartEndpoint':'x','Endpoints':{'x':{},'y':{'Type':'value'},"
		  "'z':{'Type':'lambda','Value':'v'},'v':{'Type':'value','Value':'192.0.2'},"
		  "'w':{'Type':'cloudfront','Value':'a..b'},'u':{'Type':'s3-website','Value':'b'},"
		  "'t':{'Type':'s3-website','Value':'b','Region':'a b'},"
		  "'s':{'Type':'value','Value':'1','Zone':'a'}}"),
		  "=1:24 a.test.\n!2:111 Type: missing; allowed: such as value\n!2:120 Value: missing; "
		  "allowed: what answers\n!2:157 Type: 'lambda'; allowed: value, cloudfront, "
		  "application-load-balancer, elastic-load-balancer, network-load-balancer, "
		  "elastic-beanstalk, s3-website\n!2:221 Value: invalid IPv4 address, near '192.0.2'; "
		  "allowed: four numbers from 0 to 255\n!2:275 Value: 'a..b' is not a domain name; "
		  "allowed: that of the AWS service\n!2:291 Region: missing; allowed: that of the "
		  "bucket\n!2:391 Region: 'a b' is not a name; allowed: 1 to 64 letters, digits, - and "
		  "_\n!2:442 Zone: no field that is known here; allowed: Type, Region, Value\n!2:436 "
		  "Value: invalid IPv4 address, near '1'; allowed: four numbers from 0 to 255\n" },
		{ "rules", OLD("'StartRule':'r','Endpoints':{" X "},'Rules':{'r':{},'s':{'RuleType':'cidr',"
		  "'Items':[]},'t':{'RuleType':'weighted','Items':[]},'u':{'RuleType':'failover'},"
		  "'v':{'RuleType':'geo','Items':[{" REF("x") "}]},'w':{'RuleType':7}}"),
		  "=1:24 a.test.\n!2:170 RuleType: missing; allowed: such as weighted\n!2:193 RuleType: "
		  "'cidr'; allowed: failover, geo, geoproximity, latency, multivalue, weighted\n!2:222 "
		  "nothing to choose; allowed: Items\n!2:269 nothing to choose; allowed: Primary, "
		  "Secondary\n!2:325 Items: no field that is known here; allowed: RuleType, Locations\n"
		  "!2:388 RuleType: a number; allowed: text in quotes\n" },
		{ "references", OLD(X_AND_Y "," RULE("weighted", "Items", "{'Weight':1},{" REF("x") ","
		  DRAW("r") "},{" REF("z") ",'Weight':1},{" DRAW("z") "},7")),
		  "=1:24 a.test.\n!2:259 no reference; allowed: EndpointReference, or RuleReference\n"
		  "!2:274 two references; allowed: EndpointReference, or RuleReference\n!2:423 a "
		  "number; allowed: an object\n!2:341 'z' is not in Endpoints\n!2:384 'z' is not in "
		  "Rules\n" },
		{ "a rule below one that has values alone", OLD(ITEMS("{" BELOW("r") "}")),
		  "=1:24 a.test.\n!2:262 RuleReference: no field that is known here; allowed: "
		  "EndpointReference, EvaluateTargetHealth, HealthCheck\n" },
		{ "health", OLD(ITEMS("{" REF("x") ",'HealthCheck':'a b','EvaluateTargetHealth':'yes'},{"
		  REF("x") ",'EvaluateTargetHealth':1}")),
		  "=1:24 a.test.\n!2:339 EvaluateTargetHealth: 'yes'; allowed: true, false\n!2:306 "
		  "HealthCheck: 'a b' is not an identifier; allowed: 1 to 128 letters, digits and - _ . "
		  ": / @\n!2:402 EvaluateTargetHealth: a number; allowed: true or false\n" },
		{ "weights", OLD(X_AND_Y "," RULE("weighted", "Items", "{" REF("x") ",'Weight':256},{"
		  REF("x") ",'Weight':'-1'},{" REF("x") "},{" REF("x") ",'Weight':true}")),
		  "=1:24 a.test.\n!2:299 Weight: 256; allowed: 0 to 255\n!2:344 Weight: -1; allowed: 0 "
		  "to 255\n!2:352 Weight: missing; allowed: 0 to 255\n!2:422 Weight: true or false; "
		  "allowed: a number\n" },
		{ "places", OLD(X_AND_Y "," RULE("geo", "Locations", "{" REF("x") "},{" REF("x")
		  ",'Country':'USA'},{" REF("x") ",'Continent':'EU','Country':'FR'},{" REF("x")
		  ",'Country':'FR','IsDefault':true},{" REF("x") ",'IsDefault':'maybe'}")),
		  "=1:24 a.test.\n!2:258 Locations: no place; allowed: Continent, or Country, which is "
		  "* for all others, or Country and Subdivision\n!2:329 Country: 'USA'; allowed: * or a "
		  "code of ISO 3166-1, such as US\n!2:338 Locations: no place; allowed: Continent, or "
		  "Country, which is * for all others, or Country and Subdivision\n!2:408 IsDefault: "
		  "true, but the location is not that of all others; allowed: without it, or with "
		  "Country *\n!2:519 IsDefault: 'maybe'; allowed: true, false\n!2:476 Locations: no "
		  "place; allowed: Continent, or Country, which is * for all others, or Country and "
		  "Subdivision\n" },
		{ "regions", OLD(X_AND_Y "," RULE("latency", "Regions", "{" REF("x") "},{" REF("x")
		  ",'Region':'a b'}")),
		  "=1:24 a.test.\n!2:260 Region: missing; allowed: such as eu-west-1\n!2:330 Region: 'a "
		  "b' is not a name; allowed: 1 to 64 letters, digits, - and _\n" },
		{ "distances of 2015", OLD(NEAR("{" REF("x") "},{" REF("x") ",'Region':'us-east-1',"
		  "'Latitude':1,'Longitude':2},{" REF("x") ",'Latitude':1},{" REF("x") ",'Latitude':"
		  "'1,2','Longitude':0},{" REF("x") ",'Region':'us-east-1','Bias':100},{" REF("x")
		  ",'Location':{'Type':'Region','LocationName':'us-east-1'}}")),
		  "=1:24 a.test.\n!2:279 GeoproximityLocations: no place; allowed: Region, or Latitude "
		  "and Longitude\n!2:309 GeoproximityLocations: two places; allowed: Region, or "
		  "Latitude and Longitude\n!2:395 Longitude: missing; allowed: degrees, such as "
		  "\"50.11\"\n!2:482 Latitude: '1,2'; allowed: \"-90\" to \"90\"\n!2:570 Bias: 100; "
		  "allowed: -99 to 99\n!2:604 Location: no field that is known here; allowed: "
		  "EndpointReference, RuleReference, EvaluateTargetHealth, HealthCheck, Region, "
		  "Latitude, Longitude, Bias\n!2:575 GeoproximityLocations: no place; allowed: Region, "
		  "or Latitude and Longitude\n" },
		{ "distances of 2023", NEW(NEAR("{" REF("x") ",'Region':'us-east-1'},{" REF("x")
		  ",'Location':{}},{" REF("x") ",'Location':{'Type':'City'}},{" REF("x")
		  ",'Location':{'Type':'Region'}},{" REF("x") ",'Location':{'Type':'Coordinate',"
		  "'Latitude':91,'Longitude':0}},{" REF("x") ",'Location':{'Type':'LocalZone',"
		  "'LocationName':''}}")),
		  "=1:24 a.test.\n!2:308 Region: no field that is known here; allowed: "
		  "EndpointReference, RuleReference, EvaluateTargetHealth, HealthCheck, Location, Bias\n"
		  "!2:279 Location: missing; allowed: where the target is\n!2:376 Type: missing; "
		  "allowed: Region, LocalZone, Coordinate\n!2:432 Type: 'City'; allowed: Region, "
		  "LocalZone, Coordinate\n!2:485 LocationName: missing; allowed: such as "
		  "aws:route53:us-east-1\n!2:588 Latitude: '91'; allowed: \"-90\" to \"90\"\n!2:692 "
		  "LocationName: '' is not a name; allowed: 1 to 64 letters, digits, - and _\n" },
		{ "a circle", OLD("'StartRule':'a','Endpoints':{" X "},'Rules':{'a':{'RuleType':"
		  "'weighted','Items':[{" REF("x") ",'Weight':1},{" DRAW("b") "}]},'b':{'RuleType':"
		  "'weighted','Items':[{" DRAW("a") "}]}}"),
		  "=1:24 a.test.\n!2:336 RuleReference: the rule 'a' leads back to itself\n" },
		{ "a rule that leads to itself", OLD(X_AND_Y "," RULE("weighted", "Items", "{" DRAW("r")
		  "}")),
		  "=1:24 a.test.\n!2:259 RuleReference: the rule 'r' leads back to itself\n" },
	};
	check_documents(cases, COUNT(cases), ONE_LIST, STEER_EREFUSED);
}

#define ANY "{\\'AWSPolicyFormatVersion\\':\\'2015-10-01\\',\\'RecordType\\':\\'A\\'," \
            "\\'StartEndpoint\\':\\'x\\',\\'Endpoints\\':{\\'x\\':{\\'Type\\':\\'value\\'," \
            "\\'Value\\':\\'192.0.2.1\\'}}}"
#define POLICY(version, document) "{'Id':'p','Version':" version ",'Document':'" document "'}"
#define VERSIONS "{'TrafficPolicies':[" POLICY("1", "{}") "," POLICY("2", ANY) "]}"
#define WWW_INSTANCE INSTANCE("WWW.a.test", "i-1", "2", "60")

static void record_sets_find_their_policies(void **state)
{
	(void)state;
	static const route53_case_t cases[] = {
		{ "a list of versions, and one instance", { "{'TrafficPolicyInstance':" WWW_INSTANCE "}",
		  VERSIONS, ONE_LIST },
		  "=1:24 a.test.\n1:203 www.a.test. 60 A 192.0.2.1\n" },
		{ "the same in two answers", { INSTANCES(WWW_INSTANCE "," WWW_INSTANCE), "["
		  VERSIONS "," VERSIONS "]", ONE_LIST },
		  "=1:24 a.test.\n1:204 www.a.test. 60 A 192.0.2.1\n" },
		{ "two names with one policy", { INSTANCES(WWW_INSTANCE ","
		  INSTANCE("b.a.test", "i-2", "2", "0")), VERSIONS, LIST(ENTRY("www.a.test.", "A", "i-1")
		  ",\n" ENTRY("b.a.test.", "A", "i-2")) },
		  "=1:24 a.test.\n1:203 www.a.test. 60 A 192.0.2.1\n1:203 b.a.test. 0 A 192.0.2.1\n" },
		{ "no instance", { VERSIONS, ONE_LIST },
		  "=1:24 a.test.\n%2:1 TrafficPolicyInstanceId: what aws route53 "
		  "list-traffic-policy-instances prints is not here, so this record set is left out\n" },
		{ "no version", { ONE_INSTANCE, ONE_LIST, "{'TrafficPolicies':["
		  POLICY("1", ANY) "]}" },
		  "=1:24 a.test.\n%2:1 TrafficPolicyInstanceId: what aws route53 get-traffic-policy "
		  "--id p --version 2 prints is not here, so this record set is left out\n" },
		{ "instances of other zones", { INSTANCES(WWW_INSTANCE ","
		  INSTANCE("b.test", "i-2", "7", "0") "," INSTANCE("c.test", "i-3", "7", "0")), VERSIONS,
		  ONE_LIST },
		  "=1:24 a.test.\n1:203 www.a.test. 60 A 192.0.2.1\n%1:168 traffic policy instances "
		  "that no record set here has, such as those of other zones: 2, left out\n" },
		{ "a name outside the zone, which others refuse", { LIST("{'Name':'.','Type':'TXT','TTL':1,"
		  "'ResourceRecords':[{'Value':'\\'x\\''}]}") },
		  "=1:24 a.test.\n2:62 . 1 TXT \"x\"\n" },
		{ "what nothing needs is not read", { "{'TrafficPolicy':" POLICY("1", "{}") "}", LIST("{"
		  "'Name':'www.a.test.','Type':'A','TTL':1,'ResourceRecords':[{'Value':'192.0.2.1'}],"
		  "'TrafficPolicyInstanceId':'i-1'}") },
		  "=1:24 a.test.\n2:70 www.a.test. 1 A 192.0.2.1\n" },
	};
	check_route53(cases, COUNT(cases), STEER_OK);
}

#define PLAIN(name, id) "{'Name':'" name "','Type':'A'," id "'TTL':1,'ResourceRecords':[{'Value':" \
                        "'192.0.2.9'}]}"

static void what_does_not_fit_together_is_told(void **state)
{
	(void)state;
	static const route53_case_t cases[] = {
		{ "fields of instances", { INSTANCES("{},{'Id':7},{'Id':'A'},{'Id':''},{'Id':"
		  "'0123456789012345678901234567890123456'},{'Id':'i-1'},{'Id':'i-2','Name':'b.a.test'},{"
		  "'Id':'i-3','Name':'c.a.test','TTL':-1,'TrafficPolicyId':'p','TrafficPolicyVersion':1}"),
		  LIST(ENTRY("www.a.test.", "A", "i-1") "," ENTRY("b.a.test.", "A", "i-2") ","
		  ENTRY("c.a.test.", "A", "i-3") ",{'Name':'d.a.test','Type':'A',"
		  "'TrafficPolicyInstanceId':1}") },
		  "!1:28 Id: missing; allowed: the identifier of the instance\n!1:37 Id: a number; "
		  "allowed: text in quotes\n!1:46 Id: 'A' is not an identifier; allowed: 1 to 36 "
		  "lower-case letters, digits and -\n!1:57 Id: '' is not an identifier; allowed: 1 to "
		  "36 lower-case letters, digits and -\n!1:67 Id: "
		  "'0123456789012345678901234567890123456' is not an identifier; allowed: 1 to 36 "
		  "lower-case letters, digits and -\n=1:24 a.test.\n!1:108 Name: missing; allowed: that "
		  "of its record set\n!1:121 TTL: missing; allowed: seconds\n!1:188 TTL: -1; allowed: 0 "
		  "to 2147483647\n!2:251 TrafficPolicyInstanceId: a number; allowed: text in quotes\n" },
		{ "fields of policies", { "{'TrafficPolicies':[{},{'Id':'p'},{'Id':'p','Version':1},{'Id':"
		  "1,'Version':1,'Document':'{}'},{'Id':'p','Version':-1,'Document':'{}'},{'Id':'p',"
		  "'Version':1,'Document':{}}]}" },
		  "!1:21 Id: missing; allowed: the identifier of the policy\n!1:24 Version: missing; "
		  "allowed: its number\n!1:35 Document: missing; allowed: what get-traffic-policy "
		  "prints\n!1:64 Id: a number; allowed: text in quotes\n!1:115 Version: -1; allowed: 0 "
		  "to 2147483647\n!1:168 Document: an object; allowed: text in quotes\n" },
		{ "another name", { ONE_INSTANCE, VERSIONS, LIST(ENTRY("b.a.test.", "A", "i-1")) },
		  "=1:24 a.test.\n!2:1 TrafficPolicyInstanceId: the instance i-1 has another name\n" },
		{ "answers that differ", { INSTANCES(WWW_INSTANCE ",\n"
		  INSTANCE("b.a.test.", "i-1", "3", "61")), "{'TrafficPolicies':[" POLICY("2", "{}") ",\n"
		  POLICY("2", "{} ") "]}", ONE_LIST },
		  "!2:1 Document: not as in f:1:21; allowed: the same Id once, or alike\n!2:1 Name: not "
		  "as in f:1:28; allowed: the same Id once, or alike\n!2:1 TrafficPolicyVersion: not as "
		  "in f:1:28; allowed: the same Id once, or alike\n!2:1 TTL: not as in f:1:28; allowed: the same Id once, or alike\n" },
		{ "other record sets of the name", { ONE_INSTANCE, VERSIONS, LIST(
		  PLAIN("www.a.test.", "'Weight':1,'SetIdentifier':'x',") ",\n"
		  ENTRY("www.a.test.", "A", "i-1")) },
		  "=1:24 a.test.\n~2:1 www.a.test. A weighted\n+2:1 www.a.test. A 'x' weight=1\n  2:101 "
		  "www.a.test. 1 A 192.0.2.9\n!3:1 TrafficPolicyInstanceId: other record sets of this "
		  "name and type are in f:2:1; allowed: none\n" },
		{ "and after it", { ONE_INSTANCE, VERSIONS, LIST(ENTRY("www.a.test.", "A", "i-1") ",\n"
		  PLAIN("www.a.test.", "'Weight':1,'SetIdentifier':'x',")) },
		  "=1:24 a.test.\n1:203 www.a.test. 60 A 192.0.2.1\n!3:1 Weight: www.a.test. A has "
		  "TrafficPolicyInstanceId in f:2:1; allowed: one policy for all record sets of a name "
		  "and type\n" },
		{ "names of the rules", { ONE_INSTANCE, VERSIONS, LIST(ENTRY("www.a.test.", "A", "i-1")
		  ",\n" PLAIN("_i-1.a.test.", "") ",\n" PLAIN("x.y._I-1.a.test.", "") ",\n"
		  PLAIN("_i-2.a.test.", "") ",\n" PLAIN("_i-1.b.a.test.", "") ",\n" PLAIN("a.test.", ""))
		  },
		  "=1:24 a.test.\n1:203 www.a.test. 60 A 192.0.2.1\n!3:1 Name: below _i-1 are the rules "
		  "of this traffic policy instance; allowed: other names\n3:71 _i-1.a.test. 1 A "
		  "192.0.2.9\n!4:1 Name: below _i-1 are the rules of this traffic policy instance; "
		  "allowed: other names\n4:75 x.y._i-1.a.test. 1 A 192.0.2.9\n5:71 _i-2.a.test. 1 A "
		  "192.0.2.9\n6:73 _i-1.b.a.test. 1 A 192.0.2.9\n7:66 a.test. 1 A 192.0.2.9\n" },
	};
	check_route53(cases, COUNT(cases), STEER_EREFUSED);
}

/*! A document of rules r1, r2 ..., each of which leads so often to the next one, the last to x. */
static char *chain_of(unsigned rules, unsigned times, const char *endpoint)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	fprintf(out, "{'AWSPolicyFormatVersion':'2015-10-01','RecordType':'A','StartRule':'r1',"
	        "'Endpoints':{%s},'Rules':{", endpoint);
	for (unsigned i = 1; i <= rules; i++) {
		fprintf(out, "%s'r%u':{'RuleType':'weighted','Items':[", i > 1 ? "," : "", i);
		for (unsigned j = 0; j < times; j++) {
			fprintf(out, i < rules ? "%s{'RuleReference':'r%u','Weight':1}"
			                       : "%s{'EndpointReference':'x','Weight':1}",
			        j > 0 ? "," : "", i + 1);
		}
		fprintf(out, "]}");
	}
	fprintf(out, "}}");
	fclose(out);
	return text;
}

/*! A chain to whose first rule the start leads directly, and then once more by another rule. */
static char *detour_of(unsigned rules)
{
	char *text = NULL, *chain = chain_of(rules, 1, X);
	size_t len;
	FILE *out = open_memstream(&text, &len);
	fprintf(out, "{'AWSPolicyFormatVersion':'2015-10-01','RecordType':'A','StartRule':'a',"
	        "'Endpoints':{" X "},'Rules':{'a':{'RuleType':'weighted','Items':[{" DRAW("r1") "},{"
	        DRAW("b") "}]},'b':{'RuleType':'weighted','Items':[{" DRAW("r1") "}]},%s",
	        strstr(chain, "'r1':{"));
	fclose(out);
	free(chain);
	return text;
}

/*! Whether a document, which is freed, is read, and the number of record sets that it becomes. */
static int count_sets(char *document, unsigned *sets)
{
	int ret;
	char *told = tell_document(ONE_LIST, document, &ret);
	*sets = 0;
	for (const char *at = told; (at = strstr(at, "\n+")) != NULL; at++) {
		(*sets)++;
	}
	if (ret != STEER_OK) {
		assert_non_null(strstr(told, "more than 16 rules and AWS services below each other\n"));
	}
	free(document);
	free(told);
	return ret;
}

static int count_chain(unsigned rules, unsigned times, const char *endpoint, unsigned *sets)
{
	return count_sets(chain_of(rules, times, endpoint), sets);
}

static void chains_have_a_bound(void **state)
{
	(void)state;
	static const char alias[] = SERVICE("x", "cloudfront", "x.cloudfront.net");
	unsigned sets;
	assert_int_equal(count_chain(17, 1, X, &sets), STEER_OK);
	assert_int_equal(sets, 17);
	assert_int_equal(count_chain(18, 1, X, &sets), STEER_EREFUSED);
	assert_int_equal(count_chain(16, 1, alias, &sets), STEER_OK);
	assert_int_equal(count_chain(17, 1, alias, &sets), STEER_EREFUSED);
	assert_int_equal(count_chain(1000, 1, X, &sets), STEER_EREFUSED);
	// As a tree of paths it would have 100^17 leaves.
	assert_int_equal(count_chain(17, 100, X, &sets), STEER_OK);
	assert_int_equal(sets, 1700);
	assert_int_equal(count_sets(detour_of(15), &sets), STEER_OK);
	assert_int_equal(sets, 18);
	assert_int_equal(count_sets(detour_of(16), &sets), STEER_EREFUSED);
}

static int count_zone(void *ctx, const steer_zone_head_t *head, steer_fault_t *fault)
{
	(void)ctx;
	(void)head;
	(void)fault;
	return STEER_OK;
}

static int count_policy(void *ctx, const steer_text_policy_t *policy, steer_fault_t *fault)
{
	(void)ctx;
	(void)policy;
	(void)fault;
	return STEER_OK;
}

static int count_set(void *ctx, const steer_text_set_t *set, steer_fault_t *fault)
{
	(void)set;
	(void)fault;
	(*(unsigned *)ctx)++;
	return STEER_OK;
}

static int count_record(void *ctx, const steer_text_record_t *record, steer_fault_t *fault)
{
	(void)ctx;
	(void)record;
	(void)fault;
	return STEER_OK;
}

/*! The document stands for 500 names. */
static void all_trees_have_a_bound(void **state)
{
	(void)state;
	char *texts[3] = { NULL };
	size_t len;
	unsigned count = 0;
	steer_fault_t fault;
	char *document = chain_of(1, 2500, X);
	texts[0] = policy_of(document);
	FILE *instances = open_memstream(&texts[1], &len);
	fprintf(instances, "{'TrafficPolicyInstances':[");
	for (unsigned i = 0; i < 500; i++) {
		fprintf(instances, "%s{'Id':'%u','Name':'w%u.a.test','TTL':1,'TrafficPolicyId':'p',"
		        "'TrafficPolicyVersion':2}", i > 0 ? "," : "", i, i);
	}
	fprintf(instances, "]}");
	fclose(instances);
	FILE *sets = open_memstream(&texts[2], &len);
	fprintf(sets, LIST(ENTRY("w0.a.test.", "A", "0")));
	fseek(sets, -2, SEEK_END);
	for (unsigned i = 1; i < 500; i++) {
		fprintf(sets, ",\n" ENTRY("w%u.a.test.", "A", "%u"), i, i);
	}
	fprintf(sets, "]}");
	fclose(sets);
	const steer_reading_t reading = {
		count_zone, count_record, count_policy, count_set, NULL, NULL, NULL, NULL, &count,
	};
	steer_route53_t *route53 = steer_route53_new();
	for (unsigned i = 0; i < 3; i++) {
		steer_input_t *input;
		for (char *at = texts[i]; *at != '\0'; at++) {
			*at = *at == '\'' ? '"' : *at;
		}
		assert_int_equal(steer_input_text(&input, "f", texts[i], strlen(texts[i])), STEER_OK);
		assert_int_equal(steer_route53_add(route53, input, NULL, NULL, &fault), STEER_OK);
	}
	assert_int_equal(steer_route53_read(route53, NULL, &reading, &fault), STEER_EREFUSED);
	assert_string_equal(fault.text, "f:402:1: TrafficPolicyInstanceId: the traffic policies become "
	                    "more than 1000000 record sets; allowed: fewer in an import");
	assert_int_equal(count, 1000000);
	steer_route53_free(route53);
	for (unsigned i = 0; i < 3; i++) {
		free(texts[i]);
	}
	free(document);
}

#define LABEL "123456789012345678901234567890123456789012345678901234567890"
#define LABELS LABEL "." LABEL "." LABEL "."

/*! Whether rules fit in a zone whose fourth label has so many characters. */
static int tell_long(unsigned last, char **told)
{
	int ret;
	const char *label = &LABEL[strlen(LABEL) - last];
	char *policy = policy_of(OLD("'StartRule':'r','Endpoints':{" X "},'Rules':{'r':{'RuleType':"
	                             "'weighted','Items':[{" DRAW("s") "}]},'s':{'RuleType':"
	                             "'multivalue','Items':[{" REF("x") "}]}}"));
	char zone[STEER_NAME_MAX + 1], instances[1024], list[1024];
	const char *const files[STORY_FILES] = { policy, instances, list };
	snprintf(zone, sizeof(zone), "\74" LABEL "\74" LABEL "\74" LABEL "%c%s\4test", last, label);
	snprintf(instances, sizeof(instances),
	         INSTANCES(INSTANCE(LABELS "%s.test.", "i-1", "2", "60")), label);
	snprintf(list, sizeof(list),
	         "{'ResourceRecordSets':[" ENTRY(LABELS "%s.test.", "A", "i-1") "]}", label);
	*told = tell_route53(files, (const uint8_t *)zone, &ret);
	free(policy);
	return ret;
}

static void names_have_a_bound(void **state)
{
	(void)state;
	char *told;
	assert_int_equal(tell_long(56, &told), STEER_OK);
	free(told);
	assert_int_equal(tell_long(57, &told), STEER_EREFUSED);
	assert_non_null(strstr(told, "!1:24 TrafficPolicyInstanceId: the name s-2._i-1 in this zone "
	                       "would be longer than 255 bytes\n"));
	free(told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_of_rules_becomes_a_policy),
		cmocka_unit_test(services_of_aws_become_aliases),
		cmocka_unit_test(rules_become_a_tree),
		cmocka_unit_test(wrong_documents_are_told_with_their_places),
		cmocka_unit_test(record_sets_find_their_policies),
		cmocka_unit_test(what_does_not_fit_together_is_told),
		cmocka_unit_test(chains_have_a_bound),
		cmocka_unit_test(all_trees_have_a_bound),
		cmocka_unit_test(names_have_a_bound),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
