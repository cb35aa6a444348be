import type { Document } from './document.ts';

type Components = NonNullable<NonNullable<Document['components']>['schemas']>;
export type SchemaOrRef = Components[string];
export type Schema = Exclude<SchemaOrRef, { $ref: string }>;

/** A field of a schema, as a row of the documentation. */
export interface Field {
  /** Such as `parent.ds[].keyTag`. */
  path: string;
  type: string;
  required: boolean;
  description: string;
}

export function resolve(document: Document, schema: SchemaOrRef): Schema {
  if (!('$ref' in schema) || schema.$ref === undefined) return schema as Schema;
  const target = document.components?.schemas?.[schema.$ref.replace('#/components/schemas/', '')];
  if (!target) throw new Error(`the OpenAPI document has no ${schema.$ref}`);
  return resolve(document, target);
}

/** The forms that a schema allows: usually itself alone. */
export function alternatives(document: Document, schema: SchemaOrRef): Schema[] {
  const plain = resolve(document, schema);
  const options = (plain.anyOf ?? plain.oneOf ?? []).map((option) => resolve(document, option));
  const real = options.filter((option) => option.type !== 'null');
  return real.length > 0 ? real : [plain];
}

/** Every field of an object, those of objects inside it below them. */
export function fieldsOf(document: Document, schema: SchemaOrRef, prefix = ''): Field[] {
  return Object.entries(resolve(document, schema).properties ?? {}).flatMap(([name, property]) => {
    const required = resolve(document, schema).required?.includes(name) ?? false;
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const plain = resolve(document, property);
    const field = { path, type: typeText(document, plain), required, description: plain.description ?? '' };
    return [field, ...innerFields(document, plain, path)];
  });
}

function innerFields(document: Document, schema: Schema, path: string): Field[] {
  return alternatives(document, schema).flatMap((form) =>
    form.items ? innerOf(document, form.items, `${path}[]`) : innerOf(document, form, path),
  );
}

function innerOf(document: Document, schema: SchemaOrRef, path: string): Field[] {
  return alternatives(document, schema).flatMap((form) => fieldsOf(document, form, path));
}

export function typeText(document: Document, schema: SchemaOrRef): string {
  const plain = resolve(document, schema);
  if (plain.enum) return plain.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (plain.const !== undefined) return JSON.stringify(plain.const);
  const options = plain.anyOf ?? plain.oneOf;
  if (options) return [...new Set(options.map((option) => typeText(document, option)))].join(' | ');
  const types = [plain.type ?? 'any'].flat();
  return types
    .map((type) => (type === 'array' && plain.items ? `${typeText(document, plain.items)}[]` : type))
    .join(' | ');
}

/** A value that fits the schema: its example, or one made of its fields' examples. */
export function exampleOf(document: Document, schema: SchemaOrRef): unknown {
  const form = alternatives(document, schema)[0]!;
  const plain = resolve(document, schema);
  const given: unknown = plain.example ?? form.example;
  if (given !== undefined) return given;
  if (form.enum) return form.enum[0];
  if (form.properties) {
    const entries = Object.entries(form.properties).map(([name, inner]) => [
      name,
      exampleOf(document, inner),
    ]);
    return Object.fromEntries(entries) as unknown;
  }
  if (form.items) return [exampleOf(document, form.items)];
  return plainExamples[[form.type ?? 'null'].flat()[0]!];
}

const plainExamples: Record<string, unknown> = {
  string: '…',
  integer: 1,
  number: 1,
  boolean: true,
  object: {},
  array: [],
};
