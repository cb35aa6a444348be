import koffi from 'koffi';

/** struct crypt_data of libcrypt (crypt(3)). */
const SCRATCH_OCTETS = 32_768;

type Call = (phrase: string, setting: string, scratch: Uint8Array, size: number) => string | null;
interface Library {
  async(...args: [...Parameters<Call>, (error: unknown, hash: string | null) => void]): void;
}
let library: Library | undefined;

/**
 * The hash of a password by the scheme and salt of `setting`, which may be a whole hash (`$6$…`); on a thread of its own. glibc's library
 * is loaded when it is needed first: every Debian has it.
 * @throws Error when there is none, or it does not know the scheme
 */
export async function crypt(password: string, setting: string): Promise<string> {
  const call = (library ??= koffi
    .load('libcrypt.so.1')
    .func(
      'const char *crypt_rn(const char *phrase, const char *setting, uint8_t *scratch, int size)',
    ) as Library);
  const scratch = Buffer.alloc(SCRATCH_OCTETS);
  const hash = await new Promise<string | null>((resolve, reject) =>
    call.async(password, setting, scratch, SCRATCH_OCTETS, (error, value) =>
      error ? reject(error instanceof Error ? error : new Error('crypt failed')) : resolve(value),
    ),
  );
  if (hash === null) throw new Error('libcrypt does not know the scheme of a hash');
  return hash;
}
