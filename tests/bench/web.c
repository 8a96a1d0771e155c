/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A web server on all of 127.0.0.0/8, one target for each address: answers 200 or 503 to whatever
 * it is asked, and notes when it was asked.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define EVENTS   512
#define TARGETS  (1 << 24)
#define NOTES    (1 << 20)
#define FILES    (1 << 17)

static const char usage[] =
	"usage: web\n"
	"\n"
	"Prints its port, then obeys lines on standard input:\n"
	"\n"
	"  up ADDRESS, down ADDRESS  how that target answers from now on; 'down' prints when it has\n"
	"                            first done so, by the monotonic clock in nanoseconds\n"
	"  hold                      no answers for now\n"
	"  release                   503 to all that are held and from now on; prints when, and the low\n"
	"                            24 bits of their addresses\n"
	"  times                     prints when it was asked since the last 'times', on one line\n";

static struct {
	int epoll, listener;
	bool down[TARGETS];
	bool watched[TARGETS]; /* Print when it is next told to be down. */
	bool hold, all_down;
	int held[FILES];
	unsigned held_count;
	int64_t times[NOTES];
	unsigned times_count;
} web;

static void die(const char *what)
{
	fprintf(stderr, "web: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static uint32_t target_of(int fd)
{
	struct sockaddr_in own;
	socklen_t len = sizeof(own);
	return getsockname(fd, (struct sockaddr *)&own, &len) == 0
	       ? ntohl(own.sin_addr.s_addr) & (TARGETS - 1) : 0;
}

static void watch(int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
	if (epoll_ctl(web.epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
		die("epoll_ctl");
	}
}

static void answer(int fd)
{
	static const char good[] = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n";
	static const char bad[] = "HTTP/1.1 503 Unavailable\r\nContent-Length: 5\r\n\r\ndown\n";
	uint32_t target = target_of(fd);
	bool down = web.all_down || web.down[target];
	(void)!write(fd, down ? bad : good, strlen(down ? bad : good));
	if (web.watched[target]) {
		web.watched[target] = false;
		printf("%lld\n", (long long)now_ns());
	}
}

static void on_readable(int fd)
{
	char buf[4096];
	ssize_t len = read(fd, buf, sizeof(buf));
	if (len <= 0) { // The client has what it wanted.
		close(fd);
	} else if (!web.hold) {
		answer(fd);
	} else if (web.held_count < FILES) {
		web.held[web.held_count++] = fd;
	}
}

static void on_clients(void)
{
	int fd;
	while ((fd = accept4(web.listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		if (web.times_count < NOTES) {
			web.times[web.times_count++] = now_ns();
		}
		watch(fd);
	}
}

static void release(void)
{
	web.hold = false;
	web.all_down = true;
	printf("%lld", (long long)now_ns());
	for (unsigned i = 0; i < web.held_count; i++) {
		answer(web.held[i]);
	}
	for (unsigned i = 0; i < web.held_count; i++) {
		printf(" %u", target_of(web.held[i]));
	}
	putchar('\n');
	web.held_count = 0;
}

static void print_times(void)
{
	for (unsigned i = 0; i < web.times_count; i++) {
		printf("%lld ", (long long)web.times[i]);
	}
	putchar('\n');
	web.times_count = 0;
}

static void set_target(const char *word, const char *address)
{
	struct in_addr parsed;
	if (inet_pton(AF_INET, address, &parsed) != 1) {
		die(address);
	}
	uint32_t target = ntohl(parsed.s_addr) & (TARGETS - 1);
	web.down[target] = strcmp(word, "down") == 0;
	web.watched[target] = web.down[target];
}

static void obey(char *line)
{
	char word[16] = "", address[64] = "";
	int words = sscanf(line, "%15s %63s", word, address);
	if (words == 2) {
		set_target(word, address);
	} else if (strcmp(word, "hold") == 0) {
		web.hold = true;
	} else if (strcmp(word, "release") == 0) {
		release();
	} else if (strcmp(word, "times") == 0) {
		print_times();
	} else {
		fputs(usage, stderr);
		exit(2);
	}
}

static void listen_anywhere(void)
{
	struct sockaddr_in own = { .sin_family = AF_INET };
	socklen_t len = sizeof(own);
	web.listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (web.listener < 0 || bind(web.listener, (struct sockaddr *)&own, len) != 0 ||
	    listen(web.listener, 4096) != 0 ||
	    getsockname(web.listener, (struct sockaddr *)&own, &len) != 0) {
		die("listen");
	}
	printf("%u\n", ntohs(own.sin_port));
}

int main(void)
{
	struct rlimit files = { .rlim_cur = 0 };
	(void)getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &files);
	setvbuf(stdin, NULL, _IONBF, 0);
	setvbuf(stdout, NULL, _IOLBF, 1 << 20);
	web.epoll = epoll_create1(0);
	listen_anywhere();
	watch(web.listener);
	watch(STDIN_FILENO);
	for (;;) {
		struct epoll_event events[EVENTS];
		int count = epoll_wait(web.epoll, events, EVENTS, -1);
		for (int i = 0; i < count; i++) {
			int fd = events[i].data.fd;
			char line[256];
			if (fd == web.listener) {
				on_clients();
			} else if (fd != STDIN_FILENO) {
				on_readable(fd);
			} else if (fgets(line, sizeof(line), stdin) == NULL) {
				return 0;
			} else {
				obey(line); // A client sends one line and waits for what it prints.
			}
		}
	}
}
