/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks what it reads on standard input, in the way of steerd, and prints a line for each response:
 * the question, a colon, and what responses.h prints. A line is one of
 *
 *   ask NAME TYPE, anew NAME TYPE
 *   configure system|recursion|SERVER...
 *   reload
 *
 * It ends when standard input does.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "formats/forwarders.h"
#include "steerd/resolve/resolve.h"
#include "unit/responses.h"

#define WORDS_MAX 16

static const char usage[] =
	"usage: resolve [-a TRUST_ANCHORS] [-c CA_FILE] [-r ROOT_HINTS]\n";

static struct {
	struct ev_loop *loop;
	resolver_t *resolver;
	steer_text_t *text;
} self;

static void die(const char *what)
{
	fprintf(stderr, "resolve: %s\n", what);
	exit(1);
}

static void on_response(void *ctx, const response_t *response)
{
	printf("%s: ", (char *)ctx);
	response_write(response, self.text, stdout);
	puts("");
	free(ctx);
}

static void ask(const char *name, const char *type_text, bool anew)
{
	char *question;
	uint16_t type;
	if (steer_type_parse(type_text, &type) != STEER_OK ||
	    asprintf(&question, "%s %s", name, type_text) < 0 ||
	    resolver_query(self.resolver, name, type, anew, on_response, question) == NULL) {
		die("cannot ask");
	}
}

static void configure(char **words, unsigned count)
{
	steer_forwarders_t forwarders = { .word = STEER_FORWARD_SYSTEM };
	steer_fault_t fault;
	if (strcmp(words[0], "recursion") == 0) {
		forwarders.word = STEER_FORWARD_RECURSION;
	} else if (strcmp(words[0], "system") != 0 &&
	           steer_forwarders_parse((const char *const *)words, count, &forwarders,
	                                  &fault) != STEER_OK) {
		die(fault.text);
	}
	resolver_configure(self.resolver, &forwarders);
}

static void obey(char *line)
{
	char *words[WORDS_MAX], *rest;
	unsigned count = 0;
	for (char *word = strtok_r(line, " ", &rest); word != NULL && count < WORDS_MAX;
	     word = strtok_r(NULL, " ", &rest)) {
		words[count++] = word;
	}
	if (count == 3 && strcmp(words[0], "ask") == 0) {
		ask(words[1], words[2], false);
	} else if (count == 3 && strcmp(words[0], "anew") == 0) {
		ask(words[1], words[2], true);
	} else if (count >= 2 && strcmp(words[0], "configure") == 0) {
		configure(words + 1, count - 1);
	} else if (count == 1 && strcmp(words[0], "reload") == 0) {
		resolver_reload(self.resolver);
	} else {
		die("not a command");
	}
}

static void on_input(struct ev_loop *loop, ev_io *io, int events)
{
	(void)events;
	static char lines[65536];
	static size_t len;
	ssize_t size = read(io->fd, lines + len, sizeof(lines) - len - 1);
	if (size <= 0) {
		ev_break(loop, EVBREAK_ALL);
		return;
	}
	len += size;
	lines[len] = '\0';
	char *line = lines;
	for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		obey(line);
	}
	len -= line - lines;
	memmove(lines, line, len);
}

int main(int argc, char **argv)
{
	resolver_options_t options = { .hosts_file = false };
	const char *ca_file = NULL;
	steer_fault_t fault;
	ev_io input;
	int option;
	while ((option = getopt(argc, argv, "a:c:r:")) >= 0) {
		switch (option) {
		case 'a':
			options.trust_anchor = optarg;
			break;
		case 'c':
			ca_file = optarg;
			break;
		case 'r':
			options.root_hints = optarg;
			break;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	self.loop = ev_loop_new(EVFLAG_NOENV);
	self.text = steer_text_new();
	if (tls_open(&options.tls, ca_file, &fault) != STEER_OK ||
	    resolver_open(&self.resolver, self.loop, &options, &fault) != STEER_OK) {
		die(fault.text);
	}
	ev_io_init(&input, on_input, STDIN_FILENO, EV_READ);
	ev_io_start(self.loop, &input);
	ev_run(self.loop, 0);
	return 0;
}
