type Answer = (given: boolean) => void;

let ask: ((answer: Answer) => void) | undefined;
/** Has the dialogue come, where it is yet to. */
let call: (() => void) | undefined;
let waiting: Answer[] = [];

/** The dialogue says that it is there; returns how it says that it is gone. */
export function onConfirmation(asked: (answer: Answer) => void): () => void {
  ask = asked;
  for (const answer of waiting) asked(answer);
  waiting = [];
  return () => void (ask = undefined);
}

/** Says that the dialogue will be there, as soon as it is called; returns how to say that it will not. */
export function willConfirm(called: () => void): () => void {
  call = called;
  return () => void (call = undefined);
}

/** Whether the person gave their password once more: the box asks for that before what is dangerous, some time after the last. */
export function confirmAgain(): Promise<boolean> {
  return new Promise((resolve) => {
    if (ask) ask(resolve);
    else if (call) {
      waiting.push(resolve);
      call();
    } else resolve(false);
  });
}
