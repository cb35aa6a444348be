import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMetrics } from '../../src/api/metrics/metrics.ts';
import { FakeClock } from '../../src/core/clock.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { apiUnderTest, type ApiUnderTest } from '../kit/api.ts';
import { metricSources } from '../kit/metric-sources.ts';

let box: ApiUnderTest;
beforeEach(async () => {
  box = await apiUnderTest();
});
afterEach(() => box.services.close());

async function metrics(): Promise<string> {
  const { status, text } = await box.ask('GET', '/metrics');
  expect(status).toBe(200);
  return text;
}

describe('who may read', () => {
  test('whoever may read everything', async () => {
    const token = await box.tokenFor({ scope: 'read' });
    const { status, headers } = await box.ask('GET', '/metrics', { token });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  test('the person on the machine, without a token', async () => {
    const answer = await box.ask('GET', '/metrics', { token: null, peer: { kind: 'local' } });
    expect(answer.status).toBe(200);
  });

  test('nobody else', async () => {
    expect((await box.ask('GET', '/metrics', { token: null })).status).toBe(401);
    const token = await box.tokenFor({ scope: 'dns:write', zones: [Name.parse('example.com')] });
    expect((await box.ask('GET', '/metrics', { token })).status).toBe(403);
  });
});

describe('requests', () => {
  test('are counted by route, never by what strangers make up', async () => {
    await box.ask('GET', '/api/v1/domains/example.com');
    await box.ask('GET', '/api/v1/domains/example.org');
    await box.ask('GET', '/api/v1/domains/example.org', { token: null });
    await box.ask('GET', '/made/up', { token: null });
    await box.ask('PROPFIND', '/api/v1/domains');
    await box.ask('POST', '/api/v1/domains', { body: { name: 'example.net' } });
    const text = await metrics();
    const counted = [...text.matchAll(/^signpost_http_requests_total(\{.*\}) (\d+)$/gm)].map(
      ([, labels, count]) => [labels, Number(count)],
    );
    expect(Object.fromEntries(counted)).toEqual({
      '{method="GET",route="/api/v1/domains/{domain}",status="2xx"}': 1,
      '{method="GET",route="/api/v1/domains/{domain}",status="4xx"}': 2,
      '{method="GET",route="unknown",status="4xx"}': 1,
      '{method="other",route="unknown",status="4xx"}': 1,
      '{method="POST",route="/api/v1/domains",status="2xx"}': 1,
    });
    const seconds = 'signpost_http_request_duration_seconds';
    expect(text).toContain(`${seconds}_count{method="GET",route="/api/v1/domains/{domain}"} 3`);
    expect(text).toContain(`${seconds}_bucket{le="0.002",method="POST",route="/api/v1/domains"} 1`);
  });

  test('with a wrong token are failed logins; those without one are not', async () => {
    await box.ask('GET', '/api/v1/domains', { token: null });
    for (let attempt = 0; attempt < 3; attempt++) await box.ask('GET', '/metrics', { token: 'sp_wrong' });
    expect(await metrics()).toContain('signpost_http_failed_logins_total 3\n');
  });

  test('that follow events are counted while they last', async () => {
    const response = await box.api.request(
      '/api/v1/events',
      { headers: { Authorization: `Bearer ${box.admin}` } },
      { peer: { kind: 'local' } },
    );
    const reader = response.body!.getReader();
    await reader.read();
    expect(await metrics()).toContain('signpost_event_streams 1\n');
    await reader.cancel();
    expect(await metrics()).toContain('signpost_event_streams 0\n');
  });
});

describe('numbers', () => {
  test('are those of the parts', async () => {
    const text = await metrics();
    for (const line of [
      'signpost_build_info{version="0.1.0"} 1',
      'signpost_dns_queries_total{worker="1",transport="tcp"} 4000',
      'signpost_dns_responses_total{worker="0",transport="udp",rcode="NXDOMAIN"} 1006',
      'signpost_dns_malformed_total{worker="0",transport="tcp"} 2001',
      'signpost_dns_failures_total{worker="0",transport="udp"} 1002',
      'signpost_dns_truncated_total{worker="0",transport="udp"} 1003',
      'signpost_dns_shed_total{worker="0",transport="udp"} 1004',
      'signpost_dns_cookies_total{worker="0",transport="udp",cookie="valid"} 1014',
      'signpost_dns_limited_total{worker="0",transport="udp",response="dropped"} 1016',
      'signpost_dns_queries_by_type_total{transport="udp",type="A"} 4016',
      'signpost_dns_queries_by_type_total{transport="tcp",type="unreadable"} 6014',
      'signpost_dns_queries_by_type_total{transport="tcp",type="other"} 6018',
      'signpost_dns_answer_seconds_bucket{le="0.00001",transport="udp"} 4040',
      'signpost_dns_answer_seconds_bucket{le="0.00002",transport="udp"} 8082',
      'signpost_dns_answer_seconds_bucket{le="+Inf",transport="udp"} 68980',
      'signpost_dns_answer_seconds_sum{transport="udp"} 4.12',
      'signpost_dns_answer_seconds_count{transport="udp"} 68980',
      'signpost_dns_worker_restarts_total{worker="0"} 3',
      'signpost_dns_worker_running{worker="1"} 0',
      'signpost_zones 11',
      'signpost_domains{dns="external"} 2',
      'signpost_signatures_first_expiry_timestamp_seconds 1798000000',
      'signpost_certificates{state="failed"} 5',
      'signpost_certificates_first_expiry_timestamp_seconds 1797000000',
      'signpost_box_certificate_expiry_timestamp_seconds{kind="acme"} 1798761600',
      'signpost_acme_attempts_total{outcome="failed",problem="caa"} 2',
      'signpost_acme_limit_uses{limit="registered_domain"} 2',
      'signpost_acme_limit{limit="orders"} 300',
    ])
      expect(text.split('\n')).toContain(line);
  });

  test('that are not known are left out, not 0', async () => {
    const sources = metricSources();
    const made = createMetrics(
      {
        ...sources,
        certificates: () => ({ ...sources.certificates(), firstExpiry: undefined, limits: [] }),
        zones: () => ({ ...sources.zones(), firstExpiration: undefined }),
      },
      new FakeClock(),
    );
    const text = await made.text();
    made.stop();
    expect(text).not.toMatch(/^signpost_(certificates|signatures)_first_expiry_timestamp_seconds/m);
    expect(text).not.toMatch(/^signpost_acme_limit/m);
  });

  test('do not grow from being read', async () => {
    const numbers = (text: string): string[] =>
      text.split('\n').filter((line) => /^signpost_[dza]/.test(line));
    const first = numbers(await metrics());
    expect(numbers(await metrics())).toEqual(first);
  });

  test('say by how much the main thread stalled since they were read the last time but one', async () => {
    const made = createMetrics(metricSources(), new FakeClock());
    const lag = async (which: string): Promise<number> =>
      Number(new RegExp(`^nodejs_eventloop_lag_${which}_seconds (\\S+)$`, 'm').exec(await made.text())![1]);
    await wait(50);
    await made.text();
    const until = performance.now() + 300;
    while (performance.now() < until);
    const readings: number[] = [];
    for (let reading = 0; reading < 3; reading++) {
      await wait(50);
      readings.push(await lag('max'));
    }
    expect(Math.max(...readings.slice(0, 2))).toBeGreaterThan(0.25);
    expect(readings[2]).toBeLessThan(0.25);
    made.stop();
  });

  test('of two boxes in one process are apart', async () => {
    const other = createMetrics(metricSources(), new FakeClock());
    other.changeLive({ by: 'token', versions: 2, zones: [], signatures: 30, seconds: 0.015 });
    expect(await other.text()).toContain('signpost_zone_versions_total{by="token"} 2\n');
    expect(await metrics()).toContain('signpost_zone_versions_total{by="token"} 0\n');
    other.stop();
  });

  test('of the runtime are not watched any more after the stop', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const made = createMetrics(metricSources(), new FakeClock());
    const collections = async (): Promise<number> =>
      Number(/^nodejs_gc_duration_seconds_count\{kind="major"\} (\d+)$/m.exec(await made.text())![1]);
    await expect
      .poll(
        () => {
          collect();
          return collections();
        },
        { timeout: 10_000 },
      )
      .toBeGreaterThan(0);
    made.stop();
    const before = await collections();
    collect();
    await wait(100);
    expect(await collections()).toBe(before);
  });
});

/** Name, type, labels and help of every metric that has numbers. */
function exported(text: string): string[][] {
  return text
    .split('# HELP ')
    .slice(1)
    .map((block) => {
      const [, name = '', help = '', type = ''] = /^(\S+) (.*)\n# TYPE \S+ (\S+)/.exec(block)!;
      const labels = new Set([...block.matchAll(/[{,](\w+)="/g)].map(([, label]) => label!));
      labels.delete('le');
      return [name, type, [...labels].join(), help];
    });
}

test('docs/metrics.md says what there is', async () => {
  const { metrics: made } = box.services;
  await box.ask('GET', '/health');
  made.changeLive({ by: 'token', versions: 1, zones: [], signatures: 1, seconds: 1 });
  const docs = readFileSync(join(import.meta.dirname, '../../docs/metrics.md'), 'utf8');
  const rows = [...docs.matchAll(/^\| `(\w+)` +\| (\w+) +\| (.*?) +\| (.*?) +\|$/gm)].map(
    ([, name, type, labels, what]) => [name, type, labels!.replaceAll(/[` ]/g, ''), what],
  );
  expect(rows).toEqual(exported(await made.text()));
});
