import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPeers, type Peers } from '../interop/client-peers.ts';
import { adminToken, startBox, type RunningBox } from '../kit/box.ts';
import { runSignpost, signpost, type CliResult } from '../kit/cli.ts';
import { programs } from '../kit/programs.ts';
import { missing } from '../kit/requires.ts';

let box: RunningBox;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-cli-'));
  box = await startBox({ workers: 1 });
  await ok('domain', 'add', 'example.com');
}, 180_000);
afterAll(async () => {
  await box.stop();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]): Promise<CliResult> => signpost(box.data, ...args);

/** Standard output of a command that must succeed and have nothing to complain of. */
async function ok(...args: string[]): Promise<string> {
  const result = await run(...args);
  expect(result, args.join(' ')).toMatchObject({ code: 0, stderr: '' });
  return result.stdout;
}

/** The same with `--json`, parsed. */
async function json<T = Record<string, unknown>>(...args: string[]): Promise<T> {
  return JSON.parse(await ok(...args, '--json')) as T;
}

const remote = (token: string, ...args: string[]): Promise<CliResult> =>
  runSignpost(['--url', box.http, '--token', token, ...args]);

describe('signpost status and box', () => {
  it('says that the box is ready, and what it serves', async () => {
    expect(await ok('status')).toMatch(
      /^ready: +yes\nhostname: +box\.example\.net\naddresses: +192\.0\.2\.1\n/,
    );
    const status = await json('status');
    expect(status).toMatchObject({ ready: true, problems: [], zones: 2, box: { ipv4: ['192.0.2.1'] } });
  });

  it('changes what is given of the settings and keeps the rest', async () => {
    const before = await json('box', 'show');
    const asked = await run('box', 'set', '--ipv6', '2001:db8::1');
    expect(asked).toMatchObject({ code: 2, stdout: '' });
    expect(asked.stderr).toMatch(/glue: [^]*To do, in this order:\n {2}1\. [^]*add --yes\.\n$/);
    const dry = await ok('box', 'set', '--hostname', 'mail.example.com', '--dry-run');
    expect(dry).toMatch(/^2 zones change\.\nnameservers: ns1\.mail\.example\.com\n/);
    expect(dry).toMatch(
      /Note: ns1\.mail\.example\.com and ns2\.mail\.example\.com have one address[^]*Nothing was changed\.\n$/,
    );
    expect(await json('box', 'show')).toEqual(before);
    const saved = await json(
      'box',
      'set',
      '--ipv6',
      '2001:db8::1',
      '2001:db8::2',
      '--admin-email',
      'me@example.org',
      '--yes',
    );
    const changes = { ipv6: ['2001:db8::1', '2001:db8::2'], adminEmail: 'me@example.org' };
    expect(saved).toEqual({ ...before, ...changes, job: expect.any(String) as string });
    expect(await json('domain', 'show', 'example.com')).toMatchObject({
      records: expect.arrayContaining([
        expect.objectContaining({ owner: 'www.example.com', type: 'AAAA', value: '2001:db8::1' }),
      ]) as unknown,
    });
    expect(await ok('box', 'set', '--ttl', '1800', '--caa', 'none')).toMatch(
      /\n\n2 zones were published\.\n$/,
    );
    const text = await ok('box', 'show');
    expect(text).toContain('ipv6:        2001:db8::1\n             2001:db8::2\n');
    expect(text).toContain('ttl:         1800');
    expect(text).toContain('CAA:         none');
    const back = await json('box', 'set', '--ipv6', 'none', '--ttl', '3600', '--caa', 'auto', '--yes');
    expect(back).toEqual({ ...before, adminEmail: 'me@example.org', job: expect.any(String) as string });
    expect(await ok('box', 'set', '--admin-email', 'you@example.org', '--no-wait')).toMatch(
      /\n\nThe zones are being published: signpost job show job_[0-9a-f]+ --follow\n$/,
    );
  });

  it('says what is wrong with a setting', async () => {
    const result = await run('box', 'set', '--ipv4', '192.0.2.1000');
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain('--ipv4 192.0.2.1000: This is not an IPv4 address.');
    expect(await run('box', 'set', '--ttl', 'soon')).toMatchObject({
      code: 2,
      stderr: '--ttl must be a whole number of seconds, or a time such as 5m, 1h30m or 2d; not "soon".\n',
    });
  });
});

describe('signpost domain', () => {
  it('adds, lists, shows, changes and removes', async () => {
    const added = await ok('domain', 'add', 'example.org', '--no-web');
    expect(added).toMatch(/^domain: +example\.org\ndns: +local\nmail: +yes\nweb: +no\n/);
    expect(added).toContain('Next: signpost registrar example.org');
    const listed = await json<{ name: string; web: boolean }[]>('domain', 'list');
    expect(listed.map(({ name, web }) => [name, web])).toContainEqual(['example.org', false]);
    expect(await ok('domain', 'list')).toMatch(/^DOMAIN +DNS +MAIL +WEB +ZONE +SERIAL +PARENT\n/);

    const shown = await ok('domain', 'show', 'example.org');
    expect(shown).toMatch(/\nexample\.org +3600 +MX +derived +10 box\.example\.net\.\n/);
    expect(await ok('domain', 'show', 'example.org', '--why')).toMatch(
      /MX 10 box\.example\.net\.\n {4}\S.* \(required, RFC 5321/,
    );

    expect(await json('domain', 'set', 'example.org', '--mail', 'no', '--ttl', '300')).toMatchObject({
      mail: false,
      web: false,
      ttl: 300,
    });
    expect(await json('domain', 'set', 'example.org', '--ttl', 'default', '--dns', 'external')).toMatchObject(
      {
        dns: 'external',
        ttl: null,
        zone: null,
      },
    );
    expect(await ok('domain', 'remove', 'example.org', '--yes')).toBe('example.org is removed.\n');
    expect((await run('domain', 'show', 'example.org')).code).toBe(4);
  });

  it('shows what to publish elsewhere for a domain with external DNS', async () => {
    expect(await ok('domain', 'add', 'elsewhere.example', '--external')).toContain(
      'Next: signpost domain show',
    );
    expect(await ok('domain', 'show', 'elsewhere.example')).toContain('10 box.example.net.');
    expect(await json('domain', 'remove', 'elsewhere.example', '--yes')).toMatchObject({
      published: [{ zone: 'box.example.net' }],
    });
  });

  it('takes U-labels and shows them', async () => {
    const added = await json('domain', 'add', 'bücher.example');
    expect(added).toMatchObject({ name: 'xn--bcher-kva.example' });
    expect(await ok('domain', 'list')).toMatch(/^bücher\.example /m);
    expect(await ok('domain', 'show', 'Bücher.example')).toContain('bücher.example (xn--bcher-kva.example)');
    expect(await ok('zone', 'list')).toMatch(/^bücher\.example /m);
    await ok('record', 'add', 'bücher.example', 'straße.bücher.example', 'A', '192.0.2.9');
    expect(await ok('record', 'list', 'bücher.example')).toContain('straße.bücher.example');
  });

  it('does not remove without a yes, and asks nobody who is not there', async () => {
    expect(await run('domain', 'remove', 'example.com')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'Nobody is there to confirm this; add --yes.\n',
    });
  });

  it.each([
    ['com', 'com has only one label; write the whole domain name, such as com.com'],
    ['co.uk', 'co.uk is a public suffix'],
    ['192.0.2.1', '192.0.2.1 is an IP address; write a domain name'],
    ['2001:db8::1', 'IP address'],
    ['two..example', 'a label is empty (two dots in a row)'],
    ['under_score.example', 'only letters, digits and hyphens'],
    ['-dash.example', 'no hyphen at either end'],
    [`${'a'.repeat(64)}.example`, '63'],
    ['*.example.com', 'not a host name label'],
    ['.', 'Write the whole name'],
    ['xn--a.example', 'not a host name label'],
    ['b\u0000.example', 'not a valid internationalised label'],
    ['a b.example', 'check its spelling'],
    ['https://example.org/', 'not a host name label'],
    ['me@example.org', 'not a host name label'],
  ])('has a sentence for the name %j', async (name, words) => {
    const answer = await box.api('POST', '/domains', { name });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-name' } });
    expect(JSON.stringify(answer.body)).toContain(words);
  });

  it('says what is wrong with a name', async () => {
    const result = await run('domain', 'add', 'co.uk');
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain(
      'co.uk is a public suffix, under which people register domains of their own',
    );
  });

  it('names the record that leaves a domain no place', async () => {
    const record = ['example.com', 'shop.example.com', 'CNAME', 'shops.example.net.'];
    await ok('record', 'add', ...record);
    const refused = await run('domain', 'add', 'shop.example.com');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(
      /^shop\.example\.com has a CNAME record of yours .*; remove the record first/,
    );
    await ok('record', 'remove', ...record);
  });

  it('knows a domain by its name in capitals and with a final dot', async () => {
    expect(await json('domain', 'show', 'EXAMPLE.com.')).toMatchObject({ name: 'example.com' });
    const again = await run('domain', 'add', 'EXAMPLE.com.');
    expect(again).toMatchObject({
      code: 1,
      stderr: 'The domain example.com is there already; signpost domain set example.com changes it.\n',
    });
  });
});

describe('signpost record', () => {
  it('adds, lists, replaces and removes', async () => {
    const added = await ok('record', 'add', 'example.com', 'a.example.com', 'a', '192.0.2.7', '--ttl', '60');
    expect(added).toMatch(
      /^ID +OWNER +TTL +TYPE +VALUE\n[0-9a-f]{18} +a\.example\.com +60 +A +192\.0\.2\.7\n/,
    );
    expect(added).toMatch(/\nLive in example\.com, serial \d+\.\n$/);
    await ok('record', 'add', 'example.com', 'a.example.com', 'MX', '10', 'box.example.net.');
    await ok('record', 'set', 'example.com', 'a.example.com', 'A', 'local');
    const items = await json<{ type: string; value: string; ttl: number | null }[]>(
      ...['record', 'list', 'example.com', '--owner', 'a.example.com'],
    );
    expect(items.map(({ type, value, ttl }) => [type, value, ttl])).toEqual([
      ['A', 'local', null],
      ['MX', '10 box.example.net.', null],
    ]);
    expect(await json('record', 'list', 'example.com', '--type', 'mx')).toHaveLength(1);
    expect(
      await ok('record', 'remove', 'example.com', 'a.example.com', 'MX', '10', 'box.example.net.'),
    ).toMatch(/^1 removed, serial \d+\.\n$/);
    expect(await json('record', 'remove', 'example.com', 'a.example.com')).toMatchObject({ removed: 1 });
    expect(await ok('record', 'list', 'example.com')).toMatch(/^ID +OWNER +TTL +TYPE +VALUE\n$/);
  });

  it('takes words that begin with a hyphen after --', async () => {
    const value = ['52', '22', '23.000', 'N', '4', '53', '32.000', 'E', '-2.00m'];
    const answer = await json('record', 'add', 'example.com', 'b.example.com', 'LOC', value.join(' '));
    const again = await signpost(
      box.data,
      '--json',
      'record',
      'add',
      '--',
      'example.com',
      'b.example.com',
      'LOC',
      ...value,
    );
    expect(JSON.parse(again.stdout)).toMatchObject({ records: answer['records'] });
    await ok('record', 'remove', 'example.com', 'b.example.com');
  });

  it('refuses with every reason, and does nothing', async () => {
    const wrong = await run('record', 'add', 'example.com', 'c.example.com', 'A', 'nonsense');
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toMatch(/^The value is not a valid A record: .*a good A value is 192\.0\.2\.1\n$/);
    expect(
      (await run('record', 'add', 'example.com', 'c.example.com', 'A', '192.0.2.7', '--ttl', 'x')).code,
    ).toBe(2);
    expect((await run('record', 'add', 'absent.example', 'absent.example', 'A', '192.0.2.7')).code).toBe(4);
    const problem = await run(
      'record',
      'add',
      'example.com',
      'example.com',
      'CNAME',
      'x.example.net.',
      '--json',
    );
    expect(JSON.parse(problem.stderr)).toMatchObject({ status: 409, code: 'record-conflict' });
  });
});

describe('signpost registrar', () => {
  it('says what to set, and what the parent has', async () => {
    const view = await json<{ nameservers: string[]; ds: { digest: string }[] }>('registrar', 'example.com');
    expect(view.nameservers).toEqual(['ns1.box.example.net', 'ns2.box.example.net']);
    const text = await ok('registrar', 'example.com');
    expect(text).toContain(`digest ${view.ds[0]!.digest}\n`);
    expect(text).toMatch(/The parent has now\nstate: +unknown\n/);
    expect((await run('registrar', 'absent.example')).code).toBe(4);
  });
});

describe('signpost zone', () => {
  interface Zone {
    serial: number;
    denial: string;
    ttl: number | null;
    versions: { serial: number; cause: string }[];
  }
  const zone = (): Promise<Zone> => json('zone', 'show', 'example.com');

  it('shows versions, differences, and goes back', async () => {
    const { serial: before } = await zone();
    await ok('record', 'add', 'example.com', 'v.example.com', 'A', '192.0.2.8');
    const { serial: after, versions } = await zone();
    expect(versions[0]).toMatchObject({ serial: after, cause: 'record v.example.com A added' });
    expect(await ok('zone', 'show', 'example.com', '--all')).toContain('record v.example.com A added');
    const diff = await ok('zone', 'diff', 'example.com', `${before}`, `${after}`);
    expect(diff.split('\n')).toContain('+ v.example.com 3600 A 192.0.2.8');
    expect(diff).not.toContain('RRSIG');
    expect(await ok('zone', 'diff', 'example.com', `${before}`, `${after}`, '--dnssec')).toContain('RRSIG');
    expect(await ok('zone', 'diff', 'example.com', `${after}`, `${after}`)).toBe('No difference.\n');

    expect((await run('zone', 'rollback', 'example.com', `${before}`)).code).toBe(2);
    const back = await json<{ serial: number }>('zone', 'rollback', 'example.com', `${before}`, '--yes');
    expect(back.serial).toBeGreaterThan(after);
    expect(await json('record', 'list', 'example.com')).toEqual([]);

    expect(await run('zone', 'rollback', 'example.com', '7', '--yes')).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/^The version 7 of example\.com is not kept any more/) as string,
    });
    expect(await run('zone', 'diff', 'example.com', 'old', 'new')).toMatchObject({ code: 2 });
    expect(await ok('zone', 'rebuild', 'example.com')).toMatch(
      /^example\.com was made anew; published as \d+\.$/m,
    );
    expect(await ok('zone', 'rebuild', '--all')).toMatch(/^\d+ zones were made anew, 0 not\.$/m);
    expect((await run('zone', 'rebuild')).code).toBe(2);
    expect((await run('zone', 'show', 'absent.example')).code).toBe(4);
  });

  it('changes the denial of existence and the default TTL', async () => {
    expect(await ok('zone', 'denial', 'example.com', 'NSEC3')).toContain('NSEC3, default TTL');
    expect((await zone()).denial).toBe('nsec3');
    expect((await run('zone', 'denial', 'example.com', 'nsec5')).code).toBe(2);
    expect(await json('zone', 'ttl', 'example.com', '300')).toMatchObject({ ttl: 300, denial: 'nsec3' });
    expect(await ok('zone', 'ttl', 'example.com', 'default')).toContain('default TTL');
    await ok('zone', 'denial', 'example.com', 'nsec');
  });

  it('exports: served, signed, earlier, into a file', async () => {
    const plain = await ok('zone', 'export', 'example.com');
    expect(plain).toMatch(/\bSOA\b/);
    expect(plain).not.toMatch(/\bRRSIG\b/);
    expect(await ok('zone', 'export', 'example.com', '--signed')).toMatch(/\bRRSIG\b/);
    const { serial, versions } = await zone();
    const earlier = await ok('zone', 'export', 'example.com', '--serial', `${versions.at(-1)!.serial}`);
    expect(earlier).toContain(`${versions.at(-1)!.serial}`);
    const path = join(folder, 'example.com.zone');
    expect(await ok('zone', 'export', 'example.com', '--output', path)).toBe(`Written to ${path}.\n`);
    expect(readFileSync(path, 'utf8')).toBe(plain);
    const asJson = await json<{ zonefile: string }>('zone', 'export', 'example.com', '--serial', `${serial}`);
    expect(asJson.zonefile).toBe(plain);
    const nowhere = await run('zone', 'export', 'example.com', '--output', join(folder, 'no/such/folder'));
    expect(nowhere).toMatchObject({ code: 2, stdout: '' });
    expect(nowhere.stderr).toMatch(/^There is no folder .* to write .*; make it first\.\n$/);
  });

  const text = '@ 3600 IN TXT "taken over"\nhost 300 IN A 192.0.2.77\n@ IN NS ns.old.example.\n';

  it('imports from a file and from standard input', async () => {
    const path = join(folder, 'in.zone');
    writeFileSync(path, text);
    const dry = await ok('zone', 'import', 'imported.example', '--file', path, '--dry-run');
    expect(dry).toContain('2 records would be taken over, 1 not. Nothing was changed.');
    expect(dry).toContain('  imported.example NS: Line 3: It names the former nameservers');
    expect((await run('zone', 'show', 'imported.example')).code).toBe(4);
    const stdin = await runSignpost(
      [
        '--data',
        box.data,
        '--json',
        'zone',
        'import',
        'imported.example',
        '--file',
        '-',
        '--no-mail',
        '--no-web',
      ],
      { input: text },
    );
    expect(JSON.parse(stdin.stdout)).toMatchObject({ dryRun: false, skipped: [{ type: 'NS' }] });
    expect(await json('domain', 'show', 'imported.example')).toMatchObject({ mail: false, web: false });
    expect(await ok('record', 'list', 'imported.example')).toContain('"taken over"');
  });

  it('says what is wrong with an import', async () => {
    expect((await run('zone', 'import', 'x.example', '--file', join(folder, 'absent'))).code).toBe(2);
    expect((await run('zone', 'import', 'x.example')).stderr).toContain('--file PATH or --axfr SERVER');
    const path = join(folder, 'bad.zone');
    writeFileSync(path, '@ IN A nonsense\n');
    const bad = await run('zone', 'import', 'x.example', '--file', path);
    expect(bad.code).toBe(1);
    expect(bad.stderr).toMatch(/^In line 1, column \d+: /);
  });

  const reason = missing({ commands: ['named'] });
  describe.skipIf(reason)(`from another server ${reason ?? ''}`, () => {
    let peers: Peers;
    beforeAll(async () => {
      peers = await createPeers();
      const soa = '$TTL 300\n@ IN SOA ns hostmaster 1 14400 3600 1209600 3600\n@ NS ns\nns A 192.0.2.53\n';
      await peers.named(
        '127.0.0.1',
        {
          'moved.example': `${soa}shop A 192.0.2.99\n`,
          'closed.example': soa,
        },
        { private: ['closed.example'] },
      );
    }, 180_000);
    afterAll(() => peers.stop());

    const axfr = (zone: string): Promise<CliResult> =>
      run('zone', 'import', zone, '--axfr', '127.0.0.1', '--port', `${peers.port}`);

    it('transfers the zone', async () => {
      expect(await axfr('moved.example')).toMatchObject({ code: 0, stderr: '' });
      expect(await ok('zone', 'export', 'moved.example')).toMatch(
        /^shop\S*\s+300\s+IN\s+A\s+192\.0\.2\.99$/m,
      );
    });

    it('says that the server refuses', async () => {
      const refused = await axfr('closed.example');
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toMatch(/refuse/i);
    });
  });
});

describe('signpost token', () => {
  it('creates tokens that do what their scopes say, over HTTP, until they are revoked', async () => {
    const { token, secret } = await json<{ token: { id: string }; secret: string }>(
      ...['token', 'create', 'lego', '--scope', 'dns:write', '--owner', '_acme-challenge.example.com'],
    );
    const challenge = ['example.com', '_acme-challenge.example.com', 'TXT', 'abc'];
    expect((await remote(secret, 'record', 'add', ...challenge)).code).toBe(0);
    const elsewhere = await remote(secret, 'record', 'add', 'example.com', 'example.com', 'TXT', 'abc');
    expect(elsewhere).toMatchObject({ code: 5, stdout: '' });
    expect((await remote(secret, 'domain', 'add', 'example.org')).code).toBe(5);
    expect(await ok('token', 'list')).toMatch(/lego .* dns:write \(_acme-challenge\.example\.com\)/);
    expect(await json('token', 'revoke', token.id)).toEqual({ revoked: token.id });
    expect((await remote(secret, 'record', 'add', ...challenge)).code).toBe(5);
    expect((await run('token', 'revoke', token.id)).code).toBe(4);
    await ok('record', 'remove', 'example.com', '_acme-challenge.example.com');
  });

  it('refuses scopes that are none, and limits without what they limit', async () => {
    expect((await run('token', 'create', 'x', '--scope', 'everything')).code).toBe(2);
    expect((await run('token', 'create', 'x', '--zone', 'example.com')).code).toBe(2);
    expect((await run('token', 'create', 'x', '--expires', 'soon')).stderr).toContain('2027-01-31T12:00:00Z');
  });
});

describe('the command itself', () => {
  it('reaches a box by URL, and says when it does not', async () => {
    const status = await remote(adminToken, 'status', '--json');
    expect(JSON.parse(status.stdout)).toMatchObject({ ready: true });
    expect((await runSignpost(['status'], { env: { SIGNPOST_DATA: box.data } })).code).toBe(0);
    expect((await runSignpost(['status', '--url', 'http://[::1]:1'])).code).toBe(3);
    expect((await runSignpost(['status', '--url', 'box.example.net'])).code).toBe(2);
    const nowhere = await runSignpost(['status', '--data', folder]);
    expect(nowhere.code).toBe(3);
    expect(nowhere.stderr).toMatch(/^Signpost is not running with the data folder .*Start it/);
  });

  it('knows what is not Signpost, and what breaks off', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/api/v1/health') response.end('<html>');
      else {
        response.writeHead(request.url === '/api/v1/box' ? 500 : 200, { 'content-type': 'application/json' });
        response.write('{');
        if (request.url!.startsWith('/api/v1/domains')) response.destroy();
        else response.end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (const words of [['status'], ['zone', 'list'], ['domain', 'list'], ['box', 'show']]) {
      const result = await runSignpost(['--url', url, ...words]);
      expect(result.code, words.join(' ')).toBe(3);
      expect(result.stderr).toMatch(/^(What answers at|Signpost does not answer at) http.*\n$/);
    }
    server.close();
  });

  it('answers errors of the command line with the usage', async () => {
    for (const words of [['zone', 'shwo'], ['--nonsense'], ['domain', 'show'], ['zone', 'show', 'a', 'b']]) {
      const result = await run(...words);
      expect(result, words.join(' ')).toMatchObject({ code: 2, stdout: '' });
      expect(result.stderr).toMatch(/^There is no |is missing|is more than/);
    }
    expect((await run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await run('zone', 'import', '--help')).code).toBe(0);
  });

  it('ends quietly when nobody reads on', () => {
    const command = `"$NODE" "$CLI" --data "$DATA" zone export example.com --signed | head -1; echo "\${PIPESTATUS[0]}"`;
    const env = { ...process.env, NODE: process.execPath, CLI: programs.cli, DATA: box.data };
    const result = spawnSync('bash', ['-c', command], { encoding: 'utf8', env });
    expect(result.stderr).toBe('');
    expect(result.stdout.split('\n')[1]).toBe('0');
  });

  const noScript = missing({ commands: ['script'] });
  it.skipIf(noScript)(`cuts tables to the terminal, and asks on it ${noScript ?? ''}`, () => {
    const env = { ...process.env, NODE: process.execPath, CLI: programs.cli, DATA: box.data };
    const onTerminal = (words: string, input: string) =>
      spawnSync('script', ['-qec', `stty cols 80; "$NODE" "$CLI" --data "$DATA" ${words}`, '/dev/null'], {
        encoding: 'utf8',
        env,
        input,
      });
    const shown = onTerminal('domain show example.com', '').stdout.replaceAll('\r', '');
    const rows = shown.split('\n').filter((line) => line.includes(' derived '));
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(80);
    expect(shown).toContain('… is cut to the width of the terminal');
    const refused = onTerminal('domain remove example.com', 'n\n');
    expect(refused.stdout).toContain('Nothing was changed.');
    expect(refused.status).toBe(1);
  });

  // It starts the command twenty times.
  it('completes commands, options and names in bash', { timeout: 180_000 }, async () => {
    const { script } = await json<{ script: string }>('completion', 'bash');
    expect(await ok('completion', 'bash')).toBe(`${script}\n`);
    const complete = (...words: string[]): string[] => {
      const lines = [
        'signpost() { "$NODE" "$CLI" "$@"; }',
        script,
        `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}`,
        '_signpost; printf "%s\\n" "${COMPREPLY[@]}"',
      ];
      const env = { ...process.env, NODE: process.execPath, CLI: programs.cli };
      return spawnSync('bash', ['-c', lines.join('\n')], { encoding: 'utf8', env })
        .stdout.trim()
        .split('\n');
    };
    const data = ['--data', box.data];
    expect(complete('signpost', 'zone', 'sh')).toEqual(['show']);
    expect(complete('signpost', 'domain', 'show', '--w')).toEqual(['--why']);
    expect(complete('signpost', ...data, 'domain', 'show', 'exa')).toEqual(['example.com']);
    expect(complete('signpost', ...data, 'record', 'add', 'exa')).toEqual(['example.com']);
    expect(complete('signpost', ...data, 'domain', 'add', 'exa')).toEqual(['']);
    expect(complete('signpost', 'zone', 'denial', 'example.com', '')).toEqual(['nsec', 'nsec3']);
    expect(complete('signpost', 'record', 'add', 'example.com', 'www', 'CN')).toEqual(['CNAME']);
    expect(complete('signpost', 'token', 'create', 'x', '--scope', 'dom')).toEqual(['domains:write']);
    await ok('record', 'add', 'example.com', 'complete', 'A', '192.0.2.70');
    const record = ['signpost', ...data, 'record'];
    expect(complete(...record, 'rm', 'example.com', 'comp')).toEqual(['complete.example.com']);
    expect(complete(...record, 'list', 'example.com', '--owner', 'comp')).toEqual(['complete.example.com']);
    expect(complete(...record, 'remove', 'example.com', 'complete', 'A', '')).toEqual(['192.0.2.70']);
    const { serial } = await json<{ serial: number }>('zone', 'show', 'example.com');
    expect(complete('signpost', ...data, 'zone', 'rollback', 'example.com', '')).toContain(`${serial}`);
    expect(complete('signpost', ...data, 'zone', 'export', 'example.com', '--serial', '')).toContain(
      `${serial}`,
    );
    expect(complete('signpost', ...data, 'cert', 'show', 'exa')).toEqual(
      (await json<{ names: string[] }[]>('cert', 'list')).some(({ names }) => names.includes('example.com'))
        ? ['example.com']
        : [''],
    );
    expect((await run('completion', 'tcsh')).code).toBe(2);
  });
});
