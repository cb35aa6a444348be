import type { Name } from '../../dns/wire/name.ts';
import type { Change } from '../../work/unit-of-work.ts';
import type { Box, Domain } from '../model.ts';

/** A part of the box that keeps something for each domain: it comes and goes with the domain, in the same change. */
export interface DomainPart {
  /** `before` undefined: the domain is added; `after` undefined: it is removed. Called before the zones are derived. */
  domainChanged(change: Change, before: Domain | undefined, after: Domain | undefined): void;
  /** The box is another, or its first. */
  boxChanged?(change: Change, before: Box | undefined, after: Box): void;
}

/** A part that keeps something of a zone even when it is not served any more. */
export interface PurgePart {
  /** All that is kept of the zone is deleted. */
  zonePurged(change: Change, zone: Name): void;
}
