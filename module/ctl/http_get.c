/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/http_get.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define HEAD_END "\r\n\r\n"

/*! What has come. */
typedef struct {
	int fd;
	int64_t end; /*!< By the monotonic clock. */
	char *data;
	size_t len, room;
} answer_t;

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return INT64_C(1000) * now.tv_sec + now.tv_nsec / 1000000;
}

/*! Waits until the socket can be used. */
static int wait_for(const answer_t *answer, short events, steer_fault_t *fault)
{
	struct pollfd one = { .fd = answer->fd, .events = events };
	int ret;
	do {
		int64_t left = answer->end - now_ms();
		ret = left > 0 ? poll(&one, 1, left < HTTP_WAIT_MS ? left : HTTP_WAIT_MS) : 0;
	} while (ret < 0 && errno == EINTR);
	if (ret == 0) {
		return steer_fault(fault, STEER_EIO, "steerd does not answer in time");
	}
	return ret > 0 ? STEER_OK : steer_fault(fault, STEER_EIO, "poll: %s", strerror(errno));
}

static int send_request(const answer_t *answer, const char *page, steer_fault_t *fault)
{
	char request[512];
	int len = snprintf(request, sizeof(request), "GET %s HTTP/1.0" HEAD_END, page);
	int ret = wait_for(answer, POLLOUT, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	// It is short: the buffer of a new socket has room for it.
	ssize_t sent = send(answer->fd, request, len, MSG_NOSIGNAL);
	return sent == len ? STEER_OK
	       : steer_fault(fault, STEER_EIO, "steerd takes no request: %s",
	                     sent < 0 ? strerror(errno) : "cut off");
}

static int make_room(answer_t *answer, steer_fault_t *fault)
{
	if (answer->len < answer->room) {
		return STEER_OK;
	}
	if (answer->room >= HTTP_MAX) {
		return steer_fault(fault, STEER_EIO, "the answer of steerd is longer than %zu MiB",
		                   HTTP_MAX >> 20);
	}
	size_t room = answer->room > 0 ? 2 * answer->room : 1 << 16;
	char *data = realloc(answer->data, room);
	if (data == NULL) {
		return steer_fault(fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
	}
	answer->data = data;
	answer->room = room;
	return STEER_OK;
}

/*! Receives until the peer ends the connection. */
static int receive(answer_t *answer, steer_fault_t *fault)
{
	for (;;) {
		int ret = make_room(answer, fault);
		if (ret == STEER_OK) {
			ret = wait_for(answer, POLLIN, fault);
		}
		if (ret != STEER_OK) {
			return ret;
		}
		ssize_t got = recv(answer->fd, answer->data + answer->len, answer->room - answer->len, 0);
		if (got == 0) {
			return STEER_OK;
		}
		if (got < 0 && errno != EAGAIN && errno != EINTR) {
			return steer_fault(fault, STEER_EIO, "steerd ends its answer: %s", strerror(errno));
		}
		answer->len += got > 0 ? got : 0;
	}
}

/*! Cuts off the head. \return false: it is not that of a good answer */
static bool cut_head(answer_t *answer)
{
	static const char version[] = "HTTP/1.", status[] = " 200 ";
	const char *data = answer->data;
	const size_t at = sizeof(version) - 1, least = at + sizeof(status); // And a digit between.
	const char *end = memmem(data, answer->len, HEAD_END, strlen(HEAD_END));
	if (end == NULL || (size_t)(end - data) < least || memcmp(data, version, at) != 0 ||
	    memcmp(data + at + 1, status, strlen(status)) != 0) {
		return false;
	}
	size_t head = end + strlen(HEAD_END) - data;
	answer->len -= head;
	memmove(answer->data, data + head, answer->len);
	return true;
}

int http_get(int fd, const char *page, char **body, size_t *len, steer_fault_t *fault)
{
	answer_t answer = { .fd = fd, .end = now_ms() + HTTP_TOTAL_MS };
	int ret = send_request(&answer, page, fault);
	if (ret == STEER_OK) {
		ret = receive(&answer, fault);
	}
	if (ret == STEER_OK && !cut_head(&answer)) {
		ret = steer_fault(fault, STEER_EIO, "steerd gives no good answer");
	}
	if (ret != STEER_OK) {
		free(answer.data);
		return ret;
	}
	*body = answer.data;
	*len = answer.len;
	return STEER_OK;
}
