import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, queryBytes } from '../kit/ask.ts';
import { adminToken, type RunningBox, startBox } from '../kit/box.ts';
import { type Prometheus, startPrometheus } from '../kit/prometheus.ts';
import { missing } from '../kit/requires.ts';

const without = missing({ commands: ['prometheus', 'promtool'] });
const docs = readFileSync(join(import.meta.dirname, '../../docs/metrics.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'signpost-metrics-'));
let box: RunningBox;

beforeAll(async () => {
  box = await startBox({ workers: 2 });
}, 180_000);
afterAll(async () => {
  await box.stop();
  rmSync(folder, { recursive: true });
});

async function scrape(): Promise<string> {
  const response = await fetch(`${box.http}/metrics`, { headers: { authorization: `Bearer ${adminToken}` } });
  expect(response.status).toBe(200);
  return response.text();
}

/** The sum of a metric's numbers whose labels contain this text. */
async function sum(name: string, labels = ''): Promise<number> {
  const lines = [...(await scrape()).matchAll(new RegExp(`^${name}(\\{.*\\})? (\\S+)$`, 'gm'))];
  expect(lines.length, name).toBeGreaterThan(0);
  return lines
    .filter((line) => (line[1] ?? '').includes(labels))
    .reduce((total, [, , value]) => total + Number(value), 0);
}

async function askTcp(name: string, type: string): Promise<void> {
  const query = queryBytes(name, type);
  const socket = connect(box.dns.port, box.dns.address);
  socket.write(Buffer.concat([Buffer.from([0, query.length]), query]));
  await new Promise((resolve) => socket.once('data', resolve));
  socket.destroy();
}

/** Over UDP, without waiting for an answer. */
async function sendUdp(message: Uint8Array): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise((resolve) => socket.send(message, box.dns.port, box.dns.address, resolve));
  socket.close();
}

test('what the box did can be read', async () => {
  const before = await sum('signpost_change_live_seconds_count', 'by="token"');
  await box.api('POST', '/domains', { name: 'example.com' });
  await box.api('POST', '/zones/example.com/records', {
    records: Array.from({ length: 30 }, (_, i) => ({
      owner: 'many.example.com',
      type: 'TXT',
      value: `"${String(i).repeat(60)}"`,
    })),
  });
  await box.api('POST', '/domains', { name: 'example.org', dns: 'external' });
  expect(await sum('signpost_zones')).toBe(2);
  expect(await sum('signpost_domains', 'external')).toBe(1);
  expect(await sum('signpost_change_live_seconds_count', 'by="token"')).toBe(before + 3);
  expect(await sum('signpost_zone_versions_total', 'by="token"')).toBeGreaterThanOrEqual(2);
  expect(await sum('signpost_signatures_total')).toBeGreaterThan(20);
  const expiry = await sum('signpost_signatures_first_expiry_timestamp_seconds');
  expect(expiry - Date.now() / 1000).toBeGreaterThan(11 * 86_400);

  await ask(box.dns, 'example.com.', 'MX');
  await ask(box.dns, 'nope.example.com.', 'MX');
  await ask(box.dns, 'example.net.', 'MX');
  await ask(box.dns, 'many.example.com.', 'TXT');
  await askTcp('many.example.com.', 'TXT');
  await sendUdp(new Uint8Array(5));
  await expect.poll(() => sum('signpost_dns_malformed_total', 'udp')).toBe(1);
  expect(await sum('signpost_dns_queries_total', 'udp')).toBe(5);
  expect(await sum('signpost_dns_queries_total', 'tcp')).toBe(1);
  expect(await sum('signpost_dns_responses_total', 'transport="udp",rcode="NOERROR"')).toBe(2);
  expect(await sum('signpost_dns_responses_total', 'transport="udp",rcode="NXDOMAIN"')).toBe(1);
  expect(await sum('signpost_dns_responses_total', 'transport="udp",rcode="REFUSED"')).toBe(1);
  expect(await sum('signpost_dns_queries_by_type_total', 'type="MX"')).toBe(3);
  expect(await sum('signpost_dns_truncated_total', 'udp')).toBe(1);
  expect(await sum('signpost_dns_truncated_total', 'tcp')).toBe(0);
  expect(await sum('signpost_dns_worker_running')).toBe(2);

  expect(await sum('signpost_certificates', 'self-signed')).toBeGreaterThan(0);
  expect(await sum('signpost_box_certificate_expiry_timestamp_seconds', 'self-signed')).toBeGreaterThan(
    Date.now() / 1000,
  );
  const route = 'route="/api/v1/zones/{zone}/records",status="2xx"';
  expect(await sum('signpost_http_requests_total', route)).toBe(1);
});

test('over the unix socket, without a token', async () => {
  const text = await new Promise<string>((resolve, reject) => {
    const call = request({ socketPath: join(box.data, 'signpost.sock'), path: '/metrics' }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve(body));
    });
    call.on('error', reject);
    call.end();
  });
  expect(text).toContain('\nsignpost_build_info{');
});

/** The two blocks of docs/metrics.md: what scrapes the box, and the alerts. */
const [scrapeConfig = '', rules = ''] = [...docs.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml]) => yaml!);

test.skipIf(without)(
  `promtool finds nothing to say against them${without ? `: ${without}` : ''}`,
  async () => {
    const checked = spawnSync('promtool', ['check', 'metrics'], { input: await scrape(), encoding: 'utf8' });
    expect(`${checked.stdout}${checked.stderr}`).toBe('');
    expect(checked.status).toBe(0);
  },
);

test.skipIf(without)(
  `Prometheus reads them as docs/metrics.md says, and its alerts are of use${without ? `: ${without}` : ''}`,
  { timeout: 180_000 },
  async () => {
    const file = (name: string, text: string): string => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    };
    const made = await box.api('POST', '/tokens', { name: 'prometheus', scopes: [{ scope: 'read' }] });
    const token = file('token', `${(made.body as { secret: string }).secret}\n`);
    // Only the place differs from what is written there, and how often, so that the test need not wait.
    const config = file(
      'prometheus.yml',
      `global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [${file('rules.yml', rules)}]
${scrapeConfig
  .replace('/etc/prometheus/signpost.token', token)
  .replace('https', 'http')
  .replace('box.example.com', new URL(box.http).host)}`,
    );
    const { status, stderr } = spawnSync('promtool', ['check', 'config', config], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });

    const prometheus = await startPrometheus(folder, config);
    try {
      await expect.poll(() => value(prometheus, 'up'), { timeout: 20_000 }).toBe(1);
      expect(await value(prometheus, 'signpost_zones')).toBe(await sum('signpost_zones'));
      await expect.poll(() => ruleHealth(prometheus), { timeout: 20_000 }).toEqual(new Set(['ok']));
      const alerts = (await prometheus.get('/api/v1/alerts')) as { data: { alerts: unknown[] } };
      expect(alerts.data.alerts).toEqual([]);
    } finally {
      await prometheus.stop();
    }
    const used = new Set(
      rules.match(/(?:signpost|nodejs)_\w+/g)!.map((name) => name.replace(/_bucket$/, '')),
    );
    for (const name of used) expect(docs).toContain(`| \`${name}\``);
  },
);

test.skipIf(without)(
  `the alerts tell a box that stalls from one that does not${without ? `: ${without}` : ''}`,
  () => {
    const rulesFile = join(folder, 'stall-rules.yml');
    writeFileSync(rulesFile, rules);
    const test = join(folder, 'stalls.yml');
    const cases = [
      { p99: '0.02x30', max: '0.04x30', alerts: [] },
      { p99: '0.08x30', max: '0.12x30', alerts: ['SignpostApiStalls'] },
      { p99: '0.01x30', max: '0.04x27 3 0.04 0.04', alerts: ['SignpostApiStalled'] },
    ];
    for (const { p99, max, alerts } of cases) {
      const input = [
        { series: 'nodejs_eventloop_lag_p99_seconds{job="signpost"}', values: p99 },
        { series: 'nodejs_eventloop_lag_max_seconds{job="signpost"}', values: max },
      ];
      const expected = ['SignpostApiStalls', 'SignpostApiStalled'].map((alertname) => ({
        alertname,
        eval_time: '29m',
        exp_alerts: alerts.includes(alertname) ? [{ exp_labels: { job: 'signpost' } }] : [],
      }));
      const tests = [{ interval: '1m', input_series: input, alert_rule_test: expected }];
      // JSON is YAML.
      writeFileSync(test, JSON.stringify({ rule_files: [rulesFile], evaluation_interval: '1m', tests }));
      const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', test], { encoding: 'utf8' });
      expect({ status, stderr }, stdout).toEqual({ status: 0, stderr: '' });
    }
  },
);

async function value(prometheus: Prometheus, expression: string): Promise<number | undefined> {
  return (await prometheus.query(expression))[0]?.value;
}

/** What became of the alerts' expressions when they were evaluated. */
async function ruleHealth(prometheus: Prometheus): Promise<Set<string>> {
  const answer = (await prometheus.get('/api/v1/rules')) as {
    data: { groups: { rules: { health: string }[] }[] };
  };
  return new Set(answer.data.groups.flatMap((group) => group.rules.map(({ health }) => health)));
}
