import { thisMachine } from '../mail/agent/machine.ts';
import { createDkim } from '../mail/dkim/dkim.ts';
import { createFindLacking } from '../mail/dkim/live.ts';
import { createRotator } from '../mail/dkim/rotator.ts';
import { createDkimService } from '../mail/dkim/service.ts';
import { HISTORY, historyPassword } from '../mail/drivers/redis/history.ts';
import { REDIS } from '../mail/drivers/redis/redis.ts';
import { drivers } from '../mail/drivers/registry.ts';
import { redisList } from '../mail/history/redis-list.ts';
import { createMailHistory } from '../mail/history/service.ts';
import { createMailQueue } from '../mail/queue/service.ts';
import { agentAt } from '../mail/servers/agent-client.ts';
import { keptSecret } from '../mail/servers/kept-secret.ts';
import { createKeySync } from '../mail/servers/keys.ts';
import { mailModelOf } from '../mail/servers/model.ts';
import { createMailServers } from '../mail/servers/service.ts';
import { createSigner } from '../mail/servers/signer.ts';
import { createMailboxUsages } from '../mail/usage/service.ts';
import type { Store } from '../zones/store.ts';
import type { PartOptions } from './options.ts';
import type { Publication } from './publication.ts';
import type { SecondaryParts } from './secondaries.ts';

/** Where the agent listens when nothing else is said. */
const AGENT_SOCKET = '/run/signpost-agent.sock';

export interface MailServerLinks
  extends Pick<Publication, 'publisher'>, Pick<SecondaryParts, 'secondaries' | 'addressesOfSecondary'> {}

/** The mail servers of the machine, through the agent, and the DKIM keys that they sign with. */
export function connectMailServers(options: PartOptions, store: Store, links: MailServerLinks) {
  const { work, sealer, events, data, webApi, clock, random, log } = options;
  const { publisher, secondaries, addressesOfSecondary } = links;
  const ask = agentAt(options.mailAgent ?? AGENT_SOCKET);
  const signer = createSigner({ work, ask });
  const keysChanged = (): void => mailServers.keysChanged();
  const dkimTools = { work, publisher, sealer, clock, random, log };
  const dkim = createDkim({
    ...dkimTools,
    onChanged: keysChanged,
    onFollowed: () => dkimRotator.kick(),
  });
  const dkimRotator = createRotator({
    ...dkimTools,
    findLacking: createFindLacking({
      published: () => store.read.box()?.secondaries ?? [],
      async placesOf(name) {
        const addresses = await addressesOfSecondary(name);
        const port = secondaries.get(name)?.port ?? 53;
        return addresses.map((address) => ({ address, port }));
      },
      clock,
      random,
    }),
    signerHas: (change) => signer.has(change),
    onChanged: keysChanged,
    onTaken: () => dkim.refill(),
  });
  const dkimKeys = createDkimService({
    ...dkimTools,
    onChanged() {
      keysChanged();
      dkim.refill();
      dkimRotator.kick();
    },
  });
  const syncKeys = createKeySync({ committed: work.committed, sealer, ask, clock });
  const redisPassword = (): string => keptSecret(data, 'redis.password', random);
  const mailServers = createMailServers({
    model: () =>
      mailModelOf({
        ...{ committed: work.committed, sealer, data, dns: options.plane.addresses, redisPassword },
        certificate: (host) => options.installed.forName(host),
        web: () =>
          webApi === undefined
            ? undefined
            : { api: webApi, sessionKey: keptSecret(data, 'webmail.key', random) },
      }),
    async syncKeys() {
      await syncKeys();
      await signer.given();
      dkimRotator.kick();
    },
    ask,
    drivers,
    wants: { web: webApi === undefined ? undefined : {} },
    machine: thisMachine(clock),
    events,
    clock,
    log,
  });
  const mailHistory = createMailHistory({
    read(...list) {
      const password = historyPassword(redisPassword());
      return redisList({ ...REDIS, user: HISTORY.user, password }, clock)(...list);
    },
    clock,
  });
  const mailQueue = createMailQueue({ work, ask });
  const mailboxUsages = createMailboxUsages({ ask, clock });
  return { dkim, dkimRotator, dkimKeys, mailServers, mailHistory, mailQueue, mailboxUsages };
}
