/** Who asked: kept in the audit log and in the versions of zones. */
export interface Actor {
  kind: 'token' | 'local' | 'system';
  /** Token id, or the name of a job. */
  id: string;
  /** The token's name, shown to people. */
  name: string;
  /** Network address, when there is one. */
  address: string | undefined;
}
