/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks a server on 127.0.0.1 for the chain of chain.h at a steady pace, without waiting for
 * answers, and checks that each answer is one complete version, not older than one seen before its
 * question was sent.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "stress/chain.h"

#define INTERVAL_US  200
#define SOCKETS_MAX  16
#define ANSWER_MAX   4096
#define BUFFER       (1 << 22)
#define PATIENCE_MS  5000 /* For the last answers. */
#define DESCRIBED    10   /* Wrong answers that are described. */
#define OPT          41   /* Type of EDNS. */
#define SUBNET       8    /* EDNS client subnet. */

static const char usage[] =
	"usage: probe -p PORT [-i INTERVAL] [-s SOCKETS] [-l LINKS] [-c ADDRESS] ZONE ZONE\n"
	"\n"
	"  -i  microseconds between two questions (default 200)\n"
	"  -s  sockets to send from in turn (default 1), for servers that spread clients over threads\n"
	"  -l  links of the chain, from 1 to 5 (default 5)\n"
	"  -c  send an EDNS client subnet, ADDRESS/32; an answer must have the scope of its version,\n"
	"      8 + version % 17\n"
	"\n"
	"Prints a line when an answer has a version for the first time: the version, and when the\n"
	"question was sent and the answer had come, by the monotonic clock in nanoseconds. It runs\n"
	"until standard input ends, then prints 'sent N, answered N, failed N, mixed N, back N'.\n";

typedef struct {
	int64_t sent_ns;
	uint32_t floor; /*!< Newest version seen when it was sent. */
	bool waiting;
} asked_t;

static struct {
	unsigned port, interval_us, sockets;
	chain_t chain;
	bool subnet;
	struct in_addr client;
	uint8_t query[512];
	size_t query_len, question_len;     /*!< Of all, and of header and question. */
	struct pollfd fds[SOCKETS_MAX + 1]; /*!< The last one is standard input. */
	asked_t asked[65536];               /*!< By the id of the message. */
	uint32_t newest;
	bool seen;
	uint64_t sent, answered, failed, mixed, back;
} probe = { .interval_us = INTERVAL_US, .sockets = 1, .chain.links = CHAIN_LINKS };

static void die(const char *what)
{
	fprintf(stderr, "probe: %s\n", what);
	exit(1);
}

static int64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void make_query(void)
{
	static const uint8_t tail[] = { 0, 1, 0, 1 }; // A, IN
	probe.query[5] = 1;
	probe.query_len = 12 + chain_name(&probe.chain, 0, 0, probe.query + 12);
	memcpy(probe.query + probe.query_len, tail, sizeof(tail));
	probe.query_len += sizeof(tail);
	probe.question_len = probe.query_len;
	if (probe.subnet) {
		static const uint8_t opt[] = {
			0, 0, OPT, ANSWER_MAX >> 8, ANSWER_MAX & 0xFF, 0, 0, 0, 0, 0, 12, 0, SUBNET, 0, 8, 0, 1,
			32, 0,
		};
		probe.query[11] = 1;
		memcpy(probe.query + probe.query_len, opt, sizeof(opt));
		memcpy(probe.query + probe.query_len + sizeof(opt), &probe.client, sizeof(probe.client));
		probe.query_len += sizeof(opt) + sizeof(probe.client);
	}
}

static void open_sockets(void)
{
	const struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(probe.port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	const int size = BUFFER;
	for (unsigned i = 0; i < probe.sockets; i++) {
		int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
		if (fd < 0 || connect(fd, (const struct sockaddr *)&to, sizeof(to)) != 0) {
			die("no socket");
		}
		if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) != 0) {
			(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)); // Not root.
		}
		probe.fds[i] = (struct pollfd) { .fd = fd, .events = POLLIN };
	}
	probe.fds[probe.sockets] = (struct pollfd) { .fd = STDIN_FILENO, .events = POLLIN };
}

static void ask(void)
{
	uint16_t id = probe.sent;
	asked_t *asked = &probe.asked[id];
	*asked = (asked_t) { .sent_ns = now_ns(), .floor = probe.newest, .waiting = true };
	probe.query[0] = id >> 8;
	probe.query[1] = id;
	// What the system refuses counts as sent and stays unanswered.
	(void)send(probe.fds[probe.sent % probe.sockets].fd, probe.query, probe.query_len, 0);
	probe.sent++;
}

/* Answers. */

/*! Reads a name, perhaps compressed; returns the position after it, 0 if it is broken. */
static size_t read_name(const uint8_t *message, size_t len, size_t at, uint8_t name[CHAIN_NAME_MAX],
                        size_t *name_len)
{
	size_t behind = 0, out = 0;
	for (unsigned hops = 0; at < len && hops < 128; hops++) {
		if (message[at] >= 0xC0 && at + 1 < len) {
			behind = behind != 0 ? behind : at + 2;
			at = (message[at] & 0x3F) << 8 | message[at + 1];
			continue;
		}
		size_t part = 1 + message[at];
		if (at + part > len || out + part > CHAIN_NAME_MAX) {
			return 0;
		}
		memcpy(name + out, message + at, part);
		out += part;
		at += part;
		if (part == 1) {
			*name_len = out;
			return behind != 0 ? behind : at;
		}
	}
	return 0;
}

static bool same_name(const uint8_t *name, size_t len, unsigned link, uint32_t version)
{
	uint8_t expected[CHAIN_NAME_MAX];
	return chain_name(&probe.chain, link, version, expected) == len &&
	       memcmp(name, expected, len) == 0;
}

/*! Version of a link's name, from its label; same_name() then compares all of it. */
static uint32_t version_of(const uint8_t *name, size_t len)
{
	char digits[9] = "";
	if (len > 1 + sizeof(digits)) {
		memcpy(digits, name + 2, sizeof(digits) - 1);
	}
	return strtoul(digits, NULL, 10);
}

/*! Reads the RR of a link; returns the position after it, 0 if it is not that of the version. */
static size_t read_link(const uint8_t *message, size_t len, size_t at, unsigned link,
                        uint32_t *version)
{
	uint8_t owner[CHAIN_NAME_MAX], target[CHAIN_NAME_MAX];
	size_t owner_len, target_len;
	at = read_name(message, len, at, owner, &owner_len);
	if (at == 0 || at + 10 > len) {
		return 0;
	}
	unsigned type = message[at + 1];
	size_t rdata_len = message[at + 8] << 8 | message[at + 9], rdata = at + 10;
	size_t behind = rdata + rdata_len;
	if (behind > len) {
		return 0;
	}
	if (link == probe.chain.links - 1) {
		uint32_t address;
		memcpy(&address, message + rdata, sizeof(address));
		*version = link == 0 ? ntohl(address) : *version;
		return type == 1 && rdata_len == sizeof(address) && ntohl(address) == *version &&
		       same_name(owner, owner_len, link, *version) ? behind : 0;
	}
	if (type != 5 || read_name(message, len, rdata, target, &target_len) != behind) {
		return 0;
	}
	if (link == 0) {
		*version = version_of(target, target_len);
	}
	return same_name(owner, owner_len, link, *version) &&
	       same_name(target, target_len, link + 1, *version) ? behind : 0;
}

static unsigned number_at(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

/*! Whether options of EDNS have a client subnet with a scope. */
static bool has_scope(const uint8_t *options, size_t len, uint8_t scope)
{
	for (size_t at = 0; at + 4 <= len; at += 4 + number_at(options + at + 2)) {
		if (number_at(options + at) == SUBNET) {
			return number_at(options + at + 2) == 8 && at + 12 <= len && options[at + 7] == scope;
		}
	}
	return false;
}

/*! Whether what follows the answer section has a client subnet with a scope. */
static bool read_scope(const uint8_t *message, size_t len, size_t at, uint8_t scope)
{
	for (unsigned rest = number_at(message + 8) + number_at(message + 10); rest > 0; rest--) {
		uint8_t owner[CHAIN_NAME_MAX];
		size_t owner_len;
		at = read_name(message, len, at, owner, &owner_len);
		if (at == 0 || at + 10 > len || at + 10 + number_at(message + at + 8) > len) {
			return false;
		}
		if (number_at(message + at) == OPT) {
			return has_scope(message + at + 10, number_at(message + at + 8), scope);
		}
		at += 10 + number_at(message + at + 8);
	}
	return false;
}

/*! Whether an answer holds one complete version and nothing else. */
static bool read_chain(const uint8_t *message, size_t len, uint32_t *version)
{
	size_t at = probe.question_len;
	unsigned answers = number_at(message + 6);
	if (answers != probe.chain.links || memcmp(message + 12, probe.query + 12, at - 12) != 0) {
		return false;
	}
	for (unsigned link = 0; link < probe.chain.links; link++) {
		at = read_link(message, len, at, link, version);
		if (at == 0) {
			return false;
		}
	}
	return !probe.subnet || read_scope(message, len, at, 8 + *version % 17);
}

static void describe(const char *what, const uint8_t *message, size_t len, uint32_t floor)
{
	static unsigned described;
	if (described++ >= DESCRIBED) {
		return;
	}
	fprintf(stderr, "probe: %s, version %u had been seen:", what, floor);
	for (size_t i = 0; i < len; i++) {
		fprintf(stderr, message[i] > ' ' && message[i] < 127 ? " %c" : " %02x", message[i]);
	}
	fputs("\n", stderr);
}

static void judge(const asked_t *asked, const uint8_t *message, size_t len, int64_t came_ns)
{
	uint32_t version = 0;
	unsigned rcode = message[3] & 0x0F;
	if (rcode != 0 && rcode != 3) { // NXDOMAIN is what an incomplete chain gives.
		probe.failed++;
		describe("failed", message, len, asked->floor);
	} else if (!read_chain(message, len, &version)) {
		probe.mixed++;
		describe("not one whole version", message, len, asked->floor);
	} else if (version < asked->floor) {
		probe.back++;
		describe("an old version", message, len, asked->floor);
	} else if (version > probe.newest || !probe.seen) {
		probe.seen = true;
		probe.newest = version;
		printf("%u %lld %lld\n", version, (long long)asked->sent_ns, (long long)came_ns);
	}
}

static void receive(int fd)
{
	uint8_t message[ANSWER_MAX];
	ssize_t len;
	while ((len = recv(fd, message, sizeof(message), 0)) >= 0) {
		int64_t came_ns = now_ns();
		asked_t *asked = &probe.asked[len >= 2 ? message[0] << 8 | message[1] : 0];
		if ((size_t)len < probe.question_len || !asked->waiting) {
			probe.failed++;
			describe("an answer to no question", message, len, probe.newest);
			continue;
		}
		asked->waiting = false;
		probe.answered++;
		judge(asked, message, len, came_ns);
	}
}

/*! Receives until a time; false: standard input has ended. */
static bool receive_until(int64_t end_ns, unsigned fds)
{
	for (;;) {
		int64_t left = end_ns - now_ns();
		const struct timespec patience = {
			.tv_sec = left > 0 ? left / 1000000000 : 0, .tv_nsec = left > 0 ? left % 1000000000 : 0,
		};
		if (ppoll(probe.fds, fds, &patience, NULL) <= 0) {
			return true;
		}
		for (unsigned i = 0; i < probe.sockets; i++) {
			if (probe.fds[i].revents != 0) {
				receive(probe.fds[i].fd);
			}
		}
		if (fds > probe.sockets && probe.fds[probe.sockets].revents != 0) {
			return false;
		}
		if (left <= 0 || (fds == probe.sockets && probe.answered >= probe.sent)) {
			return true;
		}
	}
}

static void run(void)
{
	int64_t turn = now_ns();
	do {
		ask();
		turn += probe.interval_us * INT64_C(1000);
		if (turn < now_ns()) {
			turn = now_ns(); // A delay is not made up for by a burst.
		}
	} while (receive_until(turn, probe.sockets + 1));
	if (probe.answered < probe.sent) {
		receive_until(now_ns() + PATIENCE_MS * INT64_C(1000000), probe.sockets);
	}
	printf("sent %llu, answered %llu, failed %llu, mixed %llu, back %llu\n",
	       (unsigned long long)probe.sent, (unsigned long long)probe.answered,
	       (unsigned long long)probe.failed, (unsigned long long)probe.mixed,
	       (unsigned long long)probe.back);
}

static unsigned number(const char *text, unsigned max)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);
	if (*end != '\0' || value == 0 || value > max) {
		die(usage);
	}
	return value;
}

int main(int argc, char **argv)
{
	int option;
	while ((option = getopt(argc, argv, "p:i:s:l:c:")) != -1) {
		switch (option) {
		case 'p': probe.port = number(optarg, 65535); break;
		case 'i': probe.interval_us = number(optarg, 1000000); break;
		case 's': probe.sockets = number(optarg, SOCKETS_MAX); break;
		case 'l': probe.chain.links = number(optarg, CHAIN_LINKS); break;
		case 'c': probe.subnet = inet_pton(AF_INET, optarg, &probe.client) == 1; break;
		default: die(usage);
		}
	}
	if (argc - optind != 2 || probe.port == 0) {
		die(usage);
	}
	chain_zone(&probe.chain, 0, argv[optind]);
	chain_zone(&probe.chain, 1, argv[optind + 1]);
	make_query();
	open_sockets();
	setlinebuf(stdout); // A test may wait for a version.
	run();
	return 0;
}
