/** A problem of the API (RFC 9457). */
export interface ProblemBody {
  title: string;
  status: number;
  detail: string;
  code: string;
  errors?: { path: string; message: string }[] | undefined;
}

/**
 * What an answer that is no success says: of the box, or of whatever stands before it. Members of another type than the box has count for
 * nothing (RFC 9457 §3.1), and so do those that nobody here knows (§3.2).
 */
export function problemBody(
  value: unknown,
  { status, statusText }: { status: number; statusText: string },
): ProblemBody {
  const { title, detail, code, errors } = membersOf(value);
  return {
    status,
    title: typeof title === 'string' ? title : statusText,
    detail: typeof detail === 'string' ? detail : `${status} ${statusText}`,
    code: typeof code === 'string' ? code : 'unknown',
    errors: Array.isArray(errors) ? errors.filter(isFieldError) : undefined,
  };
}

function isFieldError(value: unknown): value is { path: string; message: string } {
  const { path, message } = membersOf(value);
  return typeof path === 'string' && typeof message === 'string';
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The box said no; its sentence says why, and what to do. */
export class ApiProblem extends Error {
  readonly code: string;
  readonly status: number;
  /** What is wrong with single fields, by their names. */
  readonly fields: ReadonlyMap<string, string>;
  /** All of what is wrong, in the order of what was sent. */
  readonly sentences: readonly string[];

  constructor({ detail, code, status, errors = [] }: ProblemBody) {
    super(detail);
    this.name = 'ApiProblem';
    this.code = code;
    this.status = status;
    this.sentences = errors.map(({ message }) => message);
    this.fields = new Map(errors.map(({ path, message }) => [path.replace(/^\//, ''), message]));
  }
}

/** Nobody answered. */
export class Unreachable extends Error {
  constructor() {
    super('unreachable');
    this.name = 'Unreachable';
  }
}

export const isProblem = (error: unknown, ...codes: string[]): error is ApiProblem =>
  error instanceof ApiProblem && (codes.length === 0 || codes.includes(error.code));
