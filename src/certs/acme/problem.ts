/** What a CA, or the way to it, answered instead of what was asked for. */
export interface AcmeProblem {
  /** The error type of RFC 8555 §6.7 without its URN; or what went wrong before the CA could say anything. */
  type: string;
  /** The CA's own words. */
  detail: string;
  /** Milliseconds since the epoch before which the CA wants no other try (RFC 8555 §6.6). */
  retryAt: number | undefined;
}

/** Thrown by the client of the CA and caught by whoever runs an order: a problem is an outcome of each of its many calls. */
export class AcmeError extends Error {
  override readonly name = 'AcmeError';
  readonly problem: AcmeProblem;

  constructor(problem: AcmeProblem) {
    super(`${problem.type}: ${problem.detail}`);
    this.problem = problem;
  }
}

const urn = 'urn:ietf:params:acme:error:';

interface ProblemDocument {
  type?: unknown;
  detail?: unknown;
  instance?: unknown;
  identifier?: { value?: unknown };
  subproblems?: unknown;
}

/** Reads a problem document (RFC 7807), whatever the CA made of it. */
export function readProblem(document: unknown, retryAt?: number): AcmeProblem {
  const { type, detail, instance } = object(document);
  const name = typeof type === 'string' ? type.replace(urn, '') : 'serverInternal';
  // RFC 8555 §7.3.3: where a person is to go to agree to new terms.
  const page = name === 'userActionRequired' ? text(instance) : '';
  return {
    type: name,
    detail: [text(detail), ...subproblems(document), page].filter(Boolean).join(' '),
    retryAt,
  };
}

/** RFC 8555 §6.7.1: what is wrong with each of several names. */
function subproblems(document: unknown): string[] {
  const { subproblems: list } = object(document);
  if (!Array.isArray(list)) return [];
  return list.map((entry: unknown) => {
    const { detail, identifier } = object(entry);
    return `${text(identifier?.value)}: ${text(detail)}`;
  });
}

function object(value: unknown): ProblemDocument {
  return typeof value === 'object' && value !== null ? value : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

const passing = [
  'unreachable',
  'untrusted',
  'slow',
  'serverInternal',
  'rateLimited',
  'badNonce',
  'secondaryBehind',
];

/** Whether the order itself may still be good, so that the next try goes on with it. */
export function isPassing({ type }: AcmeProblem): boolean {
  return passing.includes(type);
}

/** Says in one sentence what went wrong and what to do. The CA's words stand beside it. */
export function problemSentence({ type }: AcmeProblem, ca: string): string {
  return sentences[type]?.(ca) ?? `The CA at ${ca} refused with "${type}"; its words are in the detail.`;
}

/** Whether there is a sentence about problems of this type. */
export function isKnownProblem(type: string): boolean {
  return Object.hasOwn(sentences, type);
}

const sentences: Record<string, (ca: string) => string> = {
  unreachable: (ca) =>
    `The CA at ${ca} cannot be reached; check the network of the box, it tries again by itself.`,
  untrusted: (ca) =>
    `The HTTPS certificate of the CA at ${ca} is not trusted; for a CA of your own give its roots with --acme-ca.`,
  slow: (ca) => `The CA at ${ca} did not come to an end in time; it is asked again by itself.`,
  secondaryBehind: () =>
    'A secondary nameserver does not have the record yet; see to it that it gets the zones of the box, or take it from the box settings.',
  malformedAnswer: (ca) =>
    `What answers at ${ca} does not speak ACME (RFC 8555); check the URL of --acme-directory.`,
  rateLimited: (ca) =>
    `The CA at ${ca} has had enough requests for now; it is asked again when it allows it.`,
  caa: () =>
    'A CAA record forbids this CA or this account; let the CAA of the domain name the CA that is set, or remove it.',
  dns: () =>
    'The CA could not look up the domain; check at the registrar that its nameservers are those of the box, and its DS.',
  unauthorized: () =>
    'The CA did not find the record that the box published; check at the registrar that the domain is delegated to the box.',
  incorrectResponse: () =>
    'The CA found another record than the one that the box published; check that all nameservers of the domain serve the same.',
  connection: () =>
    'The CA could not reach the nameserver of the domain; check that port 53 of the box is open.',
  rejectedIdentifier: () => 'The CA issues no certificates for this name, whoever asks.',
  unsupportedIdentifier: () => 'The CA issues no certificates for names of this kind.',
  externalAccountRequired: (ca) =>
    `The CA at ${ca} wants an account with it first; give its key with --acme-eab-kid and --acme-eab-key.`,
  accountDoesNotExist: (ca) =>
    `The CA at ${ca} does not know the account any more; the box registers a new one.`,
  userActionRequired: () =>
    'The CA wants you to do something first, such as to agree to new terms; see the detail.',
  badPublicKey: () => 'The CA does not take keys of this kind; choose another key algorithm.',
  badCSR: () => 'The CA does not take the request; choose another key algorithm.',
  invalidContact: () => 'The CA does not take the e-mail address; change --acme-email.',
  unsupportedContact: () => 'The CA does not take the e-mail address; change --acme-email.',
  invalidProfile: () => 'The CA does not know the profile that is set; choose one of its own or none.',
  alreadyReplaced: () => 'The CA has renewed this certificate already; it is ordered anew.',
  serverInternal: (ca) => `The CA at ${ca} has trouble of its own; it is asked again by itself.`,
};
