import type { InstalledCertificate, CertificateStore } from './certs/model.ts';
import type { Config } from './core/config.ts';
import type { Log } from './core/log.ts';
import type { DataPlane } from './dns/server/data-plane.ts';
import { addressKey } from './dns/server/transport.ts';
import { StartError } from './start-error.ts';

interface Options {
  config: Config;
  plane: DataPlane;
  installed: CertificateStore;
  log: Log;
}

/**
 * Serves DNS over TLS with the box's certificate, and with each new one from the next handshake on. Returns how to stop following.
 * @throws StartError when an address that was asked for cannot be had
 */
export async function serveDot({ config, plane, installed, log }: Options): Promise<() => void> {
  let shown: InstalledCertificate | undefined;
  const show = async (): Promise<void> => {
    const certificate = installed.forName('');
    if (certificate === shown) return;
    shown = certificate;
    const problem = await plane.show(certificate);
    if (!problem) return;
    if (config.dot)
      throw new StartError('network', `DNS over TLS cannot be served (--dot): ${problem.message}.`);
    log.warn(`DNS over TLS is not served: ${problem.message}`);
  };
  await show();
  if (plane.tlsAddresses.length > 0)
    log.info({ addresses: plane.tlsAddresses.map(addressKey) }, 'serving DNS over TLS');
  return installed.subscribe({
    changed: () => void show().catch((err: unknown) => log.error({ err }, 'a certificate cannot be shown')),
  });
}
