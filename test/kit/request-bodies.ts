/** A body that each operation takes, by its id. */
export const bodies: Record<string, unknown> = {
  previewBox: { hostname: 'box.example.net', ipv4: ['192.0.2.1'] },
  putBox: { hostname: 'box.example.net', ipv4: ['192.0.2.1'] },
  addDomain: { name: 'example.org' },
  addDomains: { domains: [{ name: 'many.example' }] },
  changeDomain: { mail: false },
  addRecords: { owner: 'www.example.com', type: 'A', value: '192.0.2.1' },
  replaceRecords: { owner: 'www.example.com', type: 'A', value: '192.0.2.1' },
  changeZone: { ttl: 300 },
  rollBack: { serial: 1 },
  importZone: { zone: 'example.com', from: { kind: 'zonefile', text: '@ A 192.0.2.1' } },
  createToken: { name: 'test', scopes: [{ scope: 'read' }] },
  issueCertificate: { names: ['example.com', '*.example.com'] },
  revokeCertificate: { reason: 'superseded' },
  requestCertificate: { names: ['www.example.com'] },
  installCertificate: { chain: '-----BEGIN CERTIFICATE-----' },
  redeemSetupSecret: { secret: 'guessed' },
};
