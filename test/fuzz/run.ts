// `npm run fuzz [COUNT] [SEED]`: messages for the nameserver, ten million by default. The same seed makes the same ones.
import { randomInteger, seededRandom, systemRandom } from '../../src/core/random.ts';
import { fuzzNameserver } from './nameserver.ts';

const count = Number(process.argv[2] ?? 10_000_000);
const seed = Number(process.argv[3] ?? randomInteger(systemRandom, 2 ** 32));
console.log(`${count} messages, seed ${seed}`);
const figures = await fuzzNameserver(seededRandom(seed), count, ({ messages, replies, later, further }) =>
  console.log(
    `${messages} messages: ${replies} replies, ${later} of them later, ${further} more of transfers`,
  ),
);
console.log(JSON.stringify(figures));
