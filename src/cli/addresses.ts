import { CliError } from './error.ts';
import { exitCodes } from './exit-codes.ts';
import { shown } from './names.ts';
import { seconds, wholeNumber } from './values.ts';

export interface SendLimit {
  messages: number;
  seconds: number;
}

/** An address as it was typed; what is wrong with one the box says. @throws CliError usage for what plainly is none */
export function addressIn(text: string, what: string): string {
  const typed = text.trim().replace(/^mailto:/i, '');
  if (/^[^@\s]*@[^@\s]+$/.test(typed)) return typed;
  throw new CliError(`"${text}" is no address of ${what}: write it as name@example.com.`, exitCodes.usage);
}

/** With U-labels. */
export function shownAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}@${shown(address.slice(at + 1))}`;
}

/** `500/1d`, or null for `none`. @throws CliError usage */
export function sendLimitIn(text: string, option = '--limit'): SendLimit | null {
  if (text === 'none') return null;
  const [messages, time, more] = text.split('/');
  if (messages && time && more === undefined)
    return { messages: wholeNumber(messages, 'The number of messages'), seconds: seconds(time, 'The time') };
  throw new CliError(
    `${option} must be messages and a time such as 500/1d, or none; not "${text}".`,
    exitCodes.usage,
  );
}

export function shownLimit({ messages, seconds }: SendLimit): string {
  return `${messages} ${messages === 1 ? 'message' : 'messages'} in ${seconds} s`;
}
