import { constants } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';

/** Mozilla's "intermediate" set (Server Side TLS 5.8): every browser and mail client of the last ten years, and forward secrecy with all. */
export const tlsSettings = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ].join(':'),
  ecdhCurve: 'X25519MLKEM768:X25519:prime256v1:secp384r1',
  // All of them are good: the client knows which is fast for it.
  honorCipherOrder: false,
  // TLS 1.2 only. Nobody needs it, and each costs us more than the client (CVE-2011-1473).
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
} as const satisfies SecureContextOptions;
