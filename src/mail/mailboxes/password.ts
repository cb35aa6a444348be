import { argon2, timingSafeEqual } from 'node:crypto';
import { AppError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { localOf } from '../address.ts';

/*
 * Passwords as Dovecot keeps them. Argon2id comes from OpenSSL by way of Node: there is no other library to install, and it runs on a thread of
 * Node's pool.
 */

/**
 * RFC 9106 with the parameters that OWASP's Password Storage Cheat Sheet names first: 19 MiB, two passes, one lane. Dovecot works one out for each
 * sign-in, many at once, on boxes with a gigabyte: RFC 9106's own second choice (64 MiB) would take all of that for twelve.
 */
const COST = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 };
const PREFIX = `{ARGON2ID}$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$`;
const SALT = 16;

/** Characters of a password. NIST SP 800-63B §5.1.1.2 asks for eight at least; beyond the last, whole books would be hashed. */
const SHORTEST = 10;
const LONGEST = 256;

/** The hash with its scheme. */
export async function hashPassword(password: string, random: Random): Promise<string> {
  const nonce = Buffer.from(random.bytes(SALT));
  const message = Buffer.from(password.normalize('NFC'));
  const tag = await new Promise<Buffer>((resolve, reject) =>
    argon2('argon2id', { message, nonce, ...COST }, (error, key) =>
      error ? reject(error) : resolve(Buffer.from(key)),
    ),
  );
  const text = (octets: Buffer): string => octets.toString('base64').replace(/=+$/, '');
  return `${PREFIX}${text(nonce)}$${text(tag)}`;
}

/** Whether a hash is of today's scheme and cost. */
export function isCurrent(hash: string): boolean {
  return hash.startsWith(PREFIX);
}

/** crypt(3): the hash by the scheme and salt of `setting`. */
export type Crypt = (password: string, setting: string) => Promise<string>;

/** Whether the hash, in a form that {@link checkHash} takes, is of this password. @throws Error when it cannot be worked out */
export async function isPassword(password: string, hash: string, crypt: Crypt): Promise<boolean> {
  const argon = ARGON2ID.exec(hash);
  if (!argon) {
    const kept = hash.replace('{SHA512-CRYPT}', '');
    return equal(Buffer.from(await crypt(password, kept)), Buffer.from(kept));
  }
  const [memory, passes, parallelism] = argon.slice(1, 4).map(Number);
  const [nonce, tag] = hash
    .split('$')
    .slice(-2)
    .map((text) => Buffer.from(text, 'base64'));
  // As Dovecot does: the octets that came.
  const options = { message: Buffer.from(password), nonce: nonce!, tagLength: tag!.length };
  const made = await new Promise<Buffer>((resolve, reject) =>
    argon2(
      'argon2id',
      { ...options, memory: memory!, passes: passes!, parallelism: parallelism! },
      (error, key) => (error ? reject(error) : resolve(Buffer.from(key))),
    ),
  );
  return equal(made, tag!);
}

const equal = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

/** What everybody tries first, and what is built of them with digits. */
const COMMON =
  /^(?:pass(?:word|wort)?|passw0rd|qwert[yz](?:uiop)?|asdf(?:ghjkl)?|1?q2?w3?e4?r5?t6?|letmein|welcome|willkommen|admin(?:istrator)?|changeme|secret|geheim|iloveyou|dragon|monkey|football|mail(?:box)?|test)+[\d\W_]*$/i;

/** @throws AppError weak-password with the reason */
export function checkPassword(password: string, address: string): void {
  const reason = weakness(password, localOf(address), address);
  if (reason === undefined) return;
  throw new AppError(
    'weak-password',
    `${reason} Four words that have nothing to do with each other are good.`,
    {
      errors: [{ path: 'password', message: reason }],
    },
  );
}

function weakness(password: string, local: string, address: string): string | undefined {
  const length = Array.from(password).length;
  const lower = password.toLowerCase();
  // eslint-disable-next-line no-control-regex -- no mail program can be given one
  if (/[\x00-\x1f\x7f]/.test(password)) return 'The password has a control character, such as a line break.';
  if (length < SHORTEST) return `The password is too short: it needs ${SHORTEST} characters at least.`;
  if (length > LONGEST) return `The password is too long: it may have ${LONGEST} characters.`;
  if (new Set(lower).size < 5) return 'The password has fewer than five different characters.';
  if (isRun(lower)) return 'The password is a row of characters that follow each other.';
  if (COMMON.test(password)) return 'The password is one of those that are tried first.';
  if (lower.includes(address) || (local.length > 3 && lower.replaceAll(local, '').length < SHORTEST - 2))
    return 'The password is made of the address.';
  return undefined;
}

/** Whether nearly each character is the one after (or before) that before it. */
function isRun(text: string): boolean {
  let steps = 0;
  for (let at = 1; at < text.length; at++)
    if (Math.abs(text.charCodeAt(at) - text.charCodeAt(at - 1)) === 1) steps++;
  return steps >= (text.length - 1) * 0.8;
}

/** KiB of memory, passes, lanes, and the octets of salt and hash in base64. */
const ARGON2ID =
  /^\{ARGON2ID\}\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,172}$/;
/** crypt(5). */
const SHA512_CRYPT = /^\{SHA512-CRYPT\}\$6\$(?:rounds=(\d{4,9})\$)?[^$:\s]{1,16}\$[A-Za-z0-9./]{86}$/;
/** KiB that a sign-in may take: Dovecot's processes have 256 MiB. */
const MOST_MEMORY = 131_072;
/** A sign-in must not take seconds. */
const MOST_PASSES = 16;
const MOST_ROUNDS = 1_000_000;

/** A hash from elsewhere, as it is kept. @throws AppError invalid-request */
export function checkHash(hash: string): string {
  const argon = ARGON2ID.exec(hash);
  if (argon) {
    const [memory, passes, lanes] = argon.slice(1).map(Number);
    if (memory! >= 8 && memory! <= MOST_MEMORY && passes! >= 1 && passes! <= MOST_PASSES && lanes! >= 1)
      return hash;
    throw badHash(
      `An argon2id hash may ask for ${MOST_MEMORY / 1024} MiB and ${MOST_PASSES} passes at most.`,
    );
  }
  const crypt = SHA512_CRYPT.exec(hash);
  if (crypt && Number(crypt[1] ?? 5000) <= MOST_ROUNDS) return hash;
  throw badHash(
    'A password hash is written as Dovecot does: {ARGON2ID}$argon2id$… or {SHA512-CRYPT}$6$…; give the password itself for any other.',
  );
}

function badHash(message: string): AppError {
  return new AppError('invalid-request', message, { errors: [{ path: 'passwordHash', message }] });
}

/** 128 random bits in groups that can be typed on a telephone: no letter looks like a digit. */
export function newAppPassword(random: Random): string {
  const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';
  const letters = [...random.bytes(APP_LETTERS)].map((octet) => alphabet[octet & 31]!);
  return letters.join('').replace(/.{5}(?!$)/g, '$&-');
}

/** Of five bits each: 130 bits. */
const APP_LETTERS = 26;
