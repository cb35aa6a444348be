import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bindSign, scratch } from '../kit/nameserver-peers.ts';
import { SERVER_ZONE } from '../kit/server-zone.ts';

/** A zone, its child and one beside them: names that lead from each into the others, wildcards at every level, names below cuts and DNAMEs. */
const PARENT = `$ORIGIN parent.example.
$TTL 3600
@ SOA ns1 hostmaster 7 7200 3600 1209600 900
@ NS ns1
@ NS ns.other.example.
@ MX 0 .
ns1 A 192.0.2.53
child NS ns.child
child NS ns1
child DS 12345 13 2 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
ns.child A 192.0.2.54
occluded.child TXT "below a cut"
nods NS ns.nods
ns.nods A 192.0.2.55
ns.nods AAAA 2001:db8::55
noglue NS ns.elsewhere.test.
a.b.cut NS ns1
signed NS ns.nods
signed DS 54321 8 2 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
*.w A 192.0.2.1
*.w TXT "first level"
*.a.w TXT "second level"
x.a.w A 192.0.2.2
*.y.b.w MX 10 ns1
here.w AAAA 2001:db8::1
*.cw CNAME here.w
*.xw CNAME www.child
*.ow CNAME www.other.example.
*.ew CNAME e3
*.dw CNAME x.d
x.*.lw TXT "below an asterisk"
t.e1.e2.e3 TXT "empty names above"
d DNAME target
*.target A 192.0.2.4
deep.x.target TXT "deep"
dc DNAME child
do DNAME other.example.
dd DNAME d
tochild CNAME www.child
todeleg CNAME host.nods
toother CNAME alias.other.example.
toempty CNAME e2.e3
tonothing CNAME nothing.other.example.
loop CNAME loop.other.example.
chain1 CNAME chain2.other.example.
chain3 CNAME chain4
chain4 A 192.0.2.6
_25._tcp.ns1 TLSA 3 1 1 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
_x._tcp SRV 0 0 443 here.w
svc HTTPS 0 here.w
caa CAA 0 issue "ca.example"
`;
const CHILD = `$ORIGIN child.parent.example.
$TTL 600
@ SOA ns hostmaster.parent.example. 8 7200 3600 1209600 300
@ NS ns
@ NS ns1.parent.example.
@ A 192.0.2.60
ns A 192.0.2.54
www A 192.0.2.61
* TXT "at the top"
up CNAME chain3.parent.example.
x.target A 192.0.2.62
sub NS ns.sub
ns.sub A 192.0.2.63
`;
const OTHER = `$ORIGIN other.example.
$TTL 300
@ SOA ns hostmaster 9 7200 3600 1209600 60
@ NS ns
ns A 192.0.2.70
www A 192.0.2.71
alias CNAME www
loop CNAME loop.parent.example.
chain2 CNAME chain3.parent.example.
back DNAME parent.example.
*.wild CNAME tochild.parent.example.
`;

const texts: Record<string, string> = {
  'example.com': SERVER_ZONE,
  'parent.example': PARENT,
  'child.parent.example': CHILD,
  'other.example': OTHER,
};

export interface SignedZones {
  folder: string;
  /** Signed zone files by origin, `ORIGIN.zone` in the folder. */
  zones: Map<string, string>;
}

/** All of them, signed by BIND. */
export function signedZones(denial: 'nsec' | 'nsec3'): SignedZones {
  const folder = scratch();
  const zones = new Map<string, string>();
  for (const [origin, text] of Object.entries(texts)) {
    const signed = readFileSync(bindSign(text, origin, denial).file, 'utf8');
    writeFileSync(join(folder, `${origin}.zone`), signed);
    zones.set(origin, signed);
  }
  return { folder, zones };
}
