import { Denial, type ImageReader } from '../zone/image-reader.ts';

/** Stands where no zone was found yet, and for one of ours whose image cannot be read. */
export const noZone: ImageReader = {
  data: new Uint8Array(0),
  originWire: new Uint8Array(1),
  originLabels: 0,
  apexKeyLength: 0,
  names: new Uint32Array(0),
  nsec3: new Uint32Array(0),
  apex: -1,
  soa: -1,
  negativeTtl: 0,
  hasCuts: false,
  hasDnames: false,
  hasWildcards: false,
  denial: Denial.none,
  nsec3Parameters: { iterations: 0, salt: new Uint8Array(0) },
  nsec3AtApex: { apex: undefined, wildcard: undefined },
};
