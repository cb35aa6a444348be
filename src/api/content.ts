import type { z } from '@hono/zod-openapi';

/** A success that answers JSON. */
export function answer<T extends z.ZodType>(description: string, schema: T) {
  return { description, content: { 'application/json': { schema } } };
}

/** 201 with the address of what was made. */
export function created<T extends z.ZodType>(description: string, schema: T) {
  const location = { description: 'Address of the new resource.', schema: { type: 'string' as const } };
  return { ...answer(description, schema), headers: { Location: location } };
}

/** 202 with the address where the outcome will be. */
export function accepted<T extends z.ZodType>(description: string, schema: T) {
  return created(description, schema);
}

/** A body that must be there. */
export function body<T extends z.ZodType>(schema: T) {
  return { required: true as const, content: { 'application/json': { schema } } };
}
