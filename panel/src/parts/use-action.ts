import { useState } from 'react';
import { ApiProblem, isProblem } from '../api/problem.ts';
import { client } from '../query-client.ts';
import { useTexts } from '../texts/use-texts.ts';
import { confirmAgain } from './confirmation.ts';

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
  const { t } = useTexts();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const run = (): void => {
    setBusy(true);
    setError(undefined);
    act()
      .catch(async (problem: unknown) => {
        if (!isProblem(problem, 'confirmation-needed') || !(await confirmAgain())) throw problem;
        return act();
      })
      .catch((problem: unknown) => {
        setError(problem);
        // The session ended: who asks for it again is led to where one signs in.
        if (isProblem(problem, 'session-ended')) void client.invalidateQueries({ queryKey: ['session'] });
      })
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
    fieldError(name) {
      const sentence = error instanceof ApiProblem ? error.fields.get(name) : undefined;
      return sentence === undefined ? undefined : t.said(sentence);
    },
    forget: () => setError(undefined),
  };
}
