/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Transfers of libcurl in the loop.
 *
 * Threads:  the loop's.
 * Memory:   handles are its own, and kept for the next ones.
 */
#pragma once

#include <curl/curl.h>
#include <ev.h>
#include <stdbool.h>

#include "steer/fault.h"

typedef struct curl_loop curl_loop_t;
typedef struct curl_job curl_job_t;

/*! A handle that transfers something. */
struct curl_job {
	CURL *easy; /*!< NULL: none. */
	bool added; /*!< It is under way, or over and not yet removed. */
	/*! It is over. Not called from inside libcurl, so the job may be started again or ended. */
	void (*done)(curl_job_t *job, CURLcode result);
	void *ctx;
};

/*! Sets an option. \return false: out of memory */
#define curl_set(easy, option, value) (curl_easy_setopt((easy), (option), (value)) == CURLE_OK)

/*! \retval STEER_OK, STEER_ENOMEM, STEER_EIO */
int curl_loop_open(curl_loop_t **out, struct ev_loop *loop, steer_fault_t *fault);
/*! Closes it, after all jobs have ended. */
void curl_loop_close(curl_loop_t *curl);

/*! Stops the job's transfer if there is one. \return A handle without options; NULL: no memory */
CURL *curl_loop_renew(curl_loop_t *curl, curl_job_t *job);
/*! Starts the transfer; CURLOPT_PRIVATE is set here. \return false: out of memory */
bool curl_loop_start(curl_loop_t *curl, curl_job_t *job);
/*! Stops the transfer and takes the handle back. */
void curl_loop_end(curl_loop_t *curl, curl_job_t *job);
