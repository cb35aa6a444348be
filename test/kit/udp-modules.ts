import type { ListenUdp } from '../../src/dns/server/transport.ts';

/** The ways in which workers serve UDP: tests of the data plane hold for each. Its module, and one that fails as a bug would. */
export const udpModules = [
  {
    name: 'by the batch',
    udp: new URL('../../src/native/udp.ts', import.meta.url),
    failing: failing('batched'),
  },
  { name: 'by node:dgram', udp: undefined, failing: failing('dgram') },
];

function failing(how: string): URL {
  return new URL(`./failing-udp.ts?${how}`, import.meta.url);
}

/** Has `fail` called with each query before it is answered. */
export function beforeAnswers(listen: ListenUdp, fail: (query: Buffer) => void): ListenUdp {
  return (address, answerer, log) =>
    listen(
      address,
      {
        ...answerer,
        answer(query, length, client, out) {
          fail(Buffer.from(query.buffer, query.byteOffset, length));
          return answerer.answer(query, length, client, out);
        },
      },
      log,
    );
}
