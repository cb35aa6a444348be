import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHandOn, type HandOn } from '../../src/api/https/hand-on.ts';
import { createLog } from '../../src/core/log.ts';

/*
 * Requests as they are handed on to a web server, and answers as they come back.
 */

let web: Server;
let front: Server;
let handOn: HandOn;
/** What the web server does with a request. */
let serve: (incoming: IncomingMessage, outgoing: ServerResponse) => void;

const listen = async (server: Server): Promise<number> => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
};
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

beforeEach(async () => {
  web = createServer((incoming, outgoing) => serve(incoming, outgoing));
  const to = { host: '127.0.0.1', port: await listen(web) };
  handOn = createHandOn({ to, trustedProxies: [], log: createLog({ level: 'silent' }) });
  front = createServer((incoming, outgoing) => handOn.answer(incoming, outgoing, { 'X-Ours': 'yes' }));
  await listen(front);
});
afterEach(() => {
  handOn.close();
  for (const server of [web, front]) {
    server.closeAllConnections();
    server.close();
  }
});

async function ask(options: {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: Buffer;
}): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }> {
  const { body, ...rest } = options;
  const sent = request({ host: '127.0.0.1', port: portOf(front), agent: false, ...rest });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks = (await answer.toArray()) as Buffer[];
  return { status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(chunks) };
}

it('hands on method, path, host and body as they came, and the answer back', async () => {
  const body = Buffer.alloc(3_000_000, 7);
  serve = (incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const length = headers['content-length'];
    outgoing.writeHead(201, 'Made', [...['Set-Cookie', 'a=1'], ...['Set-Cookie', 'b=2']]);
    outgoing.write(`${method} ${url} ${headers.host} ${length} ${String(headers['x-forwarded-proto'])}\n`);
    incoming.pipe(outgoing);
  };
  const path = '/mail/?_task=mail&_x=%2F..%2f//';
  const answer = await ask({
    ...{ method: 'POST', path, body },
    headers: { host: 'box.example.net', 'content-length': String(body.length) },
  });
  const first = `POST ${path} box.example.net ${body.length} https\n`;
  expect(answer.status).toBe(201);
  expect(answer.body.equals(Buffer.concat([Buffer.from(first), body]))).toBe(true);
  expect(answer.headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-ours': 'yes' });
});

it('says itself for whom it asks, whatever the client claims', async () => {
  let seen: IncomingMessage['headers'] = {};
  serve = ({ headers }, outgoing) => {
    seen = headers;
    outgoing.setHeader('Keep-Alive', 'timeout=77').end();
  };
  const claims = {
    'x-forwarded-for': '198.51.100.1',
    forwarded: 'for=198.51.100.1',
    'x-real-ip': '198.51.100.1',
  };
  const mine = { connection: 'x-secret', 'x-secret': '1', te: 'trailers', 'proxy-authorization': 'x' };
  const answer = await ask({ headers: { ...claims, ...mine, 'x-kept': '1' } });
  expect(answer.headers['keep-alive']).not.toBe('timeout=77');
  expect(seen).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-kept': '1' });
  for (const name of ['forwarded', 'x-real-ip', 'x-secret', 'te', 'proxy-authorization'])
    expect(seen[name], name).toBeUndefined();
});

it('answers 502 when nobody listens, and breaks off what was broken off', async () => {
  serve = (_incoming, outgoing) => {
    outgoing.writeHead(200, { 'Content-Length': '100' });
    outgoing.write('some');
    setTimeout(() => outgoing.destroy(), 20);
  };
  await expect(ask({})).rejects.toThrow(/aborted/);
  web.closeAllConnections();
  await new Promise((resolve) => web.close(resolve));
  const answer = await ask({ method: 'POST', body: Buffer.from('x') });
  expect([answer.status, String(answer.body)]).toEqual([502, expect.stringMatching(/does not answer/)]);
});

it('asks once more when a kept connection ended under a request that has no body', async () => {
  serve = (_incoming, outgoing) => void outgoing.end('first');
  await ask({});
  let count = 0;
  serve = (incoming, outgoing) => {
    if (++count === 1) incoming.socket.destroy();
    else outgoing.end('second');
  };
  expect(String((await ask({})).body)).toBe('second');
  count = 0;
  const answer = await ask({ method: 'POST', body: Buffer.from('x'), headers: { 'content-length': '1' } });
  expect([answer.status, count]).toEqual([502, 1]);
});

it('keeps the session of the panel to itself', async () => {
  serve = (incoming, outgoing) => void outgoing.end(JSON.stringify(incoming.headers.cookie ?? null));
  const cookieSeen = async (cookie: string): Promise<unknown> =>
    JSON.parse(String((await ask({ headers: { cookie } })).body)) as unknown;
  expect(await cookieSeen('a=1; __Host-signpost=secret; roundcube_sessid=2')).toBe('a=1; roundcube_sessid=2');
  expect(await cookieSeen('signpost=secret')).toBeNull();
});

it('lets go of the web server when the client has gone', async () => {
  const gone = new Promise<void>((resolve) => {
    serve = (_incoming, outgoing) => outgoing.on('close', resolve);
  });
  const client = connect(portOf(front), '127.0.0.1');
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await new Promise((resolve) => setTimeout(resolve, 100));
  client.destroy();
  await gone;
});

it.each([
  ['GET', 'content-length'],
  ['POST', 'Content-Length, host'],
])('hands on a body as one even where %s says that %s is for us alone', async (method, named) => {
  const seen: string[] = [];
  serve = (incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.url} ${incoming.headers.host}`);
    incoming.resume();
    incoming.on('end', () => outgoing.end('x'));
  };
  // Without its length it would be a request of its own to the web server, answered to whoever comes next.
  const hidden = 'GET /hidden HTTP/1.1\r\nHost: other.example\r\n\r\n';
  const socket = connect(portOf(front), '127.0.0.1');
  const head = `${method} /seen HTTP/1.1\r\nHost: www.example.com\r\nConnection: ${named}\r\n`;
  socket.write(`${head}Content-Length: ${hidden.length}\r\n\r\n${hidden}`);
  await once(socket, 'data');
  await new Promise((resolve) => setTimeout(resolve, 100));
  socket.destroy();
  expect(seen).toEqual([`${method} /seen www.example.com`]);
});
