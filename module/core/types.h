/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Types and response codes with a meaning to the answer (IANA, DNS parameters).
 */
#pragma once

enum {
	TYPE_A = 1, TYPE_NS = 2, TYPE_CNAME = 5, TYPE_SOA = 6, TYPE_MX = 15, TYPE_AAAA = 28,
	TYPE_SRV = 33, TYPE_DNAME = 39, TYPE_DS = 43, TYPE_RRSIG = 46, TYPE_NSEC = 47,
	TYPE_SVCB = 64, TYPE_HTTPS = 65, TYPE_ANY = 255,
};

enum { RCODE_NXDOMAIN = 3, RCODE_YXDOMAIN = 6 };
