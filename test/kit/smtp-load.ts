import { connect, type Socket } from 'node:net';
import { setTimeout as rest } from 'node:timers/promises';

/*
 * A program that sends many messages to port 25 of this machine over many connections at once, as many servers of the world would: what is put
 * off or breaks is tried again, as another message. It prints what became of each: `accepted`, or `unsure` where the connection broke after
 * the message and before the answer to it.
 *
 * Arguments: messages, connections, recipient. Each connection comes from an address of its own, 203.0.113.N.
 */
const [messages, connections, recipient] = [
  Number(process.argv[2]),
  Number(process.argv[3]),
  process.argv[4]!,
];
/** Of one connection, so that a server that limits how often one may connect is not in the way. */
const MESSAGES_OF_A_CONNECTION = 50;
const PAUSE = 500;

let left = messages;
let tries = 0;

/** One conversation: replies come in the order of the commands. */
class Conversation {
  readonly #socket: Socket;
  #said = '';
  #waiting: ((reply: string | undefined) => void) | undefined;
  #ended = false;

  constructor(address: string) {
    this.#socket = connect({ host: '127.0.0.1', port: 25, localAddress: address });
    this.#socket.setTimeout(120_000, () => this.#socket.destroy());
    this.#socket.on('data', (chunk) => {
      this.#said += chunk.toString();
      this.#look();
    });
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => {
      this.#ended = true;
      this.#look();
    });
  }

  /** The next reply; undefined when the connection is over. */
  reply(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#look();
    });
  }

  async say(text: string): Promise<string | undefined> {
    this.#socket.write(`${text}\r\n`);
    return this.reply();
  }

  close(): void {
    this.#socket.destroy();
  }

  #look(): void {
    const whole = /^(?:\d{3}-.*\r\n)*(\d{3}) .*\r\n/.exec(this.#said);
    if (!this.#waiting || (!whole && !this.#ended)) return;
    const answer = this.#waiting;
    this.#waiting = undefined;
    if (whole) this.#said = this.#said.slice(whole[0].length);
    answer(whole?.[1]);
  }
}

async function sendOver(address: string): Promise<void> {
  const smtp = new Conversation(address);
  try {
    if ((await smtp.reply()) !== '220') return;
    if ((await smtp.say('EHLO remote.example')) !== '250') return;
    for (let i = 0; i < MESSAGES_OF_A_CONNECTION && left > 0; i++) {
      left--;
      const id = `load-${tries++}`;
      const outcome = await sendOne(smtp, id);
      if (outcome !== 'refused') console.log(`${outcome} ${id}`);
      if (outcome === 'accepted') continue;
      left++;
      return;
    }
  } finally {
    smtp.close();
  }
}

async function sendOne(smtp: Conversation, id: string): Promise<'accepted' | 'refused' | 'unsure'> {
  if ((await smtp.say('MAIL FROM:<someone@remote.example>')) !== '250') return 'refused';
  if ((await smtp.say(`RCPT TO:<${recipient}>`)) !== '250') return 'refused';
  if ((await smtp.say('DATA')) !== '354') return 'refused';
  const head = `From: someone@remote.example\r\nTo: ${recipient}\r\nSubject: ${id}\r\nMessage-ID: <${id}@remote.example>`;
  const date = `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`;
  const answer = await smtp.say(`${head}\r\n${date}\r\n\r\nOne of many.\r\n.`);
  if (answer === undefined) return 'unsure';
  return answer === '250' ? 'accepted' : 'refused';
}

await Promise.all(
  Array.from({ length: connections }, async (_, i) => {
    while (left > 0) {
      await sendOver(`203.0.113.${i + 1}`);
      await rest(PAUSE);
    }
  }),
);
