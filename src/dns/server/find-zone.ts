import { Type } from '../type-codes.ts';
import type { ImageReader } from '../zone/image-reader.ts';
import type { Exchange } from './exchange.ts';

/** The deepest zone for the current name; for the DS of an apex the one above it, where we have that too (RFC 4035 §3.1.4.1). One that is withheld is none but for who is admitted. */
export function findZone(exchange: Exchange): ImageReader | undefined {
  const zone = deepestZone(exchange);
  if (!zone?.withheld || exchange.admitted) return zone;
  exchange.withheld = true;
  return undefined;
}

function deepestZone({ zones, name, query }: Exchange): ImageReader | undefined {
  const zone = zones.find(name, name.labels);
  if (!zone || query.qtype !== Type.DS || zone.originLabels !== name.labels || name.labels === 0) return zone;
  return zones.find(name, name.labels - 1) ?? zone;
}
