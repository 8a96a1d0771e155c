/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Types and response codes with a meaning to the answer (IANA, DNS parameters).
 */
#pragma once

enum {
	TYPE_A = 1, TYPE_NS = 2, TYPE_MD = 3, TYPE_MF = 4, TYPE_CNAME = 5, TYPE_SOA = 6, TYPE_MB = 7,
	TYPE_MG = 8, TYPE_MR = 9, TYPE_PTR = 12, TYPE_MINFO = 14, TYPE_MX = 15, TYPE_TXT = 16,
	TYPE_AAAA = 28, TYPE_SRV = 33, TYPE_DNAME = 39, TYPE_DS = 43, TYPE_RRSIG = 46, TYPE_NSEC = 47,
	TYPE_DNSKEY = 48, TYPE_NSEC3 = 50, TYPE_NSEC3PARAM = 51, TYPE_CDS = 59, TYPE_CDNSKEY = 60,
	TYPE_ZONEMD = 63, TYPE_SVCB = 64, TYPE_HTTPS = 65, TYPE_ANY = 255,
};

enum { RCODE_NXDOMAIN = 3, RCODE_YXDOMAIN = 6 };
