import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ask } from '../../../test/kit/ask.ts';
import { draftFor, imageOf } from '../../../test/kit/test-zone.ts';
import { systemClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { Rcode } from '../wire/codes.ts';
import { Name } from '../wire/name.ts';
import { createServedZones, type ServedZones } from '../zone/served-zones.ts';
import { Ede } from './codes.ts';
import { type DataPlane, startDataPlane } from './data-plane.ts';

/* What workers answer while it is not known yet which zones are ours: the truth, or SERVFAIL. */

const name = (text: string): Name => Name.parse(text);
let zones: ServedZones;
let plane: DataPlane;
let wanted: string[];
beforeEach(async () => {
  zones = createServedZones({ spoils: true });
  zones.announcing = true;
  wanted = [];
  const started = await startDataPlane({
    addresses: [{ address: '127.0.0.1', port: 0 }],
    workers: 1,
    clock: systemClock,
    log: createLog({ level: 'silent' }),
    zones,
    onWanted: (each) => wanted.push(each.toText()),
  });
  if (!started.ok) throw new Error(started.problem.message);
  ({ plane } = started);
});
afterEach(() => plane.close());

function load(origin: string, rest = ''): void {
  const image = imageOf(`$ORIGIN ${origin}.
@ 60 SOA ns1 hostmaster 1 7200 3600 1209600 600
@ 60 NS ns1
ns1 60 A 192.0.2.1
${rest}`);
  zones.commit({ set: [draftFor(zones, image)] });
}

/** The response code, with what it says beside it; else how many records answer. */
async function answerOf(owner: string, type = 'A'): Promise<string | number> {
  const { rcode, edns, answers } = (await ask(plane.addresses[0]!, owner, type))!;
  if (rcode === Rcode.NOERROR) return answers.length;
  const reason = edns!.options.map(({ data }) => data[1]).join();
  const code = Object.keys(Rcode).find((key) => Rcode[key as keyof typeof Rcode] === rcode)!;
  return rcode === Rcode.SERVFAIL && reason === `${Ede.notReady}` ? 'not ready' : code;
}

describe('while zones are announced', () => {
  test('RFC 8914 §4.15: a name of which nothing is known is not refused, and is wanted', async () => {
    expect(await answerOf('www.Later.example.')).toBe('not ready');
    expect(await answerOf('www.later.example.')).toBe('not ready');
    expect(wanted).toEqual(['www.Later.example']);
    zones.announcing = false;
    expect(await answerOf('www.later.example.')).toBe('REFUSED');
  });

  test('a zone answers for no name that may be in one below it, and for all when it has none', async () => {
    load('example.com', 'child 60 NS ns1.child\nns1.child 60 A 192.0.2.2\nwww 60 A 192.0.2.3');
    for (const owner of ['www.example.com.', 'child.example.com.', 'nothing.example.com.'])
      expect(await answerOf(owner)).toBe('not ready');
    expect(wanted).toEqual(['www.example.com', 'child.example.com', 'nothing.example.com']);
    zones.announce(name('child.example.com'));
    zones.settle(name('example.com'));
    expect(await answerOf('www.example.com.')).toBe(1);
    expect(await answerOf('nothing.example.com.')).toBe('NXDOMAIN');
    // Its own child is known, and what is below that not.
    expect(await answerOf('child.example.com.')).toBe('not ready');
    load('child.example.com');
    expect(await answerOf('ns1.child.example.com.')).toBe('not ready');
    zones.settle(name('child.example.com'));
    expect(await answerOf('ns1.child.example.com.')).toBe(1);
    expect(await answerOf('child.example.com.', 'SOA')).toBe(1);
  });

  test('DS at an apex is for the zone above, which may be ours', async () => {
    load('child.example.com');
    zones.settle(name('child.example.com'));
    expect(await answerOf('child.example.com.', 'SOA')).toBe(1);
    expect(await answerOf('child.example.com.', 'DS')).toBe('not ready');
    expect(wanted).toEqual(['example.com']);
    zones.announcing = false;
    expect(await answerOf('child.example.com.', 'DS')).toBe(0);
  });

  test('a zone stays settled when it is loaded, changed or cannot be read', async () => {
    zones.announce(name('example.com'));
    zones.settle(name('example.com'));
    expect(await answerOf('www.example.com.')).toBe('not ready');
    expect(wanted).toEqual(['example.com']);
    load('example.com');
    expect(await answerOf('ns1.example.com.')).toBe(1);
    load('example.com', 'www 60 A 192.0.2.3');
    expect(await answerOf('www.example.com.')).toBe(1);
    zones.announce(name('other.example'));
    zones.settle(name('other.example'));
    zones.refuse(name('other.example'), 'a row is cut short');
    expect(await answerOf('other.example.')).toBe('SERVFAIL');
  });

  test('an alias that leads to what is not known is answered as far as it goes', async () => {
    load('example.com', 'www 60 CNAME www.later.example.');
    zones.settle(name('example.com'));
    expect(await answerOf('www.example.com.')).toBe(1);
    expect(wanted).toEqual(['www.later.example']);
  });

  test('whoever makes names up has few of them wanted', async () => {
    for (let i = 0; i < 1000; i++) await answerOf(`n${i}.example.`);
    expect(wanted.length).toBeGreaterThan(100);
    expect(wanted.length).toBeLessThan(500);
  });
});
