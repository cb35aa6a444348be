import { useQuery } from '@tanstack/react-query';
import * as queries from '../api/queries.ts';

/** Whether the person may do something of that kind anywhere (`may` of the session): what they may not is not offered. The box decides. */
export function useMay(right: string): boolean {
  const { data } = useQuery(queries.session);
  return data?.may.some((one) => one === right) === true;
}
