import type { RunningBox } from './start.ts';

/** What a person must be told at the first starts: how to get in, and how to give the box its name. */
export function welcome({ http, services }: RunningBox): string[] {
  return [
    ...(services.tokens.none() && services.people.accounts.none()
      ? tokenLines(http, services.tokens.createSetupSecret())
      : []),
    ...boxLines(http, services),
  ];
}

function tokenLines(http: string, secret: string): string[] {
  return [
    'Nobody can sign in yet. This link lets you in, once, within an hour:',
    `  ${http}/setup#${secret}`,
    ...tunnelLines(http),
    'or, from a shell, an admin token:',
    `  curl -X POST ${http}/api/v1/setup -H 'Content-Type: application/json' -d '{"secret": "${secret}"}'`,
  ];
}

/** A box is seldom the machine with the browser. */
function tunnelLines(http: string): string[] {
  const { hostname, port } = new URL(http);
  if (hostname !== '127.0.0.1' && hostname !== '[::1]') return [];
  return [`  (from another machine, first: ssh -L ${port}:${hostname}:${port} THIS-BOX)`];
}

function boxLines(http: string, { box }: RunningBox['services']): string[] {
  if (box.get()) return [];
  const { ipv4, ipv6 } = box.detectAddresses();
  const addresses = ipv4.length + ipv6.length > 0 ? { ipv4, ipv6 } : { ipv4: ['192.0.2.1'] };
  const body = JSON.stringify({ hostname: 'box.example.com', ...addresses });
  return [
    'The box has no hostname yet. Set it and the public addresses:',
    `  curl -X PUT ${http}/api/v1/box -H 'Authorization: Bearer TOKEN' -H 'Content-Type: application/json' -d '${body}'`,
  ];
}
