/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * steerd: probes the health checks of a store, decides their states, resolves the external targets of
 * aliases, and publishes both there.
 * Everything happens in one loop, but for commits, see publish.h.
 */
#include <ev.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "steerd/checks.h"
#include "steerd/endpoint/endpoint.h"
#include "steerd/endpoint/http.h"
#include "steerd/follow.h"
#include "steerd/log.h"
#include "steerd/options.h"
#include "steerd/probe/probers.h"
#include "steerd/publish.h"
#include "steerd/resolve/resolve.h"
#include "steerd/tls.h"

/*! Exit status when it cannot start. */
#define EXIT_NO_START 1

/*! Descriptors for everything but probes: connections on two sockets, and the store. */
#define OTHER_FILES (2 * HTTP_CLIENTS + 64)

typedef struct {
	struct ev_loop *loop;
	tls_t *tls;
	probers_t probers;
	resolver_t *resolver; /*!< For alias targets. */
	metrics_t metrics;
	checks_t *checks;
	targets_t *targets;
	publisher_t *publisher;
	endpoint_t *endpoint;
	follower_t *follower;
	ev_signal hup, term, interrupt;
	ev_timer watchdog;
} daemon_t;

/*! LMDB has found a page damaged. What it holds ends with the process. */
static void on_fatal(const steer_fault_t *fault)
{
	log_line(LOG_CRIT, "%s", fault->text);
	_exit(EXIT_NO_START);
}

/*! Something is to be published. */
static void on_changed(void *ctx)
{
	daemon_t *self = ctx;
	publisher_wake(self->publisher);
}

static void on_hup(struct ev_loop *loop, ev_signal *event, int events)
{
	(void)loop;
	(void)events;
	daemon_t *self = event->data;
	log_line(LOG_INFO, "reloading");
	tls_reload(self->tls);
	probers_reload(&self->probers);
	resolver_reload(self->resolver);
	targets_reload(self->targets);
	follower_reload(self->follower);
}

static void on_term(struct ev_loop *loop, ev_signal *event, int events)
{
	(void)events;
	log_line(LOG_INFO, "stopping: %s", strsignal(event->signum));
	ev_break(loop, EVBREAK_ALL);
}

static void on_watchdog(struct ev_loop *loop, ev_timer *timer, int events)
{
	(void)loop;
	(void)timer;
	(void)events;
	(void)sd_notify(0, "WATCHDOG=1");
}

/*! Tells systemd twice as often as it wants to know that the loop goes round. */
static void start_watchdog(daemon_t *self)
{
	uint64_t us;
	if (sd_watchdog_enabled(0, &us) > 0) {
		ev_timer_init(&self->watchdog, on_watchdog, 0, us / 2e6);
		ev_timer_start(self->loop, &self->watchdog);
	}
}

/*! Opens what is closed of standard input, output and error, so that no log goes into a store. */
static void open_streams(void)
{
	int fd;
	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= STDIN_FILENO && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO) {
		close(fd);
	}
}

static void start_signals(daemon_t *self)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_DFL); // It may have been inherited as ignored.
	ev_signal_init(&self->hup, on_hup, SIGHUP);
	ev_signal_init(&self->term, on_term, SIGTERM);
	ev_signal_init(&self->interrupt, on_term, SIGINT);
	self->hup.data = self;
	ev_signal_start(self->loop, &self->hup);
	ev_signal_start(self->loop, &self->term);
	ev_signal_start(self->loop, &self->interrupt);
}

/*! Raises the limit of open files as far as it goes. \return How many probes may have sockets */
static unsigned sockets_max(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
		return OTHER_FILES;
	}
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	(void)getrlimit(RLIMIT_NOFILE, &limit);
	rlim_t files = limit.rlim_cur < 1 << 20 ? limit.rlim_cur : 1 << 20;
	return files > 2 * OTHER_FILES ? (files - OTHER_FILES) / 2 : OTHER_FILES / 2;
}

/*! Opens the targets, with a resolver of their own. */
static int open_targets(daemon_t *self, const options_t *options, steer_fault_t *fault)
{
	int ret = resolver_open(&self->resolver, self->loop, &(resolver_options_t) {
		.trust_anchor = options->trust_anchor, .root_hints = options->root_hints,
		.tls = self->tls,
	}, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	self->targets = targets_new(self->loop, self->resolver, &self->metrics, on_changed, self);
	return self->targets != NULL
	       ? STEER_OK : steer_fault(fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
}

static int open_daemon(daemon_t *self, const options_t *options, steer_fault_t *fault)
{
	metrics_init(&self->metrics);
	self->loop = ev_loop_new(EVFLAG_NOENV); // The default one would reap the probes' processes.
	if (self->loop == NULL) {
		return steer_fault(fault, STEER_EIO, "no event loop can be made");
	}
	int ret = tls_open(&self->tls, options->ca_file, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = probers_open(&self->probers, self->loop, self->tls, &options->resolvers,
	                   options->commands, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	self->checks = checks_new(&self->probers, &self->metrics, sockets_max(), on_changed, self);
	if (self->checks == NULL) {
		return steer_fault(fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
	}
	ret = open_targets(self, options, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	ret = publisher_open(&self->publisher, self->loop, self->checks, self->targets,
	                     &self->metrics, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	const page_source_t source = {
		.loop = self->loop, .checks = self->checks, .targets = self->targets,
		.metrics = &self->metrics,
	};
	ret = endpoint_open(&self->endpoint, &source, &options->listen, fault);
	if (ret != STEER_OK) {
		return ret;
	}
	const follower_parts_t parts = {
		.checks = self->checks, .publisher = self->publisher, .endpoint = self->endpoint,
		.metrics = &self->metrics, .targets = {
			.targets = self->targets, .resolver = self->resolver, .system = &options->resolvers,
		},
	};
	return follower_open(&self->follower, self->loop, options->dir, &parts, fault);
}

static void close_daemon(daemon_t *self)
{
	if (self->publisher != NULL) {
		publisher_close(self->publisher);
	}
	if (self->follower != NULL) {
		follower_close(self->follower);
	}
	endpoint_close(self->endpoint);
	checks_free(self->checks);
	targets_free(self->targets);
	resolver_close(self->resolver);
	probers_close(&self->probers);
	tls_close(self->tls);
	metrics_free(&self->metrics);
	ev_loop_destroy(self->loop);
}

int main(int argc, char **argv)
{
	options_t options;
	daemon_t self = { .loop = NULL };
	steer_fault_t fault;
	open_streams();
	int ret = options_parse(&options, argc, argv);
	if (ret != GO_ON) {
		return ret;
	}
	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
	umask(0007);
	steer_store_on_fatal(on_fatal);
	ret = open_daemon(&self, &options, &fault);
	if (ret != STEER_OK) {
		log_line(LOG_ERR, "%s", fault.text);
		close_daemon(&self);
		return EXIT_NO_START;
	}
	start_signals(&self);
	start_watchdog(&self);
	log_line(LOG_INFO, "at work on the store %s", options.dir);
	(void)sd_notify(0, "READY=1");
	ev_run(self.loop, 0);
	(void)sd_notify(0, "STOPPING=1");
	close_daemon(&self);
	return EXIT_SUCCESS;
}
