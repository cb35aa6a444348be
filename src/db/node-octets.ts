import { crc32 } from 'node:zlib';

/** Octets of the checksum behind a stored node. */
const CHECKSUM = 4;

/** A node as it is stored, with a checksum behind it: SQLite has none, and a damaged signature would be served as it is. */
export function checkedOctets(node: Uint8Array): Buffer {
  const octets = Buffer.allocUnsafe(node.length + CHECKSUM);
  octets.set(node);
  octets.writeUInt32LE(crc32(node), node.length);
  return octets;
}

/** The node in what is stored; one from before there were checksums as it is. @throws Error when it is damaged */
export function nodeOctets(stored: Buffer): Buffer {
  // A node begins with its length. Damage that makes it that of all of this is harmless: nobody reads what is behind the last RRset.
  const length = stored.length < CHECKSUM ? -1 : stored.readUInt32BE(0);
  if (length === stored.length) return stored;
  const node = stored.subarray(0, length);
  if (length < 0 || stored.length !== length + CHECKSUM || stored.readUInt32LE(length) !== crc32(node))
    throw new Error('a stored node is damaged');
  return node;
}
