/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "steerd/tls.h"

#include <curl/curl.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "steerd/log.h"

struct tls {
	const char *file;
	X509_STORE *store;
	bool empty; /*!< The system has no authorities. */
	char *lack; /*!< Why, until a certificate is to be verified and it is logged. */
};

/*! Where contexts have their name for SNI, a copy of their own: OpenSSL numbers such places once. */
static int sni_index = -1;

static void free_sni(void *context, void *sni, CRYPTO_EX_DATA *data, int index, long number,
                     void *ctx)
{
	(void)context;
	(void)data;
	(void)index;
	(void)number;
	(void)ctx;
	free(sni);
}

/*! \return NULL: out of memory */
static X509_STORE *new_store(void)
{
	X509_STORE *store = X509_STORE_new();
	if (store != NULL) {
		// An intermediate certificate or that of a server may be trusted without its issuer.
		X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
	}
	return store;
}

/*! Loads a file into a new store. \retval STEER_OK, STEER_ENOENT, STEER_ENOMEM */
static int load(X509_STORE **out, const char *file, steer_fault_t *fault)
{
	X509_STORE *store = new_store();
	if (store == NULL) {
		return steer_fault(fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
	}
	if (X509_STORE_load_file(store, file) != 1) {
		const char *why = access(file, R_OK) != 0 ? strerror(errno) : "no certificates in it";
		X509_STORE_free(store);
		ERR_clear_error();
		return steer_fault(fault, STEER_ENOENT, "certificates of authorities, %s: %s", file, why);
	}
	*out = store;
	return STEER_OK;
}

/*! Notes that the system has no authorities, which matters only if they are needed. */
static void note_lack(tls_t *tls, const steer_fault_t *fault)
{
	tls->empty = true;
	free(tls->lack);
	tls->lack = strdup(fault->text);
}

static void log_lack(tls_t *tls)
{
	if (tls->lack != NULL) {
		log_line(LOG_WARNING, "%s: no certificate can be verified", tls->lack);
		free(tls->lack);
		tls->lack = NULL;
	}
}

int tls_open(tls_t **out, const char *file, steer_fault_t *fault)
{
	tls_t *tls = calloc(1, sizeof(*tls));
	if (tls == NULL) {
		return steer_fault(fault, STEER_ENOMEM, "%s", steer_strerror(STEER_ENOMEM));
	}
	const char *system = curl_version_info(CURLVERSION_NOW)->cainfo;
	tls->file = file != NULL ? file : system != NULL ? system : "/etc/ssl/cert.pem";
	if (sni_index < 0) {
		sni_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, free_sni);
	}
	int ret = load(&tls->store, tls->file, fault);
	if (ret == STEER_ENOENT && file == NULL) {
		note_lack(tls, fault);
		tls->store = new_store();
		ret = tls->store != NULL ? STEER_OK : steer_fault(fault, STEER_ENOMEM, "%s",
		                                                  steer_strerror(STEER_ENOMEM));
	}
	if (ret != STEER_OK) {
		tls_close(tls);
		return ret;
	}
	*out = tls;
	return STEER_OK;
}

void tls_reload(tls_t *tls)
{
	X509_STORE *store;
	steer_fault_t fault;
	int ret = load(&store, tls->file, &fault);
	if (ret == STEER_ENOENT && tls->empty) {
		note_lack(tls, &fault);
	} else if (ret != STEER_OK) {
		log_line(LOG_ERR, "%s: those loaded before stay", fault.text);
	} else {
		X509_STORE_free(tls->store);
		tls->store = store;
		tls->empty = false;
	}
}

void tls_close(tls_t *tls)
{
	if (tls != NULL) {
		X509_STORE_free(tls->store);
		free(tls->lack);
		free(tls);
	}
}

/*! Says the context's name, or none, in place of the one that libcurl takes from the URL. */
static void on_state(const SSL *ssl, int where, int ret)
{
	(void)ret;
	if ((where & SSL_CB_HANDSHAKE_START) != 0) {
		char *sni = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), sni_index);
		SSL_set_tlsext_host_name((SSL *)ssl, sni);
	}
}

static bool set_sni(SSL_CTX *context, const char *sni)
{
	SSL_CTX_set_info_callback(context, on_state);
	if (sni == NULL) {
		return true;
	}
	char *copy = strdup(sni);
	if (copy == NULL || SSL_CTX_set_ex_data(context, sni_index, copy) != 1) {
		free(copy);
		return false;
	}
	return true;
}

/*! Any server that is able to talk is fine, with an old version and weak keys too. */
static void allow_all(SSL_CTX *context)
{
	SSL_CTX_set_security_level(context, 0);
	SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
	SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
}

/*! Has OpenSSL verify that the certificate is for the peer, along with the certificate. */
static bool expect_peer(X509_VERIFY_PARAM *param, const tls_peer_t *peer)
{
	const address_t *address = peer->address;
	X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	if (peer->name != NULL) {
		return X509_VERIFY_PARAM_set1_host(param, peer->name, 0) == 1;
	}
	return address->any.sa_family == AF_INET6
	       ? X509_VERIFY_PARAM_set1_ip(param, address->v6.sin6_addr.s6_addr, 16) == 1
	       : X509_VERIFY_PARAM_set1_ip(param, (const uint8_t *)&address->v4.sin_addr, 4) == 1;
}

bool tls_prepare(tls_t *tls, SSL_CTX *context, const tls_peer_t *peer)
{
	if (!set_sni(context, peer->sni)) {
		return false;
	}
	if (!peer->verify) {
		allow_all(context);
		return true;
	}
	log_lack(tls);
	SSL_CTX_set1_cert_store(context, tls->store);
	return expect_peer(SSL_CTX_get0_param(context), peer);
}
