import { AppError } from '../core/errors.ts';
import type { ApiContext, ApiMiddleware } from './env.ts';
import { countJson, type JsonLimits } from './json-shape.ts';
import { decodeUtf8 } from './utf8.ts';

/** What a body may be, so that reading it costs no more than it is worth. */
export interface BodyLimits {
  octets: number;
  /** Values in its JSON, one that is inside of another included. */
  values: number;
}

const KIBIBYTE = 1 << 10;
const MEBIBYTE = 1 << 20;

/** Enough for a thousand names, or a chain of certificates. */
export const DEFAULT_LIMITS: BodyLimits = { octets: 256 * KIBIBYTE, values: 10_000 };
/** 10,000 records of 200 octets and five values each. */
export const RECORDS_LIMITS: BodyLimits = { octets: 2 * MEBIBYTE, values: 60_000 };
/** 20,000 domains of 100 octets and six values each. */
export const BULK_LIMITS: BodyLimits = { octets: 2 * MEBIBYTE, values: 130_000 };
/** A zone file of the 20,000 records that an import may have, of 200 octets each; it is one value. */
export const IMPORT_LIMITS: BodyLimits = { octets: 4 * MEBIBYTE, values: 100 };

/** Levels of any body. None that is known here has more than five. */
const DEPTH = 32;

/** Reads the body of a request that needs none, and refuses one that is longer than anybody would send. */
export function limitBody({ octets }: BodyLimits): ApiMiddleware {
  return async (c, next) => {
    await readBody(c, octets);
    return next();
  };
}

/**
 * Refuses what is not JSON of the limits, from the cheapest on: by its media type, its announced length, its length and shape while it comes, its
 * encoding, its text. It is parsed once: `c.req.json()` has what was read.
 */
export function requireJson({ octets, values }: BodyLimits): ApiMiddleware {
  return async (c, next) => {
    if (!/^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? ''))
      throw new AppError(
        'unsupported-media-type',
        'Send the body as JSON, with `Content-Type: application/json`.',
      );
    const value: unknown = parse(await readBody(c, octets, checkShape({ depth: DEPTH, values })));
    c.req.json = () => Promise.resolve(value as never);
    return next();
  };
}

function parse(octets: ArrayBuffer): unknown {
  const text = decodeUtf8(octets);
  if (text === undefined) throw new AppError('invalid-request', 'The body is not UTF-8. Send JSON in UTF-8.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError('invalid-request', `The body is not JSON: ${(error as SyntaxError).message}.`);
  }
  // RFC 7493 §2.1: half of a surrogate pair is no character, and would become U+FFFD when it is written.
  if (/\\u[dD][89a-fA-F]/.test(text) && !isWellFormed(value))
    throw new AppError('invalid-request', 'The body has half of a surrogate pair, which is no character.');
  return value;
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => key.isWellFormed() && isWellFormed(inner));
}

/**
 * Reads the body, whether its length was announced or not, as long as it is within limits. What was read is kept where
 * `c.req.arrayBuffer()` and its like find it.
 */
async function readBody(
  c: ApiContext,
  octets: number,
  check?: (chunk: Uint8Array) => void,
): Promise<ArrayBuffer> {
  // The router runs the checks twice where a path has a parameter's name in place of its value (`/zones/:zone`).
  if (c.req.bodyCache.arrayBuffer) return c.req.arrayBuffer();
  if (Number(c.req.header('content-length') ?? 0) > octets) throw tooLong(octets);
  const { body } = c.req.raw;
  const read = body ? await readLimited(body, octets, check) : new ArrayBuffer(0);
  // Hono awaits what it finds here, though its type has the plain value.
  c.req.bodyCache.arrayBuffer = Promise.resolve(read) as unknown as ArrayBuffer;
  return read;
}

async function readLimited(
  stream: ReadableStream<Uint8Array>,
  octets: number,
  check: (chunk: Uint8Array) => void = () => undefined,
): Promise<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Not `for await`: leaving it would break the connection before the client has read why.
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(brokenOff);
    if (done) break;
    size += value.length;
    if (size > octets) throw tooLong(octets);
    check(value);
    chunks.push(value);
  }
  return joined(chunks, size);
}

/** @throws AppError for the octets with which there is too much */
function checkShape(limits: JsonLimits): (chunk: Uint8Array) => void {
  const shape = countJson(limits);
  return (chunk) => {
    const excess = shape.take(chunk);
    if (excess) throw excess === 'depth' ? tooDeep() : tooMany(limits.values);
  };
}

function joined(chunks: readonly Uint8Array[], size: number): ArrayBuffer {
  const octets = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    octets.set(chunk, at);
    at += chunk.length;
  }
  return octets.buffer;
}

function brokenOff(cause: unknown): never {
  throw new AppError('invalid-request', 'The body ended before it was complete.', { cause });
}

function tooLong(octets: number): AppError {
  return new AppError('too-large', `The body may have ${sizeText(octets)} at most. Split the request.`);
}

function tooMany(values: number): AppError {
  const most = values.toLocaleString('en');
  return new AppError('too-large', `The body may hold ${most} values at most. Split the request.`);
}

function tooDeep(): AppError {
  return new AppError('invalid-request', `The body may have ${DEPTH} levels of arrays and objects at most.`);
}

function sizeText(octets: number): string {
  if (octets < KIBIBYTE * 10) return `${octets} octets`;
  return octets < MEBIBYTE ? `${octets / KIBIBYTE} KiB` : `${octets / MEBIBYTE} MiB`;
}
