# Both ends of TLS connections in one process: key exchange, signatures and authenticated encryption. tls.py CERTIFICATE KEY
import ssl
import sys

SUITES = (
    (ssl.TLSVersion.TLSv1_2, "ECDHE-RSA-AES256-GCM-SHA384"),
    (ssl.TLSVersion.TLSv1_2, "ECDHE-RSA-CHACHA20-POLY1305"),
    (ssl.TLSVersion.TLSv1_2, "AES128-SHA256"),
    (ssl.TLSVersion.TLSv1_3, "DEFAULT"),
)


def context(protocol, version, suite):
    made = ssl.SSLContext(protocol)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    made.minimum_version = made.maximum_version = version
    made.set_ciphers(suite)
    return made


for version, suite in SUITES:
    server_context = context(ssl.PROTOCOL_TLS_SERVER, version, suite)
    server_context.load_cert_chain(sys.argv[1], sys.argv[2])
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context(ssl.PROTOCOL_TLS_CLIENT, version, suite).wrap_bio(down, up)
    server = server_context.wrap_bio(up, down, server_side=True)
    waiting = [client, server]
    while waiting:
        for end in list(waiting):
            try:
                end.do_handshake()
                waiting.remove(end)
            except ssl.SSLWantReadError:
                pass
    for size in (1, 100, 16000):
        client.write(bytes(range(256)) * (size // 256 + 1))
        data = server.read(20000)
        print(client.cipher(), client.version(), len(data), sum(data))
