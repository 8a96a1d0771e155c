/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/probe/datagram.h"

#include <errno.h>
#include <stddef.h>
#include <sys/random.h>
#include <sys/socket.h>

int datagram_socket(const address_t *address, int protocol)
{
	return socket(address->any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
}

bool datagram_connect(int fd, const address_t *address)
{
	static const int on = 1;
	bool v6 = address->any.sa_family == AF_INET6;
	return setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_RECVERR : IP_RECVERR, &on,
	                  sizeof(on)) == 0 &&
	       connect(fd, &address->any, address->len) == 0;
}

int datagram_error(int fd, int err)
{
	switch (err) {
	case EAGAIN:
	case EINTR:
		return 0;
	case EREMOTEIO: // Of a redirect.
	case EMSGSIZE:  // Of a smaller MTU; what is sent here fits any.
		while (recv(fd, NULL, 0, MSG_ERRQUEUE) >= 0) {
			// As long as a report can be read, the socket counts as readable.
		}
		return 0;
	default:
		return err;
	}
}

bool datagram_secret(void *bytes, size_t len)
{
	return getrandom(bytes, len, 0) == (ssize_t)len;
}
