import { ArrowLeft } from 'lucide-react';
import { TextLink } from './text-link.tsx';

/** The way back from one thing to the list of all. */
export function BackLink({
  to,
  children,
}: {
  to: '/domains' | '/mailboxes' | '/accounts';
  children: string;
}) {
  return (
    <TextLink to={to} size="sm" mb={6} style={{ display: 'inline-flex', gap: 4, alignItems: 'center' }}>
      <ArrowLeft size={16} aria-hidden />
      {children}
    </TextLink>
  );
}
