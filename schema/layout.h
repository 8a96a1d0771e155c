/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief The store's contract: databases, keys, and every field of every value.
 *
 * steer-store(5) says the same in prose. Code and tests take offsets, sizes and bounds from here
 * and from nowhere else.
 *
 * Numbers are little-endian and unaligned (LMDB values can be at odd addresses). Offsets inside a
 * node count from its first byte, so a node means the same wherever it is.
 *
 * Version rule: STEER_STORE_VERSION names this file. A reader serves every released version up to
 * its own and refuses newer ones. Any change of an offset, a size, a bound or the meaning of a
 * value raises it. Reserved fields are written as zero and refused if they are not zero, so giving
 * one a meaning raises it as well.
 */
#pragma once

#include <stdint.h>
#include <string.h>

#define STEER_STORE_VERSION 1

/*!
 * X(symbol, file name, always): the environments, each a directory with data.mdb and lock.mdb.
 * Those that a store always has are made by init, others when something is first put into them.
 */
#define STEER_ENVIRONMENTS(X) \
	X(RECORDS, "records", true)  /* What people write: durable commits. */ \
	X(MAPS,    "maps",    false) /* Compiled maps, each one large value. */ \
	X(STATUS,  "status",  true)  /* What changes by itself: check states, resolved targets. */

/*! File in the store's directory: the version in decimal and a line feed. */
#define STEER_VERSION_FILE "version"
/*! File in the store's directory that every writer touches after a commit. */
#define STEER_DOORBELL_FILE "doorbell"
/*! Socket in the store's directory on which its steerd answers; left behind if that was killed. */
#define STEER_SOCKET_FILE "steerd.sock"
/*! Symbolic link in the store's directory while a backup is made: to the incomplete copy. */
#define STEER_BACKUP_NOTE "backup"

/*! X(symbol, environment, name): the databases. */
#define STEER_DATABASES(X) \
	X(META,   RECORDS, "meta")   /* Setting's name -> its value. */ \
	X(ZONES,  RECORDS, "zones")  /* Key of the apex -> zone. */ \
	X(APEXES, RECORDS, "apexes") /* Number of a page -> page of the filter of hosted apexes. */ \
	X(NODES,  RECORDS, "nodes")  /* Key of a name -> node. */ \
	X(CHECKS, RECORDS, "checks") /* Health check's id -> its definition. */ \
	X(USES,   RECORDS, "uses")   /* What record sets name -> number of these record sets. */ \
	X(DICTIONARY, RECORDS, "dictionary") /* Name -> its number, and number -> name. */ \
	X(LOG,    RECORDS, "log")    /* Change set's number and part -> part of a change set. */ \
	X(MAPS,   MAPS,    "maps")   /* Map's name -> map. */ \
	X(STATUS, STATUS,  "status") /* Status key -> state. */ \
	X(HEALTH_LOG, STATUS, "health-log") /* Transition's number -> transition. */

/*! Random bytes of a new store; a backup keeps them. */
#define STEER_STORE_ID_SIZE 16
/* Entries of META. */
#define STEER_META_VERSION  "version"  /*!< u32: STEER_STORE_VERSION. */
#define STEER_META_SEQUENCE "sequence" /*!< u64: number of the last change set. */
#define STEER_META_STORE_ID "store-id" /*!< STEER_STORE_ID_SIZE bytes: where its history began. */
#define STEER_META_CHAIN    "chain"    /*!< Two u64: chain of the last change set, see its head. */
#define STEER_META_SERVERS  "servers"  /*!< Delegation set: wire names, one after the other. */
#define STEER_META_LOG_KEEP "log-keep" /*!< u32: change sets to keep in the log; absent: default. */
/*! u32: transitions to keep in the health log; absent: default. */
#define STEER_META_HEALTH_LOG_KEEP "health-log-keep"
#define STEER_META_STALE_AFTER "stale-after" /*!< u32: seconds; absent: STEER_STALE_AFTER. */
#define STEER_META_STALE    "stale"    /*!< u32: STEER_STALE_KEEP or _UP; absent: the former. */
/* Of alias targets that are resolved; u32: seconds; absent: the default below. */
#define STEER_META_STALE_MAX "stale-max"
#define STEER_META_TARGET_TTL_MIN "target-ttl-min"
#define STEER_META_TARGET_TTL_MAX "target-ttl-max"
#define STEER_META_TARGET_EMPTY_HOLD "target-empty-hold"
#define STEER_META_FORWARDERS "forwarders" /*!< Forwarders, see below; absent: those of the system. */
#define STEER_META_CHECKED  "checked"  /*!< u64: number of the last change set in CHECKS. */
#define STEER_META_STATED   "stated"   /*!< u64: number of the last change set of states. */
#define STEER_META_APEXES   "apexes"   /*!< u64: number of the last change set in APEXES. */

/*
 * Keys. A name's key is a view prefix and the labels, root first, A-Z lowered, each ended by 00;
 * the bytes 00 and 01 inside a label are written 01 01 and 01 02. Keys of names sort in canonical
 * DNS order (RFC 4034, section 6.1), and an ancestor's key is a prefix of its descendants'.
 *
 * The first byte of the view prefix is the number of bytes that follow in it; the public view is
 * the single byte 00.
 */
#define STEER_VIEW_MAX      7   /*!< Longest view prefix. */
#define STEER_NAME_KEY_MAX  504 /*!< Longest key of a name without prefix: all bytes escaped. */
#define STEER_KEY_MAX       511 /*!< LMDB's limit. */
#define STEER_NAME_MAX      255 /*!< RFC 1035, section 2.3.4. */
#define STEER_LABELS_MAX    127
#define STEER_VIEW_PUBLIC   0x00
#define STEER_KEY_END       0x00 /*!< Ends a label. */
#define STEER_KEY_ESCAPE    0x01 /*!< Followed by the escaped byte plus one. */

/*
 * Node: all that the store holds for one name. Header, faces in order of the apex's label count,
 * then the groups of each face in order of type, then blocks. The sum is the low half of XXH3-64 of
 * all bytes after the sum field.
 */
/*! Bytes of the sum that nodes and most other values begin with. */
#define STEER_SUM_SIZE 4
#define STEER_NODE_FORMAT 1
#define STEER_NODE_HEADER 12
#define STEER_NODE_FIELDS(X) \
	X(node, sum,      0, u32) /* Checksum of the bytes from offset 4 to the end. */ \
	X(node, size,     4, u32) /* Bytes of the whole node. */ \
	X(node, format,   8, u8)  /* STEER_NODE_FORMAT. */ \
	X(node, faces,    9, u8)  /* Number of faces, 1 to STEER_FACES_MAX. */ \
	X(node, reserved, 10, u16)
#define STEER_FACES_MAX 128 /*!< Apexes from the root to 127 labels. */
#define STEER_NODE_MAX  (2u << 20) /*!< It is checked as a whole when it is first used. */

/*!
 * Face: the view of a name in one hosted zone. A name can be in several: below a delegation of one,
 * and the apex of another.
 */
#define STEER_FACE_SIZE 16
#define STEER_FACE_FIELDS(X) \
	X(face, apex,      0, u8)  /* Label count of the zone's apex. */ \
	X(face, flags,     1, u8)  /* STEER_FACE_FLAGS. */ \
	X(face, cut,       2, u8)  /* Label count of the topmost delegation at or above; 0: none. */ \
	X(face, reserved,  3, u8) \
	X(face, children,  4, u32) /* Names one label below that have a face of this zone. */ \
	X(face, groups,    8, u32) /* Offset of the first group. */ \
	X(face, count,    12, u16) /* Number of groups. */ \
	X(face, reserved2, 14, u16)
/*! X(symbol, bit): flags of a face. */
#define STEER_FACE_FLAGS(X) \
	X(APEX,     0x01) /* The name is the zone's apex. */ \
	X(WILDCARD, 0x02) /* The name "*" exists one label below. */ \
	X(HOSTED,   0x04) /* A hosted zone begins here: the name exists in this zone without data. */ \
	X(OVERLAY,  0x08) /* The zone is an overlay. */

/*!
 * Group: all record sets of one name and type. A policy chooses among them; without a policy there
 * is only one.
 */
#define STEER_GROUP_SIZE 16
#define STEER_GROUP_FIELDS(X) \
	X(group, type,    0, u16) \
	X(group, kind,    2, u8)  /* STEER_GROUP_*: what the block is. */ \
	X(group, reserved, 3, u8) \
	X(group, block,   4, u32) /* Offset of the block. */ \
	X(group, length,  8, u32) /* Bytes of the block. */ \
	X(group, reserved2, 12, u32)
#define STEER_GROUP_PLAIN  0 /*!< One record set with values and no policy: a values block. */
#define STEER_GROUP_POLICY 1 /*!< Anything else: a policy block. */

/*!
 * Values block: header, wire-ready RRs, then the RRSIG RRs, wire-ready too, of a set at the apex
 * that was signed elsewhere.
 */
#define STEER_VALUES_SIZE 16
#define STEER_VALUES_FIELDS(X) \
	X(values, ttl,    0, u32) \
	X(values, count,  4, u16) /* Number of RRs, at least 1. */ \
	X(values, reserved, 6, u16) \
	X(values, rrs,    8, u32) /* Bytes of RRs. */ \
	X(values, sigs,  12, u32) /* Bytes of RRSIG RRs; 0: none. */
/*! Most bytes of a set's RRs: as many as fit in a message with header and shortest question. */
#define STEER_RRS_MAX (65535 - 12 - 5)
/*! Largest TTL (RFC 2181, section 8). */
#define STEER_TTL_MAX INT32_MAX

/*! Policy block: header, sets, then what they point to. Offsets count from the node's start. */
#define STEER_POLICY_SIZE 24
#define STEER_POLICY_FIELDS(X) \
	X(policy, sets,        0, u16) /* Number of record sets, 1 to STEER_SETS_MAX. */ \
	X(policy, flags,       2, u16) /* STEER_POLICY_*. */ \
	X(policy, program,     4, u32) /* Offset of the steps. */ \
	X(policy, program_len, 8, u32) /* Bytes of the steps; 0: the group has only one set. */ \
	X(policy, table,      12, u32) /* Offset of the draw table. */ \
	X(policy, table_len,  16, u32) /* Bytes of the draw table. */ \
	X(policy, collection, 20, u32) /* Number in the dictionary: that of all locations; 0: none. */
#define STEER_POLICY_ALIASES 0x0001      /*!< A set is an alias. */
#define STEER_POLICY_DUPLICATES   0x0002 /*!< Two sets have a record in common. */
#define STEER_POLICY_KNOWN   (STEER_POLICY_ALIASES | STEER_POLICY_DUPLICATES)
#define STEER_SETS_MAX    1000
#define STEER_SET_ID_MAX  128
#define STEER_PROGRAM_MAX 4096
#define STEER_ALIAS_DEPTH 16 /*!< Aliases, CNAMEs and DNAMEs from an alias to its records. */

/*!
 * Steps of a program: number u8, bytes of arguments u8, arguments. X(symbol, number, name,
 * arguments): steer-policies(7) says what each does.
 */
#define STEER_STEPS(X) \
	X(UP,       1, "up",       2) /* u8: STEER_ALL_DOWN_*; u8: min-healthy, percent; 0: none. */ \
	X(TIER,     2, "tier",     0) \
	X(WEIGHTED, 3, "weighted", 1) /* u8: STEER_STICKY_*. */ \
	X(SHUFFLE,  4, "shuffle",  0) \
	X(TAKE,     5, "take",     2) /* u16: number of sets, at least 1. */ \
	X(LATENCY,  6, "latency",  0) \
	X(WITHIN,   7, "within",   2) /* u16: percent, at most STEER_WITHIN_MAX. */ \
	X(GEO,      8, "geo",      0) \
	X(NEAREST,  9, "nearest",  0) \
	X(CIDR,    10, "cidr",     0) \
	X(ASN,     11, "asn",      0)
#define STEER_STEP_HEAD 2
#define STEER_ALL_DOWN_ALL      0 /*!< All candidates that the step was given pass. */
#define STEER_ALL_DOWN_NONE     1 /*!< No candidate passes. */
#define STEER_ALL_DOWN_SERVFAIL 2 /*!< The answer is SERVFAIL. */
#define STEER_STICKY_NONE   0
#define STEER_STICKY_CLIENT 1
#define STEER_WITHIN_MAX    10000

/*!
 * Draw table of a group that has a step "weighted" in its program and more than STEER_TABLE_OVER
 * sets: for each set u64, the sum of the weights up to and including it.
 */
#define STEER_TABLE_OVER  8
#define STEER_TABLE_ENTRY 8

/*
 * Attributes of a set: tag u8, length u8, value, each; in order of tag, each there once at most.
 */
#define STEER_ATTR_HEAD   2
#define STEER_ATTR_HEALTH 1 /*!< Id of the health check, as in the database "checks". */
#define STEER_ATTR_ASNS   2 /*!< Numbers of autonomous systems, u32 each, rising, not 0. */
#define STEER_ASNS_MAX    63 /*!< Of a set. */

/*!
 * Record set: a candidate of the policy. Sets are sorted by tier, then by identifier. Steps compare
 * many sets of a group by where they are, so that has fields, not attributes: they are found without
 * a search.
 */
#define STEER_SET_SIZE 68
#define STEER_SET_FIELDS(X) \
	X(set, kind,       0, u8)  /* STEER_SET_VALUES or STEER_SET_ALIAS. */ \
	X(set, flags,      1, u8)  /* STEER_SET_EVALUATE, STEER_SET_POINT. */ \
	X(set, id_len,     2, u8)  /* 0 to STEER_SET_ID_MAX. */ \
	X(set, tier,       3, u8) \
	X(set, weight,     4, u32) \
	X(set, slot,       8, u32) /* Health slot; STEER_SLOT_NONE: always healthy. */ \
	X(set, generation, 12, u32) /* Generation of the check, which the slot must have. */ \
	X(set, ttl,        16, u32) \
	X(set, count,      20, u16) /* Number of RRs; 0 for an alias. */ \
	X(set, attrs_len,  22, u16) /* Bytes of attributes. */ \
	X(set, id,         24, u32) /* Offset of the set identifier. */ \
	X(set, body,       28, u32) /* Offset of the RRs, or of the alias target's wire name. */ \
	X(set, body_len,   32, u32) \
	X(set, attrs,      36, u32) /* Offset of the attributes: tag u8, length u8, value. */ \
	X(set, id_hash,    40, u64) /* XXH3-64 of the set identifier, for "sticky". */ \
	X(set, region,     48, u32) /* Its number in the dictionary; 0: none. */ \
	X(set, geo,        52, u32) /* Place of its clients, as in core/geo.h; 0: any. */ \
	X(set, location,   56, u32) /* Of its clients' networks: its number in the dictionary; 0: any. */ \
	X(set, lat,        60, u16) /* Two's complement: hundredths of a degree, north positive, ... */ \
	X(set, lon,        62, u16) /* ... east positive; both 0 without STEER_SET_POINT. */ \
	X(set, bias,       64, u8)  /* Two's complement, percent: at most STEER_BIAS_MAX either way. */ \
	X(set, reserved,   65, u8) \
	X(set, reserved2,  66, u16)
#define STEER_SET_VALUES   0
#define STEER_SET_ALIAS    1
#define STEER_SET_EVALUATE 0x01 /*!< Of an alias: the health of its target counts. */
#define STEER_SET_POINT    0x02 /*!< It has coordinates. */
#define STEER_BIAS_MAX     99
#define STEER_SLOT_NONE    UINT32_MAX

/*! Zone: header, name servers (wire names), comment (UTF-8). Sum as in a node. */
#define STEER_ZONE_FORMAT 1
#define STEER_ZONE_SIZE   24
#define STEER_ZONE_FIELDS(X) \
	X(zone, sum,         0, u32) \
	X(zone, format,      4, u8)  /* STEER_ZONE_FORMAT. */ \
	X(zone, mode,        5, u8)  /* STEER_ZONE_*. */ \
	X(zone, labels,      6, u8)  /* Label count of the apex. */ \
	X(zone, enclosing,   7, u8)  /* That of the enclosing hosted zone; STEER_ZONE_TOP: none. */ \
	X(zone, created,     8, u64) /* Sequence number of the change set that created it. */ \
	X(zone, servers_len, 16, u16) /* Bytes of name servers. */ \
	X(zone, comment_len, 18, u16) /* Bytes of comment, at most STEER_COMMENT_MAX. */ \
	X(zone, reserved,    20, u32)
#define STEER_ZONE_AUTHORITATIVE 0
#define STEER_ZONE_OVERLAY       1
#define STEER_ZONE_TOP           0xff
#define STEER_COMMENT_MAX        256
#define STEER_SERVERS_MAX        (13 * STEER_NAME_MAX)

/*
 * Health check: header, options. The key is its id. A deleted check keeps its slot and its
 * generation, with the type STEER_CHECK_NONE, since record sets may name it. One that is created
 * again has none of the states of the one before, whenever they are written.
 */
#define STEER_CHECK_FORMAT 1
#define STEER_CHECK_SIZE   24
#define STEER_CHECK_ID_MAX 128
#define STEER_CHECK_FIELDS(X) \
	X(check, sum,         0, u32) /* As in a node. */ \
	X(check, format,      4, u8)  /* STEER_CHECK_FORMAT. */ \
	X(check, type,        5, u8)  /* STEER_CHECK_TYPES. */ \
	X(check, flags,       6, u8)  /* STEER_CHECK_INVERTED, STEER_CHECK_DISABLED. */ \
	X(check, reserved,    7, u8) \
	X(check, slot,        8, u32) /* Its health slot. */ \
	X(check, generation, 12, u32) /* Low half of the number of the change set that took it. */ \
	X(check, options_len, 16, u32) /* Bytes of options, in order of key, then as given. */ \
	X(check, created,    20, u32) /* Low half of the number of the change set that created it. */
#define STEER_CHECK_INVERTED 0x01
#define STEER_CHECK_DISABLED 0x02
#define STEER_CHECKS_MAX     (1u << 24) /*!< Slots. */
/*! X(symbol, number, name): types of health checks. Nobody can choose the type NONE. */
#define STEER_CHECK_TYPES(X) \
	X(NONE,       0, "none") \
	X(HTTP,       1, "http") \
	X(HTTPS,      2, "https") \
	X(TCP,        3, "tcp") \
	X(TLS,        4, "tls") \
	X(DNS,        5, "dns") \
	X(ICMP,       6, "icmp") \
	X(COMMAND,    7, "command") \
	X(CALCULATED, 8, "calculated") \
	X(MANUAL,     9, "manual")
/*! Option of a check: header, text. */
#define STEER_OPTION_SIZE 4
#define STEER_OPTION_FIELDS(X) \
	X(option, key,      0, u8) /* Number of its key, 1 to STEER_OPTIONS_MAX, in core's table. */ \
	X(option, reserved, 1, u8) \
	X(option, length,   2, u16) /* Bytes of text. */
#define STEER_OPTIONS_MAX 63

/*
 * Uses: how many record sets name a health check or an alias target; what none names has no entry.
 * The key is a byte that says what it is, then for STEER_USES_CHECK a check's id, for
 * STEER_USES_TARGET a type, u16 big-endian, and the key of a name. The value is the number, u64.
 */
#define STEER_USES_CHECK  'c'
#define STEER_USES_TARGET 't' /*!< In a hosted zone or not; a target's key is that in STATUS. */

/*
 * Dictionary: numbers by which maps and record sets refer to names. The key of a name is its kind,
 * one byte, and the name, for a location "collection/location"; the value is its number, u32, from
 * 1 in the order in which they are given. The key of a number is STEER_DICTIONARY_NUMBER and the
 * number, u32 big-endian; the value is the key of its name. Nothing is ever removed or changed, so
 * a number means the same forever.
 */
#define STEER_DICTIONARY_NUMBER 'n'
/*! X(symbol, byte, name): kinds of names. A collection is the name of a map of the type "cidr". */
#define STEER_DICTIONARY_KINDS(X) \
	X(COLLECTION, 'c', "collection") \
	X(LOCATION,   'l', "location") \
	X(REGION,     'r', "region")
#define STEER_REGION_NAME_MAX 64 /*!< Also that of a map, and of a location in its collection. */
#define STEER_DICTIONARY_KEY_MAX (1 + 2 * STEER_REGION_NAME_MAX + 1)
#define STEER_DICTIONARY_MAX  (1u << 20) /*!< Numbers. */

/*
 * Status. The key is a byte that says what the value is, then for STEER_STATUS_FORCE, _REPORT and
 * _STATE a check's id; for STEER_STATUS_TARGET a type, u16 big-endian, and the key of a name; for
 * STEER_STATUS_HEARTBEAT nothing.
 */
#define STEER_STATUS_FORCE  'f' /*!< Written by steerctl. */
#define STEER_STATUS_REPORT 'r' /*!< Written by steerctl. */
#define STEER_STATUS_STATE  's' /*!< Written by steerd. */
#define STEER_STATUS_TARGET 't' /*!< Written by steerd. */
#define STEER_STATUS_HEARTBEAT 'h' /*!< Written by steerd. */
/*! Without an id: u64, number of the last change set with states that has been put here. */
#define STEER_STATUS_STATED 'n'
/*! Without an id: u64, how many changes of states are not in the health log. */
#define STEER_STATUS_UNLOGGED 'u'
/*! State of a check: header, who, reason (UTF-8). */
#define STEER_STATE_FORMAT 1
#define STEER_STATUS_SIZE 72
#define STEER_STATUS_FIELDS(X) \
	X(status, sum,         0, u32) /* As in a node. */ \
	X(status, format,      4, u8)  /* STEER_STATE_FORMAT. */ \
	X(status, up,          5, u8)  /* 1: up; 0: down; STEER_STATE_CLEARED. */ \
	X(status, reserved,    6, u16) \
	X(status, created,     8, u32) /* When the check was, see there. */ \
	X(status, who_len,    12, u16) /* Bytes of who, at most STEER_LOG_TEXT_MAX. */ \
	X(status, reason_len, 14, u16) /* Bytes of reason, likewise. */ \
	X(status, since,      16, u64) /* Seconds since the Unix epoch. */ \
	X(status, until,      24, u64) /* Likewise: when it ends; 0: not by itself. */ \
	X(status, since_boot, 32, u64) /* Milliseconds of CLOCK_BOOTTIME. */ \
	X(status, until_boot, 40, u64) /* Likewise. */ \
	X(status, boot_low,   48, u64) /* Id of that boot, first half. */ \
	X(status, boot_high,  56, u64) \
	X(status, reserved2,  64, u64)
/*! In a log alone: the state that was there is cleared, since when, by whom and why. */
#define STEER_STATE_CLEARED 2
/*! Heartbeat of steerd: when it last said that it is at work. */
#define STEER_HEARTBEAT_FORMAT 1
#define STEER_HEARTBEAT_SIZE   40
#define STEER_HEARTBEAT_FIELDS(X) \
	X(heartbeat, sum,       0, u32) /* As in a node. */ \
	X(heartbeat, format,    4, u8)  /* STEER_HEARTBEAT_FORMAT. */ \
	X(heartbeat, reserved,  5, u8) \
	X(heartbeat, reserved2, 6, u16) \
	X(heartbeat, wall,      8, u64) /* Seconds since the Unix epoch. */ \
	X(heartbeat, boot_ms,  16, u64) /* Milliseconds of CLOCK_BOOTTIME. */ \
	X(heartbeat, boot_low, 24, u64) /* Id of that boot, first half. */ \
	X(heartbeat, boot_high, 32, u64)
/*! Seconds between two heartbeats of a steerd that is at work. */
#define STEER_HEARTBEAT_INTERVAL 10
/* Seconds without a heartbeat after which steerd is silent. */
#define STEER_STALE_AFTER     600
#define STEER_STALE_AFTER_MIN (3 * STEER_HEARTBEAT_INTERVAL)
#define STEER_STALE_AFTER_MAX (365 * 86400)
/* What becomes of the states of checks that steerd has probed when it is silent. */
#define STEER_STALE_KEEP 0 /*!< They stay. */
#define STEER_STALE_UP   1 /*!< All these checks count as up. */
/*! Answer of an external alias target: header, wire-ready RRs, the last error. */
#define STEER_TARGET_FORMAT 1
#define STEER_TARGET_SIZE   72
#define STEER_TARGET_FIELDS(X) \
	X(target, sum,       0, u32) /* As in a node. */ \
	X(target, format,    4, u8)  /* STEER_TARGET_FORMAT. */ \
	X(target, flags,     5, u8)  /* STEER_TARGET_*. */ \
	X(target, count,     6, u16) /* Number of RRs; 0: the target has no data. */ \
	X(target, ttl,       8, u32) /* To answer with. */ \
	X(target, rrs,      12, u32) /* Bytes of RRs. */ \
	X(target, wall,     16, u64) /* When it was resolved: seconds since the Unix epoch. */ \
	X(target, boot_ms,  24, u64) /* Likewise, milliseconds of CLOCK_BOOTTIME. */ \
	X(target, boot_low, 32, u64) /* Id of that boot, first half. */ \
	X(target, boot_high, 40, u64) \
	X(target, tried,    48, u64) /* When its resolution was last tried: as wall. */ \
	X(target, failures, 56, u32) /* Tries in a row that have failed since it was resolved. */ \
	X(target, error_len, 60, u16) /* Bytes of the last error, at most STEER_LOG_TEXT_MAX. */ \
	X(target, reserved, 62, u16) \
	X(target, reserved2, 64, u64)
/* Flags of a target. */
#define STEER_TARGET_NXDOMAIN 0x01 /*!< It has no data since its name does not exist. */
#define STEER_TARGET_HELD     0x02 /*!< It says that it has no data, but not for long enough. */

/* Settings of alias targets that are resolved, in seconds: how long an answer outlives its TTL, ... */
#define STEER_STALE_MAX             86400
#define STEER_STALE_MAX_MAX         (30 * 86400)
/* ... the bounds of TTLs, ... */
#define STEER_TARGET_TTL_MIN        5
#define STEER_TARGET_TTL_MIN_MAX    86400
#define STEER_TARGET_TTL_MAX        3600
#define STEER_TARGET_TTL_MAX_MAX    (7 * 86400)
/* ... and when a target is asked again that says it has no data, though it had. */
#define STEER_TARGET_EMPTY_HOLD     60
#define STEER_TARGET_EMPTY_HOLD_MAX 86400

/*!
 * Forwarders: whom to ask. One byte, STEER_FORWARD_SYSTEM or _RECURSION; or servers, one after the
 * other: header, address, wire name by which TLS verifies the server. All have a name, or all have
 * the root, which stands for plain DNS.
 */
#define STEER_FORWARD_SYSTEM    0 /*!< The name servers that the system uses. */
#define STEER_FORWARD_RECURSION 1 /*!< None: from the root on. */
#define STEER_FORWARDERS_MAX    8
#define STEER_FORWARDER_SIZE    4
#define STEER_FORWARDER_FIELDS(X) \
	X(forwarder, version,  0, u8) /* STEER_FORWARDER_IPV4 or _IPV6: four or 16 bytes of address. */ \
	X(forwarder, reserved, 1, u8) \
	X(forwarder, port,     2, u16) /* Not 0. */
#define STEER_FORWARDER_IPV4    4
#define STEER_FORWARDER_IPV6    6

/*
 * Health log. The key is the transition's number, u64 from 1, big-endian. A transition is committed
 * with what it does to the status: header, the check's id, the state.
 */
#define STEER_HEALTH_LOG_KEY  8
#define STEER_HEALTH_LOG_KEEP 10000 /*!< Default of STEER_META_HEALTH_LOG_KEEP. */
#define STEER_TRANSITION_FORMAT 1
#define STEER_TRANSITION_SIZE 8
#define STEER_TRANSITION_FIELDS(X) \
	X(transition, sum,      0, u32) /* As in a node. */ \
	X(transition, format,   4, u8)  /* STEER_TRANSITION_FORMAT. */ \
	X(transition, kind,     5, u8)  /* STEER_STATUS_FORCE, _REPORT or _STATE. */ \
	X(transition, id_len,   6, u8)  /* Bytes of the id. */ \
	X(transition, reserved, 7, u8)

/*
 * Filter of hosted apexes: 2^bits pages, each a header and counters of one byte. The key of a page
 * is its number, u32 from 0, big-endian; bits follows from the number of pages. An apex is hashed
 * by XXH3-64 of its wire name in lower case. The top bits of the hash number its page, and its low
 * 32 bits times the number of counters, divided by 2^32, its counter. It is counted likewise by the
 * complement of the hash of each of its ancestors, of those with a long name excepted: so it is
 * known whether there may be an apex below a name. A counter stays at 255; zero means that no apex
 * is counted there. Two pages fill one of LMDB, so creating or deleting a zone rewrites few of those.
 */
#define STEER_APEXES_KEY      4
#define STEER_APEXES_COUNTERS 2022
#define STEER_APEXES_BITS_MIN 1
#define STEER_APEXES_BITS_MAX 19
#define STEER_APEXES_LOAD     8  /*!< It grows when there are fewer counters for each zone. */
#define STEER_APEXES_ANCESTOR 64 /*!< Bytes of the longest name of an ancestor that is counted. */
#define STEER_APEXES_SIZE     4
#define STEER_APEXES_FIELDS(X) \
	X(apexes, sum,       0, u32) /* Checksum of the counters. */

/*
 * Change log. The key is the change set's sequence number, u64, and the number of the part, u32
 * from 0, both big-endian. A part is a header and whole entries; in part 0 the head of the change
 * set, who made it, and by what, are between them. Two parts of STEER_LOG_PART bytes fill a page of
 * LMDB; a longer part has a single entry.
 *
 * A change set's chain is a checksum of everything before it and of itself, so that histories are
 * not mixed up; it does not protect against forgery. It starts as the chain of the change set
 * before, or, for the first one, as the store's id taken as two u64. It is then replaced by the
 * XXH3-128 of itself and the XXH3-128 of: the entries of each part, part by part; at last the
 * sequence number, u64, with head, who and what, in which the chain is 0. Hashes are two u64, the
 * low half first.
 */
#define STEER_LOG_FORMAT    1
#define STEER_LOG_KEY       12
#define STEER_LOG_PART      2016
#define STEER_LOG_TEXT_MAX  512  /*!< Bytes of who, and of what; mostly UTF-8. */
#define STEER_LOG_KEEP      1000 /*!< Default of STEER_META_LOG_KEEP. */
#define STEER_LOG_PART_SIZE 8
#define STEER_LOG_PART_FIELDS(X) \
	X(part, sum,      0, u32) /* As in a node. */ \
	X(part, format,   4, u8)  /* STEER_LOG_FORMAT. */ \
	X(part, reserved, 5, u8) \
	X(part, entries,  6, u16) /* Number of entries. */
#define STEER_LOG_CHAIN_SIZE 16 /*!< Two u64. */
#define STEER_LOG_HEAD_SIZE 56
#define STEER_LOG_HEAD_FIELDS(X) \
	X(head, time,      0, u64) /* Seconds since the Unix epoch. */ \
	X(head, parts,     8, u32) /* Number of parts. */ \
	X(head, zones,    12, u32) /* Zones created, changed and deleted. */ \
	X(head, added,    16, u32) /* Record sets added. */ \
	X(head, changed,  20, u32) /* Record sets changed. */ \
	X(head, removed,  24, u32) /* Record sets removed. */ \
	X(head, settings, 28, u32) /* Settings changed. */ \
	X(head, who_len,  32, u16) /* Bytes of who, at most STEER_LOG_TEXT_MAX. */ \
	X(head, what_len, 34, u16) /* Bytes of what, at most STEER_LOG_TEXT_MAX. */ \
	X(head, checks,   36, u32) /* Health checks created, changed and deleted. */ \
	X(head, chain_low, 40, u64) \
	X(head, chain_high, 48, u64)

/*!
 * Entry: header, name, body. A record set's name is its owner's wire name, and its body a group's
 * entry and block, whose offsets count from the group's entry. A zone's name is its apex, and its
 * body the zone's state; entries of record sets belong to the zone named before them. A setting's
 * name is that of its entry in META, and its body the value there. A health check's name is its id,
 * and its body the value in CHECKS. A state's name is the key of a force or a report in STATUS, and
 * its body the value there, or STEER_STATE_CLEARED after what was there; a change set with states
 * has nothing else. A name of the dictionary has its key there as name, and as body its number.
 */
#define STEER_LOG_ENTRY_SIZE 8
#define STEER_LOG_ENTRY_FIELDS(X) \
	X(entry, size,     0, u32) /* Bytes of the whole entry. */ \
	X(entry, kind,     4, u8)  /* STEER_LOG_*: what it is about. */ \
	X(entry, sign,     5, u8)  /* STEER_LOG_WAS, ... */ \
	X(entry, name_len, 6, u16) /* Bytes of the name. */
#define STEER_LOG_ZONE    0
#define STEER_LOG_SET     1
#define STEER_LOG_SETTING 2
#define STEER_LOG_CHECK   3
#define STEER_LOG_STATE   4
#define STEER_LOG_NAME    5
#define STEER_LOG_WAS     '-' /*!< As it was; a zone: deleted. */
#define STEER_LOG_IS      '+' /*!< As it is now, new or changed; a zone: created. */
#define STEER_LOG_STAYS   '=' /*!< Zones alone: it existed before, and still does. */
/*!
 * State of a zone: header, name servers, comment, as in a zone's value. For a zone that stays and
 * has changed, the state before follows.
 */
#define STEER_LOG_STATE_SIZE 8
#define STEER_LOG_STATE_FIELDS(X) \
	X(state, mode,        0, u8) \
	X(state, reserved,    1, u8) \
	X(state, servers_len, 2, u16) \
	X(state, comment_len, 4, u16) \
	X(state, reserved2,   6, u16)

/*
 * Value of MAPS: the map's origin, the file it was made from, the name of that file's format, zeros
 * up to a multiple of STEER_ORIGIN_ALIGN, then the map of networks.
 */
#define STEER_ORIGIN_FORMAT 1
#define STEER_ORIGIN_SIZE   32
#define STEER_ORIGIN_ALIGN  16
#define STEER_ORIGIN_FIELDS(X) \
	X(origin, sum,        0, u32) /* As in a node, of all bytes before the map of networks. */ \
	X(origin, format,     4, u8)  /* STEER_ORIGIN_FORMAT. */ \
	X(origin, reserved,   5, u8) \
	X(origin, size,       6, u16) /* Bytes before the map of networks. */ \
	X(origin, imported,   8, u64) /* Seconds since the Unix epoch. */ \
	X(origin, file_len,  16, u16) /* Bytes of the file's name, at most STEER_LOG_TEXT_MAX. */ \
	X(origin, format_len, 18, u16) /* Bytes of the format's name, likewise. */ \
	X(origin, reserved2, 20, u32) \
	X(origin, reserved3, 24, u64)
#define STEER_MAPS_MAX 256 /*!< Maps. */
/*! X(symbol, number, name): types of maps, which are what their classes are. */
#define STEER_MAP_TYPES(X) \
	X(GEO,     0, "geo")     /* Places: where a network is. */ \
	X(LATENCY, 1, "latency") /* Latencies: round-trip times between a network and regions. */ \
	X(CIDR,    2, "cidr")    /* Blocks: the location to which a network belongs. */ \
	X(REGIONS, 3, "regions") /* Without networks, the table alone: where regions are. */ \
	X(ASN,     4, "asn")     /* u32: the autonomous system to which a network belongs, not 0. */
#define STEER_ASN_SIZE 4
#define STEER_ASN_FIELDS(X) \
	X(asn, number, 0, u32)
/*! Place: core/geo.h has its code, in which 0 is unknown; not all fields are 0. */
#define STEER_PLACE_SIZE 12
#define STEER_PLACE_FIELDS(X) \
	X(place, geo,      0, u32) \
	X(place, lat,      4, u16) /* Two's complement: hundredths of a degree, north positive; ... */ \
	X(place, lon,      6, u16) /* ... east positive; both 0 without STEER_PLACE_POINT. */ \
	X(place, flags,    8, u8)  /* STEER_PLACE_*. */ \
	X(place, reserved, 9, u8) \
	X(place, reserved2, 10, u16)
#define STEER_PLACE_POINT   0x01 /*!< It has coordinates of its own. */
#define STEER_PLACE_ANYCAST 0x02 /*!< It is in many places. */
/*!
 * Latency: a row of a class, which begins with the row whose number it is, and ends with the first
 * one after which there are no others of it. Rows of a class are in order of region, each of which
 * is there once.
 */
#define STEER_LATENCY_SIZE 16
#define STEER_LATENCY_FIELDS(X) \
	X(latency, region,   0, u32) /* Its number in the dictionary. */ \
	X(latency, rtt,      4, u32) /* Round-trip time in microseconds, at most STEER_RTT_MAX. */ \
	X(latency, time,     8, u32) /* When it was measured: seconds since the epoch; 0: unknown. */ \
	X(latency, rows,    12, u16) /* Rows from this one to the end of the class. */ \
	X(latency, source,  14, u8)  /* STEER_LATENCY_SOURCES. */ \
	X(latency, reserved, 15, u8)
#define STEER_LATENCY_ROWS_MAX 1000 /*!< Of a class. */
#define STEER_RTT_MAX 60000000 /*!< A minute. */
/*! X(symbol, number, name): who has measured. */
#define STEER_LATENCY_SOURCES(X) \
	X(IMPORT, 1, "import") /* A file that was imported. */ \
	X(LEARNT, 2, "learnt") /* The servers of this store. */
/*! Where a region is; in order of region. */
#define STEER_SITE_SIZE 8
#define STEER_SITE_FIELDS(X) \
	X(site, region, 0, u32) /* Its number in the dictionary. */ \
	X(site, lat,    4, u16) /* As in a place. */ \
	X(site, lon,    6, u16)

/*!
 * Map of networks: header; for IPv4 its tops, slots and ranges; the same for IPv6; groups, low
 * ranges, table of classes. The sum is as in a node.
 *
 * Ranges are in the order of their starts: the first one starts at 0, each ends where the next one
 * starts, and no two that follow each other have the same class. A class is 0 for none, or the
 * position of an entry in the table, from 1. The last range of each family is followed by
 * STEER_MAP_PADDING copies of it.
 *
 * Tops are numbered by the topmost bits of an address. A top is a u32, the number of its first
 * slot; one more top is the number of slots. The next 32 bits of the address, with zeros after its
 * end, times the number of slots of its top, divided by 2^32, tell which of these slots is that of
 * the address. A slot is a u32, the number of a range; one more slot is the number of the last
 * range. The range of an address is that of its slot or of the slot after it, or between them.
 *
 * IPv6 is divided by the high halves of addresses. Where the addresses of a high half have
 * different classes, it has in place of a class the number of a group and STEER_MAP_DIVIDED. A
 * group is a u32, the number of its first low range; one more is the number of low ranges. The low
 * ranges of a group are like other ranges, by the low halves; there are at least two.
 */
#define STEER_MAP_FORMAT 1
#define STEER_MAP_HEADER 48
#define STEER_MAP_FIELDS(X) \
	X(map, sum,         0, u32) /* As in a node. */ \
	X(map, size,        4, u32) /* Bytes of the whole map. */ \
	X(map, format,      8, u8)  /* STEER_MAP_FORMAT. */ \
	X(map, type,        9, u8)  /* STEER_MAP_TYPES. */ \
	X(map, bits4,      10, u8)  /* Bits of an IPv4 address that number its top, at least 1. */ \
	X(map, bits6,      11, u8) \
	X(map, ranges4,    12, u32) /* Number of ranges, without padding, at least 1. */ \
	X(map, ranges6,    16, u32) \
	X(map, groups,     20, u32) \
	X(map, lows,       24, u32) /* Number of low ranges. */ \
	X(map, classes,    28, u32) /* Number of entries in the table of classes. */ \
	X(map, class_size, 32, u32) /* Bytes of an entry. */ \
	X(map, networks,   36, u32) /* Networks that the map was made of. */ \
	X(map, reserved,   40, u64)
/*! IPv4 range. */
#define STEER_RANGE_SIZE 8
#define STEER_RANGE_FIELDS(X) \
	X(range, start, 0, u32) /* First address. */ \
	X(range, class, 4, u32)
/*! IPv6 range of high halves, or of low ones. */
#define STEER_HALF_SIZE 12
#define STEER_HALF_FIELDS(X) \
	X(half, start, 0, u64) /* First half. */ \
	X(half, class, 8, u32)
/*!
 * Class of a map of blocks, which may be nested: a block, not the location that it belongs to.
 * Blocks are in the order of their addresses, each before those inside it. A block that belongs to
 * the same location as the block around it is not there; what is inside it is inside that one.
 */
#define STEER_BLOCK_SIZE 12
#define STEER_BLOCK_FIELDS(X) \
	X(block, location, 0, u32) /* Number of its location, at least 1. */ \
	X(block, parent,   4, u32) /* Class of the block around it; 0: none. */ \
	X(block, length,   8, u8)  /* Of its prefix, in bits. */ \
	X(block, reserved, 9, u8) \
	X(block, reserved2, 10, u16)
#define STEER_MAP_BITS     16 /*!< Most bits that number a top. */
#define STEER_MAP_DENSITY  2  /*!< Slots of a top for each range that starts below it; and one. */
#define STEER_MAP_PADDING  3
#define STEER_MAP_DIVIDED  (1u << 31)
#define STEER_NETWORKS_MAX (1u << 24) /*!< Networks that a map is made of. */

/* All structures with fields, for accessors and tests. */
#define STEER_LAYOUT(X) \
	STEER_NODE_FIELDS(X) STEER_FACE_FIELDS(X) STEER_GROUP_FIELDS(X) STEER_VALUES_FIELDS(X) \
	STEER_POLICY_FIELDS(X) STEER_SET_FIELDS(X) STEER_ZONE_FIELDS(X) STEER_APEXES_FIELDS(X) \
	STEER_LOG_PART_FIELDS(X) STEER_LOG_HEAD_FIELDS(X) STEER_LOG_ENTRY_FIELDS(X) \
	STEER_LOG_STATE_FIELDS(X) STEER_CHECK_FIELDS(X) STEER_OPTION_FIELDS(X) \
	STEER_STATUS_FIELDS(X) STEER_HEARTBEAT_FIELDS(X) STEER_TARGET_FIELDS(X) \
	STEER_TRANSITION_FIELDS(X) STEER_FORWARDER_FIELDS(X) STEER_MAP_FIELDS(X) \
	STEER_RANGE_FIELDS(X) STEER_HALF_FIELDS(X) STEER_BLOCK_FIELDS(X) STEER_ORIGIN_FIELDS(X) \
	STEER_ASN_FIELDS(X) STEER_PLACE_FIELDS(X) STEER_LATENCY_FIELDS(X) STEER_SITE_FIELDS(X)

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
static inline uint8_t  steer_le_u8(uint8_t v)   { return v; }
static inline uint16_t steer_le_u16(uint16_t v) { return __builtin_bswap16(v); }
static inline uint32_t steer_le_u32(uint32_t v) { return __builtin_bswap32(v); }
static inline uint64_t steer_le_u64(uint64_t v) { return __builtin_bswap64(v); }
#else
static inline uint8_t  steer_le_u8(uint8_t v)   { return v; }
static inline uint16_t steer_le_u16(uint16_t v) { return v; }
static inline uint32_t steer_le_u32(uint32_t v) { return v; }
static inline uint64_t steer_le_u64(uint64_t v) { return v; }
#endif

typedef uint8_t  steer_u8_t;
typedef uint16_t steer_u16_t;
typedef uint32_t steer_u32_t;
typedef uint64_t steer_u64_t;

/* For each field: get_<structure>_<field>(at) and put_<structure>_<field>(at, value). */
#define X(structure, field, offset, kind) \
	static inline steer_##kind##_t get_##structure##_##field(const uint8_t *at) \
	{ \
		steer_##kind##_t v; \
		memcpy(&v, at + (offset), sizeof(v)); \
		return steer_le_##kind(v); \
	} \
	static inline void put_##structure##_##field(uint8_t *at, steer_##kind##_t v) \
	{ \
		v = steer_le_##kind(v); \
		memcpy(at + (offset), &v, sizeof(v)); \
	}
STEER_LAYOUT(X)
#undef X

enum steer_face_flag {
#define X(symbol, bit) STEER_FACE_##symbol = (bit),
	STEER_FACE_FLAGS(X)
#undef X
	STEER_FACE_KNOWN = 0
#define X(symbol, bit) | (bit)
	STEER_FACE_FLAGS(X)
#undef X
};

enum steer_env {
#define X(symbol, file, always) STEER_ENV_##symbol,
	STEER_ENVIRONMENTS(X)
#undef X
	STEER_ENVS
};

enum steer_db {
#define X(symbol, env, name) STEER_DB_##symbol,
	STEER_DATABASES(X)
#undef X
	STEER_DBS
};

typedef enum steer_map_type {
#define X(symbol, number, name) STEER_MAP_##symbol = (number),
	STEER_MAP_TYPES(X)
#undef X
	STEER_MAP_TYPES_COUNT
} steer_map_type_t;

typedef enum steer_latency_source {
#define X(symbol, number, name) STEER_LATENCY_##symbol = (number),
	STEER_LATENCY_SOURCES(X)
#undef X
} steer_latency_source_t;

enum steer_dictionary_kind {
#define X(symbol, byte, name) STEER_DICTIONARY_##symbol = (byte),
	STEER_DICTIONARY_KINDS(X)
#undef X
};

enum steer_step_number {
#define X(symbol, number, name, arguments) STEER_STEP_##symbol = (number),
	STEER_STEPS(X)
#undef X
};

enum steer_check_type {
#define X(symbol, number, name) STEER_CHECK_##symbol = (number),
	STEER_CHECK_TYPES(X)
#undef X
};
