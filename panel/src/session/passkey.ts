/** The browser made or used no passkey: the person stopped it, or it knows one already. */
export class NoPasskey extends Error {
  readonly why: 'stopped' | 'known';

  constructor(why: 'stopped' | 'known', cause: unknown) {
    super(why, { cause });
    this.name = 'NoPasskey';
    this.why = why;
  }
}

/** Whether the browser reads and writes passkeys as JSON (Web Authentication Level 3 §5.1.8). */
export function takesPasskeys(): boolean {
  return 'PublicKeyCredential' in window && 'parseCreationOptionsFromJSON' in PublicKeyCredential;
}

/** Has the browser make a passkey by the options of the box; resolves with what the box keeps of it. @throws NoPasskey */
export function makePasskey(options: object): Promise<Record<string, unknown>> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as PublicKeyCredentialCreationOptionsJSON,
  );
  return answerOf(navigator.credentials.create({ publicKey }));
}

/** Has the browser use one. @throws NoPasskey */
export function askPasskey(options: object): Promise<Record<string, unknown>> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as PublicKeyCredentialRequestOptionsJSON,
  );
  return answerOf(navigator.credentials.get({ publicKey }));
}

async function answerOf(asked: Promise<Credential | null>): Promise<Record<string, unknown>> {
  try {
    const credential = (await asked) as PublicKeyCredential;
    return { ...credential.toJSON() };
  } catch (error) {
    // An authenticator that holds one of those that the box knows (§5.1.3, excludeCredentials).
    const known = error instanceof DOMException && error.name === 'InvalidStateError';
    throw new NoPasskey(known ? 'known' : 'stopped', error);
  }
}
