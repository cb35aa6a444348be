import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { get as getPlainly, type IncomingMessage } from 'node:http';
import { get as getByTls } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, queryBytes } from '../test/kit/ask.ts';
import { systemClock } from './core/clock.ts';
import type { Config } from './core/config.ts';
import { createLog } from './core/log.ts';
import { systemRandom } from './core/random.ts';
import { openDatabase } from './db/database.ts';
import { Rcode } from './dns/wire/codes.ts';
import { Name } from './dns/wire/name.ts';
import { type RunningBox, startBox } from './start.ts';
import { welcome } from './welcome.ts';
import type { Actor } from './work/actor.ts';

const person: Actor = { kind: 'local', id: 'test', name: 'test', address: undefined };

let data: string;
let box: RunningBox | undefined;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'signpost-start-'));
});
afterEach(async () => {
  await box?.stop();
  box = undefined;
  rmSync(data, { recursive: true, force: true });
});

function start(more: Partial<Config> = {}): Promise<RunningBox> {
  const config: Config = {
    hostname: undefined,
    ipv4: [],
    ipv6: [],
    data,
    dns: [{ address: '127.0.0.1', port: 0 }],
    http: { address: '127.0.0.1', port: 0 },
    https: { address: '127.0.0.1', port: 0 },
    trustedProxies: [],
    warnings: [],
    adminToken: undefined,
    workers: 1,
    rootHints: undefined,
    acme: { directory: undefined },
    logLevel: 'silent',
    ...more,
  };
  const log = createLog({ level: 'silent' });
  return startBox({ config, clock: systemClock, random: systemRandom, log });
}

const configured = { hostname: 'box.example.net', ipv4: ['192.0.2.1'] };

describe('starting', () => {
  it('waits for a hostname, and says how to set it and how to get a token', async () => {
    box = await start();
    const lines = welcome(box).join('\n');
    expect(lines).toContain(`curl -X PUT ${box.http}/api/v1/box`);
    const secret = /"secret": "([^"]+)"/.exec(lines)![1]!;
    const response = await fetch(`${box.http}/api/v1/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret }),
    });
    expect(response.status).toBe(201);
    const made = (await response.json()) as { secret: string };
    const put = await fetch(`${box.http}/api/v1/box`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${made.secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ hostname: 'box.example.net', ipv4: ['192.0.2.1'] }),
    });
    expect(put.status).toBe(200);
    expect(welcome(box)).toEqual([]);
  });

  it('goes on with what it had, and takes new addresses from its flags', async () => {
    box = await start(configured);
    const { domains } = box.services;
    await domains.add(person, { name: Name.parse('example.com'), dns: 'local', mail: true, web: true });
    await box.stop();
    box = await start();
    expect(box.services.box.get()?.hostname.toText()).toBe('box.example.net');
    expect(box.services.domains.get(Name.parse('example.com'))?.serial).toBeDefined();
    await box.stop();
    box = await start({ ipv4: ['198.51.100.1'] });
    expect(box.services.box.get()?.ipv4).toEqual(['198.51.100.1']);
    const file = await box.services.zones.zonefile(Name.parse('example.com'), { signed: false });
    expect(file).toContain('198.51.100.1');
  });

  it('RFC 8484 §5: answers DNS by HTTPS, and not by HTTP', async () => {
    box = await start({ ...configured, doh: 'https' });
    const query = Buffer.from(queryBytes('example.org.', 'SOA')).toString('base64url');
    const typeAt = async (url: string): Promise<string | undefined> => {
      const get = url.startsWith('https:') ? getByTls : getPlainly;
      const headers = { host: 'box.example.net' };
      const [response] = (await once(
        get(`${url}/dns-query?dns=${query}`, { headers, rejectUnauthorized: false }),
        'response',
      )) as [IncomingMessage];
      response.resume();
      return response.headers['content-type'];
    };
    expect(await typeAt(box.https!)).toBe('application/dns-message');
    expect(await typeAt(box.http)).toMatch('application/problem+json');
  });

  describe('with a zone whose stored version is damaged', () => {
    const names = ['example.com', 'example.org'].map((text) => Name.parse(text));
    const query = (name: Name, { dns: [at] }: RunningBox) => {
      const [address, port] = at!.split(':');
      return ask({ address: address!, port: Number(port) }, name.toString(), 'SOA');
    };

    /** A box with two domains that was stopped, and then `damage` was done to the first of them. */
    async function damaged(damage: string): Promise<void> {
      box = await start(configured);
      for (const name of names)
        await box.services.domains.add(person, { name, dns: 'local', mail: true, web: true });
      await box.stop();
      const database = openDatabase(join(data, 'signpost.sqlite'));
      const zone = "(SELECT id FROM zones WHERE name = 'example.com')";
      await database.write(({ sqlite }) => void sqlite.exec(damage.replaceAll('$ZONE', zone)));
      await database.close();
    }
    const cutNodes = 'UPDATE zone_nodes SET node = substr(node, 1, 20) WHERE zone_id = $ZONE;';
    const noApex = 'DELETE FROM zone_nodes WHERE zone_id = $ZONE AND length(key) < 14;';

    it.each([
      ['nodes cut short', cutNodes],
      ['no apex', noApex],
    ])('publishes it anew: %s', async (_title, damage) => {
      await damaged(damage);
      box = await start();
      await expect
        .poll(async () => (await query(names[0]!, box!))?.rcode, { timeout: 10_000 })
        .toBe(Rcode.NOERROR);
      expect(box.services.health()).toMatchObject({ ready: true, zoneProblems: [] });
      await box.stop();
      box = await start();
      expect((await query(names[0]!, box))?.rcode).toBe(Rcode.NOERROR);
    });

    it.each([
      ['the first page of the table of nodes', (pages: number[]) => [pages[0]!]],
      ['pages with nodes of both', (pages: number[]) => pages.slice(1)],
    ])('mends the database itself: %s', { timeout: 60_000 }, async (_title, choose) => {
      await damaged('');
      const path = join(data, 'signpost.sqlite');
      const before = new BetterSqlite3(path);
      before.pragma('wal_checkpoint(TRUNCATE)');
      const pages = before
        .prepare("SELECT pageno FROM dbstat WHERE name = 'zone_nodes' ORDER BY path")
        .pluck()
        .all() as number[];
      before.close();
      expect(pages.length).toBeGreaterThan(2);
      const file = openSync(path, 'r+');
      for (const page of choose(pages)) writeSync(file, Buffer.alloc(4096, 0xff), 0, 4096, (page - 1) * 4096);
      closeSync(file);
      box = await start();
      for (const name of names)
        await expect
          .poll(async () => (await query(name, box!))?.rcode, { timeout: 20_000 })
          .toBe(Rcode.NOERROR);
      await expect
        .poll(() => box!.services.health(), { timeout: 20_000 })
        .toMatchObject({ ready: true, zoneProblems: [] });
      const { serial } = await box.services.domains.add(person, {
        ...{ name: Name.parse('example.net'), dns: 'local', mail: true, web: true },
      });
      expect(serial).toBeDefined();
      await box.stop();
      const after = new BetterSqlite3(path);
      expect(after.pragma('integrity_check', { simple: true })).toBe('ok');
      after.close();
      box = await start();
      for (const name of names) expect((await query(name, box))?.rcode).toBe(Rcode.NOERROR);
    });

    it('serves all others and says so while it cannot; one of three makes it not ready, until it is whole', async () => {
      await damaged(
        `CREATE TABLE kept AS SELECT id, private_key FROM zone_keys;
         ${cutNodes} UPDATE zone_keys SET private_key = x'00' WHERE zone_id = $ZONE;`,
      );
      box = await start();
      expect((await query(names[1]!, box))?.rcode).toBe(Rcode.NOERROR);
      expect((await query(names[0]!, box))?.rcode).toBe(Rcode.SERVFAIL);
      await expect.poll(() => box!.services.health().zoneProblems.join()).toContain('private key');
      expect(box.services.health()).toMatchObject({
        ready: false,
        problems: [expect.stringContaining('1 of 3 zones')],
        zoneProblems: [expect.stringContaining('example.com')],
        zonesInTrouble: 1,
      });
      const probe = await fetch(`${box.http}/health`);
      expect([probe.status, await probe.text()]).toEqual([503, expect.not.stringContaining('example.com')]);
      const put = openDatabase(join(data, 'signpost.sqlite'));
      await put.write(({ sqlite }) => {
        sqlite.exec(
          'UPDATE zone_keys SET private_key = (SELECT private_key FROM kept WHERE kept.id = zone_keys.id)',
        );
      });
      await put.close();
      await box.services.zones.rebuild(person, names[0]!);
      expect((await query(names[0]!, box))?.rcode).toBe(Rcode.NOERROR);
      expect(box.services.health()).toMatchObject({ ready: true, problems: [], zoneProblems: [] });
      expect((await fetch(`${box.http}/health`)).status).toBe(200);
    });
  });

  it('makes DKIM keys of both kinds for a mail domain, the RSA key when it is ready', async () => {
    box = await start(configured);
    const name = Name.parse('example.com');
    await box.services.domains.add(person, { name, dns: 'local', mail: true, web: false });
    const keys = async (): Promise<string[]> => {
      const { items } = await box!.services.domains.records(name, { limit: 500, cursor: undefined });
      return items.filter(({ owner }) => owner.toText().includes('_domainkey')).map(({ value }) => value);
    };
    expect((await keys()).join()).toContain('k=ed25519');
    await expect.poll(async () => (await keys()).join(), { timeout: 15_000 }).toContain('k=rsa');
  });

  it('refuses a data folder that is in use', async () => {
    box = await start(configured);
    await expect(start(configured)).rejects.toThrow(data);
  });

  it('names the flag of an address that is taken, and lets the folder go', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(start({ ...configured, http: { address: '127.0.0.1', port } })).rejects.toThrow('--http');
    await expect(start({ ...configured, dns: [{ address: '127.0.0.1', port }] })).rejects.toThrow('--dns');
    server.close();
    box = await start(configured);
  });
});
