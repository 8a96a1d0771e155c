/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Addresses of hosts as text.
 *
 * Threads:  pure functions; any thread.
 */
#pragma once

#include <stdint.h>

/*!
 * Reads an IPv4 or IPv6 address that can be one host's: not unspecified, multicast or broadcast.
 *
 * \return AF_INET or AF_INET6; 0: it is none.
 */
int steer_host_address_parse(const char *text, uint8_t address[16]);
