/** A problem of the API (RFC 9457). */
export interface ProblemBody {
  title: string;
  status: number;
  detail: string;
  code: string;
  errors?: { path: string; message: string }[] | undefined;
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
