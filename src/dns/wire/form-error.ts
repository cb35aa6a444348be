/**
 * Bytes that are no DNS message, name or rdata. The decoder throws this and nothing else, and the server answers
 * it with FORMERR.
 */
export class FormErr extends Error {
  override readonly name = 'FormErr';
}
