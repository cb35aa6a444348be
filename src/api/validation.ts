import type { Hook } from '@hono/zod-openapi';
import type { core } from 'zod';
import { AppError, type FieldError } from '../core/errors.ts';
import type { ApiEnv } from './env.ts';
import { INVALID_NAME } from './fields.ts';
import { MAX_ERRORS } from './problem.ts';

/** What a request that does not fit its schema is answered: every field that is wrong, said for a person. */
export const refuseInvalid: Hook<unknown, ApiEnv, string, undefined> = (result) => {
  if (result.success) return undefined;
  const issues = result.error.issues.slice(0, MAX_ERRORS).flatMap(leaves);
  const errors = issues.flatMap(fieldErrors).slice(0, MAX_ERRORS);
  const names = issues.every((issue) => issue.code === 'custom' && issue.params?.['code'] === INVALID_NAME);
  throw new AppError(names ? 'invalid-name' : 'invalid-request', summary(errors), { errors });
};

/** The first complaint, and how many there are besides. */
function summary(errors: readonly FieldError[]): string {
  const [first] = errors;
  if (!first) return 'The request is not valid.';
  const others = errors.length - 1;
  const more = others > 0 ? ` (and ${errors.length >= MAX_ERRORS ? 'at least ' : ''}${others} more)` : '';
  return `${first.path === '' ? '' : `${first.path}: `}${first.message}${more}`;
}

/** The issues inside a union's: of several forms that were possible, those of the nearest. */
function leaves(issue: core.$ZodIssue): core.$ZodIssue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const [nearest = []] = issue.errors.toSorted(
    (a, b) => strangeFields(a) - strangeFields(b) || a.length - b.length,
  );
  return nearest.flatMap((inner) => leaves({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** How many fields were given that the form does not have: the one that was meant has the fewest. Those of fields inside of it say nothing. */
function strangeFields(issues: readonly core.$ZodIssue[]): number {
  return issues.reduce(
    (sum, issue) =>
      sum + (issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys.length : 0),
    0,
  );
}

function fieldErrors(issue: core.$ZodIssue): FieldError[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: jsonPath(issue.path), message: sentence(issue) }];
  return issue.keys.slice(0, MAX_ERRORS).map((key) => ({
    path: jsonPath([...issue.path, key]),
    message: 'There is no field of this name here.',
  }));
}

/** The schema's own sentence where it has one, else ours in place of zod's. */
function sentence(issue: core.$ZodIssue): string {
  if (issue.message.startsWith('Too ')) return sizeSentence(issue);
  if (!issue.message.startsWith('Invalid ')) return issue.message;
  if (issue.code === 'invalid_type')
    return issue.message.endsWith('received undefined')
      ? 'This field is missing.'
      : `This must be ${article(issue.expected)}.`;
  if (issue.code === 'invalid_value') return `This must be one of ${issue.values.map(String).join(', ')}.`;
  if (issue.code === 'invalid_union') return 'This is none of the forms that are known here.';
  return issue.message;
}

/** Of a number, how great it may be; of a text or a list, how long. */
function sizeSentence(issue: core.$ZodIssue): string {
  if (issue.code === 'too_small')
    return isNumber(issue.origin)
      ? `This must be at least ${issue.minimum}.`
      : `This must have at least ${issue.minimum} ${unit(issue.origin)}.`;
  if (issue.code === 'too_big')
    return isNumber(issue.origin)
      ? `This must be at most ${issue.maximum}.`
      : `This must have at most ${issue.maximum} ${unit(issue.origin)}.`;
  return issue.message;
}

function isNumber(origin: string): boolean {
  return origin === 'number' || origin === 'int' || origin === 'bigint';
}

function unit(origin: string): string {
  return origin === 'string' ? 'characters' : 'entries';
}

function article(type: string): string {
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}

/** `records[3].value` */
export function jsonPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
