/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Files of records that libunbound needs: trust anchors and root hints.
 *
 * They are read and checked here, since libunbound takes a file without anything usable for none,
 * and would then validate nothing.
 *
 * Threads:  functions without side effects; any thread.
 */
#pragma once

#include "steer/fault.h"

/*!
 * Reads trust anchors: DS and DNSKEY records that libunbound can validate by.
 *
 * \param[out] text  Lines for the configuration of libunbound; the caller frees them.
 *
 * \retval STEER_OK, STEER_ENOMEM
 * \retval STEER_ENOENT, STEER_EACCES, STEER_EIO  It cannot be read.
 * \retval STEER_EREFUSED                         It has something else, or nothing.
 */
int record_file_read_anchors(char **text, const char *path, steer_fault_t *fault);
/*! Reads root hints in the same way: NS records of the root, and the addresses of these servers. */
int record_file_read_hints(char **text, const char *path, steer_fault_t *fault);
