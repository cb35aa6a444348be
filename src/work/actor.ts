/** Who asked: kept in the audit log and in the versions of zones. */
export interface Actor {
  kind: 'token' | 'account' | 'local' | 'system';
  /** Of the token or the account, or the name of a job. */
  id: string;
  /** The name of the token or the account, shown to people. */
  name: string;
  /** Network address, when there is one. */
  address: string | undefined;
}
