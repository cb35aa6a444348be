import type { RenderedFile } from './driver.ts';
import { folder, header, publicFile } from './file.ts';

/** What is said otherwise than by Debian's unit (systemd.unit(5)). `systemctl edit` makes `override.conf` beside it, which is read after it and wins. */
export function dropIn(unit: string, text: string): RenderedFile[] {
  const place = `/etc/systemd/system/${unit}.d`;
  return [
    folder(place, 0o755),
    publicFile(
      `${place}/10-signpost.conf`,
      `${header(`systemctl edit ${unit}, which makes a file of your own beside this`)}${text}`,
    ),
  ];
}

/** For units by which a daemon that was killed stays down; `more` is of the section of the service. */
export const restarts = (unit: string, more = ''): RenderedFile[] =>
  dropIn(
    unit,
    `[Unit]
# It is tried for as long as it takes: a full disk or an address that is not there yet is over some day.
StartLimitIntervalSec=0

[Service]
Restart=on-failure
RestartSec=2
${more}`,
  );
