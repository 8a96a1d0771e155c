/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks a server a fixed number of questions and checks every answer.
 *
 * The names are a letter and eight digits below a suffix. A window of questions is sent at once,
 * and all answers are awaited before the next window, so nothing is lost and runs are alike.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define WINDOW_MAX   64
#define QUERY_MAX    512
#define ANSWER_MAX   4096
#define DIGITS       8
#define DIGITS_AT    14 /* After header, length and letter. */
#define PATIENCE_S   60

static const char usage[] =
	"usage: ask [-t ADDRESS] -p PORT [-n NAMES] [-s STEP] [-f FIRST] [-c COUNT] [-w WINDOW]\n"
	"           [-o | -u START] [-e] [-k CLIENTS] [-d SEED] [-r RCODE] [-a ANSWERS]\n"
	"           LETTER SUFFIX TYPE\n"
	"\n"
	"  -t, -p  where the server is: an IPv4 address (default 127.0.0.1), a port\n"
	"  -n  number of names to draw from; the digits are a number below it, times STEP,\n"
	"      plus FIRST\n"
	"  -c  number of questions (default: NAMES); -w  questions under way (default 1)\n"
	"  -o  names in order instead of drawn; -u  each of COUNT names once, those from START on,\n"
	"      scattered; -e  with EDNS and a client subnet\n"
	"  -k  with EDNS and the subnet of one of so many clients, drawn\n"
	"  -d  seed of what is drawn (default 1)\n"
	"  -r, -a  response code and number of answer records that every answer must have\n"
	"\n"
	"Prints the bytes of all answers and the seconds it took.\n";

typedef struct {
	unsigned port, names, step, first, count, window, rcode, answers, clients, seed, start;
	bool in_order, once, edns;
	const char *server, *letter, *suffix;
	unsigned type;
} plan_t;

static void die(const char *what)
{
	fprintf(stderr, "ask: %s\n", what);
	exit(1);
}

/* An OPT record: 1232 bytes, client subnet 198.51.100.0/24; its last bytes are the address. */
static const uint8_t opt[] = {
	0, 0, 41, 0x04, 0xD0, 0, 0, 0, 0, 0, 11, 0, 8, 0, 7, 0, 1, 24, 0, 198, 51, 100,
};

static uint8_t *put_name(uint8_t *at, const char *letter, const char *suffix)
{
	*at++ = 1 + DIGITS;
	*at++ = letter[0];
	at += DIGITS;
	while (*suffix != '\0') {
		size_t len = strcspn(suffix, ".");
		*at++ = len;
		memcpy(at, suffix, len);
		at += len;
		suffix += len + (suffix[len] == '.');
	}
	*at++ = 0;
	return at;
}

/* Fills a query except id and digits; returns its length. */
static size_t make_query(uint8_t *query, const plan_t *plan)
{
	memset(query, 0, 12);
	query[5] = 1; /* One question. */
	uint8_t *at = put_name(query + 12, plan->letter, plan->suffix);
	*at++ = plan->type >> 8;
	*at++ = plan->type;
	*at++ = 0;
	*at++ = 1; /* IN */
	if (plan->edns) {
		query[11] = 1;
		memcpy(at, opt, sizeof(opt));
		at += sizeof(opt);
	}
	return at - query;
}

/* splitmix64 */
static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9E3779B97F4A7C15;
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
	z = (z ^ z >> 27) * 0x94D049BB133111EB;
	return z ^ z >> 31;
}

static void put_digits(uint8_t *query, unsigned number)
{
	for (int i = DIGITS - 1; i >= 0; i--) {
		query[DIGITS_AT + i] = '0' + number % 10;
		number /= 10;
	}
}

/* Whether addresses that begin with this byte are public, all of them. */
static bool is_public(uint8_t first)
{
	return first > 0 && first < 224 && first != 10 && first != 100 && first != 127 &&
	       first != 169 && first != 172 && first != 192;
}

/* Fills in the subnet of a client. */
static void put_client(uint8_t *address, uint64_t client)
{
	uint64_t drawn;
	do {
		drawn = draw(&client);
	} while (!is_public(drawn));
	address[0] = drawn;
	address[1] = drawn >> 8;
	address[2] = drawn >> 16;
}

static int connect_to(const char *server, unsigned port)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(port),
	};
	struct timeval patience = { .tv_sec = PATIENCE_S };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (inet_pton(AF_INET, server, &to.sin_addr) != 1 || fd < 0 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) != 0) {
		die("no socket");
	}
	return fd;
}

static struct {
	uint8_t query[WINDOW_MAX][QUERY_MAX];
	uint8_t answer[WINDOW_MAX][ANSWER_MAX];
	struct iovec query_iov[WINDOW_MAX], answer_iov[WINDOW_MAX];
	struct mmsghdr sent[WINDOW_MAX], received[WINDOW_MAX];
} io;

static void prepare(const plan_t *plan)
{
	for (unsigned i = 0; i < plan->window; i++) {
		io.query_iov[i] = (struct iovec) { io.query[i], make_query(io.query[i], plan) };
		io.answer_iov[i] = (struct iovec) { io.answer[i], ANSWER_MAX };
		io.sent[i].msg_hdr.msg_iov = &io.query_iov[i];
		io.sent[i].msg_hdr.msg_iovlen = 1;
		io.received[i].msg_hdr.msg_iov = &io.answer_iov[i];
		io.received[i].msg_hdr.msg_iovlen = 1;
	}
}

static void check(const plan_t *plan, const uint8_t *answer, size_t len, unsigned first,
                  unsigned count)
{
	if (len < 12) {
		die("a short answer");
	}
	uint16_t at = (answer[0] << 8 | answer[1]) - first;
	if (at >= count) {
		die("an answer to no question");
	}
	unsigned rcode = answer[3] & 0x0F, answers = answer[6] << 8 | answer[7];
	if (rcode != plan->rcode || answers != plan->answers) {
		fprintf(stderr, "ask: rcode %u, %u answer records for %c%.8s.%s type %u\n", rcode,
		        answers, plan->letter[0], (const char *)io.query[at] + DIGITS_AT,
		        plan->suffix, plan->type);
		exit(1);
	}
}

static uint64_t exchange(int fd, const plan_t *plan, unsigned first, unsigned count)
{
	uint64_t bytes = 0;
	for (unsigned sent = 0; sent < count;) {
		int n = sendmmsg(fd, io.sent + sent, count - sent, 0);
		if (n <= 0) {
			die("a question cannot be sent");
		}
		sent += n;
	}
	for (unsigned received = 0; received < count;) {
		int n = recvmmsg(fd, io.received, count - received, MSG_WAITFORONE, NULL);
		if (n <= 0) {
			die("no answer came");
		}
		for (int i = 0; i < n; i++) {
			check(plan, io.answer[i], io.received[i].msg_len, first, count);
			bytes += io.received[i].msg_len;
		}
		received += n;
	}
	return bytes;
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
	return b == 0 ? a : common_divisor(b, a % b);
}

/* Steps of this length visit each of so many places once, neighbours far from each other. */
static uint64_t stride_over(uint64_t count)
{
	uint64_t stride = count * 0.618 + 1;
	while (common_divisor(stride, count) != 1) {
		stride++;
	}
	return stride;
}

static uint64_t run(const plan_t *plan)
{
	int fd = connect_to(plan->server, plan->port);
	uint64_t bytes = 0, state = plan->seed;
	const uint64_t stride = stride_over(plan->count), offset = draw(&state) % plan->count;
	prepare(plan);
	for (unsigned done = 0; done < plan->count;) {
		unsigned left = plan->count - done;
		unsigned count = left < plan->window ? left : plan->window;
		for (unsigned i = 0; i < count; i++) {
			uint64_t at = done + i;
			uint64_t number = plan->in_order ? at
			                  : plan->once ? plan->start + (at * stride + offset) % plan->count
			                  : draw(&state);
			put_digits(io.query[i], number % plan->names * plan->step + plan->first);
			io.query[i][0] = (uint16_t)(done + i) >> 8;
			io.query[i][1] = done + i;
			if (plan->clients > 0) {
				put_client(io.query[i] + io.query_iov[i].iov_len - 3,
				           draw(&state) % plan->clients);
			}
		}
		bytes += exchange(fd, plan, done, count);
		done += count;
	}
	close(fd);
	return bytes;
}

static unsigned number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);
	if (*text == '\0' || *end != '\0' || value > UINT32_MAX) {
		die(usage);
	}
	return value;
}

static void read_options(int argc, char **argv, plan_t *plan)
{
	int option;
	while ((option = getopt(argc, argv, "t:p:n:s:f:c:w:r:a:k:d:u:oe")) != -1) {
		switch (option) {
		case 't': plan->server = optarg; break;
		case 'p': plan->port = number(optarg); break;
		case 'n': plan->names = number(optarg); break;
		case 's': plan->step = number(optarg); break;
		case 'f': plan->first = number(optarg); break;
		case 'c': plan->count = number(optarg); break;
		case 'w': plan->window = number(optarg); break;
		case 'r': plan->rcode = number(optarg); break;
		case 'a': plan->answers = number(optarg); break;
		case 'k': plan->clients = number(optarg); plan->edns = true; break;
		case 'd': plan->seed = number(optarg); break;
		case 'o': plan->in_order = true; break;
		case 'u': plan->start = number(optarg); plan->once = true; break;
		case 'e': plan->edns = true; break;
		default: die(usage);
		}
	}
	if (argc - optind != 3 || strlen(argv[optind]) != 1 || strlen(argv[optind + 1]) > 200 ||
	    plan->port == 0 || plan->names == 0 || plan->window == 0 || plan->window > WINDOW_MAX) {
		die(usage);
	}
	plan->letter = argv[optind];
	plan->suffix = argv[optind + 1];
	plan->type = number(argv[optind + 2]);
	if (plan->count == 0) {
		plan->count = plan->names;
	}
}

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	plan_t plan = {
		.server = "127.0.0.1", .names = 1, .step = 1, .window = 1, .seed = 1,
	};
	read_options(argc, argv, &plan);
	double began = now();
	uint64_t bytes = run(&plan);
	printf("%llu %.6f\n", (unsigned long long)bytes, now() - began);
	return 0;
}
