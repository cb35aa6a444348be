import { useState } from 'react';
import { ApiProblem } from '../api/problem.ts';

export interface Action {
  busy: boolean;
  /** What the last run failed for; undefined when it did not. */
  error: unknown;
  /** The error for what is not about a single field that shows it itself. */
  run: () => void;
  submit: (event: { preventDefault: () => void }) => void;
  /** What is wrong with the field of this name. */
  fieldError: (name: string) => string | undefined;
  forget: () => void;
}

/** Something that a person does: whether it is under way, and what it failed for. */
export function useAction(act: () => Promise<unknown>): Action {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const run = (): void => {
    setBusy(true);
    setError(undefined);
    act()
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return {
    busy,
    error,
    run,
    submit(event) {
      event.preventDefault();
      run();
    },
    fieldError: (name) => (error instanceof ApiProblem ? error.fields.get(name) : undefined),
    forget: () => setError(undefined),
  };
}
