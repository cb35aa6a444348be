import { header } from '../file.ts';
import { RESOLVER } from '../unbound/config.ts';

/** Where Postfix asks about a domain (socketmap). */
export const MTA_STS = { host: '127.0.0.1', port: 8461 };

/**
 * The daemon, with one rule more. Its answer `secure` replaces Postfix's own level `dane`, and so would let a certificate through that the
 * receiver's TLSA records deny; RFC 8461 §2 forbids that. Where an MX of the domain has TLSA records that validate, the answer is
 * `dane-only` instead: then only such MX hosts are taken, and their records decide.
 */
export const daneFirst = `#!/usr/bin/python3 -I
${header('none; it is part of what Signpost promises')}
import asyncio
import os
import struct

from postfix_mta_sts_resolver import daemon, netstring, responder

RESOLVER = ('${RESOLVER.host}', ${RESOLVER.port})
MX, TLSA = 15, 52
NOERROR, NXDOMAIN = 0, 3


def encode_name(name):
    labels = [label.encode('ascii') for label in name.rstrip('.').split('.')]
    return b''.join(bytes([len(label)]) + label for label in labels) + b'\\0'


def read_name(message, at):
    """RFC 1035 section 4.1.4. Returns the name, and where what follows it begins."""
    labels, end = [], None
    for _ in range(255):
        length = message[at]
        if length >= 0xC0:
            end = end or at + 2
            at = struct.unpack_from('!H', message, at)[0] & 0x3FFF
        elif length == 0:
            return '.'.join(labels), end or at + 1
        else:
            labels.append(message[at + 1:at + 1 + length].decode('latin-1'))
            at += 1 + length
    raise ValueError('a name without end')


async def ask(name, rrtype):
    """The answer, whether it was validated, and where the data of each record begins. Over TCP, so that nothing is cut off."""
    question = encode_name(name) + struct.pack('!HH', rrtype, 1)
    ident = os.urandom(2)
    # RD and AD (RFC 6840 section 5.7): tell whether it was validated.
    query = ident + struct.pack('!HHHHH', 0x0120, 1, 0, 0, 0) + question
    reader, writer = await asyncio.open_connection(*RESOLVER)
    try:
        writer.write(struct.pack('!H', len(query)) + query)
        message = await reader.readexactly(struct.unpack('!H', await reader.readexactly(2))[0])
    finally:
        writer.close()
    flags, _, answers = struct.unpack_from('!HHH', message, 2)
    if message[:2] != ident or flags & 0xF not in (NOERROR, NXDOMAIN):
        raise ValueError('the resolver cannot tell')
    found = []
    _, at = read_name(message, 12)
    at += 4
    for _ in range(answers):
        _, at = read_name(message, at)
        kind, _, _, length = struct.unpack_from('!HHIH', message, at)
        at += 10
        if kind == rrtype:
            found.append(at)
        at += length
    return message, bool(flags & 0x20), found


async def has_dane(domain):
    """Whether an MX host of the domain has TLSA records, and all that leads to them is validated (RFC 7672 section 2.2)."""
    message, secure, exchanges = await ask(domain, MX)
    if not secure:
        return False
    hosts = [read_name(message, at + 2)[0] for at in exchanges] or [domain]
    for host in hosts:
        if host:
            _, secure, records = await ask('_25._tcp.' + host, TLSA)
            if secure and records:
                return True
    return False


class DaneFirst(responder.STSSocketmapResponder):
    async def process_request(self, raw_req):
        answer = await super().process_request(raw_req)
        if b':OK secure' not in answer:
            return answer
        domain = responder.filter_domain(raw_req.decode('ascii').partition(' ')[2])
        try:
            dane = await asyncio.wait_for(has_dane(domain), 10)
        except Exception:
            return netstring.encode(b'TEMP the look-up of TLSA records failed')
        return netstring.encode(b'OK dane-only') if dane else answer


daemon.STSSocketmapResponder = DaneFirst
daemon.main()
`;
