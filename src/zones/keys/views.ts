export interface KeyView {
  keyTag: number;
  algorithm: number;
  flags: number;
  role: 'CSK' | 'KSK' | 'ZSK';
  state: string;
  createdAt: string;
  ds: DsView[];
  dnskey: DnskeyView;
}

export interface DsView {
  keyTag: number;
  algorithm: number;
  digestType: number;
  digest: string;
}

export interface DnskeyView {
  flags: number;
  protocol: number;
  algorithm: number;
  publicKey: string;
}
