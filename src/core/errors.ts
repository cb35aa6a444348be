/**
 * Every error the outside can see: a stable code, its HTTP status and its title.
 * The API maps it to an RFC 9457 problem, the CLI to an exit code. `docs/errors.md` is compared with it by a test.
 */
export const errorCodes = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'invalid-name': { status: 400, title: 'The name is not a valid domain name' },
  'invalid-record': { status: 400, title: 'The record is not valid' },
  'record-conflict': { status: 409, title: 'The record cannot stand beside another one' },
  'invalid-address': { status: 400, title: 'The mail address is not valid' },
  'weak-password': { status: 400, title: 'The password is too easy to guess' },
  'wrong-password': { status: 403, title: 'The address or the password is wrong' },
  'wrong-code': { status: 403, title: 'The code is wrong' },
  'passkey-refused': { status: 403, title: 'The passkey is not taken' },
  'second-factor-needed': { status: 403, title: 'A code is needed beside the password' },
  'confirmation-needed': { status: 403, title: 'The password is needed again' },
  'cross-site': { status: 403, title: 'The request comes from another site' },
  'no-mail-domain': { status: 409, title: 'The box takes no mail for the domain' },
  'no-such-target': { status: 409, title: 'Nobody takes mail at the target' },
  'mail-loop': { status: 409, title: 'Mail would go in a circle' },
  'outside-zone': { status: 400, title: 'The name is outside the zone' },
  'invalid-zonefile': { status: 400, title: 'The zone file cannot be read' },
  'transfer-failed': { status: 502, title: 'The zone transfer failed' },
  'mail-agent-unavailable': {
    status: 503,
    title: 'The agent that configures the mail servers does not answer',
  },
  'mail-refused': { status: 409, title: 'The mail servers cannot be configured so' },
  'ca-failed': { status: 502, title: 'The certification authority did not do it' },
  'not-configured': { status: 409, title: 'The box has no hostname yet' },
  'no-credential': { status: 401, title: 'A token is needed' },
  'bad-credential': { status: 401, title: 'The token is not valid' },
  'session-ended': { status: 401, title: 'The session has ended' },
  forbidden: { status: 403, title: 'The token does not allow this' },
  'not-found': { status: 404, title: 'There is nothing of this name' },
  'method-not-allowed': { status: 405, title: 'This resource does not know the method' },
  'already-exists': { status: 409, title: 'It exists already' },
  'in-use': { status: 409, title: 'It is still in use' },
  'idempotency-conflict': { status: 409, title: 'The idempotency key was used for another request' },
  'request-running': { status: 409, title: 'The first request with this idempotency key is still running' },
  'too-large': { status: 413, title: 'The request is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON' },
  'zone-damaged': { status: 409, title: 'What is stored of the zone is damaged' },
  'rate-limited': { status: 429, title: 'Too many failed attempts' },
  'too-many-streams': { status: 429, title: 'Too many streams are open' },
  'storage-full': { status: 507, title: 'The disk of the box is full' },
  'storage-read-only': { status: 507, title: 'The data folder of the box can only be read' },
  'storage-damaged': { status: 500, title: 'The database of the box is damaged' },
  'shutting-down': { status: 503, title: 'The box is stopping' },
  internal: { status: 500, title: 'Something went wrong inside the box' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof errorCodes;

/** One thing wrong with one place of the input; `path` is a JSON path such as `records[3].value`. */
export interface FieldError {
  path: string;
  message: string;
}

/**
 * An error with a sentence for the person (`message`: what is wrong and what to do) and, apart from it, a private
 * `cause` for the log. Thrown by services at their boundary; never carries secrets in `message`.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly errors: readonly FieldError[];
  /** Seconds after which the same request may succeed. */
  readonly retryAfter: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { errors?: FieldError[]; cause?: unknown; retryAfter?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.errors = options.errors ?? [];
    this.retryAfter = options.retryAfter;
  }
}

/** Whether it says that the box can write nothing just now: there was no room, or its folder can only be read. */
export function isUnwritable(error: unknown): error is AppError {
  return error instanceof AppError && (error.code === 'storage-full' || error.code === 'storage-read-only');
}

/** Whether it says that nothing can be changed just now, whatever it is: what was to be changed is not to blame. */
export function isPassing(error: unknown): boolean {
  return isUnwritable(error) || (error instanceof AppError && error.code === 'shutting-down');
}
