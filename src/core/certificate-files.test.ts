import fc from 'fast-check';
import { expect, it } from 'vitest';
import { certificateFiles } from './certificate-files.ts';

const block = (body: string): string => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
const key = '-----BEGIN PRIVATE KEY-----\nK\n-----END PRIVATE KEY-----\n';

const contents = (chain: string, privateKey?: string): Record<string, string> =>
  Object.fromEntries(certificateFiles(chain, privateKey).map(({ name, content }) => [name, content]));

it.each([
  [
    'a leaf alone',
    block('L'),
    undefined,
    { 'cert.pem': block('L'), 'chain.pem': '', 'fullchain.pem': block('L') },
  ],
  [
    'a chain',
    block('L') + block('I'),
    undefined,
    { 'cert.pem': block('L'), 'chain.pem': block('I'), 'fullchain.pem': block('L') + block('I') },
  ],
  [
    'text around the certificates',
    `Subject: L\n${block('L')}\nSubject: I\n${block('I').trimEnd()}`,
    undefined,
    { 'cert.pem': block('L'), 'chain.pem': block('I'), 'fullchain.pem': block('L') + block('I') },
  ],
  [
    'a key without an end of line',
    block('L'),
    key.trimEnd(),
    {
      ...{ 'cert.pem': block('L'), 'chain.pem': '', 'fullchain.pem': block('L') },
      ...{ 'privkey.pem': key, 'combined.pem': key + block('L') },
    },
  ],
])('%s', (_what, chain, privateKey, files) => {
  expect(contents(chain, privateKey)).toEqual(files);
});

it('has the key in the files that say so, and in no other', () => {
  const files = certificateFiles(block('L') + block('I'), key);
  for (const { content, secret } of files) expect(content.includes('PRIVATE KEY')).toBe(secret);
});

it('leaves out and adds no certificate', () => {
  fc.assert(
    fc.property(fc.array(fc.base64String({ minLength: 4 }), { minLength: 1 }), (bodies) => {
      const chain = bodies.map(block).join('');
      const files = contents(chain, key);
      expect(files['fullchain.pem']).toBe(chain);
      expect(files['cert.pem']! + files['chain.pem']!).toBe(chain);
      expect(files['combined.pem']).toBe(key + chain);
    }),
  );
});
