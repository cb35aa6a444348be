import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hookFiles } from '../../src/certs/hooks/files.ts';
import { createHooks, type Hooks } from '../../src/certs/hooks/hooks.ts';
import { FakeClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/core/log.ts';
import { seededRandom } from '../../src/core/random.ts';
import { createSealer } from '../../src/core/seal.ts';
import { hooksFound, sentencesOf } from '../../src/found.ts';
import { openCerts, type CertsBox } from '../kit/certs-box.ts';
import { openssl, type Issued, type Openssl } from '../kit/openssl.ts';
import { until } from '../kit/until.ts';
import { person } from '../kit/zones-box.ts';

/** Hooks are real programs, over a real database; time is the test's. */
const MINUTE = 60_000;
const DAY = 86_400_000;

let tool: Openssl;
let ca: Issued;
beforeAll(() => {
  tool = openssl();
  ca = tool.issue({ subject: 'Root', ca: true });
});
afterAll(() => tool.remove());

let folder: string;
let clock: FakeClock;
let box: CertsBox;
let hooks: Hooks;
let told: string[];
let outcomes: string[];
beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'signpost-hooks-')));
  mkdirSync(join(folder, 'hooks'));
  mkdirSync(join(folder, 'data'));
  mkdirSync(join(folder, 'memory'));
  // Certificates are made by openssl's clock, and are valid by then.
  clock = new FakeClock(Date.now() + 60 * MINUTE);
  told = [];
  outcomes = [];
  await open();
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

async function open(): Promise<void> {
  const random = seededRandom(5);
  const data = join(folder, 'data');
  box = await openCerts({
    clock,
    random,
    data,
    ca: undefined,
    hooks: { want: (...given) => hooks.want(...given) },
  });
  hooks = createHooks({
    folder: join(folder, 'hooks'),
    env: { PATH: process.env['PATH']!, OUT: folder },
    files: hookFiles({ data, runtime: join(folder, 'memory') }),
    uid: process.getuid!(),
    work: box.zones.work,
    sealer: createSealer(Buffer.alloc(32, 7), random),
    events: { publish: (type, { hook }) => void told.push(`${type} ${String(hook)}`) },
    onRun: (outcome) => void outcomes.push(outcome),
    clock,
    random,
    log: createLog({ level: 'silent' }),
  });
}

async function close(): Promise<void> {
  await hooks.stop();
  await box.close();
}

/** A hook that notes that it ran; `more` may end it otherwise. */
function put(name: string, more = ''): void {
  const path = join(folder, 'hooks', name);
  writeFileSync(
    path,
    `#!/bin/sh\necho "$0" | sed 's|.*/||' >>"$OUT/ran"\ncp combined.pem "$OUT/got.pem"\n${more}\n`,
  );
  chmodSync(path, 0o755);
}

const ran = (): string[] =>
  existsSync(join(folder, 'ran')) ? readFileSync(join(folder, 'ran'), 'utf8').trim().split('\n') : [];
const left = () => box.certs.nextHooks();
const settled = (): Promise<unknown> =>
  until(60, () => Promise.resolve(left() === undefined || left()!.dueAt > clock.now() || undefined));

let serial = 7000;
async function install(issued = issue()): Promise<Issued> {
  await box.certificates.install(person, issued.certificate + ca.certificate, issued.key);
  return issued;
}
const issue = (): Issued =>
  tool.issue({ names: ['www.box.example.net'], issuer: ca, serial: String(serial++) });

describe('hooks', () => {
  it('run when a certificate came into use, once for each; its files are there meanwhile', async () => {
    put('10-first');
    put('20-second');
    await hooks.start();
    const first = await install();
    await settled();
    expect(ran()).toEqual(['10-first', '20-second']);
    expect(readFileSync(join(folder, 'got.pem'), 'utf8').trim()).toContain(first.certificate.trim());
    expect(readdirSync(join(folder, 'memory'))).toEqual([]);
    expect([told, outcomes]).toEqual([
      ['hook.done 10-first', 'hook.done 20-second'],
      ['done', 'done'],
    ]);
    expect(left()).toBeUndefined();

    // The same one again is no change, and neither is a day.
    await install(first);
    await hooks.hurry();
    await clock.advance(DAY);
    await settled();
    expect(ran()).toHaveLength(2);

    await install();
    await settled();
    expect(ran()).toHaveLength(4);
  }, 180_000);

  it('that fail are named and tried again, while those that did not have run once', async () => {
    put('10-good');
    put('20-bad', '[ -e "$OUT/mended" ] || { echo no place; exit 7; }');
    put('30-good');
    await hooks.start();
    await install();
    await settled();
    expect(ran()).toEqual(['10-good', '20-bad', '30-good']);
    const [sentence] = sentencesOf(hooksFound(hooks));
    expect(sentence).toMatch(
      /^The hook 20-bad failed for the certificate of www.box.example.net \(exit code 7\); it is tried again at 20/,
    );
    expect(told).toContain('hook.failed 20-bad');

    const first = left()!.dueAt - clock.now();
    expect(first).toBeGreaterThan(3 * MINUTE);
    expect(first).toBeLessThan(7 * MINUTE);
    await clock.advance(7 * MINUTE);
    await settled();
    expect(ran().slice(3)).toEqual(['20-bad']);
    expect(left()!.dueAt - clock.now()).toBeGreaterThan(MINUTE);
    expect(left()!.failures).toBe(2);

    writeFileSync(join(folder, 'mended'), '');
    await clock.advance(13 * MINUTE);
    await settled();
    expect(ran().slice(4)).toEqual(['20-bad']);
    expect([left(), sentencesOf(hooksFound(hooks))]).toEqual([undefined, []]);
    expect(outcomes).toEqual(['done', 'failed', 'done', 'failed', 'done']);
  }, 180_000);

  it('are not forgotten by a crash between the certificate and the hook', async () => {
    put('hook');
    // It never came to run: that is what a crash leaves.
    const issued = await install();
    expect(ran()).toEqual([]);
    await close();
    await open();
    await hooks.start();
    await settled();
    expect(ran()).toEqual(['hook']);
    expect(readFileSync(join(folder, 'got.pem'), 'utf8')).toContain(issued.certificate.trim());
    await close();
    await open();
    await hooks.start();
    await settled();
    expect(ran()).toEqual(['hook']);
  }, 180_000);

  it('run anew when they were cut short, and only those', async () => {
    put('10-done');
    put('20-long', '[ -e "$OUT/quick" ] || sleep 600');
    await hooks.start();
    await install();
    await until(60, () => Promise.resolve(ran().includes('20-long') || undefined));
    await close();
    expect(readdirSync(join(folder, 'memory'))).toEqual([]);
    writeFileSync(join(folder, 'quick'), '');
    await open();
    await hooks.start();
    await settled();
    expect(ran()).toEqual(['10-done', '20-long', '20-long']);
  }, 180_000);

  it('run for the certificate that came meanwhile, too', async () => {
    put('hook', '[ -e "$OUT/go" ] || sleep 1');
    await hooks.start();
    await install();
    await until(60, () => Promise.resolve(ran().length === 1 || undefined));
    const second = await install();
    writeFileSync(join(folder, 'go'), '');
    await until(60, () => Promise.resolve(left() === undefined || undefined));
    expect(ran()).toEqual(['hook', 'hook']);
    expect(readFileSync(join(folder, 'got.pem'), 'utf8')).toContain(second.certificate.trim());
  }, 180_000);

  it('that others may change are refused and named, until that is mended', async () => {
    put('10-good');
    put('20-open');
    chmodSync(join(folder, 'hooks/20-open'), 0o777);
    await hooks.start();
    expect(sentencesOf(hooksFound(hooks))).toEqual([
      expect.stringMatching(/^A hook is not run: .*20-open can be changed by others/),
    ]);
    await install();
    await settled();
    expect(ran()).toEqual(['10-good']);
    chmodSync(join(folder, 'hooks/20-open'), 0o755);
    await hooks.hurry();
    await settled();
    expect(ran()).toEqual(['10-good', '20-open']);
    expect([left(), sentencesOf(hooksFound(hooks))]).toEqual([undefined, []]);
  }, 180_000);

  it('cost nothing where there are none', async () => {
    await hooks.start();
    await install();
    await settled();
    expect(left()).toBeUndefined();
    rmSync(join(folder, 'hooks'), { recursive: true });
    await install();
    expect(left()).toBeUndefined();
  });

  it('find no files that a crash has left', async () => {
    const files = hookFiles({ data: join(folder, 'data'), runtime: join(folder, 'memory') });
    const kept = await files.write([{ name: 'privkey.pem', content: 'key', secret: true }]);
    writeFileSync(join(folder, 'memory/other'), '');
    expect(existsSync(kept)).toBe(true);
    await hooks.start();
    expect(readdirSync(join(folder, 'memory'))).toEqual(['other']);
  });
});
