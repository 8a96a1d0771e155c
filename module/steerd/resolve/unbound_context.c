/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/resolve/unbound_context.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "steerd/log.h"

#define RESOLV_CONF "/etc/resolv.conf"
#define HOSTS       "/etc/hosts"
/*! Asked if there is no other name server, see resolv.conf(5). */
#define LOCAL_SERVER "127.0.0.1"

#define TEXT_OF(number) #number
#define NUMBER(name)    TEXT_OF(name)

/*!
 * The configuration of libunbound. It learns which servers do not answer, and soon sends nothing to
 * them; when that is true of all, it is made anew and knows nothing. So a dead server is avoided if
 * there is another one, and the last one is tried on.
 */
static const char config[] =
	"server:\n"
	"    module-config: \"iterator\"\n"
	"    do-not-query-localhost: no\n"
	"    outgoing-range: " NUMBER(UNBOUND_SOCKETS) "\n"
	"    outbound-msg-retry: 3\n"
	"    infra-cache-min-rtt: 500\n"
	"    infra-cache-max-rtt: 4000\n"
	"    local-zone: \"home.arpa.\" nodefault\n"
	"    local-zone: \"invalid.\" nodefault\n"
	"    local-zone: \"onion.\" nodefault\n"
	"    local-zone: \"test.\" nodefault\n"
	"forward-zone:\n"
	"    name: \".\"\n"
	"    forward-no-cache: yes\n";

/*! Gives the configuration, which libunbound reads only from a file. */
static int configure(struct ub_ctx *ub)
{
	char path[32];
	int fd = memfd_create("unbound", MFD_CLOEXEC), err = UB_READFILE;
	if (fd >= 0 && write(fd, config, strlen(config)) == (ssize_t)strlen(config)) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		err = ub_ctx_config(ub, path);
	}
	if (fd >= 0) {
		close(fd);
	}
	return err;
}

/*! Says why a file is not used. */
static void warn(bool quiet, const char *file, int err, const char *instead)
{
	if (!quiet) {
		log_line(LOG_WARNING, "%s: %s; %s", file,
		         err == UB_READFILE ? strerror(errno) : ub_strerror(err), instead);
	}
}

/*! Sets which name servers are asked. */
static int set_servers(struct ub_ctx *ub, const char *const *servers, bool quiet)
{
	int err = UB_NOERROR;
	if (servers[0] == NULL) {
		err = ub_ctx_resolvconf(ub, RESOLV_CONF);
		if (err != UB_NOERROR) {
			warn(quiet, RESOLV_CONF, err, "the name server of this machine is asked");
			err = ub_ctx_set_fwd(ub, LOCAL_SERVER);
		}
	}
	for (unsigned i = 0; servers[i] != NULL && err == UB_NOERROR; i++) {
		err = ub_ctx_set_fwd(ub, servers[i]);
	}
	return err;
}

int unbound_context_open(struct ub_ctx **out, unbound_loop_t *loop, const char *const *servers,
                         bool quiet)
{
	struct ub_ctx *ub = ub_ctx_create_ub_event(&loop->base);
	if (ub == NULL) {
		return UB_NOMEM;
	}
	int err = ub_ctx_debugout(ub, NULL); // What it would log are lines not of steerd's form.
	if (err == UB_NOERROR) {
		err = configure(ub);
	}
	if (err == UB_NOERROR) {
		err = set_servers(ub, servers, quiet);
	}
	if (err != UB_NOERROR) {
		ub_ctx_delete(ub);
		return err;
	}
	err = ub_ctx_hosts(ub, HOSTS);
	if (err != UB_NOERROR && errno != ENOENT) {
		warn(quiet, HOSTS, err, "not all of it is used");
	}
	*out = ub;
	return UB_NOERROR;
}
