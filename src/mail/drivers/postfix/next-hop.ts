import { header, rootFile } from '../file.ts';
import type { RenderedFile } from '../driver.ts';
import type { Relay } from '../model.ts';

/** The service of master.cf that hands mail to the relay. */
export const UPSTREAM = 'upstream';

/** As Postfix has it; the brackets keep it from asking for MX records. */
export const nextHopText = ({ host, port }: Pick<Relay, 'host' | 'port'>): string => `[${host}]:${port}`;

/** smtp_sasl_password_maps; Postfix opens it as root. */
export function passwordFiles(folder: string, relay: Relay | undefined): RenderedFile[] {
  if (!relay?.credentials) return [];
  const { user, password } = relay.credentials;
  const line = `${nextHopText(relay)} ${user}:${password}\n`;
  return [rootFile(`${folder}/relay-password`, header('none; signpost mail settings set has it') + line)];
}
