import { AppError } from '../../core/errors.ts';
import type { Actor } from '../../work/actor.ts';
import { strangeCursor } from '../../work/cursor.ts';
import type { Page, PageRequest } from '../../work/page.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import type { AskAgent } from '../servers/agent-client.ts';
import type {
  QueueAction,
  QueueChoice,
  QueuedMessage,
  QueueFilter,
  QueuePart,
  QueuePlace,
} from '../agent/queued-message.ts';

export interface QueuePage extends Page<QueuedMessage> {
  counts: QueuePart['counts'];
}

/** What Postfix did not hand on yet. */
export interface MailQueue {
  /** The oldest first. @throws AppError for a strange cursor; mail-agent-unavailable; mail-refused in Postfix's words */
  list(page: PageRequest, filter: QueueFilter): Promise<QueuePage>;
  /**
   * Without a choice: all that waits is tried now, and nothing else can be done to all.
   * @returns how many messages it was done to; undefined for all
   * @throws AppError as `list`; not-found for a message that is not there
   */
  act(actor: Actor, action: QueueAction, choice: QueueChoice | undefined): Promise<number | undefined>;
}

export function createMailQueue({ work, ask }: { work: UnitOfWork; ask: AskAgent }): MailQueue {
  return {
    async list({ limit, cursor }, filter) {
      const after = cursor === undefined ? undefined : placeOf(cursor);
      const answer = await ask({
        do: 'queue',
        query: { limit, ...(after && { after }), ...filter },
      });
      const { messages, counts } = 'queue' in answer ? answer.queue : { messages: [], counts: {} };
      const items = messages.slice(0, limit);
      return { items, counts, next: messages.length > limit ? cursorOf(items.at(-1)!) : undefined };
    },

    async act(actor, action, choice) {
      if (!choice && action !== 'retry')
        throw new AppError('invalid-request', 'Say which messages: give an id or a domain.');
      const target = !choice ? 'all' : 'id' in choice ? choice.id : choice.domain;
      const answer = await ask({ do: 'queue-act', action, ...(choice && { choice }) });
      const messages = choice && 'messages' in answer ? answer.messages : undefined;
      if (choice && 'id' in choice && messages === 0)
        throw new AppError(
          'not-found',
          `There is no message ${choice.id} in the queue; it may have gone out.`,
        );
      await work.change({ actor, cause: `mail queue: ${action} ${target}` }, (unit) =>
        unit.audit('mail.queue', target, { action, messages: messages ?? null }),
      );
      return messages;
    },
  };
}

const cursorOf = ({ at, id }: QueuePlace): string =>
  Buffer.from(JSON.stringify([at, id])).toString('base64url');

function placeOf(cursor: string): QueuePlace {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof at === 'number' && typeof id === 'string') return { at, id };
  } catch {
    // Told below.
  }
  throw strangeCursor();
}
