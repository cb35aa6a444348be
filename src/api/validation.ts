import type { Hook } from '@hono/zod-openapi';
import type { core } from 'zod';
import { AppError, type FieldError } from '../core/errors.ts';
import type { ApiEnv } from './env.ts';
import { INVALID_NAME } from './fields.ts';

/** What a request that does not fit its schema is answered: every field that is wrong, said for a person. */
export const refuseInvalid: Hook<unknown, ApiEnv, string, undefined> = (result) => {
  if (result.success) return undefined;
  const issues = result.error.issues;
  const errors = issues.flatMap((issue) => fieldErrors(issue));
  const names = issues.every((issue) => issue.code === 'custom' && issue.params?.['code'] === INVALID_NAME);
  const first = errors[0];
  const where = first === undefined || first.path === '' ? '' : `${first.path}: `;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new AppError(
    names ? 'invalid-name' : 'invalid-request',
    `${where}${first?.message ?? 'not valid'}${more}`,
    {
      errors,
    },
  );
};

function fieldErrors(issue: core.$ZodIssue): FieldError[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: jsonPath([...issue.path, key]),
      message: 'There is no field of this name here.',
    }));
  if (issue.code === 'invalid_union') return unionErrors(issue);
  return [{ path: jsonPath(issue.path), message: sentence(issue) }];
}

/** Of several shapes that were possible, the one that was nearest: with the fewest complaints. */
function unionErrors(issue: core.$ZodIssueInvalidUnion): FieldError[] {
  const branches = issue.errors.map((branch) =>
    branch.flatMap((inner) => fieldErrors({ ...inner, path: [...issue.path, ...inner.path] })),
  );
  const nearest = branches.filter((branch) => branch.length > 0).sort((a, b) => a.length - b.length)[0];
  return (
    nearest ?? [{ path: jsonPath(issue.path), message: 'This is none of the forms that are known here.' }]
  );
}

/** The schema's own sentence where it has one, else ours in place of zod's. */
function sentence(issue: core.$ZodIssue): string {
  if (!issue.message.startsWith('Invalid ')) return issue.message;
  if (issue.code === 'invalid_type')
    return issue.message.endsWith('received undefined')
      ? 'This field is missing.'
      : `This must be ${article(issue.expected)}.`;
  if (issue.code === 'invalid_value') return `This must be one of ${issue.values.map(String).join(', ')}.`;
  return issue.message;
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
