/** Types of records (FastCGI 1.0 §8). */
const [BEGIN_REQUEST, PARAMS, STDIN] = [1, 4, 5];

/** A GET of `path` as octets (FastCGI 1.0 §3.3), written as Latin-1; the connection ends with the answer. */
export function fastcgiGet(path: string): string {
  const params = {
    SCRIPT_NAME: path,
    SCRIPT_FILENAME: path,
    REQUEST_METHOD: 'GET',
    SERVER_PROTOCOL: 'HTTP/1.0',
  };
  const pairs = Object.entries(params).map(
    ([name, value]) => `${String.fromCharCode(name.length, value.length)}${name}${value}`,
  );
  // The role of a responder.
  const begin = '\0\x01\0\0\0\0\0\0';
  return (
    record(BEGIN_REQUEST, begin) + record(PARAMS, pairs.join('')) + record(PARAMS, '') + record(STDIN, '')
  );
}

/** §3.3: version, type, id of the request, length of the content, padding. */
const record = (type: number, content: string): string =>
  String.fromCharCode(1, type, 0, 1, content.length >> 8, content.length & 0xff, 0, 0) + content;
