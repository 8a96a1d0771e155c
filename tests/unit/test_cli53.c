/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief What zone files of cli53 become: the same as the answers of Route 53.
 */
#include <stdlib.h>
#include <string.h>

#include "formats/route53/cli53.h"
#include "unit/story.h"
#include "unit/test.h"

static int take_cli53(void *ctx, const steer_cli53_line_t *line, steer_report_t *report)
{
	return steer_cli53_take(ctx, line, report);
}

static int end_zone(void *ctx, steer_report_t *report)
{
	return steer_cli53_pass(ctx, (const uint8_t *)"\1a\4test", report);
}

/*! Reads a zone file of a.test. \return What it says. */
static char *tell(const char *text, size_t len, int *ret)
{
	story_t story = { 0 };
	story_begin(&story);
	steer_cli53_t *cli53 = steer_cli53_new(&story.reading);
	const steer_dialects_t dialects = { .cli53 = take_cli53, .end = end_zone, .ctx = cli53 };
	*ret = story_zonefile(&story, &dialects, text, len);
	steer_cli53_free(cli53);
	return story_end(&story);
}

#define A(n)   "w 60 IN A 192.0.2." n " ; AWS routing="
#define W(n)   A(n) "\"WEIGHTED\" weight=" n " identifier=\"" n "\"\n"
#define AWS    "\t86400\tAWS\tALIAS\t"
#define TTL    "$TTL 60\n"

static void comments_become_policies(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "no comment of cli53", TTL "a A 192.0.2.1 ; AWS\nb A 192.0.2.2 ; AWS region=\"x\"\n"
		  "c A 192.0.2.3 ; x AWS routing=\"x\"\nd TXT \"; AWS routing=\"\n;e A 192.0.2.5 ; AWS "
		  "routing=\"x\"\nf A 192.0.2.6 ;AWSrouting=\n",
		  "2:1 a.a.test. 60 A 192.0.2.1\n3:1 b.a.test. 60 A 192.0.2.2\n4:1 c.a.test. 60 A "
		  "192.0.2.3\n5:1 d.a.test. 60 TXT \"; AWS routing=\"\n7:1 f.a.test. 60 A 192.0.2.6\n" },
		{ "weighted", W("2") W("1"), "~2:1 w.a.test. A weighted\n"
		  "+2:1 w.a.test. A '1' weight=1\n"
		  "  2:1 w.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '2' weight=2\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "records of a set that are apart", A("1") "\"WEIGHTED\" weight=0 identifier=\"b\"\n"
		  A("2") "\"WEIGHTED\" weight=3 identifier=\"a\"\n"
		  A("3") "\"WEIGHTED\" weight=0 identifier=\"b\"\nx 60 A 192.0.2.9\n",
		  "4:1 x.a.test. 60 A 192.0.2.9\n"
		  "~2:1 w.a.test. A weighted\n"
		  "+2:1 w.a.test. A 'a' weight=3\n"
		  "  2:1 w.a.test. 60 A 192.0.2.2\n"
		  "+1:1 w.a.test. A 'b' weight=0\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "  3:1 w.a.test. 60 A 192.0.2.3\n" },
		{ "failover", A("1") "\"FAILOVER\" failover=\"PRIMARY\" healthCheckId=\"6bb-1\" "
		  "identifier=\"f-Primary\"\n" A("2") "\"FAILOVER\" failover=\"SECONDARY\" "
		  "identifier=\"f-Secondary\"\n", "~1:1 w.a.test. A failover\n"
		  "+1:1 w.a.test. A 'f-Primary' tier=0 health=6bb-1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+2:1 w.a.test. A 'f-Secondary' tier=1\n"
		  "  2:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "latency", A("1") "\"LATENCY\" region=\"eu-west-1\" identifier=\"i\"\n",
		  "~1:1 w.a.test. A latency\n"
		  "+1:1 w.a.test. A 'i' region=eu-west-1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n" },
		{ "geolocation, also with the subdivision as cli53 reads it",
		  A("1") "\"GEOLOCATION\" continentCode=\"AF\" identifier=\"Africa\"\n"
		  A("2") "\"GEOLOCATION\" countryCode=\"US\" subdivisionCode=\"NY\" identifier=\"ny\"\n"
		  A("3") "\"GEOLOCATION\" countryCode=\"US\" subdivisonCode=\"CA\" identifier=\"ca\"\n"
		  A("4") "\"GEOLOCATION\" countryCode=\"*\" identifier=\"rest\"\n",
		  "~1:1 w.a.test. A geolocation\n"
		  "+1:1 w.a.test. A 'Africa' geo=continent:AF\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "+3:1 w.a.test. A 'ca' geo=country:US/CA\n"
		  "  3:1 w.a.test. 60 A 192.0.2.3\n"
		  "+2:1 w.a.test. A 'ny' geo=country:US/NY\n"
		  "  2:1 w.a.test. 60 A 192.0.2.2\n"
		  "+4:1 w.a.test. A 'rest' geo=default\n"
		  "  4:1 w.a.test. 60 A 192.0.2.4\n" },
		{ "multivalue", A("1") "\"MULTIVALUE\" identifier=\"1\"\n", "~1:1 w.a.test. A multivalue\n"
		  "+1:1 w.a.test. A '1'\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n" },
		{ "keys in any order, blanks, escapes, over lines",
		  "w 60 TXT ( \"a;\\255\" ; one\n \"b\" ) ;\tAWS  identifier=\"a\\\"b\\\\\"   weight=7 "
		  "routing=\"WEIGHTED\" \t\r\n", "~1:1 w.a.test. TXT weighted\n"
		  "+1:1 w.a.test. TXT 'a\"b\\' weight=7\n"
		  "  1:1 w.a.test. 60 TXT \"a;\\255\" \"b\"\n" },
		{ "octal and decimal", "\\052\\200 60 TXT \"\\200\\010\\\\\" ; AWS routing=\"MULTIVALUE\" "
		  "identifier=\"1\"\n", "~1:1 4\\200.a.test. TXT multivalue\n"
		  "+1:1 4\\200.a.test. TXT '1'\n"
		  "  1:1 4\\200.a.test. 60 TXT \"\\200\\010\\\\\"\n" },
		{ "a zone is ended by the next SOA",
		  TTL W("1") "@ SOA ns hm 1 2 3 4 5\n" W("1"), "~2:1 w.a.test. A weighted\n"
		  "+2:1 w.a.test. A '1' weight=1\n"
		  "  2:1 w.a.test. 60 A 192.0.2.1\n"
		  "3:1 a.test. 60 SOA ns.a.test. hm.a.test. 1 2 3 4 5\n"
		  "~4:1 w.a.test. A weighted\n"
		  "+4:1 w.a.test. A '1' weight=1\n"
		  "  4:1 w.a.test. 60 A 192.0.2.1\n" },
	};
	check_told(tell, cases, COUNT(cases), STEER_OK);
}

static void lines_of_the_class_aws_become_aliases(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "of one's own zone", "www" AWS "A web $self false\n\tAWS ALIAS AAAA @ \"$self\" true\n",
		  "+1:1 www.a.test. A '' alias=web.a.test.\n"
		  "+2:2 www.a.test. AAAA '' alias=a.test. evaluate\n" },
		{ "relative to $ORIGIN, which is in upper case",
		  "$ORIGIN B.A.test.\n@" AWS "A Web $self false",
		  "+2:1 b.a.test. A '' alias=web.b.a.test.\n" },
		{ "of another zone, whose names are absolute",
		  "@" AWS "A lb-1.eu-west-1.elb.amazonaws.com Z3NF1Z3NOM5OY2 true ; c\n",
		  "+1:1 a.test. A '' alias=lb-1.eu-west-1.elb.amazonaws.com. evaluate\n"
		  "%1:1 AliasTarget: names that no zone here has, such as those of AWS services: 1; "
		  "steerd resolves them (steerctl target list), and EvaluateTargetHealth sees only "
		  "whether they have records\n" },
		{ "with a policy", A("2") "\"GEOLOCATION\" continentCode=\"AF\" identifier=\"Africa\"\n"
		  "w" AWS "A a $self false ; AWS routing=\"GEOLOCATION\" countryCode=\"GB\" "
		  "identifier=\"UK\"\n", "~1:1 w.a.test. A geolocation\n"
		  "+1:1 w.a.test. A 'Africa' geo=continent:AF\n"
		  "  1:1 w.a.test. 60 A 192.0.2.2\n"
		  "+2:1 w.a.test. A 'UK' geo=country:GB alias=a.a.test.\n" },
		{ "over lines, in parentheses", "w ( 60 ; one\n aws ; two\n alias ; three\n A web ; four\n"
		  " $self ) true\nx 60 A 192.0.2.1\n", "6:1 x.a.test. 60 A 192.0.2.1\n"
		  "+1:1 w.a.test. A '' alias=web.a.test. evaluate\n" },
	};
	check_told(tell, cases, COUNT(cases), STEER_OK);
}

static void what_is_wrong_is_told_with_its_place(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "no key", A("1") "\"WEIGHTED\" 5\n",
		  "!1:46 no key of cli53; allowed: key=\"text\" or key=number, with a blank between "
		  "them\n" },
		{ "an unknown key", A("1") "\"WEIGHTED\" wait=5\n",
		  "!1:46 wait: no key of cli53; allowed: routing, identifier, healthCheckId, weight, "
		  "region, failover, continentCode, countryCode, subdivisionCode\n" },
		{ "a key twice", A("1") "\"WEIGHTED\" weight=5 weight=6\n",
		  "!1:55 weight: given twice; allowed: once\n" },
		{ "no value", A("1") "\n",
		  "!1:27 routing: no text in quotes; allowed: routing=\"text\"\n" },
		{ "no quotes", A("1") "WEIGHTED weight=1\n",
		  "!1:27 routing: no text in quotes; allowed: routing=\"text\"\n" },
		{ "quotes that are not closed", A("1") "\"WEIGHTED\\\" weight=1\n",
		  "!1:27 routing: no text in quotes; allowed: routing=\"text\"\n" },
		{ "a weight in quotes", A("1") "\"WEIGHTED\" weight=\"5\" identifier=\"a\"\n",
		  "!1:46 weight: no number; allowed: weight=0 to 255, without quotes\n" },
		{ "no blank", A("1") "\"WEIGHTED\"weight=5\n",
		  "!1:45 no blank after a value; allowed: a blank between two keys\n" },
		{ "no routing", "a 60 A 192.0.2.1 ; AWS weight=1 identifier=\"routing=\"\n",
		  "!1:24 routing: missing; allowed: FAILOVER, GEOLOCATION, LATENCY, MULTIVALUE, "
		  "WEIGHTED\n" },
		{ "an unknown routing", A("1") "\"weighted\" weight=1 identifier=\"a\"\n",
		  "!1:27 routing: not weighted; allowed: FAILOVER, GEOLOCATION, LATENCY, MULTIVALUE, "
		  "WEIGHTED\n" },
		{ "a key of another routing", A("1") "\"WEIGHTED\" weight=1 region=\"x\" "
		  "identifier=\"a\"\n",
		  "!1:55 region: no key of WEIGHTED; allowed: with the routing that it belongs to\n" },
		{ "no weight", A("1") "\"WEIGHTED\" identifier=\"a\"\n",
		  "!1:27 weight: missing; allowed: one for each record of WEIGHTED\n" },
		{ "a key too many and one too few", A("1") "\"FAILOVER\" weight=1 identifier=\"a\"\n",
		  "!1:46 weight: no key of FAILOVER; allowed: with the routing that it belongs to\n" },
		{ "a large weight", A("1") "\"WEIGHTED\" weight=256 identifier=\"a\"\n",
		  "!1:46 Weight: 256; allowed: 0 to 255\n" },
		{ "no identifier", A("1") "\"WEIGHTED\" weight=1\n",
		  "!1:1 SetIdentifier: missing; allowed: one for each record set with Weight\n" },
		{ "no place", A("1") "\"GEOLOCATION\" identifier=\"a\"\n",
		  "!1:1 GeoLocation: no place; allowed: ContinentCode, or CountryCode, which is * for "
		  "all others, or CountryCode and SubdivisionCode\n" },
		{ "two policies", W("1") A("2") "\"MULTIVALUE\" identifier=\"2\"\n",
		  "~1:1 w.a.test. A weighted\n"
		  "+1:1 w.a.test. A '1' weight=1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "!2:1 MultiValueAnswer: w.a.test. A has Weight in f:1:1; allowed: one policy for all "
		  "record sets of a name and type\n" },
		{ "records of a set that differ", A("1") "\"WEIGHTED\" weight=1 identifier=\"a\"\n"
		  A("2") "\"WEIGHTED\" weight=2 identifier=\"a\"\n",
		  "!2:1 weight: not as in line 1, which has the same identifier 'a'; allowed: the same, "
		  "or another identifier\n"
		  "~1:1 w.a.test. A weighted\n"
		  "+1:1 w.a.test. A 'a' weight=1\n"
		  "  1:1 w.a.test. 60 A 192.0.2.1\n"
		  "  2:1 w.a.test. 60 A 192.0.2.2\n" },
		{ "two aliases", "w AWS ALIAS A x $self true\nw AWS ALIAS A y $self true\n",
		  "!2:1 a second line of an alias: not as in line 1, which has the same identifier ''; "
		  "allowed: the same, or another identifier\n"
		  "+1:1 w.a.test. A '' alias=x.a.test. evaluate\n" },
		{ "too little of an alias", "w AWS ALIAS A x $self\n",
		  "!1:1 ALIAS without its data; allowed: type target zoneid evaluateTargetHealth\n" },
		{ "too much of an alias", "w AWS ALIAS A x $self true 1\n",
		  "!1:1 ALIAS without its data; allowed: type target zoneid evaluateTargetHealth\n" },
		{ "a target that is no name", "w AWS ALIAS A x..y $self true\n",
		  "!1:1 the target of ALIAS is not a domain name; allowed: names like www.example.com.\n" },
		{ "neither true nor false", "w AWS ALIAS A x $self yes\n",
		  "!1:1 evaluateTargetHealth is neither; allowed: true, false\n" },
		{ "a type that is none", "w AWS ALIAS B x $self true\n",
		  "!1:1 Type: 'B' is not a type of records; allowed: such as A\n" },
		{ "quotes that are not closed", "w AWS ALIAS A \"x $self true\n",
		  "!1:24 invalid text character, near 'true'; allowed: printable ASCII, quotes in pairs; "
		  "other bytes as \\DDD\n" },
		{ "another type of the class", "w 60 AWS A 10 192.0.2.1 a\n",
		  "!1:6 unsupported record type, near 'AWS'; allowed: NAME TTL AWS ALIAS type target "
		  "zoneid evaluateTargetHealth\n" },
	};
	check_told(tell, cases, COUNT(cases), STEER_EREFUSED);
}

/*! A text with many times a byte in it. */
static char *long_text(const char *before, size_t count, const char *after)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fputs(before, out);
	for (size_t i = 0; i < count; i++) {
		fputc('x', out);
	}
	fputs(after, out);
	fclose(out);
	return text;
}

static void what_is_large_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *before, *after, *want;
	} cases[] = {
		{ A("1") "\"WEIGHTED\" weight=1 identifier=\"", "\"\n",
		  "!1:55 SetIdentifier: 10485760 bytes; allowed: 1 to 128, without control characters\n" },
		{ A("1") "\"WEIGHTED\" weight=1 ", "=1\n",
		  "!1:55 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...: no key of cli53; allowed: routing, "
		  "identifier, healthCheckId, weight, region, failover, continentCode, countryCode, "
		  "subdivisionCode\n" },
		{ A("1") "\"", "\"\n",
		  "!1:27 routing: not xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...; allowed: FAILOVER, "
		  "GEOLOCATION, LATENCY, MULTIVALUE, WEIGHTED\n" },
		{ "w AWS ALIAS A ", " $self true\n",
		  "!1:1 ALIAS without its data; allowed: type target zoneid evaluateTargetHealth\n" },
		{ "w AWS ALIAS ", " x $self true\n",
		  "!1:1 ALIAS without its data; allowed: type target zoneid evaluateTargetHealth\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		int ret;
		char *text = long_text(cases[i].before, 10 << 20, cases[i].after);
		char *told = tell(text, strlen(text), &ret);
		assert_string_equal(told, cases[i].want);
		assert_int_equal(ret, STEER_EREFUSED);
		free(told);
		free(text);
	}
}

/*! Fills a TXT record with so many strings of the byte \\200, each of 255 of them. */
static char *large_record(size_t strings)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fputs("w 60 TXT", out);
	for (size_t i = 0; i < strings * 255; i++) {
		fputs(i % 255 == 0 ? " \\200" : "\\200", out);
	}
	fputs(" ; AWS routing=\"MULTIVALUE\" identifier=\"1\"\n", out);
	fclose(out);
	return text;
}

static void a_large_record_is_kept_as_far_as_route_53_could_say_it(void **state)
{
	(void)state;
	static const struct {
		size_t strings;
		int want;
	} cases[] = { { 127, STEER_OK }, { 129, STEER_EREFUSED }, { 255, STEER_EREFUSED } };
	for (size_t i = 0; i < COUNT(cases); i++) {
		int ret;
		char *text = large_record(cases[i].strings);
		free(tell(text, strlen(text), &ret));
		assert_int_equal(ret, cases[i].want);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comments_become_policies),
		cmocka_unit_test(lines_of_the_class_aws_become_aliases),
		cmocka_unit_test(what_is_wrong_is_told_with_its_place),
		cmocka_unit_test(what_is_large_is_refused),
		cmocka_unit_test(a_large_record_is_kept_as_far_as_route_53_could_say_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
