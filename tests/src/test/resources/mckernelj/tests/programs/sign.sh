# Signatures with fixed keys, a certificate, authenticated encryption, key agreement.
openssl dgst -sha256 -sign rsa.pem binary | od -An -tx1 | head -3
openssl dgst -sha256 -sign rsa.pem -out work/signature binary
openssl rsa -in rsa.pem -pubout -out work/public 2>/dev/null
openssl dgst -sha256 -verify work/public -signature work/signature binary
openssl dgst -sha384 -sign ec.pem -out work/signature binary
openssl ec -in ec.pem -pubout -out work/public 2>/dev/null
openssl dgst -sha384 -verify work/public -signature work/signature binary
openssl pkeyutl -sign -rawin -inkey ed25519.pem -in text | od -An -tx1
openssl pkeyutl -derive -inkey ec.pem -peerkey work/public | od -An -tx1
openssl req -x509 -new -key rsa.pem -subj /CN=test -days 1 -out work/certificate
openssl cms -encrypt -aes-256-gcm -binary -in binary -out work/secret work/certificate
openssl cms -decrypt -binary -in work/secret -inkey rsa.pem | cmp - binary && echo same
openssl genrsa 512 2>/dev/null | openssl rsa -check -noout
/usr/bin/python3 tls.py work/certificate rsa.pem
