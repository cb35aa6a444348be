import { expect, test } from 'vitest';
import { crypt } from './crypt.ts';

// Of "Unix crypt using SHA-256 and SHA-512" (U. Drepper), its test program.
test.each([
  [
    'Hello world!',
    '$6$saltstring',
    '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
  ],
  [
    'Hello world!',
    '$6$rounds=10000$saltstringsaltstring',
    '$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.',
  ],
])('%s with %s', async (password, setting, hash) => {
  expect(await crypt(password, setting)).toBe(hash);
  expect(await crypt(password, hash)).toBe(hash);
});

test('a scheme that it does not know is no hash', async () => {
  await expect(crypt('a', '$unknown$x')).rejects.toThrow(/scheme/);
});
