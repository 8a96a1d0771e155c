# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates for servers on loopback, made by openssl(1)."""

import os
import ssl
import subprocess

from steer.env import PATIENCE

_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


def _openssl(*words):
    done = subprocess.run(["openssl", *words], capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, timeout=PATIENCE)
    if done.returncode != 0:
        raise AssertionError(f"openssl {' '.join(words)}:\n{done.stderr}")


class Authority:
    """An authority that issues certificates.

    file  its own certificate, by which the others are verified
    """

    def __init__(self, directory, name="authority"):
        self.directory = directory
        self._base = os.path.join(directory, name)
        self.file = self._base + ".pem"
        os.makedirs(directory, exist_ok=True)
        _openssl("req", "-x509", *_KEY, "-keyout", self._base + ".key", "-out", self.file,
                 "-subj", f"/CN={name}", "-days", "30")

    def context(self, *names, days=30):
        """What a server of these names needs; of addresses too, as IP:192.0.2.1. With 0 days it
        has expired."""
        base = os.path.join(self.directory, names[0].replace("*", "any").replace(":", "-"))
        base += f"-{days}"
        kinds = ",".join(name if name.startswith("IP:") else "DNS:" + name for name in names)
        _openssl("req", "-new", *_KEY, "-keyout", base + ".key", "-out", base + ".csr",
                 "-subj", "/CN=server", "-addext", f"subjectAltName={kinds}")
        _openssl("x509", "-req", "-in", base + ".csr", "-CA", self.file,
                 "-CAkey", self._base + ".key", "-CAcreateserial", "-days", str(days),
                 "-copy_extensions", "copy", "-out", base + ".pem")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(base + ".pem", base + ".key")
        return context
