import type { TokenScope } from '../../src/access/scopes.ts';
import { createApi } from '../../src/api/app.ts';
import { type Document, documentOf } from '../../src/api/docs/document.ts';
import type { Api, Peer } from '../../src/api/env.ts';
import type { Panel } from '../../src/api/panel/files.ts';
import { createLog, type Log } from '../../src/core/log.ts';
import { seededRandom } from '../../src/core/random.ts';
import { Name } from '../../src/dns/wire/name.ts';
import type { Box } from '../../src/zones/model.ts';
import { memoryServices, type MemoryServices, testBox } from './memory-services.ts';
import { checkAnswer } from './openapi.ts';

export interface Ask {
  /** Sent as Bearer; null sends none. The admin's by default. */
  token?: string | null;
  body?: unknown;
  /** Instead of JSON. */
  text?: string;
  headers?: Record<string, string>;
  peer?: Peer;
}

export interface TestAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed when it is JSON. */
  json: Record<string, unknown> & {
    items?: Record<string, unknown>[];
    errors?: { path: string; message: string }[];
  };
}

export interface ApiUnderTest {
  api: Api;
  document: Document;
  services: MemoryServices;
  /** Secret of a token that may do everything. */
  admin: string;
  /** Asks, and checks that the answer is one that the OpenAPI document declares. */
  ask(method: string, path: string, ask?: Ask): Promise<TestAnswer>;
  tokenFor(...scopes: TokenScope[]): Promise<string>;
}

/** The API in this process, with example.com on a box that has its hostname (or, with null, not yet). */
export async function apiUnderTest(
  options: { box?: Box | null; log?: Log; trustedProxies?: string[]; panel?: Panel | undefined } = {},
): Promise<ApiUnderTest> {
  const box = options.box === undefined ? testBox : (options.box ?? undefined);
  const { log = createLog({ level: 'silent' }), trustedProxies = [], panel } = options;
  const services = memoryServices({ log, ...(box && { box }) });
  const { clock } = services;
  const api = createApi(services, { clock, random: seededRandom(2), log, trustedProxies, panel });
  const document = documentOf(api);
  const actor = { kind: 'system', id: 'test', name: 'test', address: undefined } as const;
  const tokenFor = async (...scopes: TokenScope[]): Promise<string> =>
    (await services.tokens.create(actor, { name: 'test', scopes })).secret;
  const admin = await tokenFor({ scope: 'admin' });
  await services.domains.add(actor, { name: Name.parse('example.com'), dns: 'local', mail: true, web: true });

  const ask = async (method: string, path: string, options: Ask = {}): Promise<TestAnswer> => {
    const { token = admin, peer = { kind: 'network', address: '203.0.113.9' } } = options;
    const body = options.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    const headers = {
      ...(token !== null && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...options.headers,
    };
    const response = await api.request(
      path,
      { method, headers, ...(body !== undefined && { body }) },
      { peer },
    );
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
    const json = (isJson && text !== '' ? JSON.parse(text) : {}) as TestAnswer['json'];
    const answer = { status: response.status, headers: response.headers, text, json };
    checkAnswer(document, method, path, answer);
    return answer;
  };
  return { api, document, services, admin, ask, tokenFor };
}
