/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/datagram.h"

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

bool datagram_secret(void *bytes, size_t len)
{
	return getrandom(bytes, len, 0) == (ssize_t)len;
}
