/**
 * The bytes of one node, as they lie in a zone image and in the database, big-endian:
 *
 *     u32 octets of the whole node   u16 key octets   u8 owner octets   u8 flags   u16 RRset count
 *     key   owner   RRsets
 *
 * The key orders the nodes: the owner's sort key without that of the apex, or for an NSEC3 owner its hash. The owner (wire form) is only
 * there when it has letters in upper case: else it follows from the key. Each RRset is
 *
 *     u16 type   u16 record count   u32 TTL   u16 RRSIG count   u32 octets of records   u32 octets of RRSIGs
 *     records, then RRSIGs: u16 RDLENGTH and rdata, as in a message
 *
 * The first bit of the RRSIG count says that the signer's name, which is the apex in lower case (RFC 4034 §3.1.7, §6.2), is left out of
 * all RRSIGs, and their RDLENGTH is less by it.
 */
export const NODE_HEADER = 10;
export const RRSET_HEADER = 18;
/** Octets of the rdata of an RRSIG before the signer's name (RFC 4034 §3.1). */
export const RRSIG_FIXED = 18;
/** The bit of an RRSIG count. */
export const SIGNER_LEFT_OUT = 0x8000;

export type NodeKind = 'name' | 'nsec3';

/** What an answer has to know of a node before it reads its RRsets. */
export const NodeFlag = {
  /** It has NS: a zone cut, unless it is the apex. */
  ns: 1,
  dname: 2,
  cname: 4,
  /** No RRset at all: an empty non-terminal (RFC 4592 §2.2.2). */
  empty: 8,
  /** The leftmost label is `*`. */
  wildcard: 16,
  /** It is an NSEC3 owner. */
  hashed: 32,
  /** It has the form described above, which others before had not. */
  format: 128,
} as const;

/** Octets of an NSEC3 hash (SHA-1). */
export const HASH_LENGTH = 20;
