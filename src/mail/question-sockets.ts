/** Names of the sockets at which Postfix asks the box, in the folder of the directory. */
export const POLICY_SOCKET = 'policy.sock';
export const SRS_SOCKET = 'srs.sock';
