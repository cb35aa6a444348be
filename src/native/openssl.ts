import koffi, { type KoffiFunc } from 'koffi';

/** An object of OpenSSL's: its address. */
export type Handle = bigint;

type Digest = KoffiFunc<(data: Uint8Array, length: number, digest: Uint8Array) => Handle>;

/** The calls that ECDSA takes, in the copy of OpenSSL that Node is linked with: the same code signs, with less around it. */
export interface OpenSsl {
  parsePrivateKey: KoffiFunc<(key: null, der: [Uint8Array], length: number) => Handle | null>;
  freeKey: KoffiFunc<(key: Handle) => void>;
  newContext: KoffiFunc<(key: Handle, engine: null) => Handle | null>;
  freeContext: KoffiFunc<(context: Handle) => void>;
  beginSigning: KoffiFunc<(context: Handle) => number>;
  /** `length` holds the size of `signature`, and then what it took of it. */
  sign: KoffiFunc<
    (
      context: Handle,
      signature: Uint8Array,
      length: BigUint64Array,
      digest: Uint8Array,
      digestLength: number,
    ) => number
  >;
  sha256: Digest;
  sha384: Digest;
}

/** @throws Error when this Node does not export a function: builds with a shared OpenSSL, or another library, may not. */
export function bindOpenSsl(): OpenSsl {
  const node = koffi.load(null);
  const bind = (definition: string): ReturnType<typeof node.func> => node.func(definition);
  return {
    parsePrivateKey: bind('void *d2i_AutoPrivateKey(void *key, const uint8_t **der, long length)'),
    freeKey: bind('void EVP_PKEY_free(void *key)'),
    newContext: bind('void *EVP_PKEY_CTX_new(void *key, void *engine)'),
    freeContext: bind('void EVP_PKEY_CTX_free(void *context)'),
    beginSigning: bind('int EVP_PKEY_sign_init(void *context)'),
    sign: bind(
      'int EVP_PKEY_sign(void *context, uint8_t *signature, size_t *length, const uint8_t *digest, size_t digestLength)',
    ),
    sha256: bind('void *SHA256(const uint8_t *data, size_t length, uint8_t *digest)'),
    sha384: bind('void *SHA384(const uint8_t *data, size_t length, uint8_t *digest)'),
  };
}
