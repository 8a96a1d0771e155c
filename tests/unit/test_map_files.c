/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sources of maps that are several files: MaxMind's CSV, results of RIPE Atlas and targets. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/map_story.h"
#include "unit/test.h"

/* MaxMind's CSV files. */

static char folder[] = "/tmp/steer-map-XXXXXX";

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	char command[64];
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

static const char *path_in(const char *name)
{
	static char paths[4][128];
	static unsigned next;
	char *path = paths[next++ % COUNT(paths)];
	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

static void write_file(const char *name, const char *text)
{
	FILE *out = fopen(path_in(name), "w");
	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

/*! The story of a source, without the folder of its files. */
static char *story_in_folder(const steer_map_source_t *source, steer_map_summary_t *summary)
{
	char *story = map_story_of_path(source, summary), *at;
	size_t len = strlen(folder) + 1;
	while ((at = strstr(story, folder)) != NULL) {
		size_t cut = at[len - 1] == '/' ? len : len - 1;
		memmove(at, at + cut, strlen(at + cut) + 1);
	}
	return story;
}

#define LOCATIONS \
	"geoname_id,locale_code,continent_code,continent_name,country_iso_code,country_name," \
	"subdivision_1_iso_code,subdivision_1_name,city_name\n" \
	"5128581,en,NA,\"North America\",US,\"United States\",NY,\"New York\"," \
	"\"New York, \"\"NY\"\"\"\n" \
	"3144096,en,EU,Europe,NO,Norway,,,\n6255148,en,EU,Europe,,,,,\n"
#define BLOCKS_4 \
	"network,geoname_id,registered_country_geoname_id,represented_country_geoname_id," \
	"is_anonymous_proxy,is_satellite_provider,postal_code,latitude,longitude,accuracy_radius," \
	"is_anycast\n" \
	"192.0.2.0/24,3144096,3144096,,0,0,,59.9452,10.7559,20,\n" \
	"198.51.100.0/24,5128581,,,0,0,10001,40.7128,-74.0060,5,0\n203.0.113.0/24,,,,0,0,,,,,1\n"
#define BLOCKS_6 "network,geoname_id\n2001:db8::/32,6255148\n"

static void the_folder_of_maxmind_is_read(void **state)
{
	(void)state;
	static const char want[] =
		"2 192.0.2.0/24 EU/NO/ 59.95,10.76\n3 198.51.100.0/24 NA/US/NY 40.71,-74.01\n"
		"4 203.0.113.0/24 // anycast\n";
	char whole[512];
	snprintf(whole, sizeof(whole), "%s2 2001:db8::/32 EU//\n", want);
	write_file("GeoLite2-City-Blocks-IPv4.csv", BLOCKS_4);
	write_file("GeoLite2-City-Blocks-IPv6.csv", BLOCKS_6);
	write_file("GeoLite2-City-Locations-de.csv", "not read");
	write_file("GeoLite2-City-Locations-en.csv", LOCATIONS);
	write_file("GeoLite2-City-Locations-fr.csv", "not read");
	write_file("README.txt", "");
	write_file("elsewhere.csv", LOCATIONS);
	char *blocks = strdup(path_in("GeoLite2-City-Blocks-IPv4.csv"));
	char *elsewhere = strdup(path_in("elsewhere.csv"));
	const struct {
		steer_map_source_t source;
		const char *want;
	} cases[] = {
		{ { .path = folder }, whole },
		{ { .path = blocks }, want },
		{ { .path = blocks, .locations = elsewhere }, want },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		steer_map_summary_t summary;
		char *story = story_in_folder(&cases[i].source, &summary);
		assert_string_equal(story, cases[i].want);
		assert_int_equal(summary.format, STEER_MAP_FORMAT_MAXMIND_CSV);
		assert_int_equal(summary.rows, i == 0 ? 4 : 3);
		free(story);
	}
	free(blocks);
	free(elsewhere);
}

static void the_first_locations_do_without_english_ones(void **state)
{
	(void)state;
	write_file("A-Blocks-IPv6.csv", BLOCKS_6);
	write_file("A-Locations-zh.csv", "not read");
	write_file("A-Locations-de.csv", LOCATIONS);
	write_file("AB-Locations-en.csv", "not read");
	write_file("A-Locations-en.txt", "not read");
	const steer_map_source_t source = { .path = folder };
	steer_map_summary_t summary;
	char *story = story_in_folder(&source, &summary);
	assert_string_equal(story, "2 2001:db8::/32 EU//\n");
	free(story);
}

static void folders_without_a_database_are_refused(void **state)
{
	(void)state;
	steer_map_source_t source = { .path = folder };
	steer_map_summary_t summary;
	char *story = story_in_folder(&source, &summary);
	assert_string_equal(story, "! : no file NAME-Blocks-IPv4.csv or NAME-Blocks-IPv6.csv; allowed: "
	                           "a folder of MaxMind's CSV files\n");
	free(story);
	write_file("A-Blocks-IPv4.csv", BLOCKS_6);
	story = story_in_folder(&source, &summary);
	assert_string_equal(story, "! A-Blocks-IPv4.csv: no locations beside it; allowed: "
	                           "NAME-Blocks-IPv4.csv with NAME-Locations-en.csv, or to name "
	                           "them\n");
	free(story);
	write_file("B-Blocks-IPv6.csv", BLOCKS_6);
	story = story_in_folder(&source, &summary);
	assert_string_equal(story, "! : B-Blocks-IPv6.csv is of another database than "
	                           "A-Blocks-IPv4.csv; allowed: a folder of one, or a file\n");
	free(story);
	write_file("blocks.csv", BLOCKS_6);
	source.path = path_in("blocks.csv");
	story = story_in_folder(&source, &summary);
	assert_string_equal(story, "! blocks.csv: no locations beside it; allowed: "
	                           "NAME-Blocks-IPv4.csv with NAME-Locations-en.csv, or to name "
	                           "them\n");
	free(story);
}

static void errors_in_either_file_of_maxmind_are_told(void **state)
{
	(void)state;
	write_file("A-Blocks-IPv4.csv", "network,geoname_id,is_anycast\n10.0.0.0/8,7,\n11.0.0.0/8,1,\n"
	           "12.0.0.0/8,x,\n13.0.0.0/8,1,y\n");
	write_file("A-Locations-en.csv", "geoname_id,continent_code,country_iso_code\n1,EU,NO\n"
	           "2,EU,NOR\n,EU,NO\n");
	steer_map_source_t source = { .path = folder };
	steer_map_summary_t summary;
	char *story = story_in_folder(&source, &summary);
	assert_string_equal(story,
		"!3:6 'NOR' is not a country; allowed: a code of ISO 3166-1, such as NO\n"
		"!4:1 no geoname_id; allowed: one\n"
		"!2:1 location 7 is not in A-Locations-en.csv; allowed: one that is\n"
		"3 11.0.0.0/8 EU/NO/\n"
		"!4:12 'x' is not the number of a location; allowed: 0 to 4294967295\n"
		"!5:14 'y' is not a truth value; allowed: 1 or 0\n! A-Blocks-IPv4.csv: 5 errors\n");
	free(story);
	source.skip_bad = true;
	story = story_in_folder(&source, &summary);
	assert_string_equal(story, "3 11.0.0.0/8 EU/NO/\n");
	assert_int_equal(summary.bad, 5);
	free(story);
}

/* RIPE Atlas. */

#define PING(more) "{\"type\":\"ping\",\"from\":\"192.0.2.77\",\"min\":12.3456,\"avg\":20," \
	"\"msm_id\":1001,\"dst_addr\":\"2001:db8:0::1\",\"dst_name\":\"fra.Example.net\"," \
	"\"timestamp\":1700000000" more "}"
#define LOST "{\"type\":\"ping\",\"from\":\"192.0.2.77\",\"min\":-1,\"avg\":-1," \
	"\"result\":[{\"x\":\"*\"}]}"
#define ROW " 192.0.2.0/24 oslo 12346us @1700000000\n"

static void results_of_atlas_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *name, *text, *want;
		unsigned unmeasured;
	} cases[] = {
		{ "a result on each line",
		  PING() "\n\n" LOST "\n" PING(",\"from\":\"2001:db8:1:2::3\"") "\r\n",
		  "1" ROW "4 2001:db8:1::/48 oslo 12346us @1700000000\n", 1 },
		{ "an array", " [" PING() ", " LOST ",\n" PING() "\n]\n",
		  "1" ROW "2" ROW, 1 },
		{ "an empty array", "[ ]", "", 0 },
		{ "old results: the packets alone",
		  "{\"type\":\"ping\",\"from\":\"192.0.2.77\","
		  "\"result\":[{\"rtt\":9.5},{\"x\":\"*\"},{\"rtt\":8}]}",
		  "1 192.0.2.0/24 oslo 8000us\n", 0 },
		{ "no answer, no address",
		  "{\"type\":\"ping\",\"from\":\"192.0.2.77\"}\n{\"type\":\"ping\",\"min\":1}\n"
		  "{\"type\":\"ping\",\"min\":1,\"from\":\"\"}\n", "", 3 },
		{ "errors",
		  "{\"type\":\"traceroute\"}\n{}\n{\"type\":\"ping\",\"from\":\"x\",\"min\":1}\n"
		  "{\"type\":\"ping\",\"from\":\"192.0.2.7/8\",\"min\":1}\n"
		  "{\"type\":\"ping\",\"from\":\"192.0.2.7\",\"min\":60001}\n{\"type\":\"ping\"\n"
		  "{\"type\":\"ping\"} {}\n7\n" PING() "\n",
		  "!1:1 a result of the type 'traceroute'; allowed: ping\n"
		  "!2:1 a result of the type ''; allowed: ping\n"
		  "!3:1 'x' is not an address; allowed: that of a probe\n"
		  "!4:1 '192.0.2.7/8' is not an address; allowed: that of a probe\n"
		  "!5:1 60001 ms is not a round-trip time; allowed: up to 60000\n"
		  "!6:14 '}' expected near end of file; allowed: a result of RIPE Atlas, of up to 65536 "
		  "bytes\n"
		  "!7:17 text after a result; allowed: one on each line\n"
		  "!8:1 '[' or '{' expected near '7'; allowed: a result of RIPE Atlas, of up to 65536 "
		  "bytes\n"
		  "9 192.0.2.0/24 oslo 12346us @1700000000\n! file: 8 errors\n", 0 },
		{ "an array that is cut off", "[" PING() ",\n",
		  "1" ROW
		  "!2:1 the end of the file in an array; allowed: a whole array\n! file: 1 error\n", 0 },
		{ "an array of something else", "[\n" PING() ", 7]",
		  "2" ROW
		  "!2:154 no result; allowed: results of RIPE Atlas, each of up to 65536 bytes\n"
		  "! file: 1 error\n", 0 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		const steer_map_source_t source = { .type = STEER_MAP_LATENCY, .region = "oslo" };
		steer_map_summary_t summary;
		print_message("  %s\n", cases[i].name);
		char *story = map_story(&source, cases[i].text, strlen(cases[i].text), &summary);
		assert_string_equal(story, cases[i].want);
		assert_int_equal(summary.unmeasured, cases[i].unmeasured);
		assert_int_equal(summary.format, STEER_MAP_FORMAT_ATLAS);
		free(story);
	}
}

static void results_are_bounded(void **state)
{
	(void)state;
	char *text = NULL;
	size_t size;
	for (unsigned over = 0; over < 2; over++) {
		FILE *out = open_memstream(&text, &size);
		int pad = 65536 + over - strlen(PING(",\"pad\":\"\""));
		fprintf(out, PING(",\"pad\":\"%0*d\"") "\n", pad, 0);
		fclose(out);
		const steer_map_source_t source = { .type = STEER_MAP_LATENCY, .region = "oslo" };
		steer_map_summary_t summary;
		char *story = map_story(&source, text, size, &summary);
		assert_string_equal(story, over == 0 ? "1" ROW
		                    : "!1:65536 '}' expected near end of file; allowed: a result of RIPE "
		                    "Atlas, of up to 65536 bytes\n! file: 1 error\n");
		free(story);
		free(text);
	}
}

static void targets_say_where_results_are_to(void **state)
{
	(void)state;
	static const struct {
		const char *targets, *want;
		unsigned unmeasured;
	} cases[] = {
		{ "target,region\n1001,oslo\n", "1" ROW, 0 },
		{ "region,target\noslo,2001:DB8::1\n", "1" ROW, 0 },
		{ "target,region\nx,y\nFRA.example.net,oslo\n",
		  "1" ROW, 0 },
		{ "target,region\n1001,oslo\n2001:db8::1,bergen\n",
		  "1" ROW, 0 },
		{ "target,region\n1002,oslo\n", "", 1 },
		{ "target,region\n", "", 1 },
		{ "target,region\n1001,o o\n,oslo\n",
		  "!2:6 'o o' is not a region's name; allowed: 1 to 64 letters, digits, '-' and '_'\n"
		  "!3:1 no target; allowed: one\n! results: 2 errors\n", 1 },
		{ "target,region\n2001:db8::1,oslo\n2001:db8:0:0::1,bergen\n",
		  "! targets: the target 2001:db8::1 twice; allowed: once\n", 0 },
		{ "target\n1001\n", "!1:1 no column region; allowed: a header line with columns of "
		  "target,region\n! results: 1 error\n", 0 },
	};
	write_file("results", PING() "\n");
	char *results = strdup(path_in("results")), *targets = strdup(path_in("targets"));
	for (size_t i = 0; i < COUNT(cases); i++) {
		const steer_map_source_t source = {
			.type = STEER_MAP_LATENCY, .path = results, .targets = targets,
		};
		steer_map_summary_t summary;
		write_file("targets", cases[i].targets);
		char *story = story_in_folder(&source, &summary);
		assert_string_equal(story, cases[i].want);
		assert_int_equal(summary.unmeasured, cases[i].unmeasured);
		free(story);
	}
	free(results);
	free(targets);
}

static void the_number_of_targets_is_bounded(void **state)
{
	(void)state;
	char *text = NULL;
	size_t size;
	for (unsigned over = 0; over < 2; over++) {
		FILE *out = open_memstream(&text, &size);
		fputs("target,region\n", out);
		for (unsigned i = 0; i < 65536 + over; i++) {
			fprintf(out, "%u,oslo\n", i);
		}
		fclose(out);
		write_file("targets", text);
		write_file("results", PING() "\n");
		char *results = strdup(path_in("results")), *targets = strdup(path_in("targets"));
		const steer_map_source_t source = {
			.type = STEER_MAP_LATENCY, .path = results, .targets = targets,
		};
		steer_map_summary_t summary;
		char *story = story_in_folder(&source, &summary);
		assert_string_equal(story, over == 0 ? "1" ROW
		                    : "! targets: more than 65536 targets; allowed: as many\n");
		free(story);
		free(results);
		free(targets);
		free(text);
	}
}

static void results_without_a_region_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *region, *targets, *want;
	} cases[] = {
		{ NULL, NULL, "! file: to which region are these results? allowed: the name of one, or a "
		              "file with lines target,region\n" },
		{ "oslo", "file", "! file: to which region are these results? allowed: the name of one, or "
		                  "a file with lines target,region\n" },
		{ "o o", NULL, "! 'o o' is not a region's name; allowed: 1 to 64 letters, digits, '-' and "
		               "'_'\n" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		const steer_map_source_t source = {
			.type = STEER_MAP_LATENCY, .region = cases[i].region, .targets = cases[i].targets,
		};
		steer_map_summary_t summary;
		char *story = map_story(&source, PING(), strlen(PING()), &summary);
		assert_string_equal(story, cases[i].want);
		free(story);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(the_folder_of_maxmind_is_read),
		IN_FOLDER(the_first_locations_do_without_english_ones),
		IN_FOLDER(folders_without_a_database_are_refused),
		IN_FOLDER(errors_in_either_file_of_maxmind_are_told),
		cmocka_unit_test(results_of_atlas_are_read),
		cmocka_unit_test(results_are_bounded),
		IN_FOLDER(targets_say_where_results_are_to),
		IN_FOLDER(the_number_of_targets_is_bounded),
		cmocka_unit_test(results_without_a_region_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
