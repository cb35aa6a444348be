export interface Page<T> {
  items: T[];
  /** Opaque; undefined at the end. */
  next: string | undefined;
}

export interface PageRequest {
  /** 1 to 500. */
  limit: number;
  cursor: string | undefined;
}
