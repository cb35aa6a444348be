import { peopleRows } from '../access/people/store.ts';
import { accessRows } from '../access/store.ts';
import { certificateRows } from '../certs/store.ts';
import { isUnwritable } from '../core/errors.ts';
import { dkimRows } from '../mail/dkim/store.ts';
import { mailSettingsRows } from '../mail/settings/store.ts';
import { mailRows } from '../mail/store.ts';
import { webRows } from '../mail/web/store.ts';
import { auditRows } from '../work/audit.ts';
import { factRows } from '../work/facts.ts';
import { jobRows } from '../work/jobs.ts';
import type { Apart, RowsKey, RowStorage, Snapshot, WritableSnapshot } from '../work/rows.ts';
import { catalogRows } from '../zones/catalog/store.ts';
import { registrarRows } from '../zones/registrar/store.ts';
import { secondaryRows } from '../zones/secondaries/store.ts';
import { secondaryZoneRows } from '../zones/secondary-zones/store.ts';
import { zoneRows } from '../zones/store.ts';
import { accessRepository } from './access-repository.ts';
import { auditRepository } from './audit-repository.ts';
import { catalogRepository } from './catalog-repository.ts';
import { certificateRepository } from './certificate-repository.ts';
import type { Connection, Database } from './database.ts';
import { dkimRepository } from './dkim-repository.ts';
import { factRepository } from './fact-repository.ts';
import { jobRepository } from './job-repository.ts';
import { mailboxRepository } from './mailbox-repository.ts';
import { peopleRepository } from './people-repository.ts';
import { mailSettingsRepository } from './mail-settings-repository.ts';
import { registrarRepository } from './registrar-repository.ts';
import { secondaryRepository } from './secondary-repository.ts';
import { secondaryZoneRepository } from './secondary-zone-repository.ts';
import { explained } from './unwritable.ts';
import { webRepository } from './web-repository.ts';
import { zoneRepository } from './zone-repository.ts';

/** How the rows of each part are stored. */
const repositories = [
  stored(accessRows, accessRepository),
  stored(auditRows, auditRepository),
  stored(catalogRows, catalogRepository),
  stored(certificateRows, certificateRepository),
  stored(dkimRows, dkimRepository),
  stored(factRows, factRepository),
  stored(jobRows, jobRepository),
  stored(mailRows, mailboxRepository),
  stored(peopleRows, peopleRepository),
  stored(mailSettingsRows, mailSettingsRepository),
  stored(registrarRows, registrarRepository),
  stored(secondaryRows, secondaryRepository),
  stored(secondaryZoneRows, secondaryZoneRepository),
  stored(webRows, webRepository),
  stored(zoneRows, zoneRepository),
];

interface Stored {
  key: RowsKey<object>;
  open: (connection: Connection, state: Snapshot) => object;
}

function stored<Reads extends object, Writes extends Reads>(
  key: RowsKey<Reads, Writes>,
  open: (connection: Connection, state: Snapshot) => Writes,
): Stored {
  return { key, open };
}

/** The rows of all parts in one database. */
export function openRows(database: Database): RowStorage {
  let writable: WritableSnapshot | undefined;
  return {
    committed: stateOf(database.reader),
    transact: (action, committed) =>
      database.write((writer) => action((writable ??= stateOf(writer))), committed),
  };
}

/** The state that one connection sees; the statements of a part are prepared when it is first asked for. */
function stateOf(connection: Connection): WritableSnapshot {
  const opened = new Map<object, object>();
  const state: WritableSnapshot = {
    rows<Reads extends object, Writes extends Reads>(key: RowsKey<Reads, Writes>): Writes {
      let rows = opened.get(key);
      if (!rows) opened.set(key, (rows = open(key)));
      // `stored` has seen that they fit the key.
      return rows as Writes;
    },
    apart: (action) => savepoint(connection, action),
  };
  const open = (key: object): object => {
    const found = repositories.find((one) => one.key === key);
    if (!found) throw new Error('these rows are stored nowhere');
    return found.open(connection, state);
  };
  return state;
}

async function savepoint<T>({ sqlite }: Connection, action: () => Promise<T>): Promise<Apart<T>> {
  sqlite.exec('SAVEPOINT apart');
  try {
    const value = await action();
    sqlite.exec('RELEASE apart');
    return { ok: true, value };
  } catch (error) {
    // SQLite may have undone the whole transaction by itself: what is written now would be in none.
    if (!sqlite.inTransaction || isUnwritable(explained(error, sqlite.name))) throw error;
    sqlite.exec('ROLLBACK TO apart; RELEASE apart');
    return { ok: false, error };
  }
}
