import { COOKIE_SECRET, type CookieSecrets } from './cookies.ts';

/**
 * Reads secrets of cookies, each a line of 32 hexadecimal digits, as NSD has them: cookies are made with the first, and taken that are
 * made with any of them. What begins with `#` is a comment.
 *
 * @returns what is wrong, else
 */
export function parseCookieSecrets(text: string): CookieSecrets | string {
  const lines = text
    .split('\n')
    .map((line, index) => ({ at: index + 1, word: line.replace(/#.*/, '').trim() }));
  const given = lines.filter(({ word }) => word !== '');
  const bad = given.find(({ word }) => !/^[0-9a-f]+$/i.test(word) || word.length !== 2 * COOKIE_SECRET);
  // The line is not shown: it may be a secret but for a digit.
  if (bad) return `line ${bad.at} is not a secret of ${2 * COOKIE_SECRET} hexadecimal digits`;
  const [made, taken, ...more] = given.map(({ word }) => Uint8Array.fromHex(word));
  if (!made) return 'it has no secret';
  if (more.length > 0) return 'it has more than two secrets: the one in use, and the one before or after it';
  return { made, taken: taken ?? made };
}
