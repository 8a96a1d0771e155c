/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Getting a page over HTTP from a peer that may be slow, broken or hostile.
 */
#pragma once

#include <stddef.h>

#include "steer/fault.h"

/*! Milliseconds to wait for the next bytes, and for all of them. */
#define HTTP_WAIT_MS  2000
#define HTTP_TOTAL_MS 10000
/*! Maximum size of an answer; 10,000 health checks take 4 MiB. */
#define HTTP_MAX      ((size_t)64 << 20)

/*!
 * Gets a page.
 *
 * \param[in]  fd    Connected, does not block.
 * \param[in]  page  Path and query as they are sent.
 * \param[out] body  To be freed; not NUL-terminated.
 *
 * \retval STEER_OK, STEER_ENOMEM, STEER_EIO
 */
int http_get(int fd, const char *page, char **body, size_t *len, steer_fault_t *fault);
