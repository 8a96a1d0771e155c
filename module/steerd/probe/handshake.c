/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A TLS handshake: healthy when one of the addresses completes it. Nothing is sent over it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "steerd/probe/transfer.h"

static bool prepare(transfer_t *transfer, CURL *easy)
{
	(void)transfer;
	return curl_set(easy, CURLOPT_CONNECT_ONLY, 1L) &&
	       curl_set(easy, CURLOPT_SSL_ENABLE_ALPN, 0L); // Whatever is spoken after it.
}

static void done(transfer_t *transfer, CURLcode result)
{
	(void)result; // An attempt that has failed does not come here.
	probe_end(transfer->probe, true, "TLS with %s", transfer->peer);
}

static const transfer_kind_t handshake = { .prepare = prepare, .done = done };

static void start(probe_t *probe)
{
	const definition_t *definition = probe->definition;
	transfer_t *transfer = calloc(1, sizeof(*transfer));
	probe->state = transfer;
	if (transfer == NULL) {
		probe_end_errno(probe, "", ENOMEM);
		return;
	}
	transfer->probe = probe;
	transfer->kind = &handshake;
	transfer->url = "https://server"; // A host that is neither resolved nor told to anyone.
	transfer->secure = true;
	transfer->name = definition->server_name != NULL ? definition->server_name : definition->host;
	memcpy(transfer->addresses, probe->addresses, sizeof(probe->addresses));
	transfer->addresses_count = probe->addresses_count;
	transfer->connect_timeout = definition->timeout;
	transfer_start(transfer);
}

static void late(probe_t *probe)
{
	transfer_late(probe->state);
}

static void stop(probe_t *probe)
{
	if (probe->state != NULL) {
		transfer_stop(probe->state);
		free(probe->state);
	}
}

const probe_kind_t probe_tls = { .start = start, .late = late, .stop = stop };
