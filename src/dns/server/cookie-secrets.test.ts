import { expect, test } from 'vitest';
import { parseCookieSecrets } from './cookie-secrets.ts';

const [first, second] = ['e5e973e5a6b2a43f48e7dc849e37bfcf', '445536BCD2513298075A5D379663C962'] as const;
const octets = (text: string): Uint8Array => Uint8Array.fromHex(text);

test.each([
  ['one', first, first, first],
  ['two, the first of which is in use', `${first}\n${second}\n`, first, second],
  ['comments and empty lines', `# ours\n\n  ${second}  # since May\r\n`, second, second],
])('RFC 9018 §4.4: %s', (_what, text, made, taken) => {
  expect(parseCookieSecrets(text)).toEqual({ made: octets(made), taken: octets(taken) });
});

test.each([
  ['nothing', '# none yet\n', 'it has no secret'],
  ['a digit too few', `${second}\n${first.slice(1)}\n`, 'line 2 is not a secret of 32 hexadecimal digits'],
  ['a digit too many', `${first}0`, 'line 1 is not'],
  ['no hexadecimal', 'z'.repeat(32), 'line 1 is not'],
  ['three', `${first}\n${second}\n${first}\n`, 'more than two secrets'],
])('refuses %s, and shows nothing of it', (_what, text, problem) => {
  const said = parseCookieSecrets(text);
  expect(said).toContain(problem);
  expect(said).not.toContain(first.slice(1, 8));
});
