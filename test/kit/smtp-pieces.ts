import { connect } from 'node:net';

/*
 * A program that says octets to port 25 of this machine, each piece once the one before was answered, and prints all answers. What no
 * well-behaved client would send can be sent so.
 *
 * Arguments: the address that it comes from, and the pieces in JSON (Latin-1).
 */
const pieces = JSON.parse(process.argv[3]!) as string[];
const socket = connect({ host: '127.0.0.1', port: 25, localAddress: process.argv[2]! });
let said = '';
socket.setTimeout(60_000, () => socket.destroy());
socket.on('data', (chunk) => {
  process.stdout.write(chunk);
  said += chunk.toString('latin1');
  if (!/^\d{3} .*\r\n$/m.test(said)) return;
  said = '';
  const next = pieces.shift();
  if (next !== undefined) socket.write(next, 'latin1');
});
socket.on('error', (error) => console.log(error.message));
