/* SPDX-License-Identifier: GPL-3.0-or-later */
/*!
 * \file
 * \brief Counts what the threads that answer queries call: allocations and locks.
 *
 * Preloaded into knotd. A thread counts from its first recvmmsg() or accept() on, so that neither
 * loading zones nor a background thread is counted. The counters are in a file that the test maps,
 * named by COUNT_FILE. The test reads them between two batches of queries.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum counter {
	COUNT_ALLOC,
	COUNT_FREE,
	COUNT_LOCK,
	COUNT_QUERY, /*!< Datagrams received. */
	COUNTERS
};

static uint64_t *counters;
static __thread int answering __attribute__((tls_model("initial-exec")));

static void count(enum counter counter, uint64_t by)
{
	if (answering != 0 && counters != NULL) {
		__atomic_fetch_add(&counters[counter], by, __ATOMIC_RELAXED);
	}
}

__attribute__((constructor))
static void map(void)
{
	const char *path = getenv("COUNT_FILE");
	int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
	if (fd >= 0) {
		void *at = mmap(NULL, COUNTERS * sizeof(*counters), PROT_READ | PROT_WRITE, MAP_SHARED,
		                fd, 0);
		counters = at != MAP_FAILED ? at : NULL;
		close(fd);
	}
}

/* The allocator: glibc's own names lead past ourselves, without dlsym(), which allocates. */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *at, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *at);

void *malloc(size_t size)
{
	count(COUNT_ALLOC, 1);
	return __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
	count(COUNT_ALLOC, 1);
	return __libc_calloc(number, size);
}

void *realloc(void *at, size_t size)
{
	count(COUNT_ALLOC, 1);
	return __libc_realloc(at, size);
}

void *memalign(size_t alignment, size_t size)
{
	count(COUNT_ALLOC, 1);
	return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

int posix_memalign(void **at, size_t alignment, size_t size)
{
	*at = memalign(alignment, size);
	return *at != NULL ? 0 : 12; // ENOMEM
}

void free(void *at)
{
	if (at != NULL) {
		count(COUNT_FREE, 1);
	}
	__libc_free(at);
}

/* The rest is looked up. */

#define NEXT(name) ({ \
	static __typeof__(&name) next; \
	if (next == NULL) { \
		next = (__typeof__(&name))dlsym(RTLD_NEXT, #name); \
	} \
	next; \
})

#define LOCK(name, type) \
	int name(type *lock) \
	{ \
		count(COUNT_LOCK, 1); \
		return NEXT(name)(lock); \
	}

LOCK(pthread_mutex_lock, pthread_mutex_t)
LOCK(pthread_mutex_trylock, pthread_mutex_t)
LOCK(pthread_rwlock_rdlock, pthread_rwlock_t)
LOCK(pthread_rwlock_tryrdlock, pthread_rwlock_t)
LOCK(pthread_rwlock_wrlock, pthread_rwlock_t)
LOCK(pthread_rwlock_trywrlock, pthread_rwlock_t)

int pthread_spin_lock(pthread_spinlock_t *lock)
{
	count(COUNT_LOCK, 1);
	return NEXT(pthread_spin_lock)(lock);
}

int recvmmsg(int fd, struct mmsghdr *messages, unsigned number, int flags, struct timespec *timeout)
{
	int got = NEXT(recvmmsg)(fd, messages, number, flags, timeout);
	answering = 1;
	if (got > 0) {
		count(COUNT_QUERY, got);
	}
	return got;
}
