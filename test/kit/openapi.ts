import { z } from 'zod';
import type { Document } from '../../src/api/docs/document.ts';
import { answersOf, routesOf, type Route } from '../../src/api/docs/operation.ts';

/** An answer, as far as it is checked. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/**
 * Holds an answer against the OpenAPI document, with a validator made of the document's own JSON Schema: its status, its media type
 * and its body must be declared for the operation. Paths and methods that do not exist are none of its business.
 * @throws Error saying what was not declared
 */
export function checkAnswer(document: Document, method: string, path: string, answer: Answer): void {
  const route = findRoute(document, method, path);
  if (!route) return;
  const name = `${method} ${route.path} → ${answer.status}`;
  const response = answersOf(route.operation).find(([status]) => status === String(answer.status))?.[1];
  if (!response) throw new Error(`${name} is not declared`);
  if (method === 'HEAD') return;
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  const content = response.content?.[type];
  if (!content?.schema) throw new Error(`${name} as ${type} is not declared`);
  const value: unknown = type.endsWith('json') ? JSON.parse(answer.text) : answer.text;
  const result = validator(document, content.schema).safeParse(value);
  if (!result.success)
    throw new Error(`${name} does not fit its schema: ${result.error.message}\n${answer.text}`);
}

/** The operation for a concrete path; a fixed segment goes before a parameter. */
export function findRoute(document: Document, method: string, path: string): Route | undefined {
  const wanted = path.split('?')[0]!.split('/');
  const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
  return routesOf(document)
    .filter((route) => route.method === verb && matches(route.path.split('/'), wanted))
    .sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0];
}

function matches(template: string[], wanted: string[]): boolean {
  if (template.length !== wanted.length) return false;
  return template.every((segment, index) => segment.startsWith('{') || segment === wanted[index]);
}

const validators = new WeakMap<object, z.ZodType>();

function validator(document: Document, schema: object): z.ZodType {
  const known = validators.get(schema);
  if (known) return known;
  const whole = { ...schema, $defs: document.components?.schemas };
  const local = JSON.stringify(whole).replaceAll('#/components/schemas/', '#/$defs/');
  const made = z.fromJSONSchema(JSON.parse(local) as Parameters<typeof z.fromJSONSchema>[0]);
  validators.set(schema, made);
  return made;
}
