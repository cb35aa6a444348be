import { systemClock } from './core/clock.ts';
import { type Config, helpText, readConfig } from './core/config.ts';
import { createLog, type Log } from './core/log.ts';
import { systemRandom } from './core/random.ts';
import { notifySystemd } from './core/systemd.ts';
import { loadControlPlane } from './load-control-plane.ts';
import { serveDns } from './serve-dns.ts';
import { handleSignals } from './signals.ts';
import type { RunningBox } from './start.ts';
import { StartError } from './start-error.ts';
import { version } from './version.ts';
import { welcome } from './welcome.ts';

const result = readConfig(process.argv.slice(2), process.env);
switch (result.kind) {
  case 'help':
    process.stdout.write(helpText());
    break;
  case 'version':
    console.log(version);
    break;
  case 'error':
    console.error(result.message);
    process.exitCode = 2;
    break;
  case 'restore':
    await putBack(result);
    break;
  case 'start':
    await run(result.config);
}

/** Puts back a copy of the database, and ends. */
async function putBack({ data, copy }: { data: string; copy: string }): Promise<void> {
  const { restoreCopy } = await import('./restore.ts');
  try {
    console.log(restoreCopy(data, copy, { clock: systemClock, random: systemRandom }));
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    console.error(`signpost: ${error.message}`);
    process.exitCode = error.exitCode;
  }
}

async function run(config: Config): Promise<void> {
  const log = createLog({ level: config.logLevel, terminal: process.stderr.isTTY });
  for (const warning of config.warnings) log.warn(warning);
  let box: RunningBox | undefined;
  handleSignals({
    stop(signal) {
      log.info({ signal }, 'stopping');
      notifySystemd('STOPPING=1', process.env);
      // What was not ready has promised nothing. A failure to stop one part was logged; the process ends as it should.
      void Promise.resolve(box?.stop()).then(() => process.exit(0));
    },
    reload: () => void (box && reload(box, log)),
  });
  try {
    const options = { config, clock: systemClock, random: systemRandom, log };
    const served = await serveDns(options);
    const { startControlPlane } = await loadControlPlane();
    box = await startControlPlane(options, served);
  } catch (error) {
    // A mistake of the person's needs a sentence, one of ours the stack.
    if (error instanceof StartError) console.error(`signpost: ${error.message}`);
    else log.fatal({ err: error }, 'signpost cannot start');
    process.exitCode = error instanceof StartError ? error.exitCode : 1;
    return;
  }
  for (const line of welcome(box)) console.log(line);
  const https = box.https === undefined ? '' : ` https=${box.https}`;
  console.log(`signpost ready dns=${box.dns.join(',')} http=${box.http}${https}`);
  notifySystemd('READY=1', process.env);
}

async function reload(box: RunningBox, log: Log): Promise<void> {
  notifySystemd('RELOADING=1', process.env);
  try {
    await box.reload();
    log.info('reloaded');
  } catch (error) {
    log.error({ err: error }, 'could not reload');
  } finally {
    notifySystemd('READY=1', process.env);
  }
}
