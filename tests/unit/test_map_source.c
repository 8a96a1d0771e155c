/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/regions.h"
#include "formats/map/map_source.h"
#include "formats/network_text.h"
#include "unit/map_story.h"
#include "unit/test.h"

typedef struct {
	const char *name, *text, *want;
} case_t;

static void read_cases(steer_map_type_t type, steer_map_format_t format, const case_t *cases,
                       size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const steer_map_source_t source = { .type = type };
		steer_map_summary_t summary;
		print_message("  %s\n", cases[i].name);
		char *story = map_story(&source, cases[i].text, strlen(cases[i].text), &summary);
		assert_string_equal(story, cases[i].want);
		assert_int_equal(summary.format, format);
		assert_int_equal(summary.bad, 0);
		free(story);
	}
}
#define READ_CASES(type, format, cases) \
	read_cases(STEER_MAP_##type, STEER_MAP_FORMAT_##format, cases, COUNT(cases))

#define GEO_COLUMNS "allowed: a header line with columns of " \
	"prefix,continent,country,subdivision,lat,lon,anycast\n! file: 1 error\n"

static void places_of_networks_are_read_from_csv(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "all columns",
		  "prefix,continent,country,subdivision,lat,lon,anycast\n"
		  "192.0.2.0/24,EU,NO,03,59.913,10.752,0\n"
		  "2001:db8::/32,NA,US,NY,40.71,-74,1\n",
		  "2 192.0.2.0/24 EU/NO/03 59.91,10.75\n"
		  "3 2001:db8::/32 NA/US/NY anycast 40.71,-74.00\n" },
		{ "any order, fewer columns, a country alone",
		  "country,prefix\nNO,192.0.2.0/24\n,198.51.100.0/24\n",
		  "2 192.0.2.0/24 EU/NO/\n3 198.51.100.0/24 //\n" },
		{ "the continent is that of the table, but where that has none",
		  "prefix,continent,country\n10.0.0.0/8,EU,GE\n10.1.0.0/16,OC,CX\n10.2.0.0/16,AN,\n",
		  "2 10.0.0.0/8 AS/GE/\n3 10.1.0.0/16 OC/CX/\n4 10.2.0.0/16 AN//\n" },
		{ "comments, blank lines, a byte order mark, carriage returns, no line feed at the end",
		  "\xef\xbb\xbf# made by hand\r\n\r\nPrefix, Country\r\n\t\r\n192.0.2.0/24 ,\tno\r\n"
		  "  # the end\n\n192.0.3.0/24,SE",
		  "5 192.0.2.0/24 EU/NO/\n8 192.0.3.0/24 EU/SE/\n" },
		{ "quoted fields",
		  "\"prefix\",\"country\"\n\"192.0.2.0/24\" , \"NO\"\n\"192.0.3.0/24\",\"\"\n",
		  "2 192.0.2.0/24 EU/NO/\n3 192.0.3.0/24 //\n" },
		{ "addresses are networks",
		  "prefix\n192.0.2.1\n2001:db8::1\n0.0.0.0/0\n::/0\n255.255.255.255/32\n",
		  "2 192.0.2.1/32 //\n3 2001:db8::1/128 //\n4 0.0.0.0/0 //\n5 ::/0 //\n"
		  "6 255.255.255.255/32 //\n" },
		{ "subdivisions as ISO 3166-2 writes them",
		  "prefix,country,subdivision\n10.0.0.0/8,US,US-NY\n10.1.0.0/16,gb,eng\n10.2.0.0/16,AT,9\n",
		  "2 10.0.0.0/8 NA/US/NY\n3 10.1.0.0/16 EU/GB/ENG\n4 10.2.0.0/16 EU/AT/9\n" },
		{ "ends of the earth",
		  "prefix,lat,lon\n10.0.0.0/8,-90,180\n10.1.0.0/16,90.000,-180.0\n"
		  "10.2.0.0/16,+0.005,-0.005\n",
		  "2 10.0.0.0/8 // -90.00,180.00\n3 10.1.0.0/16 // 90.00,-180.00\n"
		  "4 10.2.0.0/16 // 0.01,-0.01\n" },
		{ "a header alone", "prefix,country\n", "" },
	};
	READ_CASES(GEO, CSV, cases);
}

static void errors_of_csv_have_their_place(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "nothing", "", "!1:1 no line; " GEO_COLUMNS },
		{ "only a comment", "# prefix,country\n", "!1:1 no line; " GEO_COLUMNS },
		{ "an unknown column", "prefix,contry\n192.0.2.0/24,NO\n",
		  "!1:8 'contry' is no column; " GEO_COLUMNS },
		{ "no header", "192.0.2.0/24,NO\n", "!1:1 '192.0.2.0/24' is no column; " GEO_COLUMNS },
		{ "a column is missing", "\ncountry,lat,lon\n", "!2:1 no column prefix; " GEO_COLUMNS },
		{ "a column comes twice", "prefix,lat,lon,lat\n",
		  "!1:16 a second column lat; " GEO_COLUMNS },
		{ "a header with a quote", "prefix,\"lat\n", "!1:8 a quote without end; " GEO_COLUMNS },
		{ "networks",
		  "prefix\n192.0.2.0/33\n192.0.2/24\n2001:db8::/129\n\"\"\n192.0.2.0/\n192.0.2.0/+8\n"
		  "192.0.2.0/08\n::ffff:192.0.2.0.1\nx\n2001:db8:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0\n",
		  "!2:1 '192.0.2.0/33' is not a network; allowed: one such as 192.0.2.0/24 or "
		  "2001:db8::/32\n"
		  "!3:1 '192.0.2/24' is not a network; allowed: one such as 192.0.2.0/24 or "
		  "2001:db8::/32\n"
		  "!4:1 '2001:db8::/129' is not a network; allowed: one such as 192.0.2.0/24 or "
		  "2001:db8::/32\n"
		  "!5:1 no prefix; allowed: one\n"
		  "!6:1 '192.0.2.0/' is not a network; allowed: one such as 192.0.2.0/24 or "
		  "2001:db8::/32\n"
		  "!7:1 '192.0.2.0/+8' is not a network; allowed: one such as 192.0.2.0/24 or "
		  "2001:db8::/32\n"
		  "!8:1 '192.0.2.0/08' is not a network; allowed: one such as 192.0.2.0/24 or "
		  "2001:db8::/32\n"
		  "!9:1 '::ffff:192.0.2.0.1' is not a network; allowed: one such as 192.0.2.0/24 or "
		  "2001:db8::/32\n"
		  "!10:1 'x' is not a network; allowed: one such as 192.0.2.0/24 or 2001:db8::/32\n"
		  "!11:1 '2001:db8:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0...' is not a network; allowed: one such "
		  "as 192.0.2.0/24 or 2001:db8::/32\n! file: 10 errors\n" },
		{ "bits after the length",
		  "country,prefix\nNO, 192.0.2.1/24\nNO,2001:db8::8:0/108\nNO,128.0.0.0/0\n",
		  "!2:5 '192.0.2.1/24' has bits after its length; allowed: 192.0.2.0/24\n"
		  "!3:4 '2001:db8::8:0/108' has bits after its length; allowed: 2001:db8::/108\n"
		  "!4:4 '128.0.0.0/0' has bits after its length; allowed: 0.0.0.0/0\n! file: 3 errors\n" },
		{ "codes",
		  "prefix,continent,country,subdivision\n10.0.0.0/8,EUR,,\n10.0.0.0/8,,NOR,\n"
		  "10.0.0.0/8,,US,NYNY\n10.0.0.0/8,EU,,03\n10.0.0.0/8,,US,CA-NY\n",
		  "!2:12 'EUR' is not a continent; allowed: AF, AN, AS, EU, NA, OC or SA\n"
		  "!3:13 'NOR' is not a country; allowed: a code of ISO 3166-1, such as NO\n"
		  "!4:16 'NYNY' is not a subdivision; allowed: a code of ISO 3166-2, such as NY or US-NY\n"
		  "!5:16 a subdivision without a country; allowed: both\n"
		  "!6:16 'CA-NY' is not a subdivision; allowed: a code of ISO 3166-2, such as NY or US-NY\n"
		  "! file: 5 errors\n" },
		{ "coordinates",
		  "prefix,lat,lon\n10.0.0.0/8,90.01,0\n10.0.0.0/8,0,-180.001\n10.0.0.0/8,1,\n"
		  "10.0.0.0/8,,1\n10.0.0.0/8,1e1,1\n10.0.0.0/8,1.,1\n10.0.0.0/8,.5,1\n10.0.0.0/8,--5,1\n",
		  "!2:12 '90.01' is not a latitude; allowed: degrees, -90 to 90\n"
		  "!3:14 '-180.001' is not a longitude; allowed: degrees, -180 to 180\n"
		  "!4:1 a latitude alone; allowed: both or neither\n"
		  "!5:1 a longitude alone; allowed: both or neither\n"
		  "!6:12 '1e1' is not a latitude; allowed: degrees, -90 to 90\n"
		  "!7:12 '1.' is not a latitude; allowed: degrees, -90 to 90\n"
		  "!8:12 '.5' is not a latitude; allowed: degrees, -90 to 90\n"
		  "!9:12 '--5' is not a latitude; allowed: degrees, -90 to 90\n! file: 8 errors\n" },
		{ "fields; the rows between are read",
		  "prefix,country\n10.0.0.0/8\n10.1.0.0/16,NO,03\n10.2.0.0/16,\"NO\n"
		  "10.3.0.0/16,\"NO\"x\n10.4.0.0/16,NO\n",
		  "!2:1 1 field; allowed: 2, as in the header\n"
		  "!3:1 3 fields; allowed: 2, as in the header\n"
		  "!4:13 a quote without end; allowed: a field ends on its line\n"
		  "!5:17 text after a quoted field; allowed: a comma\n6 10.4.0.0/16 EU/NO/\n"
		  "! file: 4 errors\n" },
		{ "what could harm a terminal is masked",
		  "prefix\n\x1b[2J\n",
		  "!2:1 '?[2J' is not a network; allowed: one such as 192.0.2.0/24 or 2001:db8::/32\n"
		  "! file: 1 error\n" },
	};
	READ_CASES(GEO, CSV, cases);
}

static void other_maps_are_read_from_csv(void **state)
{
	(void)state;
	static const case_t latency[] = {
		{ "latency",
		  "prefix,region,rtt_ms\n192.0.2.0/24,eu-central-1,12.3456\n192.0.2.0/24,us-east-1,0\n"
		  "2001:db8::/32,oslo_2,60000\n",
		  "2 192.0.2.0/24 eu-central-1 12346us\n3 192.0.2.0/24 us-east-1 0us\n"
		  "4 2001:db8::/32 oslo_2 60000000us\n" },
		{ "with times", "prefix,region,rtt_ms,time\n10.0.0.0/8,a,1,1700000000\n10.0.0.0/8,b,2,\n",
		  "2 10.0.0.0/8 a 1000us @1700000000\n3 10.0.0.0/8 b 2000us\n" },
		{ "errors",
		  "rtt_ms,prefix,region\n-1,10.0.0.0/8,a\n60000.1,10.0.0.0/8,a\n1,10.0.0.0/8,\n"
		  "1,10.0.0.0/8,a b\n1ms,10.0.0.0/8,a\n,10.0.0.0/8,a\n",
		  "!2:1 '-1' is not a round-trip time; allowed: milliseconds, 0 to 60000\n"
		  "!3:1 '60000.1' is not a round-trip time; allowed: milliseconds, 0 to 60000\n"
		  "!4:14 no region; allowed: one\n"
		  "!5:14 'a b' is not a region's name; allowed: 1 to 64 letters, digits, '-' and '_'\n"
		  "!6:1 '1ms' is not a round-trip time; allowed: milliseconds, 0 to 60000\n"
		  "!7:1 no rtt_ms; allowed: one\n! file: 6 errors\n" },
	};
	static const case_t cidr[] = {
		{ "cidr", "prefix,location\n192.0.2.0/24,office\nfd00::/8,vpn\n",
		  "2 192.0.2.0/24 office\n3 fd00::/8 vpn\n" },
		{ "the default is no location", "location,prefix\n*,192.0.2.0/24\n",
		  "!2:1 '*' is not a location's name; allowed: 1 to 64 letters, digits, '-' and '_'\n"
		  "! file: 1 error\n" },
	};
	static const case_t regions[] = {
		{ "regions", "region,lat,lon\noslo,59.9,10.75\n", "2 oslo 59.90,10.75\n" },
		{ "without coordinates", "region,lat,lon\noslo,59.9,\n",
		  "!2:11 no lon; allowed: one\n! file: 1 error\n" },
	};
	static const case_t asn[] = {
		{ "asn", "prefix,asn\n10.0.0.0/8,64500\n10.1.0.0/16,AS4294967295\n10.2.0.0/16,\n"
		  "10.3.0.0/16,as0\n",
		  "2 10.0.0.0/8 AS64500\n3 10.1.0.0/16 AS4294967295\n4 10.2.0.0/16 AS0\n"
		  "5 10.3.0.0/16 AS0\n" },
		{ "no numbers", "prefix,asn\n10.0.0.0/8,4294967296\n10.0.0.0/8,AS\n10.0.0.0/8,1.1\n",
		  "!2:12 '4294967296' is not the number of an autonomous system; allowed: 0 to 4294967295, "
		  "also as AS64500; 0 or nothing is none\n"
		  "!3:12 'AS' is not the number of an autonomous system; allowed: 0 to 4294967295, "
		  "also as AS64500; 0 or nothing is none\n"
		  "!4:12 '1.1' is not the number of an autonomous system; allowed: 0 to 4294967295, "
		  "also as AS64500; 0 or nothing is none\n! file: 3 errors\n" },
	};
	READ_CASES(LATENCY, CSV, latency);
	READ_CASES(CIDR, CSV, cidr);
	READ_CASES(REGIONS, CSV, regions);
	READ_CASES(ASN, CSV, asn);
}

static void lists_need_no_header(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "words, tabs, commas, comments",
		  "# offices\n192.0.2.0/24 oslo\n\n  2001:db8::/32\tbergen # since May\n10.0.0.0/8,oslo\n",
		  "2 192.0.2.0/24 oslo\n4 2001:db8::/32 bergen\n5 10.0.0.0/8 oslo\n" },
		{ "errors",
		  "192.0.2.0/24\n192.0.2.1/24 x\n192.0.2.0/24 a.b\n192.0.2.0/24 a b\n",
		  "!1:13 no location; allowed: a network, a location\n"
		  "!2:1 '192.0.2.1/24' has bits after its length; allowed: 192.0.2.0/24\n"
		  "!3:14 'a.b' is not a location's name; allowed: 1 to 64 letters, digits, '-' and '_'\n"
		  "!4:16 text after the location; allowed: a network, a location\n! file: 4 errors\n" },
	};
	READ_CASES(CIDR, LIST, cases);
}

static void ranges_become_networks(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "IPv4 as numbers", "# Tor\n16777216,16777471,AU\n16777472,16778239,CN\n",
		  "2 1.0.0.0/24 OC/AU/\n3 1.0.1.0/24 AS/CN/\n3 1.0.2.0/23 AS/CN/\n" },
		{ "IPv6, a range between networks",
		  "2001:db8::,2001:db8:5:ffff:ffff:ffff:ffff:ffff,NO\n",
		  "1 2001:db8::/46 EU/NO/\n1 2001:db8:4::/47 EU/NO/\n" },
		{ "everything", "0,4294967295,NO\n::,ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,SE\n",
		  "1 0.0.0.0/0 EU/NO/\n2 ::/0 EU/SE/\n" },
		{ "one address, and the last ones", "7,7,NO\n4294967294,4294967295,NO\n::1,::1,NO\n",
		  "1 0.0.0.7/32 EU/NO/\n2 255.255.255.254/31 EU/NO/\n3 ::1/128 EU/NO/\n" },
		{ "unknown countries", "0,0,??\n1,1,A1\n2,2,\n3,3,ZZ\n",
		  "1 0.0.0.0/32 //\n2 0.0.0.1/32 //\n3 0.0.0.2/32 //\n4 0.0.0.3/32 /ZZ/\n" },
		{ "IPv4 as text, quotes", "\"192.0.2.0\",\"192.0.2.255\",\"NO\"\n",
		  "1 192.0.2.0/24 EU/NO/\n" },
		{ "errors",
		  "2,1,NO\n::2,::1,NO\n1,::1,NO\n1,4294967296,NO\n1,2,NOR\n1,2\n1,2,?A\n1,x,NO\n",
		  "!1:3 a range that ends before it begins; allowed: the first and the last address\n"
		  "!2:5 a range that ends before it begins; allowed: the first and the last address\n"
		  "!3:3 '::1' is not an address like the first one; allowed: two of IPv4, also as "
		  "numbers, or two of IPv6\n"
		  "!4:3 '4294967296' is not an address; allowed: two of IPv4, also as "
		  "numbers, or two of IPv6\n"
		  "!5:5 'NOR' is not a country; allowed: a code of ISO 3166-1, such as NO, or ??\n"
		  "!6:1 2 fields; allowed: 3, as in 16777216,16777471,AU\n"
		  "!7:5 '?A' is not a country; allowed: a code of ISO 3166-1, such as NO, or ??\n"
		  "!8:3 'x' is not an address; allowed: two of IPv4, also as "
		  "numbers, or two of IPv6\n! file: 8 errors\n" },
	};
	READ_CASES(GEO, RANGES, cases);
}

#define LIBLOC \
	"# Location Database Export\n\naut-num:  AS64500\nname:  Example: One\n\n" \
	"net:      192.0.2.0/24\ncountry:  NO\naut-num:  64500\n\n" \
	"net:      198.51.100.0/24\ncountry:  SE\nis-anycast: yes\ndrop:  yes\n\n\n" \
	"net:      2001:db8::/32"

static void dumps_of_libloc_are_read(void **state)
{
	(void)state;
	static const case_t geo[] = {
		{ "countries", LIBLOC,
		  "9 192.0.2.0/24 EU/NO/\n14 198.51.100.0/24 EU/SE/ anycast\n16 2001:db8::/32 //\n" },
		{ "errors",
		  "net: 192.0.2.0/24\ncountry: NOR\naut-num: x\n\n"
		  "net: 192.0.3.0/24\nno colon\ncountry: x\n\n"
		  "country: NO\nnet: 192.0.2.0/24\n\nnet: 192.0.2.1/24\n\nnet: 10.0.0.0/8\n",
		  "!2:10 'NOR' is not a country; allowed: a code of ISO 3166-1, such as NO\n"
		  "!6:1 a line without a colon; allowed: key: value\n"
		  "!9:1 a block that begins otherwise; allowed: net, aut-num\n"
		  "!12:6 '192.0.2.1/24' has bits after its length; allowed: 192.0.2.0/24\n"
		  "14 10.0.0.0/8 //\n! file: 4 errors\n" },
	};
	static const case_t asn[] = {
		{ "autonomous systems", LIBLOC,
		  "9 192.0.2.0/24 AS64500\n14 198.51.100.0/24 AS0\n16 2001:db8::/32 AS0\n" },
	};
	READ_CASES(GEO, LIBLOC, geo);
	READ_CASES(ASN, LIBLOC, asn);
}

static void bad_lines_are_skipped_and_counted(void **state)
{
	(void)state;
	static const struct {
		steer_map_type_t type;
		const char *text, *want, *first;
		unsigned bad;
	} cases[] = {
		{ STEER_MAP_GEO, "prefix\nx\n10.0.0.0/8\n10.0.0.1/8\n", "3 10.0.0.0/8 //\n",
		  "file:2:1: 'x' is not a network; allowed: one such as 192.0.2.0/24 or 2001:db8::/32", 2 },
		{ STEER_MAP_GEO, "net: x\nno colon\n\nnet: 10.0.0.0/8\n", "4 10.0.0.0/8 //\n",
		  "file:1:6: 'x' is not a network; allowed: one such as 192.0.2.0/24 or 2001:db8::/32", 1 },
		{ STEER_MAP_GEO, "prefix,contry\n10.0.0.0/8,NO\n",
		  "!1:8 'contry' is no column; " GEO_COLUMNS, "", 0 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		const steer_map_source_t source = { .type = cases[i].type, .skip_bad = true };
		steer_map_summary_t summary;
		char *story = map_story(&source, cases[i].text, strlen(cases[i].text), &summary);
		assert_string_equal(story, cases[i].want);
		assert_string_equal(summary.first_bad.text, cases[i].first);
		assert_int_equal(summary.bad, cases[i].bad);
		free(story);
	}
}

/* Bounds. */

/*! The story of a header and a line of a character, repeated, in the middle of text. */
static char *story_of_long_line(size_t len)
{
	const steer_map_source_t source = { .type = STEER_MAP_CIDR };
	steer_map_summary_t summary;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fputs("prefix,location\n10.0.0.0/8,\"", out);
	for (size_t i = strlen("10.0.0.0/8,\"\""); i < len; i++) {
		fputc('a', out);
	}
	fputs("\"\n10.1.0.0/16,b\n", out);
	fclose(out);
	char *story = map_story(&source, text, size, &summary);
	free(text);
	return story;
}

static void a_long_line_of_a_block_makes_it_bad(void **state)
{
	(void)state;
	char text[5000] = "net: 10.0.0.0/8\nname: ";
	memset(text + strlen(text), 'a', 4097 - strlen("name: "));
	strcat(text, "\ncountry: NO\n\nnet: 10.1.0.0/16\n");
	const steer_map_source_t source = { .type = STEER_MAP_GEO };
	steer_map_summary_t summary;
	char *story = map_story(&source, text, strlen(text), &summary);
	assert_string_equal(story, "!2:1 a line of 4097 bytes; allowed: up to 4096\n"
	                           "5 10.1.0.0/16 //\n! file: 1 error\n");
	free(story);
}

static void lines_and_fields_are_bounded(void **state)
{
	(void)state;
	char *story = story_of_long_line(4096);
	assert_non_null(strstr(story, "!2:12 'aaaaaaaa"));
	free(story);
	story = story_of_long_line(4097);
	assert_string_equal(story, "!2:1 a line of 4097 bytes; allowed: up to 4096\n"
	                           "3 10.1.0.0/16 b\n! file: 1 error\n");
	free(story);
	char text[256] = "prefix,country\n";
	memset(text + strlen(text), ',', 64);
	const steer_map_source_t source = { .type = STEER_MAP_GEO };
	steer_map_summary_t summary;
	story = map_story(&source, text, strlen(text), &summary);
	assert_string_equal(story, "!2:65 more than 64 fields; allowed: those of the header\n"
	                           "! file: 1 error\n");
	free(story);
}

static void reading_stops_after_many_errors(void **state)
{
	(void)state;
	char text[1024] = "prefix,asn\n";
	const steer_map_source_t source = { .type = STEER_MAP_ASN };
	steer_map_summary_t summary;
	for (unsigned i = 0; i < STEER_ERRORS_MAX + 10; i++) {
		strcat(text, "x,1\n");
	}
	char *story = map_story(&source, text, strlen(text), &summary), *end = strstr(story, "! file");
	assert_string_equal(end, "! file: 100 errors, more not shown\n");
	free(story);
}

static int stop(void *ctx, const steer_map_row_t *row, steer_fault_t *fault)
{
	(void)row;
	unsigned *rows = ctx;
	return ++*rows == 2 ? steer_fault(fault, STEER_ESPACE, "enough") : STEER_OK;
}

static void an_error_of_the_sink_stops_the_reader(void **state)
{
	(void)state;
	static const struct {
		steer_map_type_t type;
		const char *text;
	} cases[] = {
		{ STEER_MAP_GEO, "prefix\n10.0.0.0/8\n10.1.0.0/16\n10.2.0.0/16\n" },
		{ STEER_MAP_GEO, "1,6,NO\n" },
		{ STEER_MAP_CIDR, "10.0.0.0/8 a\n10.1.0.0/16 b\nx\n" },
		{ STEER_MAP_ASN, "net: 10.0.0.0/8\n\nnet: 10.1.0.0/16\n\nnet: x\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		const steer_map_source_t source = { .type = cases[i].type };
		unsigned rows = 0;
		const steer_map_sink_t sink = { stop, NULL, &rows };
		steer_map_summary_t summary;
		steer_fault_t fault;
		steer_input_t *input = NULL;
		assert_int_equal(steer_input_text(&input, "file", cases[i].text, strlen(cases[i].text)),
		                 STEER_OK);
		assert_int_equal(steer_map_read_input(&source, input, &sink, &summary, &fault),
		                 STEER_ESPACE);
		assert_string_equal(fault.text, "enough");
		assert_int_equal(rows, 2);
		steer_input_free(input);
	}
}

static void without_a_callback_the_first_error_is_the_fault(void **state)
{
	(void)state;
	static const char *const texts[] = { "prefix\nx\ny\n", "nothing\nx\n" };
	static const char *const wants[] = { "file:2:1: 'x' is not a network; ",
	                                     "file:1:1: 'nothing' is no column; " };
	for (size_t i = 0; i < COUNT(texts); i++) {
		const steer_map_source_t source = { .type = STEER_MAP_GEO };
		const steer_map_sink_t sink = { stop, NULL, NULL };
		steer_map_summary_t summary;
		steer_fault_t fault;
		steer_input_t *input = NULL;
		assert_int_equal(steer_input_text(&input, "file", texts[i], strlen(texts[i])), STEER_OK);
		assert_int_equal(steer_map_read_input(&source, input, &sink, &summary, &fault),
		                 STEER_EREFUSED);
		assert_memory_equal(fault.text, wants[i], strlen(wants[i]));
		steer_input_free(input);
	}
}

/* Files. */

static void the_shipped_regions_are_a_source(void **state)
{
	(void)state;
	const steer_map_source_t source = {
		.type = STEER_MAP_REGIONS, .path = GOLDEN_DIR "/../../schema/regions.csv",
	};
	steer_map_summary_t summary;
	char *story = map_story_of_path(&source, &summary), *rest = story;
	for (size_t i = 0; steer_region_at(i) != NULL; i++) {
		const steer_region_t *region = steer_region_at(i);
		char want[128];
		const char *line = strsep(&rest, "\n");
		snprintf(want, sizeof(want), " %s %.2f,%.2f", region->name, region->place.lat / 100.0,
		         region->place.lon / 100.0);
		assert_string_equal(line + strcspn(line, " "), want);
	}
	assert_string_equal(rest, "");
	free(story);
}

static void a_file_that_cannot_be_read_is_told(void **state)
{
	(void)state;
	const steer_map_source_t source = { .type = STEER_MAP_GEO, .path = "/no/such/file" };
	steer_map_summary_t summary;
	char *story = map_story_of_path(&source, &summary);
	assert_string_equal(story, "! /no/such/file: No such file or directory\n");
	free(story);
}

typedef struct {
	uint64_t located;
	unsigned __int128 addresses;
} sum_t;

static int sum(void *ctx, const steer_map_row_t *row, steer_fault_t *fault)
{
	(void)fault;
	sum_t *sums = ctx;
	unsigned bits = row->network.family == 4 ? 32 : 128;
	sums->located += row->geo != STEER_GEO_UNKNOWN;
	sums->addresses += (unsigned __int128)1 << (bits - row->network.length);
	return STEER_OK;
}

/*! Sums up a file of tor-geoipdb line by line, in another way than the reader. */
static void sum_tor(const char *path, sum_t *want)
{
	char line[256];
	FILE *in = fopen(path, "r");
	assert_non_null(in);
	while (fgets(line, sizeof(line), in) != NULL) {
		char *comma = strchr(line, ',');
		steer_network_t low, high;
		if (line[0] == '#' || comma == NULL) {
			continue;
		}
		char *comma2 = strchr(comma + 1, ',');
		if (memchr(line, ':', comma - line) == NULL) {
			want->addresses += strtoull(comma + 1, NULL, 10) - strtoull(line, NULL, 10) + 1;
			continue;
		}
		assert_int_equal(steer_network_parse(line, comma - line, &low), STEER_OK);
		assert_int_equal(steer_network_parse(comma + 1, comma2 - comma - 1, &high), STEER_OK);
		unsigned __int128 ends[2] = { 0 };
		for (unsigned i = 0; i < 16; i++) {
			ends[0] = ends[0] << 8 | low.address[i];
			ends[1] = ends[1] << 8 | high.address[i];
		}
		want->addresses += ends[1] - ends[0] + 1;
	}
	fclose(in);
}

static void the_files_of_tor_geoipdb_are_read_whole(void **state)
{
	(void)state;
	static const char *const paths[] = { "/usr/share/tor/geoip", "/usr/share/tor/geoip6" };
	for (size_t i = 0; i < COUNT(paths); i++) {
		const steer_map_source_t source = { .type = STEER_MAP_GEO, .path = paths[i] };
		sum_t got = { 0 }, want = { 0 };
		const steer_map_sink_t sink = { sum, NULL, &got };
		steer_map_summary_t summary;
		steer_fault_t fault = { .text = "" };
		if (access(paths[i], R_OK) != 0) {
			skip();
		}
		if (steer_map_read(&source, &sink, &summary, &fault) != STEER_OK) {
			fail_msg("%s", fault.text);
		}
		sum_tor(paths[i], &want);
		assert_int_equal(summary.format, STEER_MAP_FORMAT_RANGES);
		assert_true(got.addresses == want.addresses);
		assert_in_range(got.located, summary.rows / 2, summary.rows);
	}
}

static void autonomous_systems_of_maxmind_need_no_locations(void **state)
{
	(void)state;
	static const case_t cases[] = {
		{ "ASN blocks",
		  "network,autonomous_system_number,autonomous_system_organization\n"
		  "10.0.0.0/8,64500,\"Example, Inc.\"\n11.0.0.0/8,,\n",
		  "2 10.0.0.0/8 AS64500\n3 11.0.0.0/8 AS0\n" },
		{ "blocks of countries", "network,geoname_id\n",
		  "!1:1 no column autonomous_system_number; allowed: a header line with columns of "
		  "network,autonomous_system_number\n! file: 1 error\n" },
	};
	READ_CASES(ASN, MAXMIND_CSV, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_of_networks_are_read_from_csv),
		cmocka_unit_test(errors_of_csv_have_their_place),
		cmocka_unit_test(other_maps_are_read_from_csv),
		cmocka_unit_test(lists_need_no_header),
		cmocka_unit_test(ranges_become_networks),
		cmocka_unit_test(dumps_of_libloc_are_read),
		cmocka_unit_test(bad_lines_are_skipped_and_counted),
		cmocka_unit_test(a_long_line_of_a_block_makes_it_bad),
		cmocka_unit_test(lines_and_fields_are_bounded),
		cmocka_unit_test(reading_stops_after_many_errors),
		cmocka_unit_test(an_error_of_the_sink_stops_the_reader),
		cmocka_unit_test(without_a_callback_the_first_error_is_the_fault),
		cmocka_unit_test(the_shipped_regions_are_a_source),
		cmocka_unit_test(a_file_that_cannot_be_read_is_told),
		cmocka_unit_test(the_files_of_tor_geoipdb_are_read_whole),
		cmocka_unit_test(autonomous_systems_of_maxmind_need_no_locations),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
