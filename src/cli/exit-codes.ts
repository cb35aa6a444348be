/** What the `signpost` command ends with; in its help and in docs/cli.md. */
export const exitCodes = {
  ok: 0,
  /** The box refused: the text says why. */
  refused: 1,
  /** The command line was wrong. */
  usage: 2,
  /** Signpost does not answer. */
  unreachable: 3,
  notFound: 4,
  /** No token, or one that does not allow this. */
  forbidden: 5,
  /** Something went wrong inside the box. */
  failed: 6,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
