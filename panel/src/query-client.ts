import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './api/problem.ts';

/** What was asked for holds until an event of the box says otherwise (api/events.ts), or for this many milliseconds. */
const FRESH = 30_000;

export const client = new QueryClient({
  queryCache: new QueryCache({
    onError(error) {
      // The session ended: who asks for it again finds that out, and is led to where one signs in.
      if (error instanceof ApiProblem && error.status === 401)
        void client.invalidateQueries({ queryKey: ['session'] });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: FRESH,
      // What the box refuses, it refuses again.
      retry: (failures, error) => !(error instanceof ApiProblem && error.status < 500) && failures < 2,
    },
  },
});
