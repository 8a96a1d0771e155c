/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/program.h"
#include "core/recordset.h"
#include "formats/program.h"
#include "unit/hex.h"
#include "unit/records.h"
#include "unit/test.h"

#define STEPS_ALLOWED   "up, tier, weighted, shuffle, take, latency, within, geo, nearest, cidr, asn"
#define PRESETS_ALLOWED "simple, weighted, failover, multivalue, latency, geolocation, " \
                        "geoproximity, ip"
#define NO_STEP         " is not a step; allowed: " STEPS_ALLOWED ", or a preset: " PRESETS_ALLOWED
#define WITHIN          "within: "
#define WITHIN_ALLOWED  "; allowed: within P%, from 0% to 10000%"
#define MISSING         "a step is missing; allowed: " STEPS_ALLOWED ", or a preset: " \
                        PRESETS_ALLOWED

static char *print(const uint8_t *program, size_t len)
{
	static char text[STEER_PROGRAM_TEXT];
	steer_program_print(program, len, text);
	return text;
}

static void text_is_read_and_written_in_one_form(void **state)
{
	(void)state;
	static const struct {
		const char *text, *bytes, *form;
	} cases[] = {
		{ "simple", "", "simple" },
		{ "weighted", "0102000003010005020100", "weighted" },
		{ "failover", "010200000200040005020100", "failover" },
		{ "\tmultivalue ", "01020000040005020800", "multivalue" },
		{ "up, weighted, take 1", "0102000003010005020100", "weighted" },
		{ "up weighted take 1", "0102000003010005020100", "weighted" },
		{ " up all-down=all min-healthy=0% ,tier,shuffle\ttake 1 ", "010200000200040005020100",
		  "failover" },
		{ "up, weighted sticky=none, take 1", "0102000003010005020100", "weighted" },
		{ "up, weighted sticky=client, take 1", "0102000003010105020100",
		  "up, weighted sticky=client, take 1" },
		{ "up min-healthy=50% all-down=none, tier, take 1000", "0102013202000502e803",
		  "up all-down=none min-healthy=50%, tier, take 1000" },
		{ "up all-down=servfail min-healthy=100%", "01020264",
		  "up all-down=servfail min-healthy=100%" },
		{ "up min-healthy=007%", "01020007", "up min-healthy=7%" },
		{ "up, up", "0102000001020000", "up, up" },
		{ "weighted weighted", "030100030100", "weighted, weighted" },
		{ "weighted sticky=none", "030100", "weighted sticky=none" },
		{ "weighted sticky=client", "030101", "weighted sticky=client" },
		{ "shuffle", "0400", "shuffle" },
		{ "latency", "010200000600" "05020100", "latency" },
		{ "geo, up, take 1", "080001020000" "05020100", "geolocation" },
		{ "geoproximity", "010200000900" "05020100", "geoproximity" },
		{ "cidr up take 1", "0a0001020000" "05020100", "ip" },
		{ "latency, within 20%, weighted, take 2", "0600070214000301000502" "0200",
		  "latency, within 20%, weighted, take 2" },
		{ "geo asn within 0% within 10000%", "08000b000702000007021027",
		  "geo, asn, within 0%, within 10000%" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t program[STEER_PROGRAM_MAX], want[64];
		size_t len, again;
		steer_fault_t fault;
		print_message("  %s\n", cases[i].text);
		assert_int_equal(steer_program_parse(cases[i].text, program, &len, &fault), STEER_OK);
		assert_int_equal(hex_read(cases[i].bytes, want, sizeof(want)), len);
		assert_memory_equal(program, want, len);
		assert_true(steer_program_is_whole(program, len));
		assert_string_equal(print(program, len), cases[i].form);
		assert_int_equal(steer_program_parse(cases[i].form, program, &again, &fault), STEER_OK);
		assert_int_equal(again, len);
		assert_memory_equal(program, want, len);
	}
}

static void wrong_text_is_told_and_what_is_allowed(void **state)
{
	(void)state;
	static const struct {
		const char *text, *fault;
	} cases[] = {
		{ "", MISSING },
		{ " \t", MISSING },
		{ "up,", MISSING },
		{ ", up", MISSING },
		{ "up,, tier", MISSING },
		{ "weighted,", MISSING },
		{ "wieghted", "'wieghted'" NO_STEP },
		{ "Weighted", "'Weighted'" NO_STEP },
		{ "up, 3", "'3'" NO_STEP },
		{ "take 5 5", "'5'" NO_STEP },
		{ "all-down=none", "'all-down=none'" NO_STEP },
		{ "up, all-down=none", "'all-down=none'" NO_STEP },
		{ "\x1b[1m\xff", "'?[1m?'" NO_STEP },
		{ "up failover", "'failover' is a preset, which stands alone; allowed with others: "
		  STEPS_ALLOWED },
		{ "simple, up", "'simple' is a preset, which stands alone; allowed with others: "
		  STEPS_ALLOWED },
		{ "up foo=1", "up: no option 'foo'; allowed: all-down=all|none|servfail, min-healthy=N%" },
		{ "up =", "up: no option ''; allowed: all-down=all|none|servfail, min-healthy=N%" },
		{ "up sticky=client",
		  "up: no option 'sticky'; allowed: all-down=all|none|servfail, min-healthy=N%" },
		{ "weighted a=b", "weighted: no option 'a'; allowed: sticky=client|none" },
		{ "tier a=b", "tier: no option 'a'; allowed: none" },
		{ "up all-down=no", "'all-down=no': allowed: all, none or servfail" },
		{ "up all-down=", "'all-down=': allowed: all, none or servfail" },
		{ "up min-healthy=101%", "'min-healthy=101%': allowed: 0% to 100%" },
		{ "up min-healthy=50", "'min-healthy=50': allowed: 0% to 100%" },
		{ "up min-healthy=%", "'min-healthy=%': allowed: 0% to 100%" },
		{ "up min-healthy=-1%", "'min-healthy=-1%': allowed: 0% to 100%" },
		{ "up min-healthy=4294967297%", "'min-healthy=4294967297%': allowed: 0% to 100%" },
		{ "up all-down=all all-down=all", "up: all-down is given twice; allowed: once" },
		{ "weighted sticky=me", "'sticky=me': allowed: client or none" },
		{ "take", "take: a number is missing; allowed: take N, from 1 to 1000" },
		{ "take, 2", "take: a number is missing; allowed: take N, from 1 to 1000" },
		{ "take up", "take: a number is missing; allowed: take N, from 1 to 1000" },
		{ "take 0", "take: '0'; allowed: take N, from 1 to 1000" },
		{ "take 1001", "take: '1001'; allowed: take N, from 1 to 1000" },
		{ "take -1", "take: '-1'; allowed: take N, from 1 to 1000" },
		{ "take 2x", "take: '2x'; allowed: take N, from 1 to 1000" },
		{ "within", WITHIN "a percentage is missing" WITHIN_ALLOWED },
		{ "latency, within, take 1", WITHIN "a percentage is missing" WITHIN_ALLOWED },
		{ "within 20", WITHIN "'20'" WITHIN_ALLOWED },
		{ "within -1%", WITHIN "'-1%'" WITHIN_ALLOWED },
		{ "within 10001%", WITHIN "'10001%'" WITHIN_ALLOWED },
		{ "within 1% 2%", "'2%'" NO_STEP },
		{ "latency sticky=client", "latency: no option 'sticky'; allowed: none" },
		{ "up geolocation", "'geolocation' is a preset, which stands alone; allowed with others: "
		  STEPS_ALLOWED },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t program[STEER_PROGRAM_MAX] = { 7 };
		size_t len = 77;
		steer_fault_t fault;
		print_message("  %s\n", cases[i].fault);
		assert_int_equal(steer_program_parse(cases[i].text, program, &len, &fault), STEER_EINVAL);
		assert_int_equal(fault.code, STEER_EINVAL);
		assert_string_equal(fault.text, cases[i].fault);
		assert_int_equal(len, 77);
		assert_int_equal(program[0], 7);
	}
}

static void the_longest_program_is_read_and_printed(void **state)
{
	(void)state;
	static char text[STEER_PROGRAM_TEXT + 64];
	uint8_t program[STEER_PROGRAM_MAX];
	size_t len;
	steer_fault_t fault;
	for (unsigned i = 0; i < STEER_PROGRAM_MAX / 4; i++) {
		strcat(text, i > 0 ? ", up all-down=servfail min-healthy=100%"
		                   : "up all-down=servfail min-healthy=100%");
	}
	assert_int_equal(steer_program_parse(text, program, &len, &fault), STEER_OK);
	assert_int_equal(len, STEER_PROGRAM_MAX);
	assert_string_equal(print(program, len), text);
	strcat(text, ", tier");
	assert_int_equal(steer_program_parse(text, program, &len, &fault), STEER_EINVAL);
	assert_string_equal(fault.text, "a policy of too many steps; allowed: 4096 bytes of them");
}

static void bytes_that_are_no_program_are_not_whole(void **state)
{
	(void)state;
	static const char *const cases[] = {
		"01", "0102", "010200", "0101", "010100", "0103000000", "01020300", "01020065", "020100",
		"0300", "030102", "040004", "05020000", "0502e903", "0502ffff", "0000",
		"060100", "0700", "07021127", "0801", "090100", "0a0100", "0b0100", "0c00", "ff00",
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t bytes[16], *exact;
		size_t len = hex_read(cases[i], bytes, sizeof(bytes));
		print_message("  %s\n", cases[i]);
		exact = malloc(len); // Nothing past the end may be read.
		memcpy(exact, bytes, len);
		assert_false(steer_program_is_whole(exact, len));
		free(exact);
	}
	static uint8_t steps[STEER_PROGRAM_MAX + 2];
	for (size_t i = 0; i < sizeof(steps); i += 2) {
		steps[i] = STEER_STEP_TIER;
	}
	assert_true(steer_program_is_whole(steps, STEER_PROGRAM_MAX));
	assert_false(steer_program_is_whole(steps, sizeof(steps)));
	assert_true(steer_program_is_whole(NULL, 0));
}

static void steps_are_taken_one_by_one(void **state)
{
	(void)state;
	static const uint8_t program[] = { 1, 2, 2, 50, 3, 1, 1, 6, 0, 7, 2, 0x10, 0x27, 8, 0, 9, 0, 10, 0, 11,
		                               0, 5, 2, 0xe8, 3 };
	const uint8_t *at = program;
	uint8_t again[STEER_STEP_HEAD + 2];
	steer_step_t step;
	for (size_t len; steer_program_next(&at, program + sizeof(program), &step);) {
		len = steer_step_write(again, &step);
		assert_memory_equal(again, at - len, len);
	}
	assert_ptr_equal(at, program + sizeof(program));
	assert_true(step.number == STEER_STEP_TAKE && step.take == 1000);
	assert_true(steer_program_has(program, sizeof(program), STEER_STEP_WEIGHTED));
	assert_false(steer_program_has(program, sizeof(program), STEER_STEP_TIER));
	assert_false(steer_program_has(NULL, 0, STEER_STEP_UP));
}

static void programs_whose_choices_are_remembered(void **state)
{
	(void)state;
	static const struct {
		const char *program;
		bool memorable;
	} cases[] = {
		{ "simple", false },
		{ "up, tier, take 1", false },
		{ "weighted", false },
		{ "failover", false },
		{ "multivalue", false },
		{ "up, weighted sticky=client, take 1", true },
		{ "weighted sticky=client, up, shuffle", false },
		{ "latency", false },
		{ "geolocation", false },
		{ "geo, up, weighted, take 1", false },
		{ "geoproximity", true },
		{ "ip", false },
		{ "asn", false },
		{ "geo, up, weighted sticky=client", true },
		{ "up, nearest, within 20%, take 2", true },
		{ "up, nearest, within 20%, shuffle, take 2", false },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].program);
		uint8_t program[STEER_PROGRAM_MAX];
		size_t len;
		steer_fault_t fault;
		assert_int_equal(steer_program_parse(cases[i].program, program, &len, &fault), STEER_OK);
		assert_int_equal(steer_program_is_memorable(program, len), cases[i].memorable);
	}
}

static void steps_read_attributes(void **state)
{
	(void)state; // Rule G4.
	static const struct {
		const char *program;
		uint16_t attributes;
	} cases[] = {
		{ "simple", 0 },
		{ "up, within 20%, shuffle, take 3", 0 },
		{ "weighted", STEER_KEEP_WEIGHT },
		{ "failover", STEER_KEEP_TIER },
		{ "multivalue", 0 },
		{ "latency", STEER_KEEP_REGION | STEER_KEEP_POINT },
		{ "geolocation", STEER_KEEP_GEO },
		{ "geoproximity", STEER_KEEP_REGION | STEER_KEEP_POINT | STEER_KEEP_BIAS },
		{ "ip", STEER_KEEP_LOCATION },
		{ "up, asn, take 1", STEER_KEEP_ASNS },
		{ "geo, asn, tier, weighted sticky=client, take 2",
		  STEER_KEEP_GEO | STEER_KEEP_ASNS | STEER_KEEP_TIER | STEER_KEEP_WEIGHT },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint8_t program[STEER_PROGRAM_MAX];
		size_t len;
		steer_fault_t fault;
		assert_int_equal(steer_program_parse(cases[i].program, program, &len, &fault), STEER_OK);
		assert_int_equal(steer_program_reads(program, len), cases[i].attributes);
	}
	assert_int_equal(steer_program_reads(NULL, 0), 0);
}

static void a_step_named_like_a_preset_is_written_as_no_preset(void **state)
{
	(void)state;
	static const uint8_t latency[] = { STEER_STEP_LATENCY, 0 };
	assert_string_equal(print(latency, sizeof(latency)), "latency, take 1000");
}

static void presets_are_known_by_their_bytes(void **state)
{
	(void)state; // Rule S10.
	for (steer_preset_t preset = 0; preset < STEER_PRESETS; preset++) {
		size_t len;
		const uint8_t *program = steer_preset_program(preset, &len);
		assert_true(steer_program_is_whole(program, len));
		assert_int_equal(steer_program_preset(program, len), preset);
		assert_string_equal(print(program, len), steer_preset_name(preset));
		assert_int_equal(steer_program_preset(program, len - 4), STEER_PRESET_NONE);
	}
	assert_int_equal(steer_program_preset(NULL, 0), STEER_PRESET_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_read_and_written_in_one_form),
		cmocka_unit_test(wrong_text_is_told_and_what_is_allowed),
		cmocka_unit_test(the_longest_program_is_read_and_printed),
		cmocka_unit_test(bytes_that_are_no_program_are_not_whole),
		cmocka_unit_test(steps_are_taken_one_by_one),
		cmocka_unit_test(programs_whose_choices_are_remembered),
		cmocka_unit_test(steps_read_attributes),
		cmocka_unit_test(a_step_named_like_a_preset_is_written_as_no_preset),
		cmocka_unit_test(presets_are_known_by_their_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
