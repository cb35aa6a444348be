import { element, renderXml, type Element } from './xml.ts';

/** What a property list holds here; a key without a value is left out. */
export type PlistValue = string | number | boolean | readonly PlistValue[] | PlistDictionary;
export interface PlistDictionary {
  [key: string]: PlistValue | undefined;
}

const DOCTYPE =
  '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">';

/** Apple's property list in XML. */
export function renderPlist(root: PlistDictionary): string {
  return renderXml(element('plist', [toElement(root)], { version: '1.0' }), DOCTYPE);
}

function toElement(value: PlistValue): Element {
  if (typeof value === 'string') return element('string', value);
  if (typeof value === 'number') return element('integer', value);
  if (typeof value === 'boolean') return element(value ? 'true' : 'false');
  if (isArray(value)) return element('array', value.map(toElement));
  return element('dict', Object.entries(value).flatMap(entry));
}

function entry([key, value]: [string, PlistValue | undefined]): Element[] {
  return value === undefined ? [] : [element('key', key), toElement(value)];
}

/** `Array.isArray` does not narrow read-only arrays. */
function isArray(value: PlistDictionary | readonly PlistValue[]): value is readonly PlistValue[] {
  return Array.isArray(value);
}
