/*
 * How much may stand at one name. An RRset is answered whole or not at all (RFC 2181 §9), so it must fit into one message.
 */

/** Octets of a DNS message: over TCP its length has 16 bits (RFC 1035 §4.2.2). */
const MESSAGE = 65_535;
/** Header, and a question with the longest name (RFC 1035 §4.1.1, §4.1.2). */
const QUESTION = 12 + 255 + 4;
/**
 * The longest RRSIG: owner as a pointer, fixed fields, signer's name, and an RSA signature of 4096 bits, the largest there is
 * (RFC 4034 §3.1, RFC 3110 §3).
 */
const SIGNATURE = 12 + 18 + 255 + 512;
/** Two algorithms sign everything while one takes the place of the other (RFC 6781 §4.1.4). */
const SIGNATURES = 2 * SIGNATURE;
/** OPT (RFC 6891 §6.1.2) with its options, or a TSIG (RFC 8945 §4.2) of long names beside it. */
const META = 1024;
/** What else an answer may need before this RRset fits: aliases that lead here, the proof of a wildcard, all signed. */
const WAY = 13_494;

/** Octets that the records of an RRset may take in a message: 48 KiB. */
export const MAX_RRSET_OCTETS = MESSAGE - QUESTION - SIGNATURES - META - WAY;
/** Octets of an RR beside its rdata when the owner is compressed: pointer, type, class, TTL, length (RFC 1035 §4.1.3, §4.1.4). */
export const RR_OVERHEAD = 12;

/**
 * Records of all types at one name: as many as an RRset without any rdata could have. A name is read, compared and written as a whole
 * whenever one of its records changes.
 */
export const MAX_RECORDS_AT_OWNER = MAX_RRSET_OCTETS / RR_OVERHEAD;

/** RRsets at one name: a query for it goes through them, and the NSEC of the name lists them (RFC 4034 §4.1.2). Names in use have ten. */
export const MAX_TYPES_AT_OWNER = 64;
