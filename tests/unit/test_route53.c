/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What the answers of Route 53 become: zones, groups with their policies, record sets.
 *
 * Names of cases that begin with 76 are row 76 of the checklist of Route 53, the import of JSON, and
 * its points: 0 forms, 1 apex, 2 octal escapes, 3 absolute names, 4 identifiers of zones, 5 groups, 6
 * health checks, 8 placeholders, 9 SPF, 10 several values. (7 is traffic policies, 11 cli53.)
 */
#include <stdlib.h>
#include <string.h>

#include "unit/route53_story.h"
#include "unit/test.h"

#define LIST(sets) "{'ResourceRecordSets':[" sets "]}"
#define SOA "{'Name':'a.test.','Type':'SOA','TTL':900,'ResourceRecords':[{'Value':" \
            "'ns-1.awsdns-2.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400'}]}"
#define ZONE_A "=1:24 a.test.\n"
/* A list of the zone a.test, whose sets begin in line 2. */
#define A(sets) LIST(SOA ",\n" sets)
#define VALUE(value) "'ResourceRecords':[{'Value':'" value "'}]"
#define ONE "'TTL':60," VALUE("192.0.2.1")
#define WWW "{'Name':'www.a.test.','Type':'A',"
#define ID(id) WWW "'SetIdentifier':'" id "',"
#define OWN "{'HostedZone':{'Id':'/hostedzone/Z1','Name':'a.test.'}}"

static void record_sets_become_records(void **state)
{
	(void)state;
	static const route53_case_t cases[] = {
		{ "76.3: values, absolute without a dot",
		  { A("{'Name':'a.test','Type':'MX','TTL':60,'ResourceRecords':[{'Value':'10 mail.b.test'},"
		      "\n{'Value':'20 c.test.'}]}") },
		  ZONE_A "2:67 a.test. 60 MX 10 mail.b.test.\n3:10 a.test. 60 MX 20 c.test.\n" },
		{ "76.2: names are octal", { A("{'Name':'\\\\052.\\\\134\\\\056\\\\344.A.test.','Type':'A'," ONE
		                         "}") },
		  ZONE_A "2:89 *.\\\\\\.\\228.a.test. 60 A 192.0.2.1\n" },
		{ "76.2: text is octal", { A("{'Name':'a.test.','Type':'TXT','TTL':0,"
		                       VALUE("\\\"a\\\\042\\\\134\\\\377;\\\\\\\\;\\\" "
		  "\\\"\\\\000\\\"") "}") },
		  ZONE_A "2:68 a.test. 0 TXT \"a\\\"\\\\\\255;\\\\;\" \"\\000\"\n" },
		{ "76.2: names in values are octal", { A("{'Name':'b.a.test.','Type':'CNAME','TTL':60,"
		                                   VALUE("\\\\052.c") "}") },
		  ZONE_A "2:73 b.a.test. 60 CNAME *.c.\n" },
		{ "76.9: the type SPF", { A("{'Name':'a.test.','Type':'SPF','TTL':60,"
		                      VALUE("\\\"v=spf1 -all\\\"") "}") },
		  ZONE_A "2:69 a.test. 60 SPF \"v=spf1 -all\"\n" },
		{ "76: null is not given, and MultiValueAnswer that is false no policy",
		  { A(WWW "'SetIdentifier':null,'Weight':null,'MultiValueAnswer':false,'AliasTarget':null,"
		      ONE "}") },
		  ZONE_A "2:150 www.a.test. 60 A 192.0.2.1\n" },
		{ "76: an alias with an empty list", { A(WWW "'ResourceRecords':[],'AliasTarget':{"
		  "'HostedZoneId':'Z1','DNSName':'b.a.test.','EvaluateTargetHealth':true}}") },
		  ZONE_A "+2:1 www.a.test. A '' alias=b.a.test. evaluate\n" },
		{ "a health check of a simple record set", { A(WWW "'HealthCheckId':'c-1'," ONE "}") },
		  ZONE_A "+2:1 www.a.test. A '' health=c-1\n  2:93 www.a.test. 60 A 192.0.2.1\n" },
		{ "76.1: name servers of one's own, and a delegation to Route 53",
		  { A("{'Name':'a.test.','Type':'NS','TTL':60," VALUE("ns-1.awsdns-2.com.b.test.") "},\n"
		      "{'Name':'b.a.test.','Type':'NS','TTL':60," VALUE("ns-1.awsdns-2.net") "}") },
		  ZONE_A "2:68 a.test. 60 NS ns-1.awsdns-2.com.b.test.\n"
		  "3:70 b.a.test. 60 NS ns-1.awsdns-2.net.\n" },
		{ "76.1: some name servers of one's own",
		  { A("{'Name':'a.test.','Type':'NS','TTL':60,'ResourceRecords':[{'Value':"
		      "'ns-1.awsdns-2.co.uk.'},{'Value':'ns.b.test'}]}") },
		  ZONE_A "2:68 a.test. 60 NS ns-1.awsdns-2.co.uk.\n2:101 a.test. 60 NS ns.b.test.\n" },
		{ "76.1: name servers of Route 53",
		  { A("{'Name':'a.test.','Type':'NS','TTL':60,'ResourceRecords':[{'Value':"
		      "'ns-1.awsdns-2.co.uk.'},{'Value':'ns-33.awsdns-44.org'}]},\n" WWW ONE "}") },
		  ZONE_A "3:71 www.a.test. 60 A 192.0.2.1\n" },
		{ "an SOA of one's own",
		  { LIST("{'Name':'a.test.','Type':'SOA','TTL':900,"
		         VALUE("ns.a.test. awsdns-hostmaster.amazon.com. 1 2 3 4 5") "}") },
		  ZONE_A "1:93 a.test. 900 SOA ns.a.test. awsdns-hostmaster.amazon.com. 1 2 3 4 5\n" },
		{ "76.8: a record set that an old tool did not understand is left out",
		  { A(WWW "'TTL':60," VALUE("This resource record set includes an attribute that is "
		      "unsupported on this Route 53 API version. Please consider using a newer "
		  "API.") "}") },
		  ZONE_A "%2:1 ResourceRecords: the tool that made this list could not tell what they are, "
		  "so this record set is left out\n" },
		{ "76.8: what is left out gives its group no policy",
		  { A(WWW "'TTL':60," VALUE("This resource record set includes an attribute that is "
		      "unsupported on this Route 53 API version.") "},\n" ID("b") "'Weight':1," ONE "}") },
		  ZONE_A "%2:1 ResourceRecords: the tool that made this list could not tell what they are, "
		  "so this record set is left out\n~3:1 www.a.test. A weighted\n"
		  "+3:1 www.a.test. A 'b' weight=1\n  3:102 www.a.test. 60 A 192.0.2.1\n" },
	};
	check_route53(cases, COUNT(cases), STEER_OK);
}

#define TWO_OF(field, one, two) A(ID("x") "'" field "':" one "," ONE "},\n" \
                                  ID("y") "'" field "':" two "," ONE "}")

static void fields_become_policies(void **state)
{
	(void)state;
	static const route53_case_t cases[] = {
		{ "76.10: weighted, with several values",
		  { A(ID("x") "'Weight':0," ONE "},\n" ID("y") "'Weight':255,'TTL':5,"
		                  "'ResourceRecords':[{'Value':'192.0.2.2'},{'Value':'192.0.2.3'}]}") },
		  ZONE_A "~2:1 www.a.test. A weighted\n+2:1 www.a.test. A 'x' weight=0\n  2:102 "
		  "www.a.test. 60 A 192.0.2.1\n+3:1 www.a.test. A 'y' weight=255\n  3:103 www.a.test. 5 A "
		  "192.0.2.2\n  3:125 www.a.test. 5 A 192.0.2.3\n" },
		{ "latency", { TWO_OF("Region", "'eu-west-1'", "'us-gov-west-1'") },
		  ZONE_A "~2:1 www.a.test. A latency\n+2:1 www.a.test. A 'x' region=eu-west-1\n"
		  "  2:112 www.a.test. 60 A 192.0.2.1\n+3:1 www.a.test. A 'y' region=us-gov-west-1\n"
		  "  3:116 www.a.test. 60 A 192.0.2.1\n" },
		{ "76.10: latency, with several values", { A(ID("x") "'Region':'eu-west-1','TTL':5,"
		  "'ResourceRecords':[{'Value':'192.0.2.2'},{'Value':'192.0.2.3'}]}") },
		  ZONE_A "~2:1 www.a.test. A latency\n+2:1 www.a.test. A 'x' region=eu-west-1\n"
		  "  2:111 www.a.test. 5 A 192.0.2.2\n  2:133 www.a.test. 5 A 192.0.2.3\n" },
		{ "a region that is not known", { A(ID("x") "'Region':'mars-1'," ONE "}") },
		  ZONE_A "%2:63 Region: the place of mars-1 is not known; steerctl map import --type "
		  "regions can tell it\n~2:1 www.a.test. A latency\n+2:1 www.a.test. A 'x' region=mars-1\n"
		  "  2:109 www.a.test. 60 A 192.0.2.1\n" },
		{ "failover", { TWO_OF("Failover", "'SECONDARY'", "'PRIMARY','HealthCheckId':'c'") },
		  ZONE_A "~2:1 www.a.test. A failover\n+2:1 www.a.test. A 'x' tier=1\n  2:114 www.a.test. "
		  "60 A 192.0.2.1\n+3:1 www.a.test. A 'y' tier=0 health=c\n  3:132 www.a.test. 60 A "
		  "192.0.2.1\n" },
		{ "geolocation", { A(ID("x") "'GeoLocation':{'CountryCode':'*'}," ONE "},\n"
		                     ID("y") "'GeoLocation':{'ContinentCode':'EU'}," ONE "},\n"
		                     ID("z") "'GeoLocation':{'CountryCode':'US','SubdivisionCode':'NY'"
		  "}," ONE
		                     "}") },
		  ZONE_A "~2:1 www.a.test. A geolocation\n+2:1 www.a.test. A 'x' geo=default\n  2:125 "
		  "www.a.test. 60 A 192.0.2.1\n+3:1 www.a.test. A 'y' geo=continent:EU\n  3:128 "
		  "www.a.test. 60 A 192.0.2.1\n+4:1 www.a.test. A 'z' geo=country:US/NY\n  4:149 "
		  "www.a.test. 60 A 192.0.2.1\n" },
		{ "multivalue", { TWO_OF("MultiValueAnswer", "true", "true") },
		  ZONE_A "~2:1 www.a.test. A multivalue\n+2:1 www.a.test. A 'x'\n  2:115 www.a.test. 60 A "
		  "192.0.2.1\n+3:1 www.a.test. A 'y'\n  3:115 www.a.test. 60 A 192.0.2.1\n" },
		{ "geoproximity", { A(ID("x") "'GeoProximityLocation':{'AWSRegion':'eu-west-1','Bias':-99},"
		                      ONE "},\n"
		                      ID("y") "'GeoProximityLocation':{'Coordinates':{'Latitude':'-33.87',"
		                      "'Longitude':'151.2'}}," ONE "},\n"
		                      ID("z") "'GeoProximityLocation':{'LocalZoneGroup':'us-west-2-den-1'},"
		                      ONE "}") },
		  ZONE_A "~2:1 www.a.test. A geoproximity\n+2:1 www.a.test. A 'x' region=eu-west-1 "
		  "bias=-99\n  2:151 www.a.test. 60 A 192.0.2.1\n+3:1 www.a.test. A 'y' "
		  "coordinates=-33.87,151.2\n  3:172 www.a.test. 60 A 192.0.2.1\n+4:1 www.a.test. A 'z' "
		  "region=us-west-2-den-1\n  4:151 www.a.test. 60 A 192.0.2.1\n" },
		{ "IP-based, by the name of the collection",
		  { A(ID("x") "'CidrRoutingConfig':{'CollectionId':'c-1','LocationName':'oslo'}," ONE "},\n"
		      ID("y") "'CidrRoutingConfig':{'CollectionId':'c-1','LocationName':'*'}," ONE "}"),
		    "{'CidrCollections':[{'Arn':'x','Id':'c-1','Name':'offices','Version':3}]}" },
		  ZONE_A "~2:1 www.a.test. A ip\n+2:1 www.a.test. A 'x' cidr=offices/oslo\n  2:156 "
		  "www.a.test. 60 A 192.0.2.1\n+3:1 www.a.test. A 'y' cidr=default\n  3:153 www.a.test. 60 "
		  "A 192.0.2.1\n" },
		{ "IP-based, by the identifier", { A(ID("x") "'CidrRoutingConfig':{'CollectionId':'c-1',"
		                                     "'LocationName':'oslo'}," ONE "}") },
		  ZONE_A "~2:1 www.a.test. A ip\n+2:1 www.a.test. A 'x' cidr=c-1/oslo\n  2:156 www.a.test. "
		  "60 A 192.0.2.1\n" },
		{ "76.5: types apart, and record sets of a group apart",
		  { A(ID("x") "'Weight':1," ONE "},\n{'Name':'www.a.test.','Type':'TXT','TTL':60,"
		      VALUE("\\\"t\\\"") "},\n" ID("y") "'Weight':2," ONE "}") },
		  ZONE_A "~2:1 www.a.test. A weighted\n+2:1 www.a.test. A 'x' weight=1\n  2:102 "
		  "www.a.test. 60 A 192.0.2.1\n+4:1 www.a.test. A 'y' weight=2\n  4:102 www.a.test. 60 A "
		  "192.0.2.1\n3:73 www.a.test. 60 TXT \"t\"\n" },
	};
	check_route53(cases, COUNT(cases), STEER_OK);
}

#define ALIAS(id, name) WWW "'AliasTarget':{'HostedZoneId':'" id "','DNSName':'" name "'," \
                        "'EvaluateTargetHealth':false}}"
#define OUTSIDE " AliasTarget: names that no zone here has, such as those of AWS services: 1; " \
                "steerd resolves them (steerctl target list), and EvaluateTargetHealth sees " \
                "only whether they have records\n"

static void hosted_zones_say_what_lists_do_not(void **state)
{
	(void)state;
	static const route53_case_t cases[] = {
		{ "comment and kind", { A(WWW ONE "}"), "{'HostedZone':{'Id':'Z1','Name':'a.test.','"
		  "Config':"
		  "{'Comment':'all of it','PrivateZone':true}}}" },
		  "%1:52 PrivateZone: the networks that could see the zone are not kept: it answers "
		  "everybody who may ask the server\n=1:15 a.test. comment='all of it'\n"
		  "2:71 www.a.test. 60 A 192.0.2.1\n" },
		{ "a public and a private zone of one name: what the public one says counts",
		  { "{'HostedZones':[{'Id':'/hostedzone/Z2','Name':'a.test.','Config':{'Comment':'inside',"
		    "'PrivateZone':true}},\n{'Id':'/hostedzone/Z1','Name':'a.test.','Config':{'Comment':"
		    "'outside','PrivateZone':false}}]}", A(WWW ONE "}") },
		  "%1:23 Id: the hosted zone /hostedzone/Z2 has the same name and is another one; what it "
		  "says is left out\n=2:1 a.test. comment='outside'\n2:71 www.a.test. 60 A 192.0.2.1\n" },
		{ "one hosted zone twice", { A(WWW ONE "}"), OWN " {'HostedZones':[{'Id':'Z1','Name':"
		  "'a.test.','Config':{'Comment':'x'}}]}" },
		  "=1:15 a.test.\n2:71 www.a.test. 60 A 192.0.2.1\n" },
		{ "a list of hosted zones", { "{'HostedZones':[{'Id':'Z2','Name':'b.test.'},{'Id':'Z1',"
		  "'Name':'a.test.'}]}", A(WWW ONE "}") },
		  "=1:46 a.test.\n2:71 www.a.test. 60 A 192.0.2.1\n" },
		{ "76.4: its own alias", { A(ALIAS("Z1", "b.a.test.")), OWN },
		  "=1:15 a.test.\n+2:1 www.a.test. A '' alias=b.a.test.\n" },
		{ "76.4: another's alias in the zone", { A(ALIAS("Z9", "b.a.test.")), OWN },
		  "=1:15 a.test.\n%2:64 HostedZoneId: Z9 is another zone, but DNSName lies in this one, "
		  "which will answer\n+2:1 www.a.test. A '' alias=b.a.test.\n" },
		{ "76.4: an AWS service", { A(ALIAS("Z9", "Dualstack.LB.elb.amazonaws.com")), OWN },
		  "=1:15 a.test.\n+2:1 www.a.test. A '' alias=dualstack.lb.elb.amazonaws.com.\n"
		  "%2:48" OUTSIDE },
		{ "76.4: without hosted zones the name decides", { A(ALIAS("Z9", "b.a.test.")) },
		  ZONE_A "+2:1 www.a.test. A '' alias=b.a.test.\n" },
	};
	check_route53(cases, COUNT(cases), STEER_OK);
}

#define B_SOA "{'Name':'b.a.test.','Type':'SOA','TTL':900," \
              VALUE("ns-1.awsdns-2.com. h. 1 2 3 4 5") "}"
#define X(name) "{'Name':'" name "','Type':'A'," ONE "}"

static void lists_find_their_zones(void **state)
{
	(void)state;
	static const route53_case_t cases[] = {
		{ "76.0: several answers in a file", { "[" A(X("x.a.test.")) "," LIST(B_SOA ","
		  "\n" X("y.b.a.test."))
		                                 "]" },
		  "=1:25 a.test.\n2:69 x.a.test. 60 A 192.0.2.1\n=2:109 b.a.test.\n"
		  "3:71 y.b.a.test. 60 A 192.0.2.1\n" },
		{ "76.0: answers one after the other", { A(X("x.a.test.")) "\n" LIST(X("y.a.test.")) },
		  ZONE_A "2:69 x.a.test. 60 A 192.0.2.1\n3:92 y.a.test. 60 A 192.0.2.1\n" },
		{ "76.0: the last page first", { LIST(X("z.a.test.")), A(X("x.a.test.")) },
		  "=1:24 a.test.\n1:92 z.a.test. 60 A 192.0.2.1\n2:69 x.a.test. 60 A 192.0.2.1\n" },
		{ "pages of two zones, one in the other, by where they begin",
		  { "{'ResourceRecordSets':[" B_SOA "],'IsTruncated':true,'NextRecordName':'x.b.a.test.',"
		    "'NextRecordType':'A','MaxItems':'1'}",
		    LIST(X("x.b.a.test.")), LIST(SOA) },
		  "=1:24 b.a.test.\n1:94 x.b.a.test. 60 A 192.0.2.1\n=1:24 a.test.\n" },
		{ "a page that begins inside a group",
		  { "{'ResourceRecordSets':[" SOA "," ID("x") "'Weight':1," ONE "}],'IsTruncated':true,"
		    "'NextRecordName':'www.a.test.','NextRecordType':'A','NextRecordIdentifier':'y'}",
		    LIST(ID("y") "'Weight':2," ONE "}"), LIST(B_SOA) },
		  "=1:24 a.test.\n~1:172 www.a.test. A weighted\n+1:172 www.a.test. A 'x' weight=1\n"
		  "  1:273 www.a.test. 60 A 192.0.2.1\n+1:24 www.a.test. A 'y' weight=2\n"
		  "  1:125 www.a.test. 60 A 192.0.2.1\n=1:24 b.a.test.\n" },
		{ "a page by its hosted zone", { LIST(X("x.a.test.")), OWN },
		  "=1:15 a.test.\n1:92 x.a.test. 60 A 192.0.2.1\n" },
	};
	check_route53(cases, COUNT(cases), STEER_OK);
	int ret;
	static const char *const page[STORY_FILES] = { LIST(X("x.a.test.")) };
	char *told = tell_route53(page, (const uint8_t *)"\1a\4test", &ret);
	assert_int_equal(ret, STEER_OK);
	assert_string_equal(told, "=1:1 a.test.\n1:92 x.a.test. 60 A 192.0.2.1\n");
	free(told);
}

#define ANSWERS "what aws route53 prints for list-resource-record-sets, get-hosted-zone, " \
                "list-health-checks, list-cidr-collections, list-cidr-blocks, get-traffic-policy, " \
                "list-traffic-policy-instances, and what it takes for change-resource-record-sets\n"
#define NAMES "; allowed: names like www.example.com., other characters as octal \\ooo\n"

static void what_is_wrong_is_told_with_its_place(void **state)
{
	(void)state;
	static const route53_case_t cases[] = {
		{ "no JSON", { "{'ResourceRecordSets':}" }, "!1:23 not JSON: no value; allowed: an object, "
		  "a list, text in quotes, a number, true, false, null\n" },
		{ "nothing", { "[]", "[]" }, "!1:1 no answer; allowed: " ANSWERS },
		{ "a number", { "1" }, "!1:1 no answer of Route 53; allowed: " ANSWERS },
		{ "a list of numbers", { "[1, {}]" }, "!1:2 a number; allowed: an object\n"
		  "!1:5 nothing that is known; allowed: " ANSWERS },
		{ "another answer", { "{'Buckets':[]}" }, "!1:1 nothing that is known; allowed: " ANSWERS },
		{ "no list", { "{'ResourceRecordSets':{}}" }, "!1:23 ResourceRecordSets: an object; "
		  "allowed: a list\n" },
		{ "no zone", { LIST(X("x.a.test.")) }, "!1:23 ResourceRecordSets: no SOA, so the zone is "
		  "not known; allowed: the first page too, or what get-hosted-zone prints, or --zone\n" },
		{ "two zones", { LIST(X("x.b.a.test.")), LIST(SOA "," B_SOA), LIST(B_SOA) },
		  "!1:23 ResourceRecordSets: no SOA, and several zones that have all these names; allowed: "
		  "all pages of the zone, or each zone in an import of its own with --zone\n" },
		{ "no name, no type", { A("{'Type':'A'},\n{'Name':'x.a.test.'}") },
		  "!2:1 Name: missing; allowed: the name of the record set\n"
		  "!3:1 Type: missing; allowed: the type of its records, such as A\n" ZONE_A },
		{ "names that are none", { A("{'Name':'a b','Type':'A'," ONE "},\n{'Name':7,'Type':'A'},\n"
		                             "{'Name':'\\\\400.a.test','Type':'A'," ONE "}") },
		  "!2:9 Name: 'a b' is not a domain name" NAMES "!3:9 Name: a number; allowed: text in "
		  "quotes\n!4:9 Name: '\\400.a.test' is not a domain name" NAMES ZONE_A },
		{ "types that are none", { A("{'Name':'x.a.test','Type':'ALIAS'},\n"
		                             "{'Name':'x.a.test','Type':['A']}") },
		  "!2:27 Type: 'ALIAS' is not a type of records; allowed: such as A\n"
		  "!3:27 Type: a list; allowed: text in quotes\n" ZONE_A },
		{ "no data", { A(WWW "'TTL':5},\n{'Name':'x.a.test','Type':'A','TTL':5,'ResourceRecords'"
		  ":[]},"
		                 "\n{'Name':'y.a.test','Type':'A'," VALUE("192.0.2.1") "}") },
		  ZONE_A "!2:1 ResourceRecords: missing; allowed: TTL and ResourceRecords, or AliasTarget\n"
		  "!3:1 ResourceRecords: missing; allowed: TTL and ResourceRecords, or AliasTarget\n"
		  "!4:1 TTL: missing; allowed: seconds\n" },
		{ "values that are none",
		  { A(WWW "'TTL':60," VALUE("192.0.2") "},\n{'Name':'a.a.test','Type':'A','TTL':6,"
		      "'ResourceRecords':[{}, {'Value':7}, 8, {'Value':'192.0.2.1','X':1}]},\n"
		      "{'Name':'b.a.test','Type':'TXT','TTL':6,'ResourceRecords':[{'Value':'a b'},"
		      "{'Value':'\\\"\\\\389\\\"'},{'Value':'\\\"\\\\400\\\"'},{'Value':'\\\"a\\nb\\\"'"
		  "}]}") },
		  "=1:24 a.test.\n!2:71 Value: invalid IPv4 address, near '192.0.2'; allowed: four "
		  "numbers from 0 to 255\n!3:58 Value: missing; allowed: the record as text\n!3:71 "
		  "Value: a number; allowed: text in quotes\n!3:75 a number; allowed: an object\n!3:99 "
		  "X: no field that is known here; allowed: Value\n3:87 a.a.test. 6 A 192.0.2.1\n!4:69 "
		  "Value: text without quotes of its own; allowed: \"\\\"a b\\\"\"\n!4:85 Value: '\\389' "
		  "is no escape; allowed: \\000 to \\377, which are octal\n!4:107 Value: '\\400' is no "
		  "escape; allowed: \\000 to \\377, which are octal\n!4:129 Value: a value is one line; "
		  "other bytes as \\DDD\n" },
		{ "numbers that do not fit",
		  { A(WWW "'TTL':2147483648," VALUE("192.0.2.1") "},\n{'Name':'a.a.test','Type':'A',"
		      "'TTL':1e3," VALUE("192.0.2.1") "},\n{'Name':'b.a.test','Type':'A','TTL':-1,"
		      VALUE("192.0.2.1") "},\n{'Name':'c.a.test','Type':'A','TTL':'60',"
		      VALUE("192.0.2.1") "}") },
		  ZONE_A "!2:40 TTL: 2147483648; allowed: 0 to 2147483647\n!3:37 TTL: 1e3; allowed: 0 to "
		  "2147483647\n!4:37 TTL: -1; allowed: 0 to 2147483647\n!5:37 TTL: text in quotes; "
		  "allowed: a number\n" },
		{ "an alias and values", { A(ALIAS("Z1", "b.c") ",\n{'Name':'a.a.test','Type':'A'," ONE ","
		                             "'AliasTarget':{}},\n{'Name':'b.a.test','Type':'A','TTL':5,"
		                             "'AliasTarget':{}}") },
		  ZONE_A "+2:1 www.a.test. A '' alias=b.c.\n!3:96 AliasTarget: given with ResourceRecords; "
		  "allowed: AliasTarget, or TTL and ResourceRecords\n!4:53 AliasTarget: given with TTL; "
		  "allowed: AliasTarget, or TTL and ResourceRecords\n%2:48" OUTSIDE },
		{ "aliases without a part", { A(WWW "'AliasTarget':{}},\n{'Name':'a.a.test','Type':'A',"
		                                "'AliasTarget':{'DNSName':'b.'}},\n{'Name':'b.a.test',"
		                                "'Type':'A','AliasTarget':{'DNSName':'b.',"
		                                "'EvaluateTargetHealth':'no'}}") },
		  ZONE_A "!2:48 DNSName: missing; allowed: the name of the target\n!3:45 "
		  "EvaluateTargetHealth: missing; allowed: true, false\n!4:84 EvaluateTargetHealth: text "
		  "in quotes; allowed: true or false\n%4:45" OUTSIDE },
		{ "fields that are not known", { A(WWW "'Wait':1," ONE "}") },
		  ZONE_A "!2:34 Wait: no field that is known here; allowed: Name, Type, SetIdentifier, "
		  "Weight, Region, GeoLocation, Failover, MultiValueAnswer, TTL, ResourceRecords, "
		  "AliasTarget, HealthCheckId, TrafficPolicyInstanceId, CidrRoutingConfig, "
		  "GeoProximityLocation\n" },
		{ "twice", { A(WWW ONE "},\n" ID("x") "'Weight':1," ONE "},\n" ID("x") "'Weight'"
		  ":1," ONE "}"),
		             LIST(WWW ONE "}") },
		  "!1:24 www.a.test. A is already in f:2:1; allowed: once\n!4:1 www.a.test. A x is "
		  "already in f:3:1; allowed: once\n=1:24 a.test.\n2:71 www.a.test. 60 A 192.0.2.1\n!3:1 "
		  "Weight: www.a.test. A has none in f:2:1; allowed: one policy for all record sets of a "
		  "name and type\n!4:1 Weight: www.a.test. A has none in f:2:1; allowed: one policy for "
		  "all record sets of a name and type\n1:94 www.a.test. 60 A 192.0.2.1\n" },
		{ "identifiers", { A(WWW "'Weight':1," ONE "},\n{'Name':'a.a.test','Type':'A',"
		                     "'SetIdentifier':'x'," ONE "},\n{'Name':'b.a.test','Type':'A',"
		                     "'SetIdentifier':'','Weight':1," ONE "},\n{'Name':'c.a.test','Type'"
		  ":'A',"
		                     "'SetIdentifier':'a\\u001bb','Weight':1," ONE "}") },
		  "!4:47 SetIdentifier: 0 bytes; allowed: 1 to 128, without control characters\n!5:47 "
		  "SetIdentifier: 3 bytes; allowed: 1 to 128, without control characters\n=1:24 "
		  "a.test.\n!2:1 SetIdentifier: missing; allowed: one for each record set with "
		  "Weight\n!3:1 SetIdentifier: given without a policy; allowed: with one of Weight, "
		  "Region, Failover, GeoLocation, MultiValueAnswer, GeoProximityLocation, "
		  "CidrRoutingConfig\n" },
		{ "76.5: two policies", { A(ID("x") "'Weight':1,'Region':'eu-west-1'," ONE "},\n{'Name':"
		                      "'a.a.test','Type':'A','SetIdentifier':'x','Weight':1," ONE "},\n"
		                      "{'Name':'a.a.test','Type':'A','SetIdentifier':'y','Failover':"
		                      "'PRIMARY'," ONE "},\n{'Name':'a.a.test','Type':'A'," ONE "}") },
		  "=1:24 a.test.\n!2:74 Region: given with Weight; allowed: one policy\n~3:1 a.a.test. A "
		  "weighted\n+3:1 a.a.test. A 'x' weight=1\n  3:99 a.a.test. 60 A 192.0.2.1\n!4:1 "
		  "Failover: a.a.test. A has Weight in f:3:1; allowed: one policy for "
		  "all record sets of a name and type\n!5:1 no policy: a.a.test. A has Weight in f:3:1; "
		  "allowed: one policy for all record sets of a name and type\n" },
		{ "weights", { TWO_OF("Weight", "256", "'1'") },
		  "=1:24 a.test.\n!2:63 Weight: 256; allowed: 0 to 255\n!3:63 Weight: text in quotes; "
		  "allowed: a number\n" },
		{ "regions", { TWO_OF("Region", "'eu west'", "1") },
		  "=1:24 a.test.\n!2:63 Region: 'eu west' is not a name; allowed: 1 to 64 letters, "
		  "digits, - and _\n!3:63 Region: a number; allowed: text in quotes\n" },
		{ "failover", { TWO_OF("Failover", "'primary'", "true") },
		  "=1:24 a.test.\n!2:65 Failover: 'primary' is neither; allowed: PRIMARY, "
		  "SECONDARY\n!3:65 Failover: true or false; allowed: text in quotes\n" },
		{ "many values", { TWO_OF("MultiValueAnswer", "'true'", "1") },
		  "=1:24 a.test.\n!2:73 MultiValueAnswer: text in quotes; allowed: true or false\n!3:73 "
		  "MultiValueAnswer: a number; allowed: true or false\n" },
		{ "places", { A(ID("a") "'GeoLocation':{}," ONE "},\n"
		                ID("b") "'GeoLocation':{'ContinentCode':'EU','CountryCode':'NO'"
		  "}," ONE "},\n"
		                ID("c") "'GeoLocation':{'SubdivisionCode':'NY'}," ONE "},\n"
		                ID("d") "'GeoLocation':{'CountryCode':'*','SubdivisionCode':'NY'"
		  "}," ONE "},\n"
		                ID("e") "'GeoLocation':{'ContinentCode':'XX'}," ONE "},\n"
		                ID("f") "'GeoLocation':{'CountryCode':'USA'}," ONE "},\n"
		                ID("g") "'GeoLocation':{'CountryCode':'US','SubdivisionCode':'-'"
		  "}," ONE "},\n"
		                ID("h") "'GeoLocation':{'CountryCode':'US','City':'x'}," ONE "}") },
		  "=1:24 a.test.\n!2:68 GeoLocation: no place; allowed: ContinentCode, or CountryCode, "
		  "which is * for all others, or CountryCode and SubdivisionCode\n!3:68 GeoLocation: no "
		  "place; allowed: ContinentCode, or CountryCode, which is * for all others, or "
		  "CountryCode and SubdivisionCode\n!4:68 GeoLocation: no place; allowed: ContinentCode, "
		  "or CountryCode, which is * for all others, or CountryCode and SubdivisionCode\n!5:68 "
		  "GeoLocation: no place; allowed: ContinentCode, or CountryCode, which is * for all "
		  "others, or CountryCode and SubdivisionCode\n!6:85 ContinentCode: 'XX'; allowed: AF, "
		  "AN, AS, EU, NA, OC, SA\n!7:83 CountryCode: 'USA'; allowed: * or a code of ISO 3166-1, "
		  "such as US\n!8:106 SubdivisionCode: '-'; allowed: a code of ISO 3166-2 without its "
		  "country, such as NY\n!9:88 City: no field that is known here; allowed: ContinentCode, "
		  "CountryCode, SubdivisionCode\n" },
		{ "distances", { A(ID("a") "'GeoProximityLocation':{'Bias':1}," ONE "},\n"
		                   ID("b") "'GeoProximityLocation':{'AWSRegion':'a','LocalZoneGroup':'b'},"
		                   ONE "},\n"
		                   ID("c") "'GeoProximityLocation':{'AWSRegion':'eu-west-1','Bias':100},"
		                   ONE "},\n"
		                   ID("d") "'GeoProximityLocation':{'Coordinates':{'Latitude':'91',"
		                   "'Longitude':'0'}}," ONE "},\n"
		                   ID("e") "'GeoProximityLocation':{'Coordinates':{'Latitude':'1'}}," ONE
		                   "},\n"
		                   ID("f") "'GeoProximityLocation':{'Coordinates':{'Latitude':1}}," ONE
		                   "}") },
		  "=1:24 a.test.\n!2:77 GeoProximityLocation: 0 places; allowed: one of AWSRegion, "
		  "LocalZoneGroup, Coordinates\n!3:77 GeoProximityLocation: 2 places; allowed: one of "
		  "AWSRegion, LocalZoneGroup, Coordinates\n!4:109 Bias: 100; allowed: -99 to 99\n!5:104 "
		  "Latitude: '91'; allowed: \"-90\" to \"90\"\n!6:92 Longitude: missing; allowed: "
		  "degrees in quotes, such as \"50.11\"\n!7:104 Latitude: a number; allowed: text in "
		  "quotes\n" },
		{ "networks", { A(ID("a") "'CidrRoutingConfig':{'CollectionId':'c'}," ONE "},\n"
		                  ID("b") "'CidrRoutingConfig':{'LocationName':'c'}," ONE "},\n"
		                  ID("c") "'CidrRoutingConfig':{'CollectionId':'c/d','LocationName':'*'"
		  "}," ONE
		                  "},\n"
		                  ID("d") "'CidrRoutingConfig':{'CollectionId':'c','LocationName':'a b'"
		  "}," ONE
		                  "}"), "{'CidrCollections':[{'Id':'x'},\n{'Name':'x'},{'Id':'a b',"
		                        "'Name':'x'}]}" },
		  "!1:21 Name: missing; allowed: the name of the collection\n!2:1 Id: missing; allowed: "
		  "the identifier of the collection\n!2:20 Id: 'a b' is not a name; allowed: 1 to 64 "
		  "letters, digits, - and _\n=1:24 a.test.\n!2:74 LocationName: missing; allowed: the "
		  "name of a location, or *\n!3:74 CollectionId: missing; allowed: the identifier of a "
		  "collection\n!4:90 CollectionId: 'c/d' is not a name; allowed: 1 to 64 letters, "
		  "digits, - and _\n!5:109 LocationName: 'a b' is not a name; allowed: 1 to 64 letters, "
		  "digits, - and _\n" },
		{ "health checks", { A(WWW "'HealthCheckId':'a b'," ONE "}") },
		  "=1:24 a.test.\n!2:50 HealthCheckId: 'a b' is not an identifier; allowed: 1 to 128 "
		  "letters, digits and - _ . : / @\n" },
		{ "hosted zones", { A(WWW ONE "}"), "{'HostedZone':{'Id':'Z'}}\n{'HostedZone':{'Name':'a'"
		  "}}\n"
		                    "{'HostedZones':[{'Id':'Z','Name':'a..b'}]}" },
		  "!1:15 Name: missing; allowed: the name of the zone\n!2:15 Id: missing; allowed: such "
		  "as /hostedzone/Z111111QQQQQQQ\n!3:34 Name: 'a..b' is not a domain name; allowed: "
		  "names like www.example.com., other characters as octal \\ooo\n=1:24 a.test.\n2:71 "
		  "www.a.test. 60 A 192.0.2.1\n" },
	};
	check_route53(cases, COUNT(cases), STEER_EREFUSED);
}

#define CHECKS(config) "{'HealthChecks':[{'Id':'c-1','CallerReference':'x','HealthCheckConfig':{" \
                       config "},'HealthCheckVersion':1}]}"
#define HOST "'FullyQualifiedDomainName':'WWW.a.test.'"

static void health_checks_become_health_checks(void **state)
{
	(void)state;
	static const route53_case_t cases[] = {
		{ "HTTP with all that is usual",
		  { CHECKS("'IPAddress':'192.0.2.44','Port':8080,'Type':'HTTP','ResourcePath':'healthz',"
		           HOST ",'RequestInterval':10,'FailureThreshold':5,'MeasureLatency':true,"
		           "'Inverted':false,'Disabled':false,'EnableSNI':false,'Regions':['us-east-1']") },
		  "?1:24 c-1 http host=www.a.test address=192.0.2.44 port=8080 path=/healthz "
		  "interval=10s rise=5 fall=5\n" },
		{ "HTTPS by its defaults", { CHECKS("'Port':443,'Type':'HTTPS'," HOST ",'RequestInterval'"
		  ":30,"
		                                    "'FailureThreshold':3,'EnableSNI':true") },
		  "?1:24 c-1 https host=www.a.test\n" },
		{ "HTTPS without a name", { CHECKS("'IPAddress':'2001:DB8::1','Type':'HTTPS',"
		                                   "'FullyQualifiedDomainName':'','EnableSNI':false") },
		  "?1:24 c-1 https address=2001:db8::1 sni=no\n" },
		{ "text to look for", { CHECKS("'Type':'HTTP_STR_MATCH'," HOST ",'SearchString':'up'") },
		  "?1:24 c-1 http host=www.a.test search=up\n" },
		{ "text to look for by TLS", { CHECKS("'Type':'HTTPS_STR_MATCH'," HOST ",'SearchString':"
		                                      "'\\u00e9','ResourcePath':'/a?b=c'") },
		  "?1:24 c-1 https host=www.a.test path=/a?b=c search=\xc3\xa9\n" },
		{ "TCP by address, whose name says nothing", { CHECKS("'Type':'TCP','IPAddress':'"
		  "192.0.2.1',"
		                                                      "'Port':25," HOST) },
		  "?1:24 c-1 tcp address=192.0.2.1 port=25\n" },
		{ "TCP by name", { CHECKS("'Type':'TCP','Port':25," HOST ",'Inverted':true,'Disabled'"
		  ":true") },
		  "?1:24 c-1 tcp host=www.a.test port=25 inverted=yes disabled=yes\n" },
		{ "calculated", { CHECKS("'Type':'CALCULATED','HealthThreshold':1,'ChildHealthChecks':['a',"
		                         "'b'],'Inverted':true") },
		  "?1:24 c-1 calculated children=a children=b threshold=1 inverted=yes\n" },
		{ "calculated, always healthy", { CHECKS("'Type':'CALCULATED','HealthThreshold':0,"
		                                         "'ChildHealthChecks':[]") },
		  "%1:72 HealthThreshold: 0 of 0 children, so it is always healthy and becomes a manual "
		  "check\n?1:24 c-1 manual\n" },
		{ "calculated, always unhealthy", { CHECKS("'Type':'CALCULATED','HealthThreshold':3,"
		                                           "'ChildHealthChecks':['a','b']") },
		  "%1:72 HealthThreshold: 3 of 2 children, so it is always unhealthy and becomes a "
		  "manual check\n?1:24 c-1 manual inverted=yes\n" },
		{ "calculated, always unhealthy, inverted",
		  { CHECKS("'Type':'CALCULATED','HealthThreshold':1,'Inverted':true") },
		  "%1:72 HealthThreshold: 1 of 0 children, so it is always unhealthy and becomes a "
		  "manual check\n?1:24 c-1 manual\n" },
		{ "76.6: a metric", { CHECKS("'Type':'CLOUDWATCH_METRIC','Inverted':true,'Disabled':false,"
		                       "'AlarmIdentifier':{'Region':'eu-west-1','Name':'x'},"
		                       "'InsufficientDataHealthStatus':'LastKnownStatus'") },
		  "%1:80 Type: what a CLOUDWATCH_METRIC watches is not seen here, so it becomes a manual "
		  "check; steerctl health report c-1 up|down tells its state\n?1:24 c-1 manual "
		  "inverted=yes\n" },
		{ "76.6: a routing control", { "{'HealthCheck':{'Id':'c-1','HealthCheckConfig':{'Type':"
		                         "'RECOVERY_CONTROL','RoutingControlArn':'arn:x'}}}" },
		  "%1:56 Type: what a RECOVERY_CONTROL watches is not seen here, so it becomes a manual "
		  "check; steerctl health report c-1 up|down tells its state\n?1:22 c-1 manual\n" },
	};
	check_route53(cases, COUNT(cases), STEER_OK);
}

static void wrong_health_checks_are_told(void **state)
{
	(void)state;
	static const route53_case_t cases[] = {
		{ "no identifier", { "{'HealthChecks':[{}, {'Id':'a b'},{'Id':7},{'Id':'c'},{'Id':'d',"
		                     "'HealthCheckConfig':[]}]}" },
		  "!1:18 Id: missing; allowed: the identifier of the health check\n!1:28 Id: 'a b' is "
		  "not an identifier; allowed: 1 to 128 letters, digits and - _ . : / @\n!1:41 Id: a "
		  "number; allowed: text in quotes\n!1:44 HealthCheckConfig: missing; allowed: what is "
		  "checked\n!1:85 HealthCheckConfig: a list; allowed: an object\n" },
		{ "no type", { CHECKS("") },
		  "!1:72 Type: missing; allowed: such as HTTPS\n" },
		{ "a type that there is not", { CHECKS("'Type':'ICMP'") },
		  "!1:80 Type: 'ICMP'; allowed: HTTP, HTTPS, HTTP_STR_MATCH, HTTPS_STR_MATCH, TCP, "
		  "CALCULATED, CLOUDWATCH_METRIC, RECOVERY_CONTROL\n" },
		{ "a field that is not known", { CHECKS("'Type':'TCP','Timeout':5") },
		  "!1:86 Timeout: no field that is known here; allowed: IPAddress, Port, Type, "
		  "ResourcePath, FullyQualifiedDomainName, SearchString, RequestInterval, "
		  "FailureThreshold, MeasureLatency, Inverted, Disabled, HealthThreshold, "
		  "ChildHealthChecks, EnableSNI, Regions, AlarmIdentifier, InsufficientDataHealthStatus, "
		  "RoutingControlArn\n" },
		{ "no host", { CHECKS("'Type':'HTTP'") },
		  "!1:72 HealthCheckConfig: http: needs host, or address\n" },
		{ "no port", { CHECKS("'Type':'TCP'," HOST) },
		  "!1:72 HealthCheckConfig: tcp: needs port\n" },
		{ "no text", { CHECKS("'Type':'HTTP_STR_MATCH'," HOST) },
		  "!1:72 SearchString: missing; allowed: text to look for\n" },
		{ "values", { CHECKS("'Type':'HTTP','FullyQualifiedDomainName':'a b','IPAddress':'192.0.2',"
		                     "'Port':0,'ResourcePath':'/a b','RequestInterval':1,"
		                     "'FailureThreshold':11,'Inverted':1") },
		  "!1:226 Inverted: a number; allowed: true or false\n!1:132 IPAddress: address: not "
		  "'192.0.2'; allowed: the IPv4 or IPv6 address of a host\n!1:114 "
		  "FullyQualifiedDomainName: host: not 'a b'; allowed: a name of letters, digits, - and "
		  "_, with dots, and no address, up to 253 bytes\n!1:149 Port: 0; allowed: 1 to "
		  "65535\n!1:166 ResourcePath: path: not '/a b'; allowed: a path like /healthz?full=1, "
		  "without spaces or '#'; others as %XX, up to 255 bytes\n!1:191 RequestInterval: 1; "
		  "allowed: 10 to 30\n!1:212 FailureThreshold: 11; allowed: 1 to 10\n" },
		{ "children", { CHECKS("'Type':'CALCULATED','HealthThreshold':1,'ChildHealthChecks':[1,'"
		  "a b']"
		                       ) },
		  "!1:134 ChildHealthChecks: no text; allowed: identifiers of health checks in "
		  "quotes\n!1:136 ChildHealthChecks: children: not 'a b'; allowed: a check's id: "
		  "letters, digits and - _ . : / @, up to 128 bytes\n" },
		{ "no threshold", { CHECKS("'Type':'CALCULATED','ChildHealthChecks':['a']") },
		  "!1:72 HealthThreshold: missing; allowed: how many children\n" },
	};
	check_route53(cases, COUNT(cases), STEER_EREFUSED);
}

#define BLOCK(network, location) "{'CidrBlock':'" network "','LocationName':'" location "'}"
#define BLOCKS_OF "'CidrBlocks':[" BLOCK("192.0.2.0/24", "oslo") ",\n" \
                  BLOCK("2001:db8::/32", "rome") "]}"
#define BLOCKS "{" BLOCKS_OF
#define COLLECTIONS(more) "{'CidrCollections':[{'Id':'c-1','Name':'offices'}" more "]}"
#define USE(name, id) "{'Name':'" name "','Type':'A','SetIdentifier':'x','CidrRoutingConfig':{" \
                      "'CollectionId':'" id "','LocationName':'*'}," ONE "}"

static void blocks_become_networks(void **state)
{
	(void)state;
	static const route53_case_t cases[] = {
		{ "of the only collection", { BLOCKS, COLLECTIONS("") },
		  "#1:29 192.0.2.0/24 offices/oslo\n#2:14 2001:db8::/32 offices/rome\n" },
		{ "of the collection that record sets use", { A(USE("x.a.test.", "c-2")), BLOCKS },
		  "=1:24 a.test.\n~2:1 x.a.test. A ip\n+2:1 x.a.test. A 'x' cidr=default\n  2:151 "
		  "x.a.test. 60 A 192.0.2.1\n#1:29 192.0.2.0/24 c-2/oslo\n#2:14 2001:db8::/32 c-2/rome\n" },
		{ "of the collection whose name is that of the file",
		  { BLOCKS, COLLECTIONS(",{'Id':'c-2','Name':'f'}") },
		  "#1:29 192.0.2.0/24 f/oslo\n#2:14 2001:db8::/32 f/rome\n" },
		{ "of the collection whose identifier is that of the file",
		  { BLOCKS, COLLECTIONS(",{'Id':'f','Name':'shops'}") },
		  "#1:29 192.0.2.0/24 shops/oslo\n#2:14 2001:db8::/32 shops/rome\n" },
		{ "of the collection that stands beside them",
		  { "{'CollectionId':'c-2'," BLOCKS_OF, COLLECTIONS(",{'Id':'c-2','Name':'shops'}") },
		  "#1:50 192.0.2.0/24 shops/oslo\n#2:14 2001:db8::/32 shops/rome\n" },
		{ "of a collection that nobody names", { BLOCKS },
		  "#1:29 192.0.2.0/24 f/oslo\n#2:14 2001:db8::/32 f/rome\n" },
		{ "of one of two that record sets use",
		  { A(USE("x.a.test.", "f") ",\n" USE("y.a.test.", "c-2")), BLOCKS },
		  "=1:24 a.test.\n~2:1 x.a.test. A ip\n+2:1 x.a.test. A 'x' cidr=default\n  2:149 "
		  "x.a.test. 60 A 192.0.2.1\n~3:1 y.a.test. A ip\n+3:1 y.a.test. A 'x' cidr=default\n  "
		  "3:151 y.a.test. 60 A 192.0.2.1\n#1:29 192.0.2.0/24 f/oslo\n#2:14 2001:db8::/32 "
		  "f/rome\n" },
	};
	check_route53(cases, COUNT(cases), STEER_OK);
}

static void collections_have_a_bound(void **state)
{
	(void)state;
	char *text = NULL;
	size_t len;
	int ret;
	FILE *out = open_memstream(&text, &len);
	fputs("{'CidrCollections':[", out);
	for (unsigned i = 0; i < 257; i++) {
		fprintf(out, "%s{'Id':'c%u','Name':'n%u'}", i > 0 ? ",\n" : "", i, i);
	}
	fputs("]}", out);
	fclose(out);
	const char *const files[STORY_FILES] = { text };
	char *told = tell_route53(files, NULL, &ret);
	assert_int_equal(ret, STEER_EREFUSED);
	assert_string_equal(told, "!257:1 more collections than fit; allowed: 256 in an import\n");
	free(told);
	free(text);
}

static void wrong_blocks_are_told(void **state)
{
	(void)state;
	static const route53_case_t cases[] = {
		{ "of which collection?", { BLOCKS, COLLECTIONS(",{'Id':'c-2','Name':'shops'}") },
		  "!1:15 CidrBlocks: of which collection? allowed: one collection in an import, or a "
		  "file named by the collection, such as offices.json, and what list-cidr-collections "
		  "prints\n" },
		{ "of a collection that there is not", { "{'CollectionId':'c-3'," BLOCKS_OF, COLLECTIONS("") },
		  "!1:17 CollectionId: 'c-3' is no collection; allowed: those of list-cidr-collections\n" },
		{ "of what is no name", { "{'CollectionId':'a b'," BLOCKS_OF },
		  "!1:17 CollectionId: 'a b' is no collection; allowed: those of list-cidr-collections\n" },
		{ "of a number", { "{'CollectionId':5," BLOCKS_OF },
		  "!1:17 CollectionId: a number; allowed: text in quotes\n#1:46 192.0.2.0/24 f/oslo\n"
		  "#2:14 2001:db8::/32 f/rome\n" },
		{ "no networks", { "{'CidrBlocks':[{'LocationName':'x'},{'CidrBlock':'192.0.2.0/24'},1,\n"
		                   BLOCK("192.0.2.1/24", "x") "," BLOCK("192.0.2.0/33", "x") ","
		                   BLOCK("192.0.2.0/24", "a b") "]}" },
		  "!1:16 CidrBlock: missing; allowed: such as 192.0.2.0/24\n!1:37 LocationName: missing; "
		  "allowed: the name of a location\n!1:66 a number; allowed: an object\n!2:14 CidrBlock: "
		  "'192.0.2.1/24' has bits after its length; allowed: such as 192.0.2.0/24\n!2:62 "
		  "CidrBlock: '192.0.2.0/33' is not a network; allowed: such as 192.0.2.0/24, "
		  "2001:db8::/32\n!2:140 LocationName: 'a b' is not a name; allowed: 1 to 64 letters, "
		  "digits, - and _\n" },
	};
	check_route53(cases, COUNT(cases), STEER_EREFUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(record_sets_become_records),
		cmocka_unit_test(fields_become_policies),
		cmocka_unit_test(hosted_zones_say_what_lists_do_not),
		cmocka_unit_test(lists_find_their_zones),
		cmocka_unit_test(what_is_wrong_is_told_with_its_place),
		cmocka_unit_test(health_checks_become_health_checks),
		cmocka_unit_test(wrong_health_checks_are_told),
		cmocka_unit_test(blocks_become_networks),
		cmocka_unit_test(collections_have_a_bound),
		cmocka_unit_test(wrong_blocks_are_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
