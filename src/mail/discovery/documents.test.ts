import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { discoveryDocuments } from '../../../test/kit/discovery-documents.ts';
import { Name } from '../../dns/wire/name.ts';
import { appleProfile } from './apple.ts';
import { parseMailbox } from './mailbox.ts';
import { boxPolicy, mtaStsPolicy, mtaStsPolicyId } from './mta-sts.ts';
import { outlookJson } from './outlook-json.ts';
import { DNS_NAMESPACE, uuidOfName } from './uuid.ts';
import { element, renderXml } from './xml.ts';

const folder = join(import.meta.dirname, '../../../test/goldens/discovery');
const hostname = Name.parse('box.example.net');

describe('the documents are the golden ones; UPDATE_GOLDEN=1 records new ones', () => {
  test.each(Object.entries(discoveryDocuments))('%s', (name, { text }) => {
    if (process.env['UPDATE_GOLDEN']) writeFileSync(join(folder, name), text);
    expect(text).toBe(readFileSync(join(folder, name), 'utf8'));
  });
});

describe('MTA-STS', () => {
  /** The lines of RFC 8461 §3.2, each with its end: our own never need an extension, nor spaces but the one. */
  const DOMAIN = String.raw`[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*`;
  const grammar = new RegExp(
    `^version: STSv1\\r\\nmode: (?:testing|enforce|none)\\r\\n(?:mx: (?:\\*\\.)?${DOMAIN}\\r\\n)*max_age: \\d{1,10}\\r\\n$`,
  );

  test('RFC 8461 §3.2: every policy is of the grammar', () => {
    const names = [hostname, Name.parse('*.mail.example.org'), Name.parse('XN--bcher-kva.example')];
    for (const mode of ['enforce', 'testing', 'none'] as const)
      for (const maxAge of [0, 31_557_600])
        expect(mtaStsPolicy({ mx: names, mode, maxAge })).toMatch(grammar);
    expect(mtaStsPolicy(boxPolicy(hostname))).toMatch(grammar);
    expect('version: STSv1\r\nmode: off\r\nmax_age: 0\r\n').not.toMatch(grammar);
  });

  test('RFC 8461 §3.1: an id of 32 alphanumerics, another for another policy', () => {
    const policy = boxPolicy(hostname);
    const ids = [policy, { ...policy, mode: 'testing' } as const, { ...policy, maxAge: 86_400 }].map((one) =>
      mtaStsPolicyId(mtaStsPolicy(one)),
    );
    for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9]{32}$/);
    expect(new Set(ids).size).toBe(3);
    expect(mtaStsPolicyId(mtaStsPolicy(boxPolicy(hostname)))).toBe(ids[0]);
  });

  test('RFC 8461 §3.2: each server has its line', () => {
    const mx = [hostname, Name.parse('*.mail.example.org')];
    expect(mtaStsPolicy({ mx, mode: 'testing', maxAge: 0 })).toBe(
      'version: STSv1\r\nmode: testing\r\nmx: box.example.net\r\nmx: *.mail.example.org\r\nmax_age: 0\r\n',
    );
    expect(mtaStsPolicy({ mx: [], mode: 'none', maxAge: 60 })).not.toContain('mx:');
  });

  test.each([
    { mx: [], mode: 'enforce', maxAge: 60 } as const,
    { mx: [hostname], mode: 'enforce', maxAge: 31_557_601 } as const,
    { mx: [hostname], mode: 'enforce', maxAge: 1.5 } as const,
  ])('RFC 8461 §3.2: refuses a policy that no sender could follow: %j', (policy) => {
    expect(() => mtaStsPolicy(policy)).toThrow(RangeError);
  });
});

test('a name has the UUID that RFC 9562 §A.4 gives as its example', () => {
  expect(uuidOfName(DNS_NAMESPACE, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
});

test('the UUIDs of a profile are stable, and differ between mailboxes, and between profile and account', () => {
  const uuids = (address: string) => {
    const mailbox = parseMailbox(address)!;
    const text = appleProfile({ domain: mailbox.domain, hostname, mailbox });
    return [...text.matchAll(/<key>PayloadUUID<\/key>\s*<string>(.*)<\/string>/g)].map(([, uuid]) => uuid!);
  };
  const all = [...uuids('alice@example.com'), ...uuids('bob@example.com')];
  expect(new Set(all).size).toBe(4);
  expect(uuids('alice@EXAMPLE.com.')).toEqual(all.slice(0, 2));
});

test('Outlook is sent to the box for version 1, and is told what is wrong or missing otherwise', () => {
  const url = 'https://box.example.net/autodiscover/autodiscover.xml';
  expect(outlookJson('autodiscoverV1', hostname)).toEqual({
    status: 200,
    body: { Protocol: 'AutodiscoverV1', Url: url },
  });
  for (const protocol of [undefined, ''])
    expect(outlookJson(protocol, hostname)).toEqual({
      status: 400,
      body: { ErrorCode: 'MandatoryParameterMissing', ErrorMessage: 'Add the query parameter Protocol.' },
    });
  for (const protocol of ['ActiveSync', '<script>'])
    expect(outlookJson(protocol, hostname)).toEqual({
      status: 400,
      body: {
        ErrorCode: 'InvalidProtocol',
        ErrorMessage: 'The protocol is not provided here. Supported values are AutodiscoverV1.',
      },
    });
});

test('text never becomes markup', () => {
  const text = `a<b>&amp;"c'\u0000\ud800`;
  expect(renderXml(element('x', text, { y: text }))).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<x y="a&lt;b&gt;&amp;amp;&quot;c&apos;\ufffd\ufffd">a&lt;b&gt;&amp;amp;&quot;c&apos;\ufffd\ufffd</x>\n',
  );
});
