import { parseMailbox, type Mailbox } from './mailbox.ts';
import type { OutlookErrorCode } from './outlook.ts';

/** The one schema of answers that is provided here. */
export const OUTLOOK_RESPONSE =
  'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a';

export type OutlookRequest = { ok: true; mailbox: Mailbox } | { ok: false; code: OutlookErrorCode };

/**
 * Reads an Autodiscover request (MS-OXDSCLI) by looking for the two things that matter, whatever namespace they were put into. There is
 * no XML parser, and so nothing for entities, DTDs and their like to work on.
 */
export function parseOutlookRequest(body: Uint8Array): OutlookRequest {
  const text = decode(body);
  if (text === undefined || text.includes('<!')) return refuse(600);
  const address = only(text, 'EMailAddress');
  const schema = only(text, 'AcceptableResponseSchema');
  if (address === undefined || schema === undefined) return refuse(600);
  // Microsoft's own examples have it either way.
  if (schema.replace(/^https:/, 'http:') !== OUTLOOK_RESPONSE) return refuse(601);
  const mailbox = parseMailbox(address);
  return mailbox ? { ok: true, mailbox } : refuse(500);
}

function refuse(code: OutlookErrorCode): OutlookRequest {
  return { ok: false, code };
}

function decode(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

/** Text of the only element of the name, with or without a namespace prefix; undefined when there is none or are several. */
function only(text: string, name: string): string | undefined {
  const element = new RegExp(`<((?:\\w+:)?)${name}(?:\\s[^<>]*)?>([^<]{1,1024})</\\1${name}\\s*>`, 'g');
  const found = [...text.matchAll(element)];
  return found.length === 1 ? unescape(found[0]![2]!.trim()) : undefined;
}

const characters: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** XML 1.0 §4.1 and §4.6: characters by number, and the five that need no declaration. Others stay, and are no part of an address. */
function unescape(text: string): string {
  return text.replace(
    /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-fA-F]{1,6}));/g,
    (reference, entity?: string, decimal?: string, hex?: string) => {
      if (entity !== undefined) return characters[entity]!;
      const code = decimal !== undefined ? Number(decimal) : parseInt(hex!, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : reference;
    },
  );
}
