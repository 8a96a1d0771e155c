/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/utf8.h"
#include "ctl/output.h"
#include "ctl/verbs.h"

static ssize_t write_all(int fd, const char *text, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t wrote = write(fd, text + done, size - done);
		if (wrote < 0 && errno != EINTR) {
			return 0; // An error, according to fopencookie(3).
		}
		done += wrote > 0 ? wrote : 0;
	}
	return size;
}

static ssize_t write_out(void *ctx, const char *text, size_t size)
{
	streams_t *streams = ctx;
	streams->printed = streams->printed || size > 0;
	return write_all(STDOUT_FILENO, text, size);
}

static ssize_t write_err(void *ctx, const char *text, size_t size)
{
	streams_t *streams = ctx;
	size_t room = STREAMS_KEPT - streams->len, kept = size < room ? size : room;
	memcpy(streams->kept + streams->len, text, kept);
	streams->len += kept;
	return write_all(STDERR_FILENO, text, size);
}

/*! Whether there is an option that getopt_long() takes for --json, also if abbreviated. */
static bool asks_json(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		size_t len = strlen(argv[i]);
		if (len > 2 && strncmp(argv[i], "--json", len) == 0) {
			return true;
		}
	}
	return false;
}

/*! Whether JSON lacks something that there was no memory for. */
static bool json_lacking;

/*! Allocates for jansson: what is put into a value is checked here, and not where it is put. */
static void *allocate_json(size_t size)
{
	void *memory = malloc(size);
	json_lacking |= memory == NULL;
	return memory;
}

void streams_begin(streams_t *streams, int argc, char **argv)
{
	*streams = (streams_t) { .json = asks_json(argc, argv) };
	json_set_alloc_funcs(allocate_json, free);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0) {
			(void)open("/dev/null", O_RDONLY); // Printing there is an error.
		}
	}
	if (!streams->json) {
		return;
	}
	const cookie_io_functions_t out = { .write = write_out }, err = { .write = write_err };
	FILE *new_out = fopencookie(streams, "w", out), *new_err = fopencookie(streams, "w", err);
	if (new_out == NULL || new_err == NULL) {
		streams->json = false; // Without memory the verb fails, too, and says so.
		return;
	}
	setvbuf(new_err, NULL, _IOLBF, BUFSIZ);
	streams->out = stdout;
	streams->err = stderr;
	stdout = new_out; // Variables in the GNU C library, whose manual allows setting them.
	stderr = new_err;
}

/*!
 * A line for JSON, without what has cleared a terminal's line, and with '?' for bytes that are not
 * printable UTF-8.
 */
static json_t *json_line(char *line, size_t len)
{
	uint32_t code;
	char *begin = memrchr(line, '\r', len);
	size_t skip = begin != NULL ? begin + strlen("\r\033[K") - line : 0;
	line += skip < len ? skip : 0;
	len -= skip < len ? skip : 0;
	for (size_t at = 0; at < len;) {
		unsigned bytes = steer_utf8_read(line + at, len - at, &code);
		if (bytes == 0 || steer_utf8_is_control(code)) {
			memset(line + at, '?', bytes > 0 ? bytes : 1);
		}
		at += bytes > 0 ? bytes : 1;
	}
	return json_stringn(line, len);
}

static void print_error(streams_t *streams, int status)
{
	json_t *messages = json_array();
	for (size_t at = 0; at < streams->len;) {
		const char *newline = memchr(streams->kept + at, '\n', streams->len - at);
		size_t end = newline != NULL ? (size_t)(newline - streams->kept) : streams->len;
		if (end > at) {
			json_array_append_new(messages, json_line(streams->kept + at, end - at));
		}
		at = end + 1;
	}
	json_t *value = json_pack("{s:{s:i, s:o}}", "error", "status", status, "messages", messages);
	json_dumpf(value, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(value);
}

static int flush(int status)
{
	bool failed = ferror(stdout);
	int why = 0;
	if (fflush(stdout) != 0) {
		failed = true;
		why = errno;
	}
	if (!failed) {
		return status;
	}
	fprintf(stderr, "steerctl: standard output: %s\n", why != 0 ? strerror(why) : "not all of it "
	        "could be written");
	return status == EXIT_DONE ? EXIT_REFUSED : status;
}

int streams_end(streams_t *streams, int status)
{
	if (status == EXIT_DONE && json_lacking) {
		status = print_no_memory();
	}
	status = flush(status);
	if (!streams->json) {
		return status;
	}
	fflush(stderr);
	if (status != EXIT_DONE && !streams->printed) {
		print_error(streams, status);
		status = flush(status);
	}
	fclose(stdout);
	fclose(stderr);
	stdout = streams->out;
	stderr = streams->err;
	return status;
}
