import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { epochSeconds, systemClock } from '../../src/core/clock.ts';
import { createClientAddress, setClientText } from '../../src/dns/server/client-address.ts';
import { CookieState, createCookieMemory, openCookies } from '../../src/dns/server/cookies.ts';
import { decodeMessage, encodeMessage, newMessage } from '../../src/dns/message/message.ts';
import { EdnsOptionCode } from '../../src/dns/message/edns-options.ts';
import { exchangeUdp } from '../kit/ask.ts';
import { startBox } from '../kit/box.ts';
import { until } from '../kit/until.ts';

const [first, second] = ['e5e973e5a6b2a43f48e7dc849e37bfcf', '445536bcd2513298075a5d379663c962'] as const;

/** What a server with this secret thinks of the cookie. */
function verdict(secret: string, cookie: Uint8Array): CookieState {
  const client = createClientAddress();
  setClientText(client, '127.0.0.1');
  const cookies = openCookies(createCookieMemory(Uint8Array.fromHex(secret)));
  return cookies.check(cookie, 0, cookie.length, client, epochSeconds(systemClock));
}

it('RFC 9018 §4.4: cookies are those of all servers with the secrets of a file, which SIGHUP has read again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-cookies-'));
  const file = join(folder, 'secrets');
  writeFileSync(file, `${first}\n`);
  const box = await startBox({ flags: ['--dns-cookie-secrets', file] });
  const cookie = async (): Promise<Uint8Array> => {
    const options = [{ code: EdnsOptionCode.COOKIE, data: new Uint8Array(8).fill(7) }];
    const edns = { udpSize: 1232, version: 0, do: false, options };
    const answer = decodeMessage((await exchangeUdp(box.dns, encodeMessage(newMessage({ id: 1, edns }))))!);
    return answer.edns!.options.find(({ code }) => code === EdnsOptionCode.COOKIE)!.data;
  };
  const reload = (said: string): Promise<true> => {
    const before = box.output().length;
    box.child.kill('SIGHUP');
    return until(30, () => Promise.resolve(box.output().slice(before).includes(said) || undefined));
  };
  try {
    expect(verdict(first, await cookie())).toBe(CookieState.valid);
    writeFileSync(file, `${second}\n${first}\n`);
    await reload('reloaded');
    expect(verdict(second, await cookie())).toBe(CookieState.valid);
    // A mistake is told, and changes nothing.
    writeFileSync(file, 'none\n');
    await reload('could not reload');
    expect(box.output()).toContain('line 1 is not a secret');
    expect(verdict(second, await cookie())).toBe(CookieState.valid);
  } finally {
    await box.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
