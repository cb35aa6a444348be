import type { Difference } from './compare.ts';

/** A way in which a peer answers otherwise, and what settles who is right, or that both are. */
export interface KnownDifference {
  peers: readonly string[];
  why: string;
  rfc: string;
  holds(difference: Difference): boolean;
}

/** Origins of the zones, the deepest first. */
const origins = ['child.parent.example.', 'parent.example.', 'other.example.', 'example.com.'];

/** The zone that a name is in; undefined: none of ours. */
function zoneOf(name: string): string | undefined {
  return origins.find((origin) => name === origin || name.endsWith(`.${origin}`));
}

/** Of `answer www.example.com. 300 a 192.0.2.1` the owner; of other facts nothing. */
function ownerIn(fact: string): string | undefined {
  return /^(?:answer|authority) (\S+)/.exec(fact)?.[1];
}

const all = (facts: string[], pattern: RegExp): boolean => facts.every((fact) => pattern.test(fact));
const none = (facts: string[]): boolean => facts.length === 0;

const PROOF = /^authority \S+ \d+ (nsec3?|rrsig nsec3?) /;
const ADDRESS = /^glue \S+ \d+ (a|aaaa|rrsig (a|aaaa)) /;
/** What a referral has. */
const REFERRAL = /^(rcode|aa|glue) |^authority \S+ \d+ (ns|ds|nsec3?|rrsig (ds|nsec3?)) /;

/** In each of them the peers that are not named agree with us. */
export const knownDifferences: KnownDifference[] = [
  {
    peers: ['Knot DNS', 'NSD', 'BIND'],
    why: 'An alias that leads into another zone of the same server is not followed there; where that zone is delegated, the delegation is given.',
    rfc: 'RFC 1034 §4.3.2, step 3a: "change QNAME to the canonical name ... and go back to step 1", which looks for the nearest zone. A resolver asks again.',
    holds({ spec, ours, theirs }) {
      const first = zoneOf(spec.qname.toLowerCase());
      const elsewhere = ours.some((fact) => {
        const owner = ownerIn(fact);
        return owner !== undefined && zoneOf(owner) !== first;
      });
      return elsewhere && all(theirs, REFERRAL);
    },
  },
  {
    peers: ['BIND', 'PowerDNS'],
    why: 'Aliases that lead back to themselves are a failure (SERVFAIL); we give the records, as NSD and Knot do.',
    rfc: 'RFC 1034 §5.2.2 has resolvers notice loops; §4.3.2 knows no such failure of a server.',
    holds: ({ spec, theirs }) => spec.qname.includes('loop') && theirs.includes('rcode SERVFAIL'),
  },
  {
    peers: ['BIND', 'PowerDNS'],
    why: 'NSEC at a zone cut is answered with authority, where we refer to the child.',
    rfc: 'RFC 1034 §4.3.2, step 3b; the only type that the parent answers for is DS (RFC 4035 §3.1.4.1).',
    holds: ({ spec, ours }) => spec.qtype === 'NSEC' && ours.includes('aa false tc false'),
  },
  {
    peers: ['BIND'],
    why: 'Addresses of nameservers that are not below the cut itself, or are but for each nameserver, are left out of referrals.',
    rfc: 'RFC 9471 §2 asks for all glue of in-domain nameservers, and of sibling ones where there is room (§2.2); more is allowed.',
    holds: ({ ours, theirs }) => none(theirs) && all(ours, ADDRESS),
  },
  {
    peers: ['Knot DNS'],
    why: 'The proof that a wildcard was expanded is left out when the answer is itself an NSEC.',
    rfc: 'RFC 4035 §3.1.3.3: the NSEC that proves that no closer name exists.',
    holds: ({ spec, ours, theirs }) => spec.qtype === 'NSEC' && none(theirs) && all(ours, PROOF),
  },
  {
    peers: ['Knot DNS'],
    why: 'A name that a DNAME makes too long is NXDOMAIN.',
    rfc: 'RFC 6672 §2.2: YXDOMAIN.',
    holds: ({ spec, ours }) => spec.qname.includes('long.') && ours.includes('rcode YXDOMAIN'),
  },
  {
    peers: ['Knot DNS'],
    why: 'The proof of an empty non-terminal wildcard is left out.',
    rfc: 'RFC 4592 §4.8; RFC 4035 §3.1.3.4.',
    holds: ({ spec, ours, theirs }) => /\.(wsub|lw)\./.test(spec.qname) && none(theirs) && all(ours, PROOF),
  },
  {
    peers: ['Knot DNS'],
    why: 'The proof that a wildcard was expanded is left out for a name that begins with an asterisk, too.',
    rfc: 'RFC 4035 §3.1.3.3; RFC 4592 §2.1.3: of a name that matches another wildcard the asterisk is a label like any other.',
    holds: ({ spec, ours, theirs }) => spec.qname.startsWith('*.') && none(theirs) && all(ours, PROOF),
  },
  {
    peers: ['PowerDNS'],
    why: 'A name with a zero octet is taken for the one above it.',
    rfc: 'RFC 2181 §11: a label may have any octets.',
    holds: ({ spec }) => spec.qname.includes('\\000'),
  },
  {
    peers: ['NSD'],
    why: 'With a wildcard reached through a DNAME, and for one that is asked for by its own name, it sends proofs of another name, or more of them.',
    rfc: 'RFC 4035 §3.1.3.3 and RFC 5155 §7.2.6: the proof is about the name that the DNAME made.',
    holds: ({ spec, ours, theirs }) =>
      all([...ours, ...theirs], PROOF) &&
      (spec.qname.startsWith('*.') || /\.(dn|d|dc|dd|do|back)\.|\.w?dw\./.test(spec.qname)),
  },
  {
    peers: ['NSD'],
    why: 'A name below the cut in the parent, where it is occluded, exists for the child, whose wildcard then does not match.',
    rfc: 'RFC 4592 §2.2.1: what exists is decided within a zone; the record of the parent is in another one.',
    holds: ({ spec }) => spec.qname.endsWith('occluded.child.parent.example.'),
  },
  {
    peers: ['PowerDNS'],
    why: 'Questions for NSEC are not answered with it, unless DO is set, and aliases are followed for them.',
    rfc: 'RFC 4035 §3.1: without DO, NSEC is a type like any other; §2.5: it stands beside a CNAME.',
    holds: ({ spec }) => spec.qtype === 'NSEC',
  },
  {
    peers: ['PowerDNS'],
    why: 'Referrals have the DS without DO, too.',
    rfc: 'RFC 4035 §3.1.4: with DO.',
    holds: ({ spec, ours, theirs }) => !spec.do && none(ours) && all(theirs, /^authority \S+ \d+ ds /),
  },
  {
    peers: ['PowerDNS'],
    why: 'NSEC3PARAM is made anew, with a TTL of its own.',
    rfc: 'RFC 5155 §4: it is a record of the zone, which was transferred.',
    holds: ({ spec, ours, theirs }) =>
      spec.qtype === 'NSEC3PARAM' &&
      all([...ours, ...theirs], /^answer \S+ \d+ (nsec3param|rrsig nsec3param) /),
  },
  {
    peers: ['PowerDNS'],
    why: 'Where the CNAME itself is asked for and a wildcard has it, what it leads to follows.',
    rfc: 'RFC 1034 §3.6.2: a question for CNAME is not restarted.',
    holds: ({ spec, ours, theirs }) =>
      spec.qtype === 'CNAME' && none(ours) && all(theirs, /^(answer|authority) /),
  },
];

/** Whether a difference is one that is known of this peer. */
export function isKnown(peer: string, difference: Difference): boolean {
  return knownDifferences.some((known) => known.peers.includes(peer) && known.holds(difference));
}
