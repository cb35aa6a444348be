/** Data for programs: a browser shall neither guess at their type nor run anything. */
const always = { 'X-Content-Type-Options': 'nosniff', 'Content-Security-Policy': "default-src 'none'" };

/** An answer with the headers that all of them have. */
export function document(
  content: string | Uint8Array<ArrayBuffer>,
  type: string,
  cacheControl: string,
  status = 200,
): Response {
  return new Response(content, {
    status,
    headers: { ...always, 'Content-Type': type, 'Cache-Control': cacheControl },
  });
}
