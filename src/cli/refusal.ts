import { fieldName, inCommands, sentencesOfCodes, valueAt } from './api-words.ts';
import type { Call } from './client.ts';
import { CliError } from './error.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';

interface FieldError {
  path: string;
  message: string;
}

interface Problem {
  code?: string;
  detail?: string;
  title?: string;
  errors?: FieldError[];
}

const ANOTHER_TOKEN = ' An administrator can make another token with signpost token create.';

/** An RFC 9457 problem as one readable text, in the words of the command line. */
export function refusal(status: number, answer: unknown, call: Call): CliError {
  return new CliError(textOf(problemOf(answer), status, call), exitCodeOf(status), answer);
}

/** RFC 9457 §3.1, §3.2: what is of another type than ours has, or of somebody in between, is as good as not there. */
function problemOf(answer: unknown): Problem {
  const { code, detail, title, errors } = (
    typeof answer === 'object' && answer !== null ? answer : {}
  ) as Record<keyof Problem, unknown>;
  return {
    ...(typeof code === 'string' && { code }),
    ...(typeof detail === 'string' && { detail }),
    ...(typeof title === 'string' && { title }),
    ...(Array.isArray(errors) && { errors: errors.filter(isFieldError) }),
  };
}

function isFieldError(error: unknown): error is FieldError {
  const { path, message } = (typeof error === 'object' && error !== null ? error : {}) as Partial<
    Record<keyof FieldError, unknown>
  >;
  return typeof path === 'string' && typeof message === 'string';
}

function textOf(problem: Problem, status: number, call: Call): string {
  const { code = '', detail = problem.title ?? `The API answered ${status}.`, errors = [] } = problem;
  if (code in sentencesOfCodes) return sentencesOfCodes[code]!;
  if (code === 'internal') return `Something went wrong inside the box. ${detail}`;
  const [first] = errors;
  const lines = errors.map((error) => line(error, call));
  // The detail of a wrong field is its path and its message.
  if (first !== undefined && detail.startsWith(`${first.path}: `)) return lines.join('\n');
  // Else it says what the first error says.
  const others = errors.filter(({ message }) => !detail.includes(message.replace(/\.$/, '')));
  const more = code === 'forbidden' && !detail.includes('administrator') ? ANOTHER_TOKEN : '';
  return [inCommands(detail) + more, ...others.map((error) => `  ${line(error, call)}`)].join('\n');
}

/** `--ipv4 192.0.2.1000: This is not an IPv4 address.` */
function line({ path, message }: FieldError, call: Call): string {
  const value = valueAt(path, call.body) ?? queryValue(path, call.path);
  const name = fieldName(path);
  const words = inCommands(message);
  if (value !== undefined && namesIt(message, value, name.startsWith('--'))) return words;
  return `${[name, value === undefined || !isShort(value) ? [] : value].flat().join(' ')}: ${words}`;
}

/** Whether the sentence does without the value before it. Of options, only what says it at once is clear. */
function namesIt(message: string, value: string, isOption: boolean): boolean {
  if (message.startsWith(`${value} `) || message.includes(`"${value}"`)) return true;
  return !isOption && message.includes(value);
}

/** A file, and a private key above all, is nothing to repeat. */
function isShort(value: string): boolean {
  return value.length <= 80 && !/\p{Cc}/u.test(value);
}

function queryValue(path: string, url: string): string | undefined {
  return new URLSearchParams(url.split('?')[1] ?? '').get(path) ?? undefined;
}

function exitCodeOf(status: number): ExitCode {
  if (status === 401 || status === 403) return exitCodes.forbidden;
  if (status === 404) return exitCodes.notFound;
  // 502: another server did not give what was asked for; the text says which and why.
  if (status === 502) return exitCodes.refused;
  if (status === 503) return exitCodes.unreachable;
  return status >= 500 ? exitCodes.failed : exitCodes.refused;
}
