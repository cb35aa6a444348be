import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminToken, type RunningBox, startBox } from '../kit/box.ts';
import { runSignpost, signpost } from '../kit/cli.ts';
import { openssl, type Openssl } from '../kit/openssl.ts';

let box: RunningBox;
let tools: Openssl;
let ca: string;
let otherCa: string;

beforeAll(async () => {
  tools = openssl();
  const [issuer, other] = [1, 2].map((n) => tools.issue({ subject: `CA ${n} of the test`, ca: true }));
  // The name of the box leads nowhere on this machine.
  const leaf = tools.issue({
    issuer: issuer!,
    extensions: ['subjectAltName=DNS:box.example.net,IP:127.0.0.1', 'extendedKeyUsage=serverAuth'],
  });
  ca = tools.file(issuer!.certificate);
  otherCa = tools.file(other!.certificate);
  box = await startBox();
  const installed = await signpost(
    box.data,
    ...[
      'cert',
      'install',
      tools.file(leaf.certificate + issuer!.certificate),
      '--key-file',
      tools.file(leaf.key),
    ],
  );
  expect(installed).toMatchObject({ code: 0, stderr: '' });
}, 180_000);
afterAll(async () => {
  await box.stop();
  tools.remove();
});

const listed = (...trust: string[]) =>
  runSignpost(['--url', box.https!, '--token', adminToken, ...trust, 'domain', 'list']);

describe('a remote box with a certificate of a CA that this machine does not know', () => {
  it('is reached with the CA', async () => {
    expect(await listed('--ca', ca)).toMatchObject({ code: 0, stderr: '' });
    const byEnvironment = await runSignpost(['--url', box.https!, 'domain', 'list'], {
      env: { SIGNPOST_CA: ca, SIGNPOST_TOKEN: adminToken },
    });
    expect(byEnvironment).toMatchObject({ code: 0, stderr: '' });
  });

  it('is reached with the fingerprint of its certificate', async () => {
    const { stdout } = await signpost(box.data, '--json', 'status');
    const { certificateFingerprint } = JSON.parse(stdout) as { certificateFingerprint: string };
    expect(await listed('--fingerprint', certificateFingerprint)).toMatchObject({ code: 0, stderr: '' });
  });

  it('RFC 6750 §5.3: is not without, and not with another CA or fingerprint', async () => {
    const without = await listed();
    expect(without).toMatchObject({ code: 3, stdout: '' });
    expect(without.stderr).toContain('comes from a CA that this machine does not know');
    const other = await listed('--ca', otherCa);
    expect(other).toMatchObject({ code: 3, stdout: '' });
    expect(other.stderr).toContain('does not come from the CA of --ca');
    expect(await listed('--fingerprint', 'AB'.repeat(32))).toMatchObject({ code: 3, stdout: '' });
  });
});
