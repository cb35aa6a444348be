type Answer = (given: boolean) => void;

let ask: ((answer: Answer) => void) | undefined;

/** The dialogue says that it is there; returns how it says that it is gone. */
export function onConfirmation(asked: (answer: Answer) => void): () => void {
  ask = asked;
  return () => void (ask = undefined);
}

/** Whether the person gave their password once more: the box asks for that before what is dangerous, some time after the last. */
export function confirmAgain(): Promise<boolean> {
  return new Promise((resolve) => (ask ? ask(resolve) : resolve(false)));
}
