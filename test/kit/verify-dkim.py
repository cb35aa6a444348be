"""Verifies each DKIM-Signature of the message on standard input against records in JSON (argv[1]); prints its algorithm and result."""

import json
import re
import sys

import dkim

records = json.loads(sys.argv[1])
message = sys.stdin.buffer.read()


def lookup(name, timeout=5):
    return records.get(name.decode().rstrip("."), "").encode() or None


verifier = dkim.DKIM(message)
signatures = [value for name, value in verifier.headers if name.lower() == b"dkim-signature"]
for index, signature in enumerate(signatures):
    algorithm = re.search(rb"\ba=([\w-]+)", signature).group(1).decode()
    result = dkim.DKIM(message).verify(idx=index, dnsfunc=lookup)
    print(algorithm, "pass" if result else "fail")
