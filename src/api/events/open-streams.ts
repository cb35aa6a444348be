import { AppError } from '../../core/errors.ts';

/** Streams open at a time: each holds a connection, and a place in memory for events that wait. */
const MAX_STREAMS = 200;
const MAX_STREAMS_OF_ACTOR = 20;

export interface OpenStreams {
  /** @throws AppError too-many-streams when the actor may open no more */
  check(actor: string): void;
  /** Counts one; gives the function that counts it off. */
  add(actor: string): () => void;
}

export function createOpenStreams(): OpenStreams {
  const open = new Map<string, number>();
  let total = 0;
  return {
    check(actor) {
      if ((open.get(actor) ?? 0) >= MAX_STREAMS_OF_ACTOR)
        throw new AppError(
          'too-many-streams',
          `This token follows events on ${MAX_STREAMS_OF_ACTOR} connections already. Close one first.`,
        );
      if (total >= MAX_STREAMS)
        throw new AppError('too-many-streams', `${MAX_STREAMS} streams are open. Try again later.`);
    },
    add(actor) {
      total++;
      open.set(actor, (open.get(actor) ?? 0) + 1);
      return () => {
        total--;
        const left = (open.get(actor) ?? 1) - 1;
        if (left > 0) open.set(actor, left);
        else open.delete(actor);
      };
    },
  };
}
