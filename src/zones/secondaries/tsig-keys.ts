import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Sealer } from '../../core/seal.ts';
import { secretOctets, type TsigAlgorithm, type TsigKey } from '../../dns/message/tsig.ts';
import { typeName } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import type { Change, UnitOfWork } from '../../work/unit-of-work.ts';
import { secondaryRows, type TsigKeyRow, type UpdateGrant } from './store.ts';

/** A key as people see it: never with its secret. */
export type TsigKeyView = Omit<TsigKeyRow, 'sealedSecret'>;

export interface TsigKeyRequest {
  name: Name;
  algorithm: TsigAlgorithm;
  /** undefined: one is made. */
  secret: Uint8Array | undefined;
  transfer: 'all' | readonly Name[];
  update: readonly UpdateGrant[];
}

export interface TsigKeyService {
  list(): TsigKeyView[];
  get(name: Name): TsigKeyView | undefined;
  /** The secret is given this once, and kept sealed. @throws AppError already-exists */
  create(actor: Actor, request: TsigKeyRequest): Promise<{ key: TsigKeyView; secret: Uint8Array }>;
  /** Worth nothing from then on. @throws AppError not-found; in-use, while a secondary signs with it, or transfers of a secondary zone are signed with it */
  remove(actor: Actor, name: Name): Promise<void>;
}

export interface TsigKeyOptions {
  work: UnitOfWork;
  sealer: Sealer;
  clock: Clock;
  random: Random;
  /** Called in a change that changes who may transfer. */
  changed: (change: Change) => void;
  /** A zone of somebody else's whose transfers are signed with the key, in a change. */
  zoneWith: (change: Change, key: Name) => Name | undefined;
}

export function createTsigKeys(options: TsigKeyOptions): TsigKeyService {
  const { work, sealer, clock, random, changed, zoneWith } = options;
  const reads = work.committed.rows(secondaryRows);
  return {
    list: () => reads.keys().map(viewOf),
    get(name) {
      const row = reads.key(name);
      return row && viewOf(row);
    },

    async create(actor, { name, algorithm, secret: given, transfer, update }) {
      const text = name.toText();
      const secret = given ?? random.bytes(secretOctets(algorithm));
      const sealedSecret = sealer.seal(secret, contextOf(name));
      const row = { name, algorithm, sealedSecret, transfer, update, createdAt: toRfc3339(clock.now()) };
      await work.change({ actor, cause: `TSIG key ${text} made` }, (change) => {
        const rows = change.rows(secondaryRows);
        if (rows.key(name))
          throw new AppError(
            'already-exists',
            `There is a TSIG key ${text} already; remove it, or give another name.`,
          );
        rows.insertKey(row);
        const zones = transfer === 'all' ? transfer : transfer.map((zone) => zone.toText());
        const updates = update.map(({ zone, owners, types }) => ({
          zone: zone.toText(),
          ...(owners && { owners: owners.map((owner) => owner.toText()) }),
          ...(types && { types: types.map(typeName) }),
        }));
        change.audit('tsig-key.create', text, { algorithm, transfer: zones, update: updates });
        change.event('tsig-key.added', { key: text });
        changed(change);
      });
      return { key: viewOf(row), secret };
    },

    async remove(actor, name) {
      const text = name.toText();
      await work.change({ actor, cause: `TSIG key ${text} removed` }, (change) => {
        const rows = change.rows(secondaryRows);
        if (!rows.key(name)) throw new AppError('not-found', `There is no TSIG key ${text} on this box.`);
        const user = rows.secondaries().find(({ tsigKey }) => tsigKey?.equals(name));
        if (user)
          throw new AppError(
            'in-use',
            `The secondary ${user.name.toText()} signs with the key ${text}; remove the secondary first.`,
          );
        const zone = zoneWith(change, name);
        if (zone)
          throw new AppError(
            'in-use',
            `Transfers of the secondary zone ${zone.toText()} are signed with the key ${text}; change its primaries first.`,
          );
        rows.deleteKey(name);
        change.audit('tsig-key.remove', text, {});
        change.event('tsig-key.removed', { key: text });
        changed(change);
      });
    },
  };
}

/** The key with its secret. @throws Error when it was sealed by another box */
export function openTsigKey(sealer: Sealer, { name, algorithm, sealedSecret }: TsigKeyRow): TsigKey {
  return { name, algorithm, secret: sealer.open(sealedSecret, contextOf(name)) };
}

function contextOf(name: Name): string {
  return `tsig ${name.canonical().toText()}`;
}

function viewOf({ sealedSecret: _, ...view }: TsigKeyRow): TsigKeyView {
  return view;
}
