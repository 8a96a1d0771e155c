/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Types of records and their names, and response codes (IANA, DNS parameters).
 *
 * Threads:  pure functions; any thread.
 * Memory:   the caller's.
 */
#pragma once

#include <stdint.h>

/*! X(symbol, number): types that are written by their symbols. */
#define STEER_TYPES(X) \
	X(A, 1) X(NS, 2) X(CNAME, 5) X(SOA, 6) X(PTR, 12) X(HINFO, 13) X(MINFO, 14) X(MX, 15) \
	X(TXT, 16) X(RP, 17) X(AFSDB, 18) X(RT, 21) X(KEY, 25) X(AAAA, 28) X(LOC, 29) X(SRV, 33) \
	X(NAPTR, 35) X(KX, 36) X(CERT, 37) X(DNAME, 39) X(APL, 42) X(DS, 43) X(SSHFP, 44) \
	X(IPSECKEY, 45) X(RRSIG, 46) X(NSEC, 47) X(DNSKEY, 48) X(DHCID, 49) X(NSEC3, 50) \
	X(NSEC3PARAM, 51) X(TLSA, 52) X(SMIMEA, 53) X(CDS, 59) X(CDNSKEY, 60) X(OPENPGPKEY, 61) \
	X(CSYNC, 62) X(ZONEMD, 63) X(SVCB, 64) X(HTTPS, 65) X(SPF, 99) X(NID, 104) X(L32, 105) \
	X(L64, 106) X(LP, 107) X(EUI48, 108) X(EUI64, 109) X(URI, 256) X(CAA, 257)

enum {
#define X(symbol, number) TYPE_##symbol = (number),
	STEER_TYPES(X)
#undef X
	// Obsolete types, which are written as TYPE3 and so on, and types of questions and messages.
	TYPE_MD = 3, TYPE_MF = 4, TYPE_MB = 7, TYPE_MG = 8, TYPE_MR = 9, TYPE_OPT = 41, TYPE_ANY = 255,
};

/*! Room for a type as text. */
#define STEER_TYPE_TEXT 16

/*! Writes a type as text: its name, or TYPE65280 (RFC 3597, section 5). \return text */
const char *steer_type_text(uint16_t type, char text[STEER_TYPE_TEXT]);

enum { RCODE_NXDOMAIN = 3, RCODE_YXDOMAIN = 6 };
