/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "formats/forwarders.h"
#include "unit/test.h"

/*! Longest name of a host: 253 characters. */
#define LABEL_63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"
#define LABEL_61 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghi"
#define LONGEST  LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_61
#define LONGEST_IPV6 "2001:db8:1111:2222:3333:4444:5555:6666"

/*! Reads servers that are separated by spaces. */
static int parse(const char *text, steer_forwarders_t *forwarders, steer_fault_t *fault)
{
	char copy[4096];
	const char *words[16];
	unsigned count = 0;
	assert_true(strlen(text) < sizeof(copy));
	strcpy(copy, text);
	for (char *rest = copy, *word; (word = strsep(&rest, " ")) != NULL;) {
		words[count++] = word;
	}
	return steer_forwarders_parse(words, count, forwarders, fault);
}

static void servers_are_printed_as_libunbound_takes_them_and_stored(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1@53" },
		{ "192.0.2.1@5353", "192.0.2.1@5353" },
		{ "127.0.0.1@1 ::1@65535", "127.0.0.1@1 ::1@65535" },
		{ "2001:DB8:0::1", "2001:db8::1@53" },
		{ "192.0.2.1#dns.example", "192.0.2.1@853#dns.example" },
		{ "192.0.2.1@53#DNS.Example.", "192.0.2.1@53#dns.example" },
		{ "2001:db8::1#a_b-1.2.c 192.0.2.2@443#d",
		  "2001:db8::1@853#a_b-1.2.c 192.0.2.2@443#d" },
		{ "192.0.2.1#d 192.0.2.2#d", "192.0.2.1@853#d 192.0.2.2@853#d" },
		{ "192.0.2.1 192.0.2.1@54 192.0.2.2 192.0.2.3 192.0.2.4 192.0.2.5 192.0.2.6 192.0.2.7",
		  "192.0.2.1@53 192.0.2.1@54 192.0.2.2@53 192.0.2.3@53 192.0.2.4@53 192.0.2.5@53 "
		  "192.0.2.6@53 192.0.2.7@53" },
		{ LONGEST_IPV6 "@65535#" LONGEST, LONGEST_IPV6 "@65535#" LONGEST },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].text);
		steer_forwarders_t parsed, opened;
		steer_fault_t fault;
		char is[STEER_FORWARDERS_MAX * (STEER_FORWARDER_TEXT + 1)] = "";
		assert_int_equal(parse(cases[i].text, &parsed, &fault), STEER_OK);
		for (unsigned k = 0; k < parsed.count; k++) {
			char server[STEER_FORWARDER_TEXT];
			steer_forwarder_print(&parsed.servers[k], server);
			strcat(strcat(is, k > 0 ? " " : ""), server);
		}
		assert_string_equal(is, cases[i].want);
		uint8_t value[STEER_FORWARDERS_SIZE];
		size_t size = steer_forwarders_write(value, &parsed);
		assert_int_equal(steer_forwarders_open(&opened, value, size), STEER_OK);
		assert_memory_equal(&opened, &parsed, sizeof(parsed));
	}
}

static void other_texts_are_refused(void **state)
{
	(void)state;
#define NO_ADDRESS " is not the address of a name server; allowed: system, recursion, or 1 to 8 " \
	"servers, each ADDRESS[@PORT][#NAME]"
#define NO_PORT " is not a port; allowed: 1 to 65535"
#define NO_NAME " is not the name of a host; allowed: a name of letters, digits, - and _, with " \
	"dots, and no address"
	static const struct {
		const char *text, *fault;
	} cases[] = {
		{ "", "''" NO_ADDRESS },
		{ "dns.example", "'dns.example'" NO_ADDRESS },
		{ "system", "'system'" NO_ADDRESS },
		{ "192.0.2.1 recursion", "'recursion'" NO_ADDRESS },
		{ "@53", "''" NO_ADDRESS },
		{ "#dns.example", "''" NO_ADDRESS },
		{ "192.0.2.256", "'192.0.2.256'" NO_ADDRESS },
		{ "0.0.0.0", "'0.0.0.0'" NO_ADDRESS },
		{ "::", "'::'" NO_ADDRESS },
		{ "224.0.0.1", "'224.0.0.1'" NO_ADDRESS },
		{ "ff02::1", "'ff02::1'" NO_ADDRESS },
		{ "192.0.2.1:53", "'192.0.2.1:53'" NO_ADDRESS },
		{ "[2001:db8::1]", "'[2001:db8::1]'" NO_ADDRESS },
		{ "fe80::1%eth0", "'fe80::1%eth0'" NO_ADDRESS },
		{ "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000",
		  "'0000:0000:0000:0000:0000:0000:0000:0000:0000:0000'" NO_ADDRESS },
		{ "192.0.2.1@", "'192.0.2.1@': ''" NO_PORT },
		{ "192.0.2.1@0", "'192.0.2.1@0': '0'" NO_PORT },
		{ "192.0.2.1@65536", "'192.0.2.1@65536': '65536'" NO_PORT },
		{ "192.0.2.1@000053", "'192.0.2.1@000053': '000053'" NO_PORT },
		{ "192.0.2.1@+53", "'192.0.2.1@+53': '+53'" NO_PORT },
		{ "192.0.2.1@53@53", "'192.0.2.1@53@53': '53@53'" NO_PORT },
		{ "192.0.2.1@x#a", "'192.0.2.1@x#a': 'x'" NO_PORT },
		{ "192.0.2.1#", "'192.0.2.1#': ''" NO_NAME },
		{ "192.0.2.1#.", "'192.0.2.1#.': '.'" NO_NAME },
		{ "192.0.2.1#a..b", "'192.0.2.1#a..b': 'a..b'" NO_NAME },
		{ "192.0.2.1#a@53", "'192.0.2.1#a@53': 'a@53'" NO_NAME },
		{ "192.0.2.1#a#b", "'192.0.2.1#a#b': 'a#b'" NO_NAME },
		{ "192.0.2.1#a/b", "'192.0.2.1#a/b': 'a/b'" NO_NAME },
		{ "192.0.2.1#*.a", "'192.0.2.1#*.a': '*.a'" NO_NAME },
		{ "192.0.2.1#192.0.2.1", "'192.0.2.1#192.0.2.1': '192.0.2.1'" NO_NAME },
		{ "192.0.2.1#b" LONGEST, "'192.0.2.1#b" LONGEST "': 'b" LONGEST "'" NO_NAME },
		{ "192.0.2.1#a 192.0.2.2", "'192.0.2.2' beside '192.0.2.1#a'; allowed: #NAME after each "
		  "server, which means TLS, or after none" },
		{ "192.0.2.1 192.0.2.2 192.0.2.3#a", "'192.0.2.3#a' beside '192.0.2.1'; allowed: #NAME "
		  "after each server, which means TLS, or after none" },
		{ "192.0.2.1 192.0.2.2 192.0.2.1@53", "'192.0.2.1@53' is the same server as '192.0.2.1'; "
		  "allowed: each address and port once" },
		{ "192.0.2.1#a 192.0.2.1#b", "'192.0.2.1#b' is the same server as '192.0.2.1#a'; allowed: "
		  "each address and port once" },
		{ "1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5 1.1.1.6 1.1.1.7 1.1.1.8 1.1.1.9",
		  "9 servers; allowed: 1 to 8" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].text);
		steer_forwarders_t forwarders = { .word = 7 };
		steer_fault_t fault;
		assert_int_equal(parse(cases[i].text, &forwarders, &fault), STEER_EINVAL);
		assert_string_equal(fault.text, cases[i].fault);
		assert_int_equal(forwarders.word, 7);
	}
}

static void stored_bytes_are_checked(void **state)
{
	(void)state;
#define V4(last)  "\4\0\x35\0\xc0\0\2" last
#define V6        "\6\0\x35\0\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
#define BYTES(text) text, sizeof(text) - 1
	static const struct {
		const char *what, *value;
		size_t size;
		int ret;
	} cases[] = {
		{ "system", BYTES("\0"), STEER_OK },
		{ "recursion", BYTES("\1"), STEER_OK },
		{ "another word", BYTES("\2"), STEER_EDAMAGED },
		{ "nothing", "", 0, STEER_EDAMAGED },
		{ "IPv4", BYTES(V4("\1") "\0"), STEER_OK },
		{ "IPv6", BYTES(V6 "\0"), STEER_OK },
		{ "both, with names", BYTES(V4("\1") "\1a\0" V6 "\2b-\1_\0"), STEER_OK },
		{ "a number in front of a name", BYTES(V4("\1") "\1" "1\1a\0"), STEER_OK },
		{ "another version", BYTES("\5\0\x35\0\xc0\0\2\1\0"), STEER_EDAMAGED },
		{ "a reserved field", BYTES("\4\1\x35\0\xc0\0\2\1\0"), STEER_EDAMAGED },
		{ "port 0", BYTES("\4\0\0\0\xc0\0\2\1\0"), STEER_EDAMAGED },
		{ "half a header", BYTES("\4\0\x35"), STEER_EDAMAGED },
		{ "half an address", BYTES("\4\0\x35\0\xc0\0"), STEER_EDAMAGED },
		{ "no name", BYTES(V4("\1")), STEER_EDAMAGED },
		{ "half a name", BYTES(V4("\1") "\1a"), STEER_EDAMAGED },
		{ "a compressed name", BYTES(V4("\1") "\xc0\0"), STEER_EDAMAGED },
		{ "upper case", BYTES(V4("\1") "\1A\0"), STEER_EDAMAGED },
		{ "a dot in a label", BYTES(V4("\1") "\3a.b\0"), STEER_EDAMAGED },
		{ "a line feed in a label", BYTES(V4("\1") "\3a\nb\0"), STEER_EDAMAGED },
		{ "an address as a name", BYTES(V4("\1") "\3" "192\1" "0\1" "2\1" "1\0"), STEER_EDAMAGED },
		{ "one with a name", BYTES(V4("\1") "\0" V4("\2") "\1a\0"), STEER_EDAMAGED },
		{ "one twice", BYTES(V4("\1") "\0" V4("\2") "\0" V4("\1") "\0"), STEER_EDAMAGED },
		{ "something behind", BYTES(V4("\1") "\0\0"), STEER_EDAMAGED },
		{ "eight", BYTES(V4("\1") "\0" V4("\2") "\0" V4("\3") "\0" V4("\4") "\0" V4("\5") "\0"
		  V4("\6") "\0" V4("\7") "\0" V4("\x08") "\0"), STEER_OK },
		{ "nine", BYTES(V4("\1") "\0" V4("\2") "\0" V4("\3") "\0" V4("\4") "\0" V4("\5") "\0"
		  V4("\6") "\0" V4("\7") "\0" V4("\x08") "\0" V4("\x09") "\0"), STEER_EDAMAGED },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("  %s\n", cases[i].what);
		steer_forwarders_t forwarders = { .word = 7 };
		uint8_t *exact = malloc(cases[i].size + (cases[i].size == 0));
		memcpy(exact, cases[i].value, cases[i].size);
		assert_int_equal(steer_forwarders_open(&forwarders, exact, cases[i].size), cases[i].ret);
		if (cases[i].ret == STEER_OK) {
			uint8_t again[STEER_FORWARDERS_SIZE];
			assert_int_equal(steer_forwarders_write(again, &forwarders), cases[i].size);
			assert_memory_equal(again, exact, cases[i].size);
		} else {
			assert_int_equal(forwarders.word, 7);
		}
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(servers_are_printed_as_libunbound_takes_them_and_stored),
		cmocka_unit_test(other_texts_are_refused),
		cmocka_unit_test(stored_bytes_are_checked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
