import { Name } from '../../dns/wire/name.ts';
import type { DnskeyView, DsView } from '../keys/views.ts';
import type { ParentState } from '../model.ts';

/** What to set at the registrar, and what the parent has. */
export interface RegistrarView {
  nameservers: Name[];
  glue: { name: Name; addresses: string[] }[];
  ds: DsView[];
  dnskey: DnskeyView[];
  parent: {
    state: ParentState;
    /** One sentence on what to do. */
    message: string;
    nameservers: Name[];
    glue: { name: Name; addresses: string[] }[];
    ds: DsView[];
    /** RFC 3339; undefined while never asked. */
    checkedAt: string | undefined;
  };
}

export interface RegistrarService {
  /** From the last check; `refresh` asks the parent's servers first. */
  get(domain: Name, options: { refresh: boolean }): Promise<RegistrarView>;
}
